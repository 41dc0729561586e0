"""REST: the meetings of the Case Management Group, their agenda, who came, and the minutes of a case."""

from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from rest_framework import serializers

from reports.casework.cmg import minutes, opening, selectors, services
from reports.casework.cmg.models import AgendaLine, ChairSeat, MeetingKind, Member, Minutes, Outcome
from reports.election.models import Case
from sapr.acts import act
from sapr.fields import InstantField, NumberField, WordField
from sapr.named import PersonField, PersonOutput, PlaceOutput
from sapr.reads import listing, thing


class MeetingOutput(serializers.Serializer):
    """One meeting."""

    id = serializers.UUIDField(help_text="The meeting.")
    installation = PlaceOutput(help_text="Whose group meets.")
    kind = WordField(MeetingKind, help_text="Monthly or quarterly.")
    month = serializers.DateField(help_text="The first day of its month.")
    scheduled_at = InstantField(help_text="For when it is called.")
    co_chair = PersonOutput(help_text="The SARC who co-chairs.")
    chair = PersonOutput(allow_null=True, help_text="Who chaired; null until it is held.")
    chair_seat = WordField(ChairSeat, allow_null=True, help_text="As what.")
    held_at = InstantField(allow_null=True, help_text="When it was held.")


class AttendanceOutput(serializers.Serializer):
    """Who came, and which SARC did not."""

    member = WordField(Member, help_text="The seat.")
    person = PersonOutput(source="user", allow_null=True, help_text="Who; null for a seat without account.")
    present = serializers.BooleanField(help_text="False: expected and absent.")


class MeetingWhole(MeetingOutput):
    """A meeting with who came to it."""

    attendance = AttendanceOutput(many=True, help_text="Empty until it is held.")
    further = NumberField(help_text="Lines that the caller does not see.")


class AgendaLineOutput(serializers.Serializer):
    """A case on an agenda."""

    id = serializers.UUIDField(help_text="The line.")
    number = serializers.CharField(help_text="The case's number.")
    limited = serializers.BooleanField(help_text="Open with limited information.")
    carried_over = serializers.BooleanField(help_text="Left over from the meeting before.")
    outcome = WordField(Outcome, allow_null=True, help_text="What became of it; null until it is held.")
    minuted = serializers.BooleanField(help_text="Whether its minutes are kept.")
    since = InstantField(help_text="From when on the group reviews the case.")


class CaseAgendaLineOutput(AgendaLineOutput):
    """A meeting on whose agenda a case stood."""

    meeting = serializers.UUIDField(source="meeting_id", help_text="The meeting.")
    scheduled_at = InstantField(help_text="For when it was called.")


class AgendaQuestionOutput(serializers.Serializer):
    """What the rules want asked of the case."""

    rule = serializers.CharField(help_text="The key under which it is answered.")
    sentence = serializers.CharField(help_text="The question.")


class MinutesOutput(serializers.Serializer):
    """The minutes of a case without their words, which are sealed."""

    id = serializers.UUIDField(help_text="The minutes.")
    answers = serializers.DictField(
        child=serializers.CharField(), help_text="Rule: done, open, not_applicable."
    )
    present = serializers.ListField(
        child=serializers.CharField(), help_text="Members who came for this case."
    )
    told_by = WordField(Member, help_text="Who spoke for the case.")
    kept_at = InstantField(help_text="When they were kept.")
    kept_by = PersonOutput(help_text="By whom.")


class AgendaLineWhole(AgendaLineOutput):
    """A case on an agenda with what is asked of it."""

    meeting = serializers.UUIDField(source="meeting_id", help_text="The meeting.")
    questions = AgendaQuestionOutput(many=True, help_text="What the rules want asked.")
    minutes = MinutesOutput(allow_null=True, help_text="Null when there are none, or not for the caller.")


class MinutesWordsOutput(serializers.Serializer):
    """What is sealed in minutes."""

    words = serializers.CharField(help_text="The text; empty when none was written.")


def meeting_whole(*, viewer, meeting_id: UUID) -> dict[str, Any]:
    """One meeting of a group that the caller belongs to."""
    row = selectors.meeting_get(viewer=viewer, meeting_id=meeting_id)
    shown = {name: getattr(row, name) for name in MeetingOutput().fields}
    _, further = selectors.agenda(viewer=viewer, meeting=row)
    return shown | {"attendance": selectors.attendance(viewer=viewer, meeting=row), "further": further}


def agenda_of(*, viewer, meeting_id: UUID) -> QuerySet[AgendaLine]:
    """The lines of a meeting that the caller may see, in the order in which the cases came to the group."""
    row = selectors.meeting_get(viewer=viewer, meeting_id=meeting_id)
    return selectors.lines(viewer=viewer).filter(meeting=row).exclude(outcome=Outcome.DROPPED)


