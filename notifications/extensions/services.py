"""The longer time for the notice of a Restricted report at a deployed place (CN-1): granted beforehand, used once."""

from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, IntegrityError, transaction

from accounts.models import Location, LocationKind, Post
from notifications.extensions import selectors
from notifications.extensions.models import Circumstance, Deployment, Extension, ExtensionGrant, GrantReason
from notifications.models import Notice, NoticeKind, NoticeState
from notifications.selectors import notice_for
from reports import access, policy
from reports.ledger.services import append, append_system
from reports.obligations.services import plan_for
from sapr.errors import DomainError, NotFoundError

RULE = "CN-1"


@access.service
def extension_grant(
    *, actor, post_id: UUID, starts_at: datetime, ends_at: datetime, reason: str, at: datetime
) -> ExtensionGrant:
    """The commander grants up to 48 hours for reports made at their deployed place in a period to come.

    `post_id`: their own post, whose location it is for. `starts_at`, `ends_at`: aware; not before `at`, and at most the
    policy's longest period (DN-53). `reason`: a `GrantReason`. No two grants of a place overlap; the database dates it.
    """
    access.require(actor, "grant_extension", at)
    post = next((each for each in selectors.granting_posts(actor, at) if each.pk == post_id), None)
    if post is None:
        raise NotFoundError
    if reason not in GrantReason.values:
        raise DomainError("unknown_value", "Choose a reason from the list.", path="reason")
    _require_deployed(post, at)
    if starts_at < at:
        raise DomainError(
            "backdated", "A grant begins now or later, never before it is given.", path="starts_at", rule=RULE
        )
    if ends_at <= starts_at:
        raise DomainError("wrong_order", "The grant ends after it begins. Check the times.", path="ends_at")
    longest = policy.longest_grant(at.date())
    if ends_at - starts_at > longest:
        raise DomainError(
            "period_too_long", f"A grant runs for {longest.days} days at most. Grant again before it ends.",
            path="ends_at", rule="DN-53",
        )  # fmt: skip
    for each in selectors.own_grants(viewer=actor, at=at).filter(location=post.location):
        ends = each.revoked_at or each.ends_at
        if each.starts_at < ends_at and starts_at < ends:
            raise _overlap()
    grant = ExtensionGrant(
        post=post, location=post.location, starts_at=starts_at, ends_at=ends_at, reason=reason,
        granted_at=at, granted_by=actor.pk,
    )  # fmt: skip
    try:
        with transaction.atomic():
            grant.save(force_insert=True)
    except DatabaseError as error:
        # What was given at this moment, or from another post of the place, is not among one's own.
        if getattr(error.__cause__, "sqlstate", "") != "SA002":
            raise
        _require_deployed(post, at)
        raise _overlap() from None
    data = {"grant": str(grant.pk), "location": str(post.location_id), "reason": reason, "rule": RULE}
    append_system(kind="extension_granted", actor=actor, at=at, data=data)
    grant.refresh_from_db()
    return grant


def _overlap() -> DomainError:
    return DomainError(
        "grants_overlap", "There is a grant for this time already. Revoke it first.",
        path="starts_at", status=409, rule=RULE,
    )  # fmt: skip


def _require_deployed(post: Post, at: datetime) -> None:
    if not selectors.is_deployed(post.location, at):
        raise DomainError(
            "not_deployed",
            f"{post.location.name} is not recorded as deployed. A programme manager records it.",
            status=409,
            rule=RULE,
        )


@access.service
def extension_revoke(*, actor, grant_id: UUID, at: datetime) -> ExtensionGrant:
    """The commander revokes a grant for what comes; reports made before keep it. An ended one stays as it is."""
    grant = selectors.own_grants(viewer=actor, at=at).filter(pk=grant_id).first()
    if grant is None:
        raise NotFoundError
    open_now = ExtensionGrant.objects.filter(pk=grant.pk, revoked_at=None, ends_at__gt=at)
    if open_now.update(revoked_at=at) != 1:
        raise DomainError("grant_ended", "This grant has ended already.", status=409, rule=RULE)
    append_system(kind="extension_revoked", actor=actor, at=at, data={"grant": str(grant.pk), "rule": RULE})
    grant.refresh_from_db()
    return grant


