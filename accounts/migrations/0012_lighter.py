from pathlib import Path

from django.db import migrations, models

from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_held"),
        ("reports", "0043_quicker"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="post",
            index=models.Index(fields=["role", "title"], name="accounts_post_of_role"),
        ),
        run_file(Path(__file__).parent / "sql" / "lighter.sql"),
    ]
