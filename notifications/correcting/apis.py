"""REST: telling an addressee anew what was told wrongly."""

from notifications.correcting import services
from notifications.outputs import NoticeSummary, notice_row
from sapr.acts import act

OPERATIONS = [
    act(
        "notices/<uuid:notice_id>/correct", services.notice_correct, verb="release_notice",
        says="Send corrected details in a notice of its own", answers=NoticeSummary, show=notice_row, status=201,
    ),
]  # fmt: skip
