"""REST: releasing notices, and reading the inboxes of one's posts."""

from typing import ClassVar
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from notifications import selectors, services
from notifications.models import NoticeKind, NoticeState
from notifications.outputs import InboxOpenOutput, InboxOutput, NoticeOutput, NoticeSummary, notice_row
from sapr import clock, showing
from sapr.apis import BaseApi, PageQuery, operation, page_of
from sapr.desk import even
from sapr.fields import INSTANTS, FlagField, InstantField, StrictSerializer, TextField, UuidField, WordField
from sapr.jsonio import AsciiJSONRenderer
from sapr.paging import page, selected, turned

EARLIEST, LATEST = "earliest", "latest"


class NoticeQuery(PageQuery):
    """Which notices, in which order."""

    order = WordField(
        [EARLIEST, LATEST],
        required=False,
        help_text="By the last slot they fit into; earliest first without it.",
    )
    case = UuidField(required=False, help_text="Of this case.")
    kind = WordField(NoticeKind.values, required=False, help_text="Of this kind.")
    state = WordField(NoticeState.values, required=False, help_text="That stand so.")
    last_slot_from = InstantField(
        required=False, validators=INSTANTS, help_text="Whose last slot is at this instant or later."
    )
    last_slot_until = InstantField(
        required=False, validators=INSTANTS, help_text="Whose last slot is before this instant."
    )

    # The condition of each filter.
    MEANS: ClassVar = {
        "case": "case_id", "kind": "kind", "state": "state",
        "last_slot_from": "last_slot__gte", "last_slot_until": "last_slot__lt",
    }  # fmt: skip


class NoticeListApi(BaseApi):
    """The notices of the caller's cases, those with the earliest last slot first unless asked otherwise."""

    verb = "case_view"
    QuerySerializer = NoticeQuery
    OutputSerializer = NoticeSummary

    @operation(
        "List notices", name="notice_list", query=NoticeQuery, answers=page_of(NoticeSummary, "Notice"),
        refusals=[422],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        latest = self.query.get("order") == LATEST
        rows = selected(selectors.notices(viewer=request.user), self.query, NoticeQuery.MEANS)
        rows = turned(rows, by="last_slot", newest_first=latest)
        show = lambda notice: showing.shown(self.OutputSerializer, notice_row(notice))  # noqa: E731
        return Response(page(rows, by="last_slot", newest_first=latest, query=self.query, show=show))


class NoticeGetApi(BaseApi):
    """One notice with its exact wordings and their digests."""

    verb = "case_view"
    OutputSerializer = NoticeOutput

    def case_of(self, request: Request, notice_id: UUID) -> UUID:
        """The notice's own: what becomes of it stands there."""
        return selectors.notice_for(request.user, notice_id).case_id

    @operation("Read a notice", name="notice_get", answers=NoticeOutput, refusals=[404])
    def get(self, request: Request, notice_id: UUID) -> Response:
        return self.answer(notice_row(selectors.notice_for(request.user, notice_id)))


class NoticeReleaseApi(BaseApi):
    """Release the exact bytes that were read; the slot is drawn among those left."""

    verb = "release_notice"
    OutputSerializer = NoticeOutput
    case_of = NoticeGetApi.case_of

    class InputSerializer(StrictSerializer):
        minimal = FlagField(help_text="true: release the MINIMAL wording.")
        sha256 = TextField(help_text="SHA-256 (hex) of the wording that was read.")
        confirmed = FlagField(
            required=False,
            help_text="true: no local knowledge tells who is meant. Needed where few people could be (DN-03).",
        )

    @operation(
        "Release a notice", name="notice_release", takes=InputSerializer, answers=NoticeOutput,
        refusals=[404, 409],
    )  # fmt: skip
    def post(self, request: Request, notice_id: UUID) -> Response:
        notice = services.notice_release(
            actor=request.user,
            notice_id=notice_id,
            minimal=self.given["minimal"],
            bytes_seen=self.given["sha256"],
            confirmed=self.given.get("confirmed", False),
            at=clock.now(),
        )
        return self.answer(notice_row(notice))


class EvenRenderer(AsciiJSONRenderer):
    """JSON filled up with blanks to a whole block: how long an answer is says nothing of what lies in the inbox."""

    def render(self, data, accepted_media_type=None, renderer_context=None) -> bytes:
        content = super().render(data, accepted_media_type, renderer_context)
        return content + b" " * (-len(content) % even.BLOCK)


class InboxListApi(BaseApi):
    """What lies in the inboxes of the posts the caller holds, newest slot first."""

    verb = "read_inbox"
    renderer_classes = [EvenRenderer]
    QuerySerializer = PageQuery
    OutputSerializer = InboxOutput

    @operation(
        "List one's inbox", name="inbox_list", query=PageQuery, answers=page_of(InboxOutput, "Inbox"),
        refusals=[422],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        rows = selectors.inbox(viewer=request.user, at=clock.now())
        show = lambda item: showing.shown(self.OutputSerializer, item)  # noqa: E731
        return Response(page(rows, by="slot", newest_first=True, query=self.query, show=show))


class InboxOpenApi(BaseApi):
    """Read an inbox item. Opening a sealed one is an event of its case."""

    verb = "read_inbox"
    only_reads = True
    renderer_classes = [EvenRenderer]
    OutputSerializer = InboxOpenOutput

    @operation("Open an inbox item", name="inbox_open", answers=InboxOpenOutput, refusals=[404, 422])
    def post(self, request: Request, item_id: UUID) -> Response:
        item, body = services.inbox_open(actor=request.user, item_id=item_id, at=clock.now())
        return Response(InboxOutput(item).data | {"body": body})


class InboxAcknowledgeApi(BaseApi):
    """Say that it was read, once."""

    verb = "read_inbox"
    OutputSerializer = InboxOutput

    @operation(
        "Acknowledge an inbox item", name="inbox_acknowledge", answers=InboxOutput, refusals=[404, 409, 422]
    )
    def post(self, request: Request, item_id: UUID) -> Response:
        return self.answer(services.inbox_acknowledge(actor=request.user, item_id=item_id, at=clock.now()))
