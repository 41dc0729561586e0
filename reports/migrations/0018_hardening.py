from pathlib import Path

from django.db import migrations

from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0017_reckoning"),
    ]

    operations = [
        run_file(Path(__file__).parent / "sql" / "hardening.sql"),
    ]
