from pathlib import Path

from django.db import migrations, models

from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_guard"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(
                blank=True, default="", max_length=12, verbose_name="language of the desk"
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("language__regex", "^([a-z]{2,3}(-[a-z]{2,8})?)?$")),
                name="accounts_user_language_is_a_code",
            ),
        ),
        run_file(Path(__file__).parent / "sql" / "language.sql"),
    ]
