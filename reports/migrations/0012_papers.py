import uuid
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import reports.vault.fields
from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0011_way"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CopyRequest",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("form", models.CharField(max_length=12)),
                (
                    "delivery",
                    models.CharField(
                        choices=[
                            ("in_person", "Brought to the victim in person"),
                            ("collected", "Collected by the victim at the office"),
                            ("nearest_sarc", "Through the SARC nearest to the victim"),
                            ("representative", "To somebody whom the victim named in writing"),
                        ],
                        max_length=20,
                    ),
                ),
                ("requested_at", models.DateTimeField()),
                ("given_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copy_requests",
                        to="reports.case",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["case", "requested_at"], name="reports_copyrequest_of_case")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("delivery__in", ["in_person", "collected", "nearest_sarc", "representative"])
                        ),
                        name="reports_copyrequest_delivery_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("given_at", None), ("given_by", None)),
                            models.Q(
                                ("given_at__gte", models.F("requested_at")), ("given_by__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="reports_copyrequest_given_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HandOut",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("form", models.CharField(max_length=12)),
                ("edition", models.CharField(max_length=20)),
                (
                    "given_to",
                    models.CharField(help_text="A word of the edition, never a name.", max_length=20),
                ),
                ("given_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hand_outs",
                        to="reports.case",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["case", "given_at"], name="reports_handout_of_case")],
            },
        ),
        migrations.CreateModel(
            name="Paper",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("form", models.CharField(max_length=12)),
                ("edition", models.CharField(max_length=20)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "election",
                    models.CharField(
                        blank=True,
                        choices=[("restricted", "Restricted"), ("unrestricted", "Unrestricted")],
                        max_length=12,
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("writing_error", "Something was written wrongly."),
                            ("left_out", "Something was left out."),
                            ("entered_wrongly", "A paper form was entered wrongly."),
                            ("victim_asked", "The victim asked for it."),
                        ],
                        max_length=20,
                    ),
                ),
                ("remote", models.BooleanField(default=False)),
                ("signed_at", models.DateTimeField()),
                ("countersigned_at", models.DateTimeField(null=True)),
                (
                    "content",
                    reports.vault.fields.SealedTextField(label="paper.content", sensitivity="identity"),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="reports.case"
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "original",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="reports.signedform",
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="reports.paper",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["case", "signed_at"], name="reports_paper_of_case")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("election__in", ["restricted", "unrestricted", ""])),
                        name="reports_paper_election_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "reason__in",
                                ["writing_error", "left_out", "entered_wrongly", "victim_asked", ""],
                            )
                        ),
                        name="reports_paper_reason_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), ("version", 1)),
                            models.Q(("version__gt", 1), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="reports_paper_reason_iff_corrected",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("remote", False), ("form", "DD 2910-1"), _connector="OR"),
                        name="reports_paper_from_afar_only_lost_form",
                    ),
                    models.UniqueConstraint(
                        models.F("original"),
                        models.F("version"),
                        condition=models.Q(("form", "DD 2910-1"), _negated=True),
                        name="reports_paper_original_once",
                    ),
                ],
            },
        ),
        run_file(Path(__file__).parent / "sql" / "papers.sql"),
    ]
