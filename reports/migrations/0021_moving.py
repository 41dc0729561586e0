from pathlib import Path

from django.db import migrations, models

from sapr.sql import run_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_evidence_role"),
        ("reports", "0020_after"),
    ]

    operations = [
        # The view itself is the SQL's to make; its foreign keys need no state of their own.
        migrations.CreateModel(
            name="Offer",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("election", models.CharField(max_length=12)),
                ("offered_at", models.DateTimeField()),
                ("state", models.CharField(max_length=9)),
                ("decided_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "reports_offer",
                "managed": False,
            },
        ),
        migrations.RemoveConstraint(
            model_name="kithold",
            name="reports_kithold_open_once",
        ),
        migrations.AddConstraint(
            model_name="kithold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at", None)),
                fields=("card", "post", "reason"),
                name="reports_kithold_open_once",
                nulls_distinct=False,
            ),
        ),
        run_file(SQL / "moving.sql"),
        run_file(SQL / "moving_repair.sql"),
        run_file(SQL / "after_repair.sql"),
    ]
