"""The rules of eligibility once more, as one flat table of plain ifs.

Written from the register of rules and the issue, not from the engine or its data: it shares nothing with
them but the names of the facts. `test_naive_twin.py` holds the two against each other.

Three conventions are the contract's, not the register's: a circumstance that nobody mentioned did not happen;
one that was mentioned but half described is taken at its worst; `refer` is answered only when nothing that
could still be recorded would open an option.
"""

from datetime import date

DD_2910_1_BEGINS = date(2019, 10, 15)
CHANGE_OF_2021 = date(2021, 11, 10)
CHANGE_OF_2024 = date(2024, 7, 19)

ORDER = (
    "service_member",
    "guard_reserve",
    "military_dependent",
    "dod_civilian",
    "civilian_dependent",
    "contractor",
    "retiree",
    "separated",
    "other_civilian",
)


def naive(facts, on, profile, adopted=()):
    """(restricted, unrestricted, route, form) for these facts on the day of signing."""
    age = facts.get("age")
    if age is not None and age <= 17:  # EL-07
        return False, False, "fap", None
    if _family_advocacy(facts, on, profile, adopted):  # EL-06, EL-06b
        return False, False, "fap", None
    statuses = [each for each in ORDER if each in facts.get("statuses", ())]
    if not statuses:
        return False, False, "sapr", None
    answers = [_status(each, facts, on, profile, adopted) for each in statuses]  # EL-12

    restricted = any(answer[0] == "both" for answer in answers)
    unrestricted = any(answer[0] in ("both", "unrestricted") for answer in answers)
    for wanted in ("both", "unrestricted"):
        forms = [answer[1] for answer in answers if answer[0] == wanted]
        if forms:
            return restricted and not _blocked(facts, on), unrestricted, "sapr", forms[0]
    if any(answer[0] == "lost form" for answer in answers):
        return False, False, "sapr", "DD 2910-1"
    if any(answer[0] == "not known yet" for answer in answers):
        return False, False, "sapr", None
    return False, False, "refer", None


def _family_advocacy(facts, on, profile, adopted):
    who = facts.get("offender_relationship")
    abuse = facts.get("domestic_abuse")
    if who == "spouse" or who == "former_spouse":
        return True
    if who == "intimate_partner":
        if profile == "seed" and "RS-2021C" not in adopted:
            return True
        if on < CHANGE_OF_2021:
            return True
        apart = facts.get("shares_home") is False and facts.get("shares_child") is False
        return not (apart and abuse is False)
    if who == "none":
        return False
    return abuse is True


def _status(status, facts, on, profile, adopted):
    """What one status gives: ("both" | "unrestricted" | "nothing" | "lost form" | "not known yet", form)."""
    overseas = facts.get("location")
    care = facts.get("mhs_eligible")

    if status == "service_member":  # EL-01, EL-02
        return "both", "DD 2910"

    if status == "guard_reserve":  # EL-03, EL-04
        return "both", "DD 2910"

    if status == "military_dependent":  # EL-05; those of 17 and younger never get here
        if care is False:
            return "nothing", None
        if care is None or facts.get("age") is None:
            return "not known yet", None
        return "both", "DD 2910"

    if status == "dod_civilian":  # EL-08
        programme = facts.get("component_has_sapr")
        form = "DD 2910-8" if on >= CHANGE_OF_2024 and programme is not False else "DD 2910"
        if profile == "seed" and not (on >= CHANGE_OF_2024 and "RS-2024" in adopted):
            return "unrestricted", form
        if on >= CHANGE_OF_2024 and programme is True:
            return "both", form
        if overseas == "oconus":
            return "unrestricted", form
        if overseas is None or (on >= CHANGE_OF_2024 and programme is None):
            return "not known yet", None
        return "nothing", None

    if status == "civilian_dependent":  # EL-09
        if overseas == "conus" or care is False:
            return "nothing", None
        if overseas is None or care is None or facts.get("age") is None:
            return "not known yet", None
        return "unrestricted", "DD 2910"

    if status == "contractor":  # EL-10a, EL-10b
        accompanies = facts.get("accompanies_force")
        if profile == "seed":
            return "unrestricted", "DD 2910"
        if overseas == "conus" or accompanies is False:
            return "nothing", None
        if overseas is None or accompanies is None:
            return "not known yet", None
        return "unrestricted", "DD 2910"

    if status == "retiree":  # EL-11
        return "unrestricted", "DD 2910"

    if status == "separated":  # EL-13: no new election, only what can be done with an earlier report
        earlier = facts.get("had_earlier_report")
        signed = facts.get("prior_election")
        if on < DD_2910_1_BEGINS:
            return "nothing", None
        if signed == "restricted" or (earlier is True and signed is None):
            return "unrestricted", "DD 2910-1"
        if signed == "unrestricted" or earlier is True:
            return "lost form", "DD 2910-1"
        if earlier is None and signed is None:
            return "not known yet", None
        return "nothing", None

    return "nothing", None  # EL-14


def _blocked(facts, on):
    """Whether something closes the Restricted option (section 2.2)."""
    if on < CHANGE_OF_2021:
        if "chain_of_command" in facts.get("told", ()):  # BL-02
            return True
        if (
            facts.get("investigation") == "open" and facts.get("sarc_knew_before_election") is not False
        ):  # BL-03
            return True
    if facts.get("victim_reported_to_law_enforcement") is True:  # BL-06
        return True
    # BL-07; a different incident is BL-08 and blocks nothing
    return facts.get("prior_election") == "unrestricted" and facts.get("same_incident") is not False
