"""Every role × object × verb × state × channel: what is expected is read from the rows by another reader (G2)."""

import pytest

from tests.access.beneath import decisions, events, raw_sql
from tests.access.cells import Matrix
from tests.access.doors import api, desk, services
from tests.access.people import STATES, build

# In this state also the pages of no case, and those whom the role alone keeps out.
WHOLE = "restricted"
# To the doors it is the same as the state before; what lies beneath them is looked at in both.
AS_UNRESTRICTED = "converted"
AT_LEAST = 1_400


# Always run: the state with most cells, with every door, and of the later ones what lies beneath the doors.
SHORT = {WHOLE, AS_UNRESTRICTED}


@pytest.fixture(
    params=[pytest.param(each, marks=() if each in SHORT else pytest.mark.long) for each in STATES]
)
def matrix(world, request) -> Matrix:
    return Matrix(build(world, request.param))


def test_every_cell_is_as_the_rows_say(matrix, record_property):
    whole = matrix.scene.state == WHOLE
    decisions(matrix)
    raw_sql(matrix)
    events(matrix)
    services(matrix)
    if matrix.scene.state != AS_UNRESTRICTED:
        desk(matrix, whole)
        api(matrix, whole)
    print(matrix.scene.state, matrix.cells.total(), dict(matrix.cells))
    assert matrix.wrong == [], "\n".join(matrix.wrong[:60])
    # 7,000 over the five states.
    assert matrix.cells.total() >= AT_LEAST
