from pathlib import Path

from django.db import migrations, models

from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0034_legacy"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="export",
            name="reports_export_purpose_known",
        ),
        migrations.RemoveConstraint(
            model_name="wrappedkey",
            name="reports_wrappedkey_sensitivity_known",
        ),
        migrations.AddField(
            model_name="export",
            name="form",
            field=models.CharField(
                choices=[("csv", "CSV"), ("jsonl", "JSON Lines")], default="csv", max_length=5
            ),
        ),
        migrations.AddField(
            model_name="export",
            name="kind",
            field=models.CharField(
                choices=[
                    ("lines", "Lines of own cases"),
                    ("dsaid", "Elements for DSAID, of own cases"),
                    ("open", "Everything, to move to another system"),
                ],
                default="lines",
                max_length=5,
            ),
        ),
        migrations.AlterField(
            model_name="export",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("inspection", "Inspection or audit of the programme"),
                    ("handing_over", "Handing cases over to a successor"),
                    ("checking", "Checking entries against the official system"),
                    ("planning", "Planning of work and staff"),
                    ("moving", "Moving to another system"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="wrappedkey",
            name="sensitivity",
            field=models.CharField(
                choices=[
                    ("identity", "Identity"),
                    ("narrative", "Narrative"),
                    ("evidence", "Evidence"),
                    ("commitment", "Commitment"),
                    ("index_person", "Index Person"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["lines", "dsaid", "open"])), name="reports_export_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(("form__in", ["csv", "jsonl"])), name="reports_export_form_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("purpose__in", ["inspection", "handing_over", "checking", "planning", "moving"])
                ),
                name="reports_export_purpose_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="export",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "open"), ("purpose", "moving")),
                    models.Q(
                        models.Q(("kind", "open"), _negated=True),
                        models.Q(("purpose", "moving"), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="reports_export_open_iff_moving",
            ),
        ),
        migrations.AddConstraint(
            model_name="wrappedkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("sensitivity__in", ["identity", "narrative", "evidence", "commitment", "index_person"])
                ),
                name="reports_wrappedkey_sensitivity_known",
            ),
        ),
        run_file(Path(__file__).parent / "sql" / "open.sql"),
    ]
