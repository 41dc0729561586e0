from pathlib import Path

from django.db import migrations

from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0040_own_figures"),
    ]

    operations = [
        run_file(Path(__file__).parent / "sql" / "open_once_more.sql"),
    ]
