from pathlib import Path

from django.db import migrations

from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_evidence_role"), ("reports", "0022_notice_facts")]
    operations = [run_file(Path(__file__).parent / "sql" / "guard.sql")]
