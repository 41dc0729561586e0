from pathlib import Path

from django.db import migrations

from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0016_evidence"),
    ]

    operations = [
        run_file(Path(__file__).parent / "sql" / "reckoning.sql"),
    ]
