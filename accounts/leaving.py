"""What somebody leaves behind: how many open cases would have no SARC. A number; never which."""

from django.db import connection

from accounts.models import User


def left_without_sarc(user: User) -> int:
    """How many open cases would have no SARC if this person stopped acting now; asked by a programme manager."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(sum(cases), 0) FROM sapr_left_without_sarc(%s)", [user.pk])
        return int(cursor.fetchone()[0])


def left_words(user: User) -> str:
    """What leaving would leave behind, in a sentence for the page that ends something; '' when nothing."""
    cases = left_without_sarc(user)
    if not cases:
        return ""
    many = "open case has" if cases == 1 else "open cases have"
    return (
        f" {cases} {many} no other SARC: hand over first, or another SARC of the installation has to take over"
        " what is left (CD-02)."
    )
