from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from sapr.sql import run_file


def unindexed(model: str, name: str, to: str, related_name: str, **more) -> migrations.AlterField:
    field = models.ForeignKey(
        db_index=False,
        on_delete=django.db.models.deletion.PROTECT,
        related_name=related_name,
        to=to,
        **more,
    )
    return migrations.AlterField(model_name=model, name=name, field=field)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_held"),
        ("notifications", "0016_writes"),
    ]

    operations = [
        # Only their indexes go, in the file: Django would check each reference anew.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                unindexed("notice", "unit_rung", "notifications.unitrung", "notices", null=True),
                unindexed("noticedecision", "case", "reports.case", "+"),
                unindexed("noticedecision", "notice", "notifications.notice", "decisions"),
                unindexed("noticedecision", "unit_rung", "notifications.unitrung", "+", null=True),
                unindexed("reminder", "notice", "notifications.notice", "reminders"),
                unindexed("reminder", "post", "accounts.post", "reminders", db_constraint=False),
            ]
        ),
        run_file(Path(__file__).parent / "sql" / "quicker.sql"),
    ]
