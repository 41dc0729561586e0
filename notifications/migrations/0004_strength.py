import uuid
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sapr.sql import run_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_evidence_role"),
        ("notifications", "0003_emergency"),
        ("reports", "0022_notice_facts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Correlation",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("on_installation", "On the installation"),
                            ("off_installation", "Off the installation"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "sex",
                    models.CharField(
                        blank=True,
                        choices=[("female", "Female"), ("male", "Male"), ("any", "Not said")],
                        max_length=10,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="NoticeDecision",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[("composed", "Composed"), ("released", "Released"), ("placed", "Placed")],
                        max_length=8,
                    ),
                ),
                ("rung", models.CharField(max_length=160)),
                ("k", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ("numbers", models.JSONField(default=dict)),
                ("tables", models.JSONField(default=list)),
                ("rules", models.JSONField(default=list)),
                ("coarsened", models.BooleanField(default=False)),
                ("confirm_rule", models.CharField(blank=True, max_length=10)),
                ("approvers", models.JSONField(default=list)),
                ("slot", models.DateTimeField(null=True)),
                ("sha256", models.CharField(max_length=64)),
                ("decided_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="RungClock",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("look_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="SharePresent",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                ("percent", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="StrengthTable",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("recorded_at", models.DateTimeField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
                ("sha256", models.CharField(help_text="Of the file's bytes in UTF-8.", max_length=64)),
                ("rows", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Told",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("rung", models.CharField(max_length=160)),
                ("body", models.TextField()),
                ("slot", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="UnitRung",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("quarter", models.DateField()),
                ("turn", models.PositiveSmallIntegerField(default=0)),
                ("rung", models.CharField(max_length=160)),
                ("k", models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ("numbers", models.JSONField(default=dict)),
                ("tables", models.JSONField(default=list)),
                ("rules", models.JSONField(default=list)),
                ("smallest", models.PositiveIntegerField(null=True)),
                ("examples", models.JSONField(default=list)),
                ("classes", models.JSONField(default=list)),
                (
                    "confirm",
                    models.BooleanField(
                        default=False, help_text="A release needs the SARC's explicit confirmation."
                    ),
                ),
                ("chosen_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="notice",
            name="notifications_notice_rung_known",
        ),
        migrations.RemoveConstraint(
            model_name="strength",
            name="notifications_strength_once",
        ),
        migrations.AddField(
            model_name="notice",
            name="choices",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="strength",
            name="component",
            field=models.CharField(
                choices=[
                    ("active", "Active"),
                    ("reserve", "Reserve"),
                    ("guard", "National Guard"),
                    ("any", "Not said"),
                ],
                default="any",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="strength",
            name="status",
            field=models.CharField(
                choices=[
                    ("member", "Member"),
                    ("dependent", "Dependent"),
                    ("civilian", "Civilian"),
                    ("any", "Not said"),
                ],
                default="any",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="rung",
            field=models.CharField(default="minimal", max_length=160),
        ),
        migrations.AlterField(
            model_name="strength",
            name="grade_band",
            field=models.CharField(
                choices=[
                    ("E1-E4", "E-1 to E-4"),
                    ("E5-E9", "E-5 to E-9"),
                    ("W", "Warrant officers"),
                    ("O", "Officers"),
                    ("none", "Without a grade"),
                    ("any", "Not said"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="strength",
            name="sex",
            field=models.CharField(
                choices=[("female", "Female"), ("male", "Male"), ("any", "Not said")], max_length=10
            ),
        ),
        migrations.AddField(
            model_name="correlation",
            name="unit",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.location",
            ),
        ),
        migrations.AddField(
            model_name="noticedecision",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reports.case"
            ),
        ),
        migrations.AddField(
            model_name="noticedecision",
            name="notice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="notifications.notice",
            ),
        ),
        migrations.AddField(
            model_name="rungclock",
            name="location",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="rung_clock", to="accounts.location"
            ),
        ),
        migrations.AddField(
            model_name="sharepresent",
            name="location",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.location"
            ),
        ),
        migrations.AddField(
            model_name="strengthtable",
            name="location",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="strength_tables",
                to="accounts.location",
            ),
        ),
        migrations.AddField(
            model_name="strengthtable",
            name="recorded_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="sharepresent",
            name="table",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="present",
                to="notifications.strengthtable",
            ),
        ),
        migrations.AddField(
            model_name="correlation",
            name="table",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="correlations",
                to="notifications.strengthtable",
            ),
        ),
        migrations.AddField(
            model_name="strength",
            name="table",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="groups",
                to="notifications.strengthtable",
            ),
        ),
        run_file(SQL / "strength_versions.sql"),
        migrations.AlterField(
            model_name="strength",
            name="table",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="groups",
                to="notifications.strengthtable",
            ),
        ),
        migrations.AddConstraint(
            model_name="strength",
            constraint=models.CheckConstraint(
                condition=models.Q(("sex__in", ["female", "male", "any"])),
                name="notifications_strength_sex_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="strength",
            constraint=models.CheckConstraint(
                condition=models.Q(("grade_band__in", ["E1-E4", "E5-E9", "W", "O", "none", "any"])),
                name="notifications_strength_grade_band_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="strength",
            constraint=models.CheckConstraint(
                condition=models.Q(("component__in", ["active", "reserve", "guard", "any"])),
                name="notifications_strength_component_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="strength",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["member", "dependent", "civilian", "any"])),
                name="notifications_strength_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="strength",
            constraint=models.CheckConstraint(
                condition=models.Q(("people__lte", 1000000)), name="notifications_strength_people_possible"
            ),
        ),
        migrations.AddConstraint(
            model_name="strength",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__gte", models.F("valid_from"))),
                name="notifications_strength_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="strength",
            constraint=models.UniqueConstraint(
                models.F("table"),
                models.F("location"),
                models.F("valid_from"),
                models.F("sex"),
                models.F("grade_band"),
                models.F("component"),
                models.F("status"),
                name="notifications_strength_once",
            ),
        ),
        migrations.AddField(
            model_name="told",
            name="location",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="told", to="accounts.location"
            ),
        ),
        migrations.AddField(
            model_name="unitrung",
            name="location",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="rungs", to="accounts.location"
            ),
        ),
        migrations.AddField(
            model_name="told",
            name="unit_rung",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="notifications.unitrung",
            ),
        ),
        migrations.AddField(
            model_name="noticedecision",
            name="unit_rung",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="notifications.unitrung",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="unit_rung",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="notifications.unitrung",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("rung__regex", "^[a-z][a-z0-9_.=:,;+-]{0,159}$")),
                name="notifications_notice_rung_is_a_key",
            ),
        ),
        migrations.AddIndex(
            model_name="rungclock",
            index=models.Index(fields=["look_at"], name="notifications_rungclock_due"),
        ),
        migrations.AddConstraint(
            model_name="strengthtable",
            constraint=models.UniqueConstraint(
                models.F("recorded_at"), name="notifications_strengthtable_one_after_the_other"
            ),
        ),
        migrations.AddConstraint(
            model_name="strengthtable",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                name="notifications_strengthtable_sha256_is_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="strengthtable",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__gte", models.F("valid_from"))),
                name="notifications_strengthtable_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharepresent",
            constraint=models.CheckConstraint(
                condition=models.Q(("percent__lte", 100)), name="notifications_sharepresent_percent"
            ),
        ),
        migrations.AddConstraint(
            model_name="sharepresent",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__gte", models.F("valid_from"))),
                name="notifications_sharepresent_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharepresent",
            constraint=models.UniqueConstraint(
                models.F("table"),
                models.F("location"),
                models.F("valid_from"),
                name="notifications_sharepresent_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="correlation",
            constraint=models.CheckConstraint(
                condition=models.Q(("place__in", ["on_installation", "off_installation"])),
                name="notifications_correlation_place_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="correlation",
            constraint=models.CheckConstraint(
                condition=models.Q(("sex__in", ["female", "male", "any", ""])),
                name="notifications_correlation_sex_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="correlation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("sex", ""), ("unit__isnull", False)),
                    models.Q(("sex__in", ["female", "male"]), ("unit", None)),
                    _connector="OR",
                ),
                name="notifications_correlation_one_thing",
            ),
        ),
        migrations.AddConstraint(
            model_name="correlation",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__gte", models.F("valid_from"))),
                name="notifications_correlation_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitrung",
            constraint=models.UniqueConstraint(
                models.F("location"),
                models.F("quarter"),
                models.F("turn"),
                name="notifications_unitrung_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitrung",
            constraint=models.CheckConstraint(
                condition=models.Q(("rung__regex", "^[a-z][a-z0-9_.=:,;+-]{0,159}$")),
                name="notifications_unitrung_rung_is_a_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="unitrung",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirm", False), ("rung", "minimal")),
                    models.Q(models.Q(("rung", "minimal"), _negated=True), ("k__isnull", False)),
                    _connector="OR",
                ),
                name="notifications_unitrung_minimal_without_number",
            ),
        ),
        migrations.AddIndex(
            model_name="told",
            index=models.Index(fields=["location", "slot"], name="notifications_told_of_location"),
        ),
        migrations.AddConstraint(
            model_name="noticedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ["composed", "released", "placed"])),
                name="notifications_noticedecision_stage_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="noticedecision",
            constraint=models.UniqueConstraint(
                models.F("notice"), models.F("stage"), name="notifications_noticedecision_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="noticedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("rung__regex", "^[a-z][a-z0-9_.=:,;+-]{0,159}$")),
                name="notifications_noticedecision_rung_is_a_key",
            ),
        ),
        migrations.AddConstraint(
            model_name="noticedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                name="notifications_noticedecision_sha256_is_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="noticedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("slot", None), ("stage", "composed")),
                    models.Q(models.Q(("stage", "composed"), _negated=True), ("slot__isnull", False)),
                    _connector="OR",
                ),
                name="notifications_noticedecision_slot_once_released",
            ),
        ),
        run_file(SQL / "strength.sql"),
    ]
