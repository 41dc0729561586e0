"""Steps of care and counsel that are recorded as events: which details each takes, for which reports.

Details are vocabulary, never text: a contact log without content is the default.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """One kind of step. `details`: key → admitted values. `elections`: the cases it fits ('' = nothing signed yet,
    'limited' = opened with limited information). `rule`: which rule asks for it."""

    kind: str
    details: dict[str, tuple[str, ...]] = field(default_factory=dict)
    elections: frozenset[str] = frozenset({"", "limited", "restricted", "unrestricted"})
    rule: str = ""


SIGNED = frozenset({"restricted", "unrestricted"})
UNRESTRICTED = frozenset({"unrestricted"})
# What an investigation brings with it, known of by an Unrestricted report or by what the MCIO says alone.
INVESTIGATED = UNRESTRICTED | {"limited"}
# What the victim is told beside the steps of their own (`told.TOLD` says which, and for whom).
TOPICS = (
    "services_optional", "defence_counsel", "exam_confidential", "confiding", "state_law", "privilege", "transfer",
    "order_off_base", "retaliation", "own_copies",
)  # fmt: skip
# The words of the rules' fact `updater`.
UPDATERS = ("commander", "sarc", "victims_counsel", "nobody")

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
        Step("topic_explained", {"topic": TOPICS}),
        Step("safe_offered", {"answer": ("accepted", "declined")}),
        Step("provider_advised", elections=SIGNED),
        Step("follow_up_scheduled", {"care": ("medical", "mental_health", "both")}),
        Step("sarc_advised", elections=SIGNED),
        Step("contact_logged", {"means": ("in_person", "phone", "message")}),
        Step("investigation_opened", elections=INVESTIGATED, rule="FD-01"),
        Step("investigation_closed", elections=INVESTIGATED, rule="FD-01"),
        Step("dsaid_entered", elections=SIGNED),
        Step("updater_chosen", {"updater": UPDATERS}, UNRESTRICTED, "CMG-33"),
        # CK-06 makes it due after every review by the group, also of a case with limited information.
        Step("monthly_update_given", {"by": (*UPDATERS[:3], "other")}, INVESTIGATED, "CK-07"),
        # The talk of EV-13b, word for word of its list; once, a year after the report (`one_year`).
        Step(
            "conversion_asked",
            {
                "retention": ("explained",),
                "no_further_contact": ("explained",),
                "acting_in_time": ("explained",),
                "copies": ("wanted", "declined"),
                "answer": ("convert", "stay_restricted", "later"),
            },
            frozenset({"restricted"}),
            "EV-13",
        ),
        Step("incident_message_sent", elections=UNRESTRICTED, rule="CK-04"),
        Step("sairo_sent", elections=UNRESTRICTED, rule="FD-05"),
        Step(
            "safety_assessed",
            {"assessor": ("trained", "not_trained"), "risk": ("not_high", "high")},
            UNRESTRICTED,
            "AG-07",
        ),
        Step("retaliation_asked", {"answer": ("nothing", "told")}, UNRESTRICTED, "RE-05"),
        Step("final_disposition_decided", elections=INVESTIGATED, rule="FD-15"),
        Step("disposition_told", elections=INVESTIGATED, rule="CK-08"),
        Step("disposition_submitted", elections=INVESTIGATED, rule="CK-09"),
        Step("mcio_told_of_disposition", elections=INVESTIGATED, rule="CK-09"),
        Step("disposition_report_sent", elections=INVESTIGATED, rule="CK-26"),
        # What the commander did by the duty of that door (DO-14); no notice of ours, and none follows from it.
        Step("commander_told_mcio", elections=frozenset({"", "unrestricted"}), rule="DO-14"),
    )
}
