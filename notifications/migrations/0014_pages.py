from pathlib import Path

from django.db import migrations, models

from sapr.sql import run_file

SQL = Path(__file__).parents[2]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_guard"),
        ("notifications", "0013_corrected"),
        ("reports", "0032_pages"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(("over_at", None), ("shown", True)),
                fields=["post", "due_at"],
                name="notifications_reminder_shown",
            ),
        ),
        run_file(SQL / "notifications" / "migrations" / "sql" / "pages.sql"),
        # The same once more, for the policies of this app.
        run_file(SQL / "reports" / "migrations" / "sql" / "pages_policies.sql"),
    ]
