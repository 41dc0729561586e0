"""REST: a victim's part in CATCH. What is sealed comes out by a POST, which is an event."""

from typing import Any

from rest_framework import serializers

from reports import access
from reports.catch import credentials, opening, selectors, services
from reports.election.models import Case
from reports.obligations.models import DutyState
from reports.obligations.selectors import case_duties
from sapr.acts import EventOutput, act, of_event
from sapr.fields import FlagField, InstantField, StrictSerializer, WordField
from sapr.reads import thing

CASE = "cases/<uuid:case_id>/catch"
WHEN = "When it happened; left out: now."
CONSENTS = "Whether the victim wants to be told of a match."
DETAILS = "How the victim wants to be told of a match. Sealed."
# What an opening of these two is for; the desk says the same by itself.
PURPOSE = "case_work"


class CatchEntryOutput(serializers.Serializer):
    """A time in which the victim took part."""

    id = serializers.UUIDField(help_text="The entry's id here; not that of the other system.")
    joined_at = InstantField(help_text="When the victim joined.")
    left_at = InstantField(allow_null=True, help_text="When the victim left; null: takes part.")


class CatchWishOutput(serializers.Serializer):
    """Whether a match is to be told. How is sealed: see `details`."""

    consents = serializers.BooleanField(help_text=CONSENTS)
    given_at = InstantField(help_text="When the victim said so.")


class CredentialsOutput(serializers.Serializer):
    """Credentials given out. Whose they are is sealed: see `user-name`."""

    id = serializers.UUIDField(help_text="Names them in the steps that follow.")
    issued_at = InstantField(help_text="When they were given out.")


class HeldCredentialsOutput(CredentialsOutput):
    """The same with their clocks."""

    until = InstantField(allow_null=True, help_text="When they end by themselves; null: ended.")
    logins = serializers.IntegerField(help_text="How often they were used, as far as it was recorded.")


class CatchMatchOutput(serializers.Serializer):
    """A match that the SARC was told of."""

    id = serializers.UUIDField(help_text="Names it when the victim is told.")
    matched_at = InstantField(help_text="When the SARC was told.")
    told_at = InstantField(allow_null=True, help_text="When the victim was told.")


class CatchOutput(serializers.Serializer):
    """A case's part in CATCH."""

    entries = CatchEntryOutput(many=True, help_text="The latest first.")
    wish = CatchWishOutput(allow_null=True, help_text="The newest answer of the entry that stands.")
    credentials = HeldCredentialsOutput(
        many=True, help_text="The newest first; for the SARC of the case alone."
    )
    matches = CatchMatchOutput(many=True, help_text="The newest first.")


class CatchMatchIdOutput(serializers.Serializer):
    """What was recorded."""

    match = serializers.UUIDField(help_text="The match's id.")


class CredentialsEndedOutput(serializers.Serializer):
    """What a login did."""

    ended = serializers.BooleanField(help_text="true: the credentials end with this login.")


class CatchAnswersInput(StrictSerializer):
    """What nobody can know but by asking the victim."""

    entry_names_victim = FlagField(required=False, help_text="The entry would name the victim.")
    suspect_known_to_law_enforcement = FlagField(
        required=False, help_text="Unrestricted report: law enforcement knows the suspect's name."
    )
    fap_report = FlagField(required=False, help_text="A partner was reported to the Family Advocacy Program.")


def part_of(*, viewer, case: Case) -> dict[str, Any]:
    """The part of a case of the caller's in CATCH; what is sealed of it stays closed."""
    of = {"viewer": viewer, "case": case}
    clocks = case_duties(**of).filter(discharged_by=credentials.CLOSED, state=DutyState.OPEN)
    until = {duty.about: duty.due_at for duty in clocks}
    held = selectors.case_credentials(**of) if access.may_on(viewer, "disclose", case) else []
    return {
        "entries": selectors.entries(**of),
        "wish": selectors.wish(**of),
        "credentials": [
            {
                "id": each.pk,
                "issued_at": each.issued_at,
                "until": until.get(each.pk),
                "logins": selectors.logins(**of, credentials_id=each.pk),
            }
            for each in held
        ],
        "matches": selectors.matches(**of),
    }


class CatchDetailsOutput(serializers.Serializer):
    """What was opened."""

    details = serializers.CharField(help_text="How; empty: they do not want to be told.")


class CatchUserNameOutput(serializers.Serializer):
    """What was opened."""

    user_name = serializers.CharField(help_text="Never the password, which is nowhere here.")


OPENED = {"purpose": WordField([PURPOSE], help_text="It stands in the event of the look.")}
OPERATIONS = [
    thing(
        CASE, part_of, name="catch_get", verb="case_work", says="Read a case's part in CATCH",
        answers=CatchOutput,
    ),
    act(
        f"{CASE}/explain", services.catch_explain, verb="case_work", says="Record that CATCH was explained",
        takes={"at": WHEN}, answers=EventOutput, show=of_event, status=201,
    ),
    act(
        f"{CASE}/join", services.catch_join, verb="case_work", says="The victim joins CATCH",
        takes={
            "answers": CatchAnswersInput(help_text="What nobody can know but by asking."),
            "form_signed": "The DD 2910-4 is signed, where one is needed.",
            "consents": CONSENTS,
            "details": DETAILS,
            "at": WHEN,
        },
        answers=CatchEntryOutput, status=201,
    ),
    act(
        f"{CASE}/wish", services.catch_wish, verb="case_work", says="Record whether a match is to be told",
        takes={"consents": CONSENTS, "details": DETAILS, "at": WHEN}, answers=CatchWishOutput,
    ),
    act(
        f"{CASE}/leave", services.catch_leave, verb="case_work", says="The victim leaves CATCH",
        takes={"at": WHEN}, answers=CatchEntryOutput,
    ),
    act(
        f"{CASE}/matches", services.catch_match, verb="case_work", says="Record a match",
        takes={"at": WHEN}, answers=CatchMatchIdOutput, show=lambda match: {"match": match}, status=201,
    ),
    act(
        f"{CASE}/matches/<uuid:match_id>/tell", services.catch_match_tell, verb="case_work",
        says="Record that the victim was told of a match",
        takes={"only_details_given": "Privately, and only by the details given for it.", "at": WHEN},
        answers=EventOutput, show=of_event,
    ),
    act(
        f"{CASE}/credentials", credentials.catch_credentials_issue, verb="disclose",
        says="Record credentials that were given out",
        takes={"user_name": "Sealed. Never send the password.", "at": WHEN},
        answers=CredentialsOutput, status=201,
    ),
    act(
        f"{CASE}/credentials/<uuid:credentials_id>/use", credentials.catch_credentials_use, verb="disclose",
        says="Record a login with credentials", takes={"at": WHEN}, answers=CredentialsEndedOutput,
        show=lambda last: {"ended": last},
    ),
    act(
        f"{CASE}/credentials/<uuid:credentials_id>/close", credentials.catch_credentials_close, verb="disclose",
        says="End credentials before their time", takes={"at": WHEN},
    ),
    act(
        f"{CASE}/details", opening.catch_details_open, verb="case_work",
        says="Open how the victim wants to be told of a match", takes=OPENED, only_reads=True,
        answers=CatchDetailsOutput, show=lambda details: {"details": details}, refusals=(404, 429),
    ),
    act(
        f"{CASE}/credentials/<uuid:credentials_id>/user-name", opening.catch_user_name_open, verb="disclose",
        says="Open the user name of credentials", takes=OPENED, only_reads=True, answers=CatchUserNameOutput,
        show=lambda name: {"user_name": name}, refusals=(404, 429),
    ),
]  # fmt: skip
