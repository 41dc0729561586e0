from pathlib import Path

from django.db import migrations

from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("sapr", "0002_clock_and_sessions")]
    operations = [run_file(Path(__file__).parent / "sql" / "rights.sql")]
