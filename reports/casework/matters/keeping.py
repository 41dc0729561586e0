"""What keeps a case open: matters that have not ended, of the kinds whose data say so."""

from reports.casework.matters.kinds import KINDS
from reports.casework.matters.models import Matter
from reports.casework.matters.reading import Unmet
from reports.election.models import Case


def keeping_open(case: Case) -> list[Unmet]:
    """One line for each such kind, with the rule; in the order of the kinds' names."""
    reasons = {name: kind.keeps_open for name, kind in KINDS.items() if kind.keeps_open}
    rows = Matter.objects.filter(case=case, kind__in=reasons, ended_at=None).order_by("kind")
    return [reasons[kind] for kind in rows.values_list("kind", flat=True).distinct()]
