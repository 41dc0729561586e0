"""What a random life of cases stands on: a world, a clock, and services that may refuse."""

from datetime import datetime

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from reports.policy import FactsError
from sapr import clock
from sapr.errors import DomainError
from tests.times import T0
from tests.world import MEMBER, World

CIVILIAN = MEMBER | {"statuses": ["dod_civilian"]}
GUARD = MEMBER | {"statuses": ["guard_reserve"]}
# Who reads Unrestricted reports by a notice, and nothing of a Restricted one.
OUTSIDE = ("commander", "unit_commander", "mcio", "higher", "stranger")
hours = st.integers(0, 40)
cases = st.integers(0, 1)
people = st.sampled_from(["sarc", "va"])


class Beginning(RuleBasedStateMachine):
    """Up to two cases of one installation, undone at the end. `world` is set by the test that runs it."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.undone = [transaction.atomic(using=name) for name in ("default", "keys")]
        for each in self.undone:
            each.__enter__()
        clock.move(T0, hold=True)
        self.now: datetime = T0
        self.cases: list = []
        self.numbers: list[str] = []

    def teardown(self) -> None:
        for name, each in zip(("keys", "default"), reversed(self.undone), strict=True):
            transaction.set_rollback(True, using=name)
            each.__exit__(None, None, None)

    def tried(self, service, **given):
        """The service's answer, or None when it refused; a refusal leaves nothing behind."""
        try:
            with transaction.atomic():
                return service(**given)
        except (DomainError, FactsError):
            return None

    def on(self, number: int):
        return self.cases[number % len(self.cases)].pk

    def who(self, name: str):
        return getattr(self.world, name)
