"""Limits of signing in, with where each number comes from (DISA Application Security and Development STIG, V6R4)."""

from datetime import timedelta

# V-222432: three failures within 15 minutes lock the name; here for 15 minutes.
FAILURES = 3
FAILURE_WINDOW = timedelta(minutes=15)
LOCKED_FOR = timedelta(minutes=15)
# V-222389 and V-222390: idle 15 minutes, 10 for those who administer.
IDLE = timedelta(minutes=15)
IDLE_MANAGER = timedelta(minutes=10)
# Ours: the screen locks when nothing was typed or pressed for this long, and says so this long before.
LOCK, LOCK_SAID = timedelta(minutes=5), timedelta(minutes=1)
# NIST SP 800-63B: a new sign-in after 12 hours at the latest, however busy one was.
ABSOLUTE = timedelta(hours=12)
# Ours: between the two factors, and before a change of factors, what was proved must be fresh.
HALF_WAY = timedelta(minutes=10)
FRESH = timedelta(minutes=10)
# Ours: failures are kept for a day.
FAILURES_KEPT = timedelta(days=1)
