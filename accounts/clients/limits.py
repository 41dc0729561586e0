"""Numbers of API clients. All of them are ours (design decisions), none a rule of the Department's."""

from datetime import timedelta

# A key lives a year at most, and ninety days unless somebody says otherwise.
LONGEST_DAYS, USUAL_DAYS = 365, 90
# After a rotation the earlier key works on for so long, so that nobody has to change both ends at one instant.
OVERLAP = timedelta(hours=24)
# Requests in a minute: of a client unless it was set otherwise, and the most that can be set.
PER_MINUTE, MOST_PER_MINUTE = 600, 6000
