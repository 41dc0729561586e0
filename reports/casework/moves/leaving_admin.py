"""Pages: somebody follows on a case, the hand-over list, and the second person who confirms the originals."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from accounts import selectors as staff
from accounts.models import Role
from reports import access, policy
from reports.casework.models import CaseRole
from reports.casework.moves import leaving, selectors
from reports.casework.moves.forms import ChangeForm, OriginalsForm
from reports.casework.moves.steps import id_of, steps
from reports.election import selectors as election
from sapr import clock
from sapr.desk.demo import zone_of
from sapr.desk.forms import DeskForm
from sapr.desk.pages import page, perform, render, sent, status_of

HOME = "admin:handovers"


@page("hand_over")
def hand_over(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Somebody follows the SARC or a SAPR VA of the case; and what concerns the victim is handed over."""
    viewer, now = request.user, clock.now()
    case = election.case_get(viewer=viewer, case_id=case_id, verb="hand_over")
    here, do, data = reverse("admin:hand_over", args=[case_id]), request.POST.get("do", ""), sent(request)
    on_case = list(selectors.on_case(viewer=viewer, case=case))
    roles = {CaseRole.SARC: Role.SARC, CaseRole.VA: Role.VA}
    people = [
        (own, user)
        for own, role in roles.items()
        for user in staff.holders_under(case.installation, role, now)
    ]
    change = ChangeForm(
        data if do == "change" else None, on_case=on_case, people=people, auto_id="id_change_%s"
    )
    handed = DeskForm(data if do == "handed" else None, auto_id="id_handed_%s")

    def change_it() -> str | None:
        given = change.cleaned_data
        role, gone = given["leaves"].split()
        next_role, came = given["follows"].split()
        follows = {(own, str(user.pk)): user for own, user in people}[next_role, came]
        leaves = next(row.user for row in on_case if (row.role, str(row.user_id)) == (role, gone))
        leaving.advocate_change(
            actor=viewer,
            case_id=case_id,
            role=role,
            leaves=leaves,
            follows=follows,
            originals=given["originals"],
            at=now,
        )
        # Who handed over their own case sees it no more.
        return reverse(HOME) if leaves.pk == viewer.pk else None

    def handed_it() -> None:
        leaving.victim_hand_over(actor=viewer, case_id=case_id, at=now)

    actions = {
        "change": (
            change,
            change_it,
            "The case has passed on. A second person confirms where the originals lie.",
        ),
        "handed": (
            handed,
            handed_it,
            "Recorded: what concerns the victim is with whoever is on the case now.",
        ),
    }
    done = steps(request, here, actions)
    if done is not None:
        return done
    changes = list(selectors.handovers_of(viewer=viewer, case=case))
    context = {
        "case": case,
        "zone": case.installation.zone,
        "changes": changes,
        "change": change,
        "form": handed,
    }
    status = max(status_of(change), status_of(handed))
    return render(request, "desk/hand_over.html", "Handing over", context, status=status)


@page("see_handovers")
def handovers(request: HttpRequest) -> HttpResponse:
    """Who leaves soon and holds open cases, cases without a SARC, offers and originals that wait. Numbers only."""
    viewer, now = request.user, clock.now()
    here, do = reverse(HOME), request.POST.get("do", "")
    take = DeskForm(sent(request) if do == "take" else None)

    def take_it() -> str:
        taken = leaving.case_take_over(
            actor=viewer, installation_id=id_of(request.POST.get("id", "")), at=now
        )
        return reverse("admin:case", args=[taken])

    done = steps(request, here, {"take": (take, take_it, "The case is yours now. See what is due in it.")})
    if done is not None:
        return done
    context = {
        "days": policy.access_rules(now.date()).limits["handover_days"],
        "leaving": selectors.leaving(viewer=viewer, at=now),
        "without": selectors.without_sarc(viewer=viewer),
        "may_take": access.may(viewer, "take_over", now),
        "may_close": access.may(viewer, "close_from_above", now) and staff.at_a_command(viewer, now),
        "offers": selectors.offers(viewer=viewer),
        "to_confirm": selectors.to_confirm(viewer=viewer)[:200],
        "form": take,
        "zone": zone_of(viewer),
    }
    return render(request, "desk/handovers.html", "Hand-over", context, status=status_of(take))


@page("confirm_originals")
def handover(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """The second person confirms where the originals of a case lie; they see its number and nothing else of it."""
    row, now = selectors.handover_get(viewer=request.user, handover_id=handover_id), clock.now()
    access.require_on(request.user, row, "confirm_originals")
    form = OriginalsForm(sent(request))

    def confirm() -> HttpResponse:
        originals = form.cleaned_data["originals"]
        leaving.originals_confirm(actor=request.user, handover_id=row.pk, originals=originals, at=now)
        messages.success(request, "Confirmed. The case can be recorded as handed over.")
        return redirect(HOME)

    if request.method == "POST":
        done = perform(request, form, confirm, again=reverse(HOME))
        if done is not None:
            return done
    intro = (
        f"{row.leaves.display_name} left case {row.number} at {row.installation.name}; {row.follows.display_name} "
        "follows. Look for the originals yourself, then say where they lie (MV-06)."
    )
    if row.confirmed_at is not None:
        intro = "Where the originals of this case lie is confirmed already."
    context = {
        "form": form,
        "button": "Confirm",
        "intro": intro,
        "back": reverse(HOME),
        "back_label": "Hand-over",
    }
    return render(request, "desk/form.html", "Originals", context, status=status_of(form))


urls = [
    path("cases/<uuid:case_id>/hand-over/", hand_over, name="hand_over"),
    path("handovers/", handovers, name="handovers"),
    path("handovers/<uuid:handover_id>/", handover, name="handover"),
]
