"""One kit of a case, on the SARC's side: custody, what lies in it, its time, its label, its end."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse

from reports.election import selectors as election
from reports.evidence import custody, endings, keeping, labels, selectors, services
from reports.evidence.cards import card_of
from reports.evidence.custody_models import Custody, EndState, HopState, Stage
from reports.evidence.desk_forms import AskForm, EndForm, HandForm, HoldForm, ItemForm, Seen
from reports.evidence.models import PROPERTY
from reports.evidence.papers import certificate
from reports.evidence.steps import Step, named, taken
from sapr import clock
from sapr.desk.forms import DeskForm
from sapr.desk.pages import page, render, sent, status_of

PLAIN = ("back", "lift", "told", "returned", "withdraw", "pdf", "zpl", "certificate", "refuse")


@page("case_work")
def kit(request: HttpRequest, case_id: UUID, kit_id: UUID) -> HttpResponse:
    """The kit with every step that the SARC's side takes. `do` names the one that a POST means."""
    actor, now, data = request.user, clock.now(), sent(request)
    case = election.case_get(viewer=actor, case_id=case_id, verb="case_work")
    row = services.kit_of(case, kit_id)
    card, zone = card_of(row), case.installation.zone
    do, here = request.POST.get("do", ""), reverse("admin:kit", args=[case_id, kit_id])
    of, timed = {"actor": actor, "case_id": case_id}, {"now": now, "zone": zone}
    hand = HandForm(data if do == "hand" else None, card=card, place=case.installation, what="hand", **timed)
    answer = Seen(data if do == "accept" else None, what="answer", **timed)
    hold = HoldForm(data if do == "hold" else None, auto_id="id_hold_%s")
    item = ItemForm(data if do == "item" else None, auto_id="id_item_%s")
    ask = AskForm(data if do == "ask" else None, auto_id="id_ask_%s")
    end = EndForm(data if do == "propose" else None, auto_id="id_end_%s")
    plain = DeskForm(data if do in PLAIN else None, auto_id="id_plain_%s")
    waits = selectors.back_to_case(viewer=actor, card=card)

    def hand_on() -> Custody:
        at = hand.cleaned_data["at"] or clock.now()
        return custody.evidence_offer(actor=actor, card_id=card.pk, at=at, **hand.given())

    def accept() -> None:
        given = answer.cleaned_data
        custody.evidence_accept(
            actor=actor, hop_id=named(request), seal_intact=given["seal_intact"], condition=given["condition"],
            at=given["at"] or clock.now(),
        )  # fmt: skip

    def label(printer: bool) -> HttpResponse:
        drawn = labels.label_draw(**of, kit_id=kit_id, printer=printer, at=now)
        kind, name = (
            ("application/octet-stream", "label.zpl") if printer else ("application/pdf", "label.pdf")
        )
        return as_file(drawn, kind, name)

    steps = {
        "hand": Step(hand, hand_on, "Handed on, or offered: it changes hands when the receiver signs.",
            lambda hop: {"do": "back"} if hop.state == HopState.OFFERED else None,
        ),
        "back": Step(plain, lambda: custody.evidence_take_back(actor=actor, card_id=card.pk, at=now), "Taken back."),
        "accept": Step(answer, accept, "You have the kit. Both sides have signed."),
        "refuse": Step(plain, lambda: custody.evidence_refuse(actor=actor, hop_id=named(request), at=now), "Refused."),
        "hold": Step(
            hold,
            lambda: endings.kit_hold_place(actor=actor, card_id=card.pk, reason=hold.cleaned_data["reason"], at=now),
            "The kit is held back.",
            lambda held: {"do": "lift", "id": held.pk},
        ),
        "lift": Step(
            plain,
            lambda: endings.kit_hold_lift(actor=actor, card_id=card.pk, hold_id=named(request), at=now),
            "The hold is lifted.",
        ),
        "item": Step(
            item, lambda: services.item_add(**of, kit_id=kit_id, kind=item.cleaned_data["kind"], at=now), "Noted."
        ),
        "ask": Step(
            ask,
            lambda: endings.property_ask(
                **of, item_id=named(request), on_dd_2910_3=ask.cleaned_data["on_dd_2910_3"], at=now
            ),
            "Asked back. The report stays what it is.",
        ),
        "returned": Step(
            plain, lambda: endings.property_return(**of, item_id=named(request), at=now), "Returned. The kit stays."
        ),
        "told": Step(
            plain, lambda: endings.kit_expiry_told(**of, kit_id=kit_id, at=now), "Noted that the holder told you."
        ),
        "propose": Step(
            end,
            lambda: endings.destruction_propose(
                **of, kit_id=kit_id, no_conversion=end.cleaned_data["no_conversion"],
                no_property=end.cleaned_data["no_property"], at=now,
            ),
            "It waits for a second person at the post that has the kit.",
            lambda _: {"do": "withdraw"},
        ),
        "withdraw": Step(plain, lambda: endings.destruction_withdraw(**of, kit_id=kit_id), "Taken back."),
        "pdf": Step(plain, lambda: label(False)),
        "zpl": Step(plain, lambda: label(True)),
        "certificate": Step(
            plain,
            lambda: as_file(certificate(viewer=actor, card=card, zone=zone), "application/pdf", "certificate.pdf"),
        ),
    }  # fmt: skip
    done = taken(request, steps, here)
    if done is not None:
        return done
    hops = list(selectors.hops(viewer=actor, card=card))
    context = {
        "case": case,
        "kit": row,
        "card": card,
        "hops": hops,
        "offered": next((each for each in hops if each.state == HopState.OFFERED), None),
        "waits": waits,
        "broken": selectors.custody_broken(card=card),
        "items": selectors.items(viewer=actor, kit=row),
        "property": PROPERTY,
        "holds": selectors.open_holds(card=card),
        "stages": selectors.stages(card=card),
        "said": selectors.stages(card=card).filter(stage=Stage.EXPIRY_TOLD).first(),
        "time": keeping.kept(row, now),
        "to_tell": keeping.expiry_duty(row),
        "destruction": selectors.destruction(card=card),
        "ends": EndState,
        "hand": hand,
        "answer": answer,
        "hold": hold,
        "item": item,
        "ask": ask,
        "end": end,
        "form": plain,
    }
    status = max(status_of(form) for form in (hand, answer, hold, item, ask, end, plain))
    return render(request, "desk/kit.html", "Kit", context, status=status)


def as_file(content: bytes, kind: str, name: str) -> HttpResponse:
    """Something to save or print; its name says nothing of the case."""
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@page("case_work")
def expiring(request: HttpRequest) -> HttpResponse:
    """The kits of one's cases whose time ends within half a year, or has ended."""
    now = clock.now()
    until = keeping.looked_ahead(now)
    rows = keeping.kits_expiring(viewer=request.user, until=until, at=now)
    return render(request, "desk/kits_expiring.html", "Kits whose time ends", {"rows": rows, "until": until})


urls = [
    path("cases/<uuid:case_id>/evidence/<uuid:kit_id>/", kit, name="kit"),
    path("kits/", expiring, name="kits_expiring"),
]
