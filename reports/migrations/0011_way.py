from pathlib import Path

from django.db import migrations, models

from sapr.sql import run_file

STATES = [
    ("CONTACT", "Contact"),
    ("SRI", "Inquiry"),
    ("SRI_CATCH", "Inquiry with a CATCH entry"),
    ("OPEN_LIMITED_INFO", "Open with limited information"),
    ("RESTRICTED_OPEN", "Restricted"),
    ("UNRESTRICTED_OPEN", "Unrestricted"),
    ("CONVERTED", "Unrestricted, converted"),
    ("CLOSED", "Closed"),
]
INFORMED_BY = [("victim", "The victim"), ("mcio", "The MCIO")]


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0010_case_kinds"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="informed_by",
            field=models.CharField(choices=INFORMED_BY, default="victim", max_length=6),
        ),
        migrations.AddField(
            model_name="case",
            name="state",
            field=models.CharField(choices=STATES, default="CONTACT", max_length=17),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", [value for value, _ in STATES])),
                name="reports_case_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("informed_by__in", [value for value, _ in INFORMED_BY])),
                name="reports_case_informed_by_known",
            ),
        ),
        run_file(Path(__file__).parent / "sql" / "way.sql"),
    ]
