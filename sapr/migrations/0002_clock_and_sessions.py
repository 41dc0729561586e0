from pathlib import Path

from django.db import migrations

from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [
        ("sapr", "0001_initial"),
        ("sessions", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [run_file(Path(__file__).parent / "sql" / "clock_and_sessions.sql")]
