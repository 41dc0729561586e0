"""The shelf with its one field, and the kit that was scanned: handed on or received by keyboard alone."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from accounts.selectors import installation_of, installations_of
from reports import access
from reports.evidence import cards, custody, shelf
from reports.evidence.custody_models import Custody
from reports.evidence.desk_forms import ways
from reports.evidence.labels import path_of
from reports.evidence.models import Holder, Kit, KitCard, KitState
from reports.evidence.scan_forms import HandOnForm, ReceiveForm, ScanForm, code_of
from reports.evidence.steps import Step, taken
from sapr import clock
from sapr.desk.demo import zone_of
from sapr.desk.forms import DeskForm
from sapr.desk.pages import page, render, sent, status_of

VERBS = ("see_evidence_room", "case_work")
# Kits of one's cases on one page; the case page has the others.
SHOWN = 60


@page(*VERBS)
def shelf_board(request: HttpRequest) -> HttpResponse:
    """Every kit of the viewer's posts and cases by place, and the field for the next one."""
    viewer, now, here = request.user, clock.now(), reverse("admin:shelf")
    find = ScanForm(sent(request), auto_id="id_scan_%s")

    def found() -> HttpResponse:
        card = shelf.scanned(viewer=viewer, number=find.cleaned_data["number"])
        return redirect("admin:scanned", card_id=card.pk)

    done = taken(request, {"find": Step(find, found)}, here)
    if done is not None:
        return done
    status = status_of(find)
    context: dict[str, Any] = {
        "form": find,
        "read": find.empty(),
        "zone": zone_of(viewer),
        "today": now.date(),
    }
    if access.may(viewer, "see_evidence_room", now):
        context["posts"] = shelf.of_posts(viewer=viewer)
    if access.may(viewer, "case_work", now):
        context["cases"], context["more"] = shelf.of_cases(viewer=viewer, at=now, most=SHOWN)
        context["once"] = DeskForm().fresh_token
    context["offered"] = [(hop, cards.number_on(hop.card)) for hop in shelf.offered(viewer=viewer)[:SHOWN]]
    return render(request, "desk/shelf.html", _("Evidence shelf"), context, status=status)


@page(*VERBS)
def scanned(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """What can be done with a kit that lies before one: receive it, hand it on, take an offer back; or who has it."""
    viewer, here = request.user, reverse("admin:scanned", args=[card_id])
    card = shelf.card_seen(viewer=viewer, card_id=card_id)
    hop = shelf.offered(viewer=viewer).filter(card=card).first()
    waits = Custody.objects.filter(card=card, state="offered").select_related("to_post").first()
    kit = access.rows(viewer, "case_work", Kit).filter(card=card).select_related("case__installation").first()
    forms = _forms(request, card, hop, waits, kit, viewer)
    plain = DeskForm(
        sent(request) if request.POST.get("do") in ("refuse", "back") else None, auto_id="id_plain_%s"
    )

    def hand_on() -> HttpResponse:
        custody.evidence_offer(actor=viewer, card_id=card_id, at=clock.now(), **forms["hand"].given())
        return _on(
            request, _("Handed on, or offered: it changes hands when the receiver signs. Scan the next one.")
        )

    def receive() -> HttpResponse:
        typed = forms["accept"].cleaned_data
        custody.evidence_accept(
            actor=viewer,
            hop_id=hop.pk,
            seal_intact=typed["seal_intact"],
            condition=typed["condition"],
            at=clock.now(),
        )
        return _on(request, _("You have it. Both sides have signed. Scan the next one."))

    def refuse() -> HttpResponse:
        custody.evidence_refuse(actor=viewer, hop_id=hop.pk, at=clock.now())
        return _on(request, _("Refused. The giver has it still and sees that."))

    def back() -> HttpResponse:
        custody.evidence_take_back(actor=viewer, card_id=card_id, at=clock.now())
        return _on(request, _("The offer is taken back."))

    steps = {
        name: Step(forms[name], act)
        for name, act in (("hand", hand_on), ("accept", receive))
        if name in forms
    }
    steps |= {"refuse": Step(plain, refuse)} if hop else {}
    mine = waits is not None and hop is None and cards.answers_for(viewer, card)
    steps |= {"back": Step(plain, back)} if mine else {}
    asking = any(form.asks_on for form in forms.values())
    done = None if asking else taken(request, steps, here)
    if done is not None:
        return done
    context = {
        "card": card,
        "number": cards.number_on(card),
        "hop": hop,
        "waits": waits,
        "mine": mine,
        "kit": kit,
        "destroyed": kit is not None and kit.state == KitState.DESTROYED,
        "zone": zone_of(viewer),
        "hand": forms.get("hand"),
        "accept": forms.get("accept"),
        "form": plain,
        "asking": asking,
    }
    status = 200 if asking else max(status_of(form) for form in (*forms.values(), plain))
    return render(request, "desk/scanned.html", _("A kit that was scanned"), context, status=status)


def _forms(
    request: HttpRequest, card: KitCard, hop: Custody | None, waits: Custody | None, kit: Kit | None, viewer
) -> dict[str, Any]:
    """The one form that fits: to receive what is offered to one, else to hand on what one has."""
    do, data = request.POST.get("do", ""), sent(request)
    if hop is not None:
        return {
            "accept": ReceiveForm(
                data if do == "accept" else None, written=hop.seal_number, auto_id="id_take_%s"
            )
        }
    if waits is not None or not cards.answers_for(viewer, card) or (kit and kit.state == KitState.DESTROYED):
        return {}
    if kit is not None and kit.state == KitState.NUMBERED:
        return {}
    place = installation_of(card.at_post.location) if card.at_post else kit.case.installation
    return {"hand": HandOnForm(data if do == "hand" else None, card=card, place=place, auto_id="id_hand_%s")}


def _on(request: HttpRequest, said: str) -> HttpResponse:
    """Back to the field, for the next kit."""
    messages.success(request, said)
    return redirect("admin:shelf")


@page(*VERBS)
def codes(request: HttpRequest) -> HttpResponse:
    """A sheet with the receivers' codes, to hang beside the scanner. Words of lists, nothing of any kit."""
    roles = access.VERBS["see_evidence_room"] | access.VERBS["case_work"]
    places = installations_of(request.user, clock.now(), roles)
    # As from a post, so that the way back is among them.
    listed = {
        code_of(way): way.words for place in places for way in ways(KitCard(holder=Holder.CUSTODIAN), place)
    }
    drawn = [(code, words, *path_of(code)) for code, words in sorted(listed.items())]
    return render(request, "desk/scan_codes.html", _("Receivers' codes"), {"codes": drawn})


urls = [
    path("shelf/", shelf_board, name="shelf"),
    path("shelf/codes/", codes, name="scan_codes"),
    path("shelf/<uuid:card_id>/", scanned, name="scanned"),
]
