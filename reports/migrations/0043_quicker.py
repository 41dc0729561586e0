from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sapr.sql import run_file


def unindexed(model: str, name: str, to, related_name: str, **more) -> migrations.AlterField:
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
        ("reports", "0042_import"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(model_name="chainhead", name="reports_chainhead_open"),
        migrations.AddField(
            model_name="chainhead",
            name="open",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Q(("seq__gt", models.F("sealed_seq"))),
                output_field=models.BooleanField(),
            ),
        ),
        migrations.AddIndex(
            model_name="chainhead",
            index=models.Index(
                condition=models.Q(("open", True)), fields=["case_id"], name="reports_chainhead_unsealed"
            ),
        ),
        # Only their indexes go, in the file: Django would check each reference anew.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                unindexed("case", "installation", "accounts.location", "cases", db_constraint=False),
                unindexed("case", "opened_by", settings.AUTH_USER_MODEL, "opened_cases", db_constraint=False),
                unindexed("decision", "case", "reports.case", "decisions"),
                unindexed("duty", "case", "reports.case", "duties"),
                unindexed(
                    "signedform", "advocate", settings.AUTH_USER_MODEL, "signed_forms", db_constraint=False
                ),
                unindexed("signedform", "case", "reports.case", "forms"),
            ]
        ),
        run_file(Path(__file__).parent / "sql" / "quicker.sql"),
    ]
