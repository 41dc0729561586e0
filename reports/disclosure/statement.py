"""The statement on which a commander decides, in sentences made of lists: nothing that identifies anybody (DX-3)."""

from django.utils.translation import gettext as _

from reports.disclosure.asking import record_fields, row_of
from reports.disclosure.desk_forms import ORDERS, TICKS
from reports.disclosure.models import ExceptionStatement
from sapr.desk.spoken import spoken


def sentences(statement: ExceptionStatement) -> list[tuple[str, list[str]]]:
    """What is put to the commander, as (heading, lines), in the language of whoever looks."""
    words, orders = record_fields(), dict(ORDERS)
    answers = [
        str(spoken(TICKS[name])).partition(": ")[2].capitalize()
        if value is True
        else _("It comes from: %(order)s") % {"order": spoken(orders[value])}
        for name, value in statement.answers.items()
    ]
    return [
        (
            "The exception",
            [f"{statement.exception}: {row_of(statement.exception, statement.put_at).sentence}", *answers],
        ),
        ("What would be disclosed at most", [words[each] for each in statement.scope]),
        ("To whom", [statement.get_recipient_display()]),
        (
            "What the legal office said",
            [
                f"{spoken(statement.get_office_display())}. {spoken(statement.get_advice_display())}.",
                f"MRE 514: {spoken(statement.get_privilege_display())}.",
            ],
        ),
    ]
