"""Plain labels for words of the policy vocabulary. A word without a label is shown with its underscores as spaces."""

LABELS = {
    "service_member": "Service member on active duty",
    "guard_reserve": "National Guard or Reserve",
    "military_dependent": "Family member of a Service member",
    "dod_civilian": "DoD civilian employee",
    "civilian_dependent": "Family member of a DoD civilian employee",
    "other_civilian": "Another civilian",
    "retiree": "Retired from service",
    "separated": "Left the Service",
    "conus": "Inside the continental United States",
    "oconus": "Outside the continental United States",
    "usmc": "Marine Corps",
    "guard_bureau": "National Guard Bureau",
    "none": "None",
    "family": "Family member",
    "other": "Somebody else",
    "unknown": "Not known",
    "chain_of_command": "Chain of command",
    "civilian_facility": "Civilian care facility",
    "healthcare": "Healthcare",
    "law_enforcement": "Law enforcement",
    "self": "The person came by themselves",
    "on_installation": "On the installation",
    "off_installation": "Off the installation",
    "not_stated": "Not stated",
    "restricted": "Restricted",
    "unrestricted": "Unrestricted",
    "va": "SAPR VA",
    "sarc": "SARC",
    "sapr_va": "SAPR VA",
    "mcio": "MCIO",
    "unit_commander": "the victim's unit commander",
    "offenders_commander": "the alleged offender's commander",
    "evidence_holder": "whoever holds the evidence",
    "safety_assessor": "the safety assessor",
    "high_risk_team": "the high-risk response team",
    "service": "the Service",
    "installation_or_senior_commander": "Installation (senior) commander",
    "senior_commander": "Installation (senior) commander",
    "fap": "Family Advocacy Program",
    "sapr": "SAPR programme",
    "refer": "Refer to another service",
    "seed": "founding page",
    "dated": "dated rules",
    "minimal": "Minimal",
    "area": "Area",
    "case_work": "working on the case",
    "eligibility": "deciding the options",
    "signing": "signing",
    "notice": "composing a notice",
    "inbox": "reading the inbox",
    "evidence": "handling evidence",
    "assign_va": "assign a SAPR VA",
    "dsaid_entry": "entry in DSAID",
    "mcio_notice": "notice to MCIO",
    "unit_commander_notice": "notice to the unit commander",
    "commander_notice_restricted": "notice to the senior commander, Restricted",
    "commander_notice_details": "notice to the senior commander, with details",
    "dod_id": "DoD ID number",
    "text": "Account",
    "incident_on": "Date of the incident",
    "place": "Where",
    "offender_post": "Post held by the alleged offender",
    "unit_commander_post": "Unit commander",
    "phone": "Safe phone",
    "email": "Safe e-mail",
}
# The same word means something else as the answer to another question.
OF_FACT = {
    ("offender_relationship", "none"): "No relationship",
    ("offender_relationship", "other"): "Known in another way",
    ("investigation", "none"): "No investigation known",
    ("investigation", "open"): "Open",
    ("investigation", "closed"): "Closed",
    ("prior_election", "none"): "No form signed before",
    ("by", "other"): "Somebody else",
    ("from", "other"): "Another way",
}
QUESTIONS = {
    "retention": "How long form and kit are kept",
    "no_further_contact": "That nobody will contact the victim about this again",
    "acting_in_time": "That acting before the time runs out is the victim's part",
    "copies": "Copies of DD 2910 and DD 2911, offered",
    "answer": "Answer",
    "care": "Which care",
    "means": "How",
    "by": "Given by",
    "from": "Referred by",
}


def label(value: object, of: str = "") -> str:
    """The words for one value; `of` names the fact or detail whose answer it is."""
    if value is True:
        return "Yes"
    if value is False:
        return "No"
    if isinstance(value, list | tuple):
        return ", ".join(label(each, of) for each in value) or "nobody"
    text = str(value)
    words = OF_FACT.get((of, text)) or LABELS.get(text)
    # Rule ids, dates and form codes are no words of the vocabulary and stay as they are.
    return words or (text.replace("_", " ").capitalize() if text.islower() else text)