def line_whole(*, viewer, line_id: UUID, at) -> dict[str, Any]:
    """One line, what is asked about its case, and the minutes without their words."""
    line = selectors.line_get(viewer=viewer, line_id=line_id)
    shown = {name: getattr(line, name) for name in (*AgendaLineOutput().fields, "meeting_id")}
    asked = [{"rule": each.rule, "sentence": each.sentence} for each in selectors.questions(line, at)]
    return shown | {"questions": asked, "minutes": selectors.minutes_of(viewer=viewer, line=line)}


def case_lines(*, viewer, case: Case) -> QuerySet[AgendaLine]:
    """The meetings on whose agenda a case of the caller's stood, the latest first."""
    found = selectors.case_lines(viewer=viewer, case=case)
    return found.annotate(scheduled_at=F("meeting__scheduled_at"))


def _words(words: str) -> dict[str, str]:
    return {"words": words}


def _kept(row: Minutes) -> dict[str, Any]:
    return {name: getattr(row, name) for name in MinutesOutput().fields}


def members(said: str) -> serializers.ListField:
    """Seats of the group."""
    return serializers.ListField(child=WordField(Member), required=False, help_text=said)


OPERATIONS = [
    listing(
        "meetings", selectors.meetings, name="meetings", verb="cmg_attend", says="List the meetings of one's groups",
        item=MeetingOutput, by="scheduled_at", newest_first=True,
    ),
    act(
        "meetings/call", services.cmg_call, verb="cmg_keep", says="Call a meeting",
        takes={
            "installation_id": "An installation whose SARC the caller is.",
            "scheduled_at": "For when; at most a year ahead.",
            "kind": WordField(MeetingKind, required=False, help_text="Monthly unless given."),
        },
        answers=MeetingOutput, status=201, refusals=(409,),
    ),
    thing(
        "meetings/<uuid:meeting_id>", meeting_whole, name="meeting", verb="cmg_attend", says="Read a meeting",
        answers=MeetingWhole,
    ),
    listing(
        "meetings/<uuid:meeting_id>/agenda", agenda_of, name="meeting_agenda", verb="cmg_attend",
        says="List the agenda of a meeting", item=AgendaLineOutput, by="since",
    ),
    act(
        "meetings/<uuid:meeting_id>/take-seat", services.cmg_seat_take, verb="cmg_keep",
        says="Co-chair a meeting instead", answers=MeetingOutput,
    ),
    act(
        "meetings/<uuid:meeting_id>/hold", services.cmg_hold, verb="cmg_keep", says="Record that a meeting was held",
        takes={
            "at": "When; now unless given.",
            "chair": PersonField(help_text="User name of who chaired."),
            "chair_seat": WordField(ChairSeat, help_text="As what."),
            "delegated": "Whether the deputy chaired by delegation.",
            "member_or_dod_civilian": "Whether the co-chair is a Service member or a DoD civilian employee.",
            "present": serializers.ListField(
                child=PersonField(), required=False, help_text="User names of the SARCs of the installation who came."
            ),
            "members": members("Seats that came without an account."),
            "left_over": "Lines that the group did not get to.",
        },
        answers=MeetingOutput,
    ),
    thing(
        "agenda-lines/<uuid:line_id>", line_whole, name="agenda_line", verb="cmg_attend",
        says="Read a case of an agenda", answers=AgendaLineWhole,
    ),
    act(
        "agenda-lines/<uuid:line_id>/minutes", minutes.cmg_minutes_keep, verb="cmg_minute",
        says="Keep the minutes of a case",
        takes={
            "answers": serializers.DictField(
                child=WordField(minutes.ANSWERS, "MinutesAnswer"), help_text="Every question of the line, by its rule."
            ),
            "told_by": WordField(Member, help_text="Who spoke for the case."),
            "privileged": "Whether any of it was said in confidence to an advocate, chaplain, counsel or therapist.",
            "at": "When; now unless given.",
            "present": members("Members who came for this case."),
            "words": "A text, which is sealed.",
        },
        answers=MinutesOutput, show=_kept, status=201,
    ),
    act(
        "agenda-lines/<uuid:line_id>/minutes/open", opening.cmg_minutes_open, verb="case_view",
        says="Open the words of minutes", answers=MinutesWordsOutput, show=_words, only_reads=True,
        refusals=(404, 429),
    ),
    listing(
        "cases/<uuid:case_id>/meetings", case_lines, name="case_meetings", verb="case_view",
        says="List the meetings about a case", item=CaseAgendaLineOutput, by="scheduled_at", newest_first=True,
    ),
]  # fmt: skip
