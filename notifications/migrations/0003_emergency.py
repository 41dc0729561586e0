from pathlib import Path

from django.db import migrations

from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_security"), ("reports", "0009_access")]
    operations = [run_file(Path(__file__).parent / "sql" / "emergency.sql")]
