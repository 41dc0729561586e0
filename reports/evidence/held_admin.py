"""The holder's pages: what is offered to one's post, what it has, and one kit by its number. No case anywhere."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from accounts.selectors import installation_of
from reports.evidence import cards, custody, endings, selectors
from reports.evidence.custody_models import EndState, Stage
from reports.evidence.desk_forms import FindForm, HandForm, HoldForm, Seen, StageForm
from reports.evidence.models import OUTSIDE
from reports.evidence.steps import Step, named, taken
from sapr import clock
from sapr.desk.demo import zone_of
from sapr.desk.forms import DeskForm
from sapr.desk.pages import page, render, sent, status_of
from sapr.errors import NotFoundError

PLAIN = ("back", "lift", "told", "destroy", "spare", "name")


@page("see_evidence_room")
def held(request: HttpRequest) -> HttpResponse:
    """Kits offered to one's post, kits it has, and the look-up by a number that is typed or scanned."""
    actor, now, zone, data = request.user, clock.now(), zone_of(request.user), sent(request)
    do, here = request.POST.get("do", ""), reverse("admin:held")
    find = FindForm(data if do == "find" else None, auto_id="id_find_%s")
    answer = Seen(data if do in ("accept", "refuse") else None, now=now, zone=zone, what="answer")

    def found() -> HttpResponse:
        card = cards.held_by_number(viewer=actor, number=find.cleaned_data["number"])
        return redirect("admin:held_kit", card_id=card.pk)

    def accept() -> None:
        given = answer.cleaned_data
        custody.evidence_accept(
            actor=actor, hop_id=named(request), seal_intact=given["seal_intact"], condition=given["condition"],
            at=given["at"] or clock.now(),
        )  # fmt: skip

    def refuse() -> None:
        at = answer.cleaned_data["at"] or clock.now()
        custody.evidence_refuse(actor=actor, hop_id=named(request), at=at)

    steps = {
        "find": Step(find, found),
        "accept": Step(answer, accept, "Your post has the kit. Both sides have signed."),
        "refuse": Step(answer, refuse, "Refused. The giver has it still and sees that."),
    }
    done = taken(request, steps, here)
    if done is not None:
        return done
    context = {
        "offered": selectors.offered(viewer=actor),
        "held": selectors.held(viewer=actor),
        "zone": zone,
        "find": find,
        "answer": answer,
    }
    status = max(status_of(find), status_of(answer))
    return render(request, "desk/held.html", "Evidence of my post", context, status=status)


@page("see_evidence_room")
def held_kit(request: HttpRequest, card_id: UUID) -> HttpResponse:
    """One kit that one's post has: handing on, where it lies, holds, telling the SARC, destroying."""
    actor, now, zone, data = request.user, clock.now(), zone_of(request.user), sent(request)
    card = cards.card_for(actor, card_id)
    if card.at_post is None:
        raise NotFoundError
    do, here = request.POST.get("do", ""), reverse("admin:held_kit", args=[card_id])
    timed = {"now": now, "zone": zone}
    hand = HandForm(
        data if do == "hand" else None,
        card=card,
        place=installation_of(card.at_post.location),
        what="hand",
        **timed,
    )
    stage = StageForm(data if do == "stage" else None, holder=card.holder, what="stage", **timed)
    hold = HoldForm(data if do == "hold" else None, auto_id="id_hold_%s")
    plain = DeskForm(data if do in PLAIN else None, auto_id="id_plain_%s")

    def hand_on() -> None:
        at = hand.cleaned_data["at"] or clock.now()
        custody.evidence_offer(actor=actor, card_id=card_id, at=at, **hand.given())

    def staged() -> None:
        given = stage.cleaned_data
        at = given["at"] or clock.now()
        custody.evidence_stage(actor=actor, card_id=card_id, stage=given["stage"], at=at)

    def name() -> HttpResponse:
        shown = selectors.name_on_kit(viewer=actor, card_id=card_id, at=now)
        return render(request, "desk/held_name.html", "Name on the label", {"card": card, "name": shown})

    steps = {
        "hand": Step(hand, hand_on, "Handed on, or offered: it changes hands when the receiver signs."),
        "back": Step(
            plain,
            lambda: custody.evidence_take_back(actor=actor, card_id=card_id, at=now),
            "The offer is taken back.",
        ),
        "stage": Step(stage, staged, "Noted."),
        "told": Step(
            plain,
            lambda: custody.evidence_stage(actor=actor, card_id=card_id, stage=Stage.EXPIRY_TOLD, at=now),
            "The SARC of the case sees that you told them.",
        ),
        "hold": Step(
            hold,
            lambda: endings.kit_hold_place(
                actor=actor, card_id=card_id, reason=hold.cleaned_data["reason"], at=now
            ),
            "The kit is held back.",
        ),
        "lift": Step(
            plain,
            lambda: endings.kit_hold_lift(actor=actor, card_id=card_id, hold_id=named(request), at=now),
            "The hold is lifted.",
        ),
        "destroy": Step(
            plain,
            lambda: endings.destruction_carry_out(actor=actor, card_id=card_id),
            "Destruction is on record.",
        ),
        "spare": Step(
            plain,
            lambda: endings.destruction_refuse(actor=actor, card_id=card_id),
            "Refused. Nothing was destroyed.",
        ),
        "name": Step(plain, name),
    }
    done = taken(request, steps, here)
    if done is not None:
        return done
    hops = list(selectors.hops(viewer=actor, card=card))
    end = selectors.destruction(card=card)
    context = {
        "card": card,
        "number": cards.number_on(card),
        "hops": hops,
        "waits": next((hop for hop in hops if hop.state == "offered"), None),
        "outside": card.holder in OUTSIDE,
        "holds": selectors.open_holds(card=card),
        "held_by_others": selectors.held_by_others(card=card),
        "stages": selectors.stages(card=card),
        "tell_by": next((each.tell_by for each in selectors.held(viewer=actor) if each.card == card), None),
        "end": end,
        "to_destroy": end is not None and end.state == EndState.PROPOSED,
        "zone": zone,
        "hand": hand,
        "stage": stage,
        "hold": hold,
        "form": plain,
    }
    status = max(status_of(form) for form in (hand, stage, hold, plain))
    return render(request, "desk/held_kit.html", "A kit by its number", context, status=status)


urls = [
    path("held/", held, name="held"),
    path("held/<uuid:card_id>/", held_kit, name="held_kit"),
]