@access.service
def deployment_record(*, actor, location_id: UUID, at: datetime) -> Deployment:
    """A programme manager records that a place is deployed, from now on."""
    access.require(actor, "manage_staff", at)
    # A report is made at an installation; what lies on it is deployed with it.
    location = Location.objects.filter(pk=location_id, kind=LocationKind.INSTALLATION).first()
    if location is None:
        raise DomainError("unknown_value", "Choose an installation from the list.", path="location")
    deployment = Deployment(location=location, starts_at=at, recorded_by=actor.pk)
    try:
        with transaction.atomic():
            deployment.save(force_insert=True)
    except IntegrityError:
        raise DomainError(
            "already_deployed", "This place is recorded as deployed already.", path="location", status=409
        ) from None
    append_system(kind="deployment_recorded", actor=actor, at=at, data={"location": str(location.pk)})
    return deployment


@access.service
def deployment_end(*, actor, deployment_id: UUID, at: datetime) -> None:
    """A programme manager records that a place is deployed no longer, from now on."""
    access.require(actor, "manage_staff", at)
    deployment = Deployment.objects.filter(pk=deployment_id).first()
    if deployment is None:
        raise NotFoundError
    if Deployment.objects.filter(pk=deployment.pk, ends_at=None).update(ends_at=at) != 1:
        raise DomainError("deployment_ended", "This place is deployed no longer.", status=409)
    data = {"location": str(deployment.location_id)}
    append_system(kind="deployment_ended", actor=actor, at=at, data=data)


@access.service
def notice_extend(*, actor, notice_id: UUID, reason: str, at: datetime) -> Extension:
    """The SARC uses a standing grant for a Restricted notice that waits. Its last slot becomes the latest within 47
    hours (DN-54), its duty is due after 48 (CN-1), look and reminders move along; all in this transaction.

    `reason`: a `Circumstance`. Refuses a notice that was released or placed (`not_waiting`), an extended one
    (`already_extended`), rules without an extension (`no_extension`, CX-11), a place that was not deployed when the
    report was made (`not_deployed`), a report without a grant at its instant (`no_grant`). No commander learns of it.
    """
    notice = notice_for(actor, notice_id, "release_notice")
    if reason not in Circumstance.values:
        raise DomainError("unknown_value", "Choose what was extenuating.", path="reason")
    locked = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if Extension.objects.filter(notice=notice).exists():
        raise DomainError("already_extended", "This notice was extended already.", status=409, rule=RULE)
    if locked.kind != NoticeKind.RESTRICTED or locked.state != NoticeState.COMPOSED or locked.last_slot <= at:
        raise DomainError(
            "not_waiting", "Only a Restricted notice that still waits for release is extended.", status=409, rule=RULE
        )  # fmt: skip
    case = notice.case
    due_at = extended_due(case, notice.duty)
    signed, place = case.report.signed_at, case.installation
    if not selectors.is_deployed(place, signed):
        raise DomainError(
            "not_deployed", f"{place.name} was not recorded as deployed when the report was made.",
            status=409, rule=RULE,
        )  # fmt: skip
    grant = selectors.grant_in_force(viewer=actor, location=place, at=signed, now=at)
    if grant is None:
        raise DomainError(
            "no_grant", "No commander's grant stood for this place when the report was made.", status=409, rule=RULE
        )  # fmt: skip
    extension = Extension(
        notice=notice, case=case, grant_id=grant.pk, reason=reason, invoked_at=at, due_at=due_at,
        last_slot=policy.last_slot(signed, place.zone, extended=True),
    )  # fmt: skip
    # Slot, look, reminders and due instant are moved by the database, in the same statement.
    extension.save(force_insert=True)
    append(
        case_id=case.pk,
        kind="notice_extended",
        actor=actor,
        at=at,
        data={
            "notice": str(notice.pk), "grant": str(grant.pk), "reason": reason, "rule": RULE, "slots": "DN-54",
            "last_slot": extension.last_slot.isoformat(), "due_at": due_at.isoformat(),
        },
    )  # fmt: skip
    return extension


def extended_due(case, duty) -> datetime:
    """When the notice's duty is due under an extension, by the rules of the report's instant; DomainError where they
    know none (`no_extension`): the founding page's (CX-11)."""
    stated = {
        "election": "restricted",
        "deployed": True,
        "extenuating_circumstances": True,
        "extension_granted": True,
    }
    plan = plan_for(case=case, kind="report_signed", at=case.report.signed_at, facts=stated)
    row = next((each for each in plan.opened if each.kind == duty.kind), None)
    opened = policy.row(duty.rule, duty.layer, duty.rule_set)
    templates = opened.parameters["duties"] if opened else ()
    known = any(each["kind"] == duty.kind and "extension" in each for each in templates)
    if row is None or row.extension is None or not known:
        raise DomainError(
            "no_extension", "The rules in force when the report was made know no longer time.", status=409, rule="CX-11"
        )  # fmt: skip
    return row.due_at
