from pathlib import Path

from django.db import migrations

from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_people"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("reports", "0005_trust_kinds"),
    ]
    operations = [run_file(Path(__file__).parent / "sql" / "people.sql")]
