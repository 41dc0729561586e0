import uuid
from pathlib import Path

from django.db import migrations, models

from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0039_open_once"),
    ]

    operations = [
        migrations.CreateModel(
            name="DoneTally",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("user_id", models.UUIDField()),
                ("place", models.UUIDField(null=True)),
                (
                    "since",
                    models.DateTimeField(
                        help_text="An instant of the same month as they, in whichever zone."
                    ),
                ),
                ("kind", models.CharField(max_length=60)),
                ("late", models.BooleanField()),
                ("duties", models.IntegerField(help_text="Less than 0: so many fewer.")),
            ],
            options={
                "db_table": "reports_donetally",
            },
        ),
        migrations.AddField(
            model_name="kit",
            name="place",
            field=models.UUIDField(
                editable=False,
                help_text="The case's installation: the database writes it and keeps it so.",
                null=True,
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(
                    models.Q(("state", "CLOSED"), _negated=True),
                    models.Q(("walked_away_at", None), ("state", "OPEN_LIMITED_INFO"), _connector="OR"),
                ),
                fields=["installation"],
                name="reports_case_still_open",
            ),
        ),
        migrations.AddIndex(
            model_name="kit",
            index=models.Index(fields=["place", "issued_at"], name="reports_kit_issued_here"),
        ),
        migrations.AddIndex(
            model_name="donetally",
            index=models.Index(fields=["user_id", "since"], name="reports_donetally_whose"),
        ),
        run_file(Path(__file__).parent / "sql" / "own_figures.sql"),
    ]
