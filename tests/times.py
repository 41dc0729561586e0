"""The instant at which the tests' clock stands."""

from datetime import UTC, datetime

# A Monday, 10:00 in New York.
T0 = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
