from pathlib import Path

from django.db import migrations

from sapr.sql import run_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("accounts", "0002_rights")]
    operations = [run_file(SQL / "security.sql"), run_file(SQL / "key_store.sql", database="keys")]
