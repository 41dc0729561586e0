"""Going round the services."""

from contextlib import contextmanager

import pytest
from django.db import DatabaseError, transaction


@contextmanager
def refused(sentence: str):
    """The database itself refuses what the block does, in words that contain the sentence."""
    with pytest.raises(DatabaseError, match=sentence), transaction.atomic():
        yield
