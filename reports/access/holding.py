"""A case that is held while something is done with it."""

from collections.abc import Callable
from uuid import UUID

from django.db.models import QuerySet

from reports.access.held import begin
from reports.access.objects import UNSIGNED
from reports.access.querysets import case_for, for_verb
from reports.election.models import Case
from sapr.composed import composed
from sapr.errors import NotFoundError


def holding(viewer, case_id: UUID) -> Callable[[str], Case]:
    """Ask for a case that is held until the transaction ends: whatever moves it waits for the others.

    What is returned gives it for a verb, as it stands once it is held, or refuses as `case_for` does; what is asked in
    between (`sapr.sending`) is asked as of then, too. Taken before the first event of the transaction, so that no two
    hold case and chain the other way round. Called as an act (`sapr.standing.one_act`): as of the instant from which
    the case is held.
    """
    rows, begun = _held.ahead(case_id), begin(viewer, case_id)

    def held_for(verb: str) -> Case:
        for case in rows():
            begun()
            if case.state in UNSIGNED:
                # The database moves a case with its report: none is there to be asked for.
                Case.report.related.set_cached_value(case, None)
            return for_verb(viewer, case, verb)
        # What is not the viewer's to hold is refused as it is to those who only ask.
        case_for(viewer, case_id, verb)
        raise NotFoundError

    return held_for


@composed
def _held(case_id: UUID) -> QuerySet[Case]:
    # The directory's row is no part of what is waited for; its report would be read as it was before the wait.
    found = Case.objects.select_for_update(no_key=True, of=("self",)).select_related("installation")
    return found.filter(pk=case_id)
