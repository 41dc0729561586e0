from django.apps import AppConfig
from django.conf import settings


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Cases"

    def ready(self) -> None:
        """Lay the named folder of further rules beside the shipped ones; with a fault in it nothing starts."""
        from reports import policy

        if settings.POLICY_DIRECTORY:
            try:
                policy.use(policy.DATA, settings.POLICY_DIRECTORY)
            except policy.PolicyDataError as error:
                raise SystemExit(f"sapr.E005: SAPR_POLICY_DIRECTORY: {error}") from None
