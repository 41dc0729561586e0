from pathlib import Path

from django.conf import settings
from django.db import migrations, models

from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_guard"),
        ("reports", "0031_looking"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="place",
            field=models.UUIDField(
                editable=False,
                help_text="The case's installation: the database writes it and keeps it so.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="unclaimed",
            field=models.BooleanField(
                default=True,
                editable=False,
                help_text="No SARC is assigned, or nobody to a contact: the database writes it and keeps it so.",
            ),
        ),
        migrations.AddField(
            model_name="duty",
            name="place",
            field=models.UUIDField(
                editable=False,
                help_text="The case's installation, while the duty is open: the database writes it and keeps it so.",
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("ended_at", None)),
                fields=["place", "role", "user"],
                name="reports_assignment_where",
            ),
        ),
        migrations.AddIndex(
            model_name="breakglass",
            index=models.Index(fields=["asked_at"], name="reports_breakglass_lately"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("unclaimed", True)),
                fields=["installation"],
                name="reports_case_unclaimed",
            ),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["place", "due_at", "id"],
                name="reports_duty_due_here",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("kind__in", ("curiosity_alarm", "reading_stopped"))),
                fields=["recorded_at"],
                name="reports_event_alarms",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("data__has_key", "closer"), ("kind", "case_closed")),
                fields=["recorded_at"],
                name="reports_event_closed_above",
            ),
        ),
        run_file(Path(__file__).parent / "sql" / "pages.sql"),
        run_file(Path(__file__).parent / "sql" / "pages_policies.sql"),
    ]
