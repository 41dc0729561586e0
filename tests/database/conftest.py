"""The owner's own connection, which an upgrade has."""

import psycopg
import pytest

from tests.stage import in_database


@pytest.fixture
def owner(stage):
    """To a world that is committed."""
    url = in_database(stage.env["OWNER_DATABASE_URL"], stage.names["default"])
    with psycopg.connect(url, autocommit=True) as session:
        yield session
