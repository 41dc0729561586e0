from pathlib import Path

from django.db import migrations

from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0016_writes"),
    ]

    operations = [run_file(Path(__file__).parent / "sql" / "quicker.sql")]
