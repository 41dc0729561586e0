"""Steps of care and counsel that are recorded as events: which details each takes, for which reports.

Details are vocabulary, never text: a contact log without content is the default.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """One kind of step. `details`: key → admitted values. `elections`: the reports it fits ('' = none yet)."""

    kind: str
    details: dict[str, tuple[str, ...]] = field(default_factory=dict)
    elections: frozenset[str] = frozenset({"", "restricted", "unrestricted"})


SIGNED = frozenset({"restricted", "unrestricted"})
UNRESTRICTED = frozenset({"unrestricted"})

STEPS: dict[str, Step] = {
    step.kind: step
    for step in (
        Step(
            "referral_received",
            {"from": ("healthcare", "commander", "law_enforcement", "sarc", "sapr_va", "self", "other")},
        ),
        Step("options_explained"),
        Step("counsel_explained", {"answer": ("wanted", "declined", "later")}),
        Step("vwap_explained"),
        Step("safe_offered", {"answer": ("accepted", "declined")}),
        Step("provider_advised", elections=SIGNED),
        Step("follow_up_scheduled", {"care": ("medical", "mental_health", "both")}),
        Step("sarc_advised", elections=SIGNED),
        Step("contact_logged", {"means": ("in_person", "phone", "message")}),
        Step("investigation_opened", elections=UNRESTRICTED),
        Step("dsaid_entered", elections=SIGNED),
        Step("monthly_update_given", {"by": ("commander", "sarc", "other")}, UNRESTRICTED),
        Step("conversion_asked", elections=frozenset({"restricted"})),
        Step("incident_message_sent", elections=UNRESTRICTED),
        Step("sairo_sent", elections=UNRESTRICTED),
        Step("cmg_held", elections=UNRESTRICTED),
        Step("safety_assessed", elections=UNRESTRICTED),
        Step("kit_expiry_told", elections=SIGNED),
        Step("final_disposition_decided", elections=UNRESTRICTED),
        Step("disposition_told", elections=UNRESTRICTED),
        Step("disposition_submitted", elections=UNRESTRICTED),
        Step("mcio_told_of_disposition", elections=UNRESTRICTED),
        Step("disposition_report_sent", elections=UNRESTRICTED),
        # What the commander did by the duty of that door (DO-14); no notice of ours, and none follows from it.
        Step("commander_told_mcio", elections=frozenset({"", "unrestricted"})),
    )
}
