"""Who may report Restricted, in the words of a strength table."""

from datetime import date

from reports import policy

# What the eligibility questions call a person and what a strength table does, the first that fits. Whoever is none of
# these stands in no table, and may not report Restricted (a test asks the rules).
STATUSES = {
    "service_member": "member",
    "guard_reserve": "member",
    "military_dependent": "dependent",
    "civilian_dependent": "dependent",
    "dod_civilian": "civilian",
}


def may_report(on: date) -> frozenset[str]:
    """Those that any eligibility row in force on that day, of any Service, lets report Restricted; as the rows say."""
    return frozenset(
        rule.parameters["status"]
        for rule in policy.rules()
        if rule.family == "eligibility"
        and rule.enabled
        and rule.in_force(on)
        and rule.parameters.get("effect") == "grant"
        and any("restricted" in case["allows"] for case in rule.parameters["cases"])
    )


def reporting(on: date) -> tuple[str, ...]:
    """The statuses of a strength table whose people may report Restricted on that day."""
    known = may_report(on)
    return tuple(dict.fromkeys(word for name, word in STATUSES.items() if name in known))
