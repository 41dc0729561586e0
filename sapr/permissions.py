"""Who may call an operation at all; what it may see is `reports.access`'s to say."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from rest_framework.permissions import BasePermission

from accounts.clients import door
from reports import access
from sapr.models import Kind


class HasDeclaredAccess(BasePermission):
    """Fail closed: an operation that names no verb of `reports.access` is a defect, not a public page.

    Nobody signed in: 401. Too fast: 429. Not what an outside system's key is for: 403 `not_in_scope`. No role in force
    that allows the verb: 403 `not_your_role`.
    """

    def has_permission(self, request, view) -> bool:
        verb = getattr(view, "verb", None)
        if verb not in access.VERBS:
            raise ImproperlyConfigured(f"{type(view).__name__} declares no verb of reports.access")
        if not request.user.is_authenticated:
            return False
        door.require(request)
        if not any(access.may(request.user, each) for each in getattr(view, "also", ())):
            access.require(request.user, verb)
        return True


class MayReadSchema(BasePermission):
    """The description of the API: anybody where everything is invented, signed-in staff elsewhere."""

    def has_permission(self, request, view) -> bool:
        return settings.KIND != Kind.REAL or bool(request.user.is_authenticated)
