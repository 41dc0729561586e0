"""The words that a filter is made of. There are no others: what is typed here ends in addresses and histories."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Name(TextChoices):
    """What a kept filter is called. A word of this list: a free name could hold a person's."""

    DAILY = "daily", _("Every day")
    NIGHT = "night", _("On call at night")
    MEETING = "meeting", _("Before the meeting")
    MONTH_END = "month_end", _("End of the month")
    HANDOVER = "handover", _("Hand-over")
    EVIDENCE = "evidence", _("Evidence")
    FOLLOW_UP = "follow_up", _("Follow up")
    OTHER = "other", _("Another list")


class Stands(TextChoices):
    """What a case is to those who look at it; the states of the access rows, and converted ones."""

    CONTACT = "contact", _("Contact")
    INQUIRY = "inquiry", _("Inquiry, no report")
    LIMITED = "limited", _("Limited information")
    RESTRICTED = "restricted", _("Restricted")
    UNRESTRICTED = "unrestricted", _("Unrestricted")
    CONVERTED = "converted", _("Unrestricted, converted")
    LEFT = "walked_away", _("Left without signing")


class Running(TextChoices):
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


class Role(TextChoices):
    """In which role the viewer carries the case."""

    SARC = "sarc", _("As SARC")
    VA = "sapr_va", _("As SAPR VA")


class Due(TextChoices):
    LATE = "late", _("Something is late")
    ONCE = "once", _("Something is due at once")
    SOON = "soon", _("Something is due in the next 24 hours")
    ANY = "any", _("Something is due, whenever")
    NOTHING = "nothing", _("Nothing is due")


class KitWord(TextChoices):
    KEPT = "kept", _("A kit that is not destroyed")
    NUMBERED = "numbered", _("A number issued, nothing sealed yet")
    NONE = "none", _("No kit")


class Opened(TextChoices):
    """When the contact was opened, by the calendar of the viewer's installation."""

    THIS_MONTH = "this_month", _("This month")
    LAST_MONTH = "last_month", _("Last month")
    THIS_YEAR = "this_year", _("This year")
    LAST_YEAR = "last_year", _("Last year")
