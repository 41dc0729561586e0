from pathlib import Path

from django.db import migrations

import reports.vault.fields
from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0021_moving"),
    ]

    operations = [
        migrations.AddField(
            model_name="identity",
            name="sex",
            field=reports.vault.fields.SealedTextField(
                label="identity.sex", null=True, sensitivity="identity"
            ),
        ),
        migrations.AddField(
            model_name="narrative",
            name="offence",
            field=reports.vault.fields.SealedTextField(
                label="narrative.offence", null=True, sensitivity="narrative"
            ),
        ),
        run_file(Path(__file__).parent / "sql" / "notice_facts.sql"),
    ]
