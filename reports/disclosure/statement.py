"""The statement on which a commander decides, in sentences made of lists: nothing that identifies anybody (DX-3)."""

from reports.disclosure.asking import record_fields, row_of
from reports.disclosure.desk_forms import ORDERS, TICKS
from reports.disclosure.models import ExceptionStatement


def sentences(statement: ExceptionStatement) -> list[tuple[str, list[str]]]:
    """What is put to the commander, as (heading, lines)."""
    words, orders = record_fields(), dict(ORDERS)
    answers = [
        TICKS[name].partition(": ")[2].capitalize() if value is True else f"It comes from: {orders[value]}"
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
                f"{statement.get_office_display()}. {statement.get_advice_display()}.",
                f"MRE 514: {statement.get_privilege_display()}.",
            ],
        ),
    ]
