from pathlib import Path

from django.db import migrations

from sapr.sql import run_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0041_open_once_more"),
    ]

    operations = [
        run_file(SQL / "import.sql"),
        run_file(SQL / "import_keys.sql", database="keys"),
    ]
