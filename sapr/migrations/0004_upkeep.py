import uuid
from pathlib import Path

from django.db import migrations, models

from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [
        ("sapr", "0003_broker"),
        ("notifications", "0014_pages"),
    ]

    operations = [
        migrations.CreateModel(
            name="Restoration",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("restored_at", models.DateTimeField()),
                ("lifted_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "sapr_restoration",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("lifted_at", None), ("lifted_at__gte", models.F("restored_at")), _connector="OR"
                        ),
                        name="sapr_restoration_lifted_after",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Upkeep",
            fields=[
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("backup", "A backup was made"),
                            ("drill", "Bringing it back was practised, and every test passed"),
                            ("verified", "The whole ledger was verified and holds"),
                        ],
                        max_length=8,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "sapr_upkeep",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["backup", "drill", "verified"])),
                        name="sapr_upkeep_kind_known",
                    )
                ],
            },
        ),
        run_file(Path(__file__).parent / "sql" / "upkeep.sql"),
    ]
