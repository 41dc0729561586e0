"""What is wrong with a row: where, and a code that stays. Never what stands in it."""

from typing import NamedTuple

# Every code there is, with what to do. docs/import.md lists them; a test holds both equal.
CODES = {
    "not_plain_text": "Save the file as UTF-8.",
    "nul": "The line holds NUL characters: it is no text.",
    "line_too_long": "A row is longer than 1,000,000 bytes.",
    "bad_json": "The line is no JSON object, or names something twice.",
    "bad_csv": "The row has more cells than the header, or a quotation mark that is not closed.",
    "unknown_field": "There is no such field.",
    "missing": "This is needed.",
    "wrong_type": "Text, a number, true or false, or a list is expected here.",
    "unknown_value": "Write one of the listed words.",
    "too_long": "Too long.",
    "out_of_range": "The number is too small or too large.",
    "control_characters": "It holds characters that cannot be stored.",
    "bad_date": "Write a date as 2020-05-31, an instant as 2020-05-31T14:00:00Z.",
    "naive_time": "Give the time zone with the time.",
    "date_out_of_range": "No case is older than 2005.",
    "in_the_future": "It lies in the future.",
    "after_cutover": "It happened after the cut-over: enter it by hand once the case is here.",
    "wrong_order": "One of the instants lies before what it follows.",
    "bad_dod_id": "A DoD ID number has ten digits.",
    "bad_kit_number": "The kit's number was misread: its check character does not fit.",
    "unknown_installation": "There is no installation of that name here.",
    "no_sarc": "Nobody holds the SARC post of the installation: appoint somebody first.",
    "not_its_sarc": "That account holds no SARC post at the installation.",
    "unknown_unit": "There is no unit of that name with a commander's post here.",
    "option_barred": "The rules of that day did not give this person this option.",
    "wrong_form": "The rules of that day name another form, or it had no such edition.",
    "unrestricted_only": "A Restricted report cannot have this.",
    "not_convertible": "Only what was Restricted can have been converted.",
    "duty_does_not_fit": "By the rules of those days nothing in this case made that due.",
    "duty_not_past": "It was not due yet at the cut-over: leave it out, and it opens here.",
    "too_recent": "Its commander notice was not due yet at the cut-over: sign the paper form here, so that it is told.",
    "changed_since": "This case was imported before, from a row that said something else. Nothing was overwritten.",
    "erased": "This case was imported before, and its keys were destroyed since.",
}


class Problem(NamedTuple):
    """One reason why a row is not imported. `column`: the path of the field, '' for the whole row."""

    code: str
    column: str = ""


class UnfitError(Exception):
    """The row has problems."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(f"{len(problems)} problem(s)")
        self.problems = problems
