from pathlib import Path

from django.db import migrations

from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_policy_settings"), ("accounts", "0002_rights")]
    operations = [run_file(Path(__file__).parent / "sql" / "policy_settings.sql")]
