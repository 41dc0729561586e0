"""Who acts: the database binds names and rights to the viewer, also where nobody is signed in yet."""

from sapr.viewer import As, Looks


def acting(user) -> As:
    """A transaction in which the database takes this person for the viewer; None: the system itself.

    For what somebody does before there is a session, and for services that are called without a page around
    them. Nested use gives the outer viewer back; rolls back on any exception.
    """
    return As(Looks(str(user.pk) if user else "", None))
