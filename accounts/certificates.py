"""Client certificates (CAC/PIV): what a TLS front end vouches for stands for both factors, where that is set up.

The front end checks the certificate and hands the subject's id on in a header, together with a secret that only it
and this process know. Without both settings, or without the secret, the header is as if it were not there.
"""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from accounts.acting import acting
from accounts.keys import keyed_digest
from accounts.models import User
from accounts.signing_models import ClientCertificate
from reports.ledger.services import append_system
from sapr.errors import DomainError

# What `sessions.mark_passed` is told of a sign-in by certificate.
BY_CERTIFICATE = "certificate"
LONGEST = 500


def is_on() -> bool:
    """Whether this installation takes people's certificates at all (checks sapr.E010 and sapr.E011 hold the rest)."""
    return bool(settings.CLIENT_CERT_HEADER) and _has_front_end()


def _has_front_end() -> bool:
    return settings.HTTPS and all((settings.PROXY_SECRET_HEADER, settings.PROXY_SECRET))


def is_from_front_end(request: HttpRequest) -> bool:
    """Whether the request came over TLS through the front end that shares our secret: what it says of it counts."""
    if not _has_front_end() or not request.is_secure():
        return False
    shown = request.headers.get(settings.PROXY_SECRET_HEADER, "")
    return constant_time_compare(shown, settings.PROXY_SECRET)


def subject_of(request: HttpRequest) -> str:
    """The subject id that the front end vouches for; '' when it vouches for none."""
    if not is_on() or not is_from_front_end(request):
        return ""
    return request.headers.get(settings.CLIENT_CERT_HEADER, "").strip()


def holder_of(request: HttpRequest) -> User | None:
    """Whose certificate came with the request; None for no, an unknown or a closed account's."""
    subject = subject_of(request)
    if not subject:
        return None
    bound = ClientCertificate.objects.filter(subject_digest=_digest(subject), user__is_active=True)
    row = bound.select_related("user").first()
    return row.user if row else None


def certificate_bind(*, user: User, subject: str, at: datetime) -> None:
    """Bind a certificate's subject id to an account, in place of an earlier one. For the command line only."""
    subject = subject.strip()
    if not subject or len(subject) > LONGEST:
        raise DomainError("bad_subject", f"Give the subject's id: 1 to {LONGEST} characters.", path="subject")
    with acting(None):
        if ClientCertificate.objects.filter(subject_digest=_digest(subject)).exclude(user=user).exists():
            raise DomainError("already_bound", "This certificate is bound to another account.", status=409)
        certificate_unbind(user=user, at=at)
        ClientCertificate.objects.create(user=user, subject_digest=_digest(subject), bound_at=at)
        append_system(kind="certificate_bound", actor=None, at=at, data={"user": str(user.pk)})


def certificate_unbind(*, user: User, at: datetime) -> bool:
    """Take the account's certificate away, if it has one; whether it had."""
    with acting(None):
        had = ClientCertificate.objects.filter(user=user).delete()[0] > 0
        if had:
            data = {"user": str(user.pk), "factor": BY_CERTIFICATE}
            append_system(kind="second_factor_removed", actor=None, at=at, data=data)
    return had


def _digest(subject: str) -> bytes:
    return keyed_digest("client certificate", subject)
