from pathlib import Path

from django.db import migrations

from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [("notifications", "0001_initial"), ("reports", "0002_security")]
    operations = [run_file(Path(__file__).parent / "sql" / "security.sql")]
