"""Forms of the Case Management Group: calling, holding, and the minutes of one case."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms

from reports.casework.cmg import minutes, selectors
from reports.casework.cmg.models import ChairSeat, Meeting, MeetingKind, Member
from sapr.desk.forms import DeskForm, LocalInstantField, text_area

YES_NO = [("no", "No"), ("yes", "Yes")]
# Who has a seat without coming for one case alone.
AT_LARGE = (
    Member.CHAPLAIN,
    Member.LEGAL_REPRESENTATIVE,
    Member.SAFETY_ASSESSOR,
    Member.VICTIM_WITNESS_ASSISTANCE,
    Member.MCIO,
    Member.LAW_ENFORCEMENT,
    Member.HEALTHCARE_PROVIDER,
    Member.MENTAL_HEALTH_PROVIDER,
    Member.TENANT_COMMANDER,
    Member.TENANT_LEAD_SARC,
)


def _question(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=YES_NO, widget=forms.RadioSelect)


class CallForm(DeskForm):
    """Where and when the month's meeting is."""

    installation = forms.ChoiceField(label="Installation")
    scheduled_at = LocalInstantField(label="Date and time of the meeting")
    kind = forms.ChoiceField(label="Kind", choices=MeetingKind.choices, initial=MeetingKind.MONTHLY)

    def __init__(self, *args, places, now: datetime, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["installation"].choices = [(str(each.pk), each.name) for each in places]
        self.fields["scheduled_at"].starts_at(now, places[0].zone if places else "UTC")


class HoldForm(DeskForm):
    """Who chaired, who came, and which cases the group did not get to."""

    held_at = LocalInstantField(label="When it was held")
    chair = forms.ModelChoiceField(queryset=None, label="Chaired by", empty_label="Choose")
    chair_seat = forms.ChoiceField(label="As", choices=ChairSeat.choices)
    delegated = _question("Was chairing passed on to somebody else?")
    member_or_dod_civilian = _question("Are you a Service member or a DoD civilian employee?")
    present = forms.ModelMultipleChoiceField(
        queryset=None, label="SARCs who came", required=False, widget=forms.CheckboxSelectMultiple
    )
    members = forms.MultipleChoiceField(
        label="Others who came",
        required=False,
        choices=[(each.value, each.label) for each in AT_LARGE],
        widget=forms.CheckboxSelectMultiple,
    )
    left_over = forms.MultipleChoiceField(
        label="Cases that were not reached; the next meeting begins with them",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, meeting: Meeting, lines, now: datetime, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_at"].starts_at(now, meeting.installation.zone)
        people = selectors.may_chair(meeting, now), selectors.sarcs(meeting.installation, now)
        for name, found in zip(("chair", "present"), people, strict=True):
            self.fields[name].queryset = found
            self.fields[name].label_from_instance = lambda user: user.display_name
        self.fields["left_over"].choices = [(str(line.pk), line.number) for line in lines]
        if not lines:
            del self.fields["left_over"]

    def given(self) -> dict[str, Any]:
        """The arguments of `cmg_hold` but actor and meeting."""
        typed = self.cleaned_data
        return {
            "at": typed["held_at"],
            "delegated": typed["delegated"] == "yes",
            "member_or_dod_civilian": typed["member_or_dod_civilian"] == "yes",
            "left_over": [UUID(each) for each in typed.get("left_over", ())],
        } | {name: typed[name] for name in ("chair", "chair_seat", "present", "members")}


class MinutesForm(DeskForm):
    """One case: every question of the agenda, who came for it, and what was said."""

    told_by = forms.ChoiceField(label="Who spoke for this case", choices=[("", "Choose"), *Member.choices])
    privileged = _question(
        "Was any of it said in confidence to an advocate, a chaplain, counsel or a therapist?"
    )
    present = forms.MultipleChoiceField(
        label="Who came for this case",
        required=False,
        choices=Member.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    words = forms.CharField(
        label="What was said (sealed under the key of this case)", required=False, widget=text_area(5)
    )

    def __init__(self, *args, questions, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.rules = [each.rule for each in questions]
        for each in questions:
            self.fields[each.rule] = forms.ChoiceField(
                label=f"{each.sentence} ({each.rule})", choices=[("", "Choose"), *minutes.ANSWERS.items()]
            )
        self.order_fields([*self.rules, "told_by", "privileged", "present", "words"])

    def given(self) -> dict[str, Any]:
        """The arguments of `cmg_minutes_keep` but actor, line and instant."""
        typed = self.cleaned_data
        return {
            "answers": {rule: typed[rule] for rule in self.rules},
            "privileged": typed["privileged"] == "yes",
        } | {name: typed[name] for name in ("told_by", "present", "words")}
