"""Where something belongs, in a query."""

from django.db.models import Func, UUIDField


class InstallationOf(Func):
    """`selectors.installation_of` of a location's id."""

    function = "sapr_installation_of"
    output_field = UUIDField()
