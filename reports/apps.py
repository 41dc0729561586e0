from django.apps import AppConfig
from django.conf import settings


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Cases"

    def ready(self) -> None:
        """Load the rules, with the named folder of further ones laid beside them; with a fault nothing starts."""
        from reports import policy

        further = settings.POLICY_DIRECTORY
        try:
            policy.use(policy.DATA, *([further] if further else []))
        except policy.PolicyDataError as error:
            raise SystemExit(
                f"sapr.E005: {'SAPR_POLICY_DIRECTORY' if further else 'rules'}: {error}"
            ) from None
