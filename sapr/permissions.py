"""Who may call an operation at all; what it may see is `reports.access`'s to say."""

from rest_framework.permissions import BasePermission

from reports import access


class HasDeclaredAccess(BasePermission):
    """Fail closed: an operation that names no verb of `reports.access` is a defect, not a public page."""

    def has_permission(self, request, view) -> bool:
        verb = view.verb
        if not request.user.is_authenticated:
            return False
        access.require(request.user, verb)
        return True


class SignedIn(BasePermission):
    """Any member of staff who is signed in."""

    def has_permission(self, request, view) -> bool:
        return bool(request.user.is_authenticated)
