from celery.signals import task_postrun
from django.apps import AppConfig
from django.conf import settings
from django.core.signals import request_finished


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Cases"

    def ready(self) -> None:
        """Load the rules, with the named folder of further ones laid beside them; with a fault nothing starts."""
        from reports import policy
        from reports.vault import checks, keys  # noqa: F401  registers the system checks

        # A key destroyed in another process is gone here at the next request or task.
        request_finished.connect(keys.forget_data_keys)
        task_postrun.connect(keys.forget_data_keys)

        further = settings.POLICY_DIRECTORY
        try:
            policy.use(policy.DATA, *([further] if further else []))
        except policy.PolicyDataError as error:
            raise SystemExit(
                f"sapr.E005: {'SAPR_POLICY_DIRECTORY' if further else 'rules'}: {error}"
            ) from None
