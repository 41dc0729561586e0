"""The operations of further rooms, in the order in which they stand in the schema's addresses."""

from accounts import staff_apis as staff
from notifications.acknowledging import apis as acknowledging
from notifications.correcting import apis as correcting
from notifications.extensions import apis as extensions
from notifications.finer import apis as finer
from notifications.outside import apis as outside
from notifications.strength import apis as strength
from reports.calendars import apis as calendars
from reports.catch import apis as catch
from reports.disclosure import apis as disclosure
from reports.erasure import apis as erasure
from reports.exports import apis as exports
from reports.finding import kept_apis as kept
from reports.jobs import apis as jobs
from reports.statistics import apis as statistics
from sapr.knowing import apis as knowing

OPERATIONS = [
    *disclosure.OPERATIONS,
    *catch.OPERATIONS,
    *knowing.OPERATIONS,
    *erasure.OPERATIONS,
    *kept.OPERATIONS,
    *calendars.OPERATIONS,
    *exports.OPERATIONS,
    *jobs.OPERATIONS,
    *statistics.OPERATIONS,
    *acknowledging.OPERATIONS,
    *correcting.OPERATIONS,
    *extensions.OPERATIONS,
    *finer.OPERATIONS,
    *outside.OPERATIONS,
    *strength.OPERATIONS,
    *staff.OPERATIONS,
]
