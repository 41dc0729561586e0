from pathlib import Path

from django.db import migrations, models

from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0037_rows"),
    ]

    operations = [
        run_file(Path(__file__).parent / "sql" / "writes.sql"),
        migrations.RemoveConstraint(
            model_name="event",
            name="reports_event_kind_known",
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Func(
                    models.F("kind"),
                    function="sapr_event_kind_known",
                    output_field=models.BooleanField(),
                ),
                name="reports_event_kind_known",
            ),
        ),
    ]
