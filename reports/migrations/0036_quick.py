import uuid
from pathlib import Path

from django.db import migrations, models

from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0035_open"),
    ]

    operations = [
        migrations.CreateModel(
            name="YearTally",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("signed_fy", models.PositiveSmallIntegerField()),
                ("converted_fy", models.PositiveSmallIntegerField(help_text="0: not converted.")),
                ("was_restricted", models.BooleanField(help_text="As it was signed.")),
                ("reports", models.IntegerField(help_text="Less than 0: so many fewer.")),
            ],
            options={
                "db_table": "reports_yeartally",
            },
        ),
        migrations.CreateModel(
            name="WorkTally",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("user_id", models.UUIDField()),
                ("role", models.CharField(max_length=20)),
                ("place", models.UUIDField(null=True)),
                ("election", models.CharField(max_length=20)),
                ("cases", models.IntegerField(help_text="Less than 0: so many fewer.")),
            ],
            options={
                "db_table": "reports_worktally",
                "indexes": [models.Index(fields=["user_id"], name="reports_worktally_whose")],
            },
        ),
        run_file(Path(__file__).parent / "sql" / "quick.sql"),
    ]
