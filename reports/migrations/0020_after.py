from pathlib import Path

from django.db import migrations, models

from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0019_kinds"),
    ]

    operations = [
        migrations.AddField(
            model_name="duty",
            name="counts_from",
            field=models.DateTimeField(
                help_text="What its turns count from, where they went on after a pause: the earlier beginning.",
                null=True,
            ),
        ),
        run_file(Path(__file__).parent / "sql" / "after.sql"),
    ]
