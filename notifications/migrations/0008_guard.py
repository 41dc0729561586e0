from pathlib import Path

from django.db import migrations

from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [("notifications", "0007_inbox")]
    operations = [run_file(Path(__file__).parent / "sql" / "guard.sql")]
