from pathlib import Path

from django.db import migrations, models
from django.db.models import Q

from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [("notifications", "0011_guard")]

    operations = [
        migrations.AddIndex(
            model_name="escalation",
            index=models.Index(fields=["case_id"], name="notifications_escalation_case"),
        ),
        migrations.AddIndex(
            model_name="outgoing",
            index=models.Index(
                condition=Q(
                    ("state__in", ["dropped", "closed"]),
                    Q(("kind", "heartbeat"), ("state__in", ["sent", "acknowledged"])),
                    _connector="OR",
                ),
                fields=["planned_at"],
                name="notifications_outgoing_may_go",
            ),
        ),
        run_file(Path(__file__).parent / "sql" / "outgoing.sql"),
    ]
