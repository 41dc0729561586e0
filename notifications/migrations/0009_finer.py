import uuid
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import reports.vault.fields
from sapr.sql import run_file


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0008_guard"),
        ("reports", "0024_kinds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FinerWording",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("rung", models.CharField(max_length=160)),
                ("text", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("victim_asked", "The victim wants the commander to know it"),
                            ("safety", "The commander needs it to keep people safe"),
                            ("support", "The commander needs it so that help reaches the right people"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("consent", "The victim's written consent"),
                            ("exception", "A decided exception to confidentiality"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "consent",
                    reports.vault.fields.SealedTextField(
                        label="finer.consent", null=True, sensitivity="identity"
                    ),
                ),
                ("consent_signed_at", models.DateTimeField(null=True)),
                (
                    "expires_at",
                    models.DateTimeField(help_text="From then on the words are neither released nor placed."),
                ),
                ("k_before", models.DecimalField(decimal_places=2, max_digits=12)),
                ("numbers_before", models.JSONField()),
                ("k", models.DecimalField(decimal_places=2, max_digits=12)),
                ("numbers", models.JSONField()),
                ("tables", models.JSONField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Waits for a second person"),
                            ("approved", "Approved; may be released"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="proposed",
                        max_length=9,
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="reports.case"
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        db_constraint=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "disclosure",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="reports.disclosure",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="finer",
                        to="notifications.notice",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        db_constraint=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        db_constraint=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ["victim_asked", "safety", "support"])),
                        name="notifications_finerwording_reason_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ground__in", ["consent", "exception"])),
                        name="notifications_finerwording_ground_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["proposed", "approved", "refused", "withdrawn"])),
                        name="notifications_finerwording_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rung__regex", "^[a-z][a-z0-9_.=:,;+-]{0,159}$"),
                            models.Q(("rung", "minimal"), _negated=True),
                        ),
                        name="notifications_finerwording_rung_is_a_key",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("disclosure", None),
                                ("ground", "consent"),
                                ("consent__isnull", False),
                                ("consent_signed_at__isnull", False),
                            ),
                            models.Q(
                                ("disclosure__isnull", False),
                                ("ground", "exception"),
                                ("consent__isnull", True),
                                ("consent_signed_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="notifications_finerwording_one_ground",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("k__lte", models.F("k_before"))),
                        name="notifications_finerwording_leaves_no_more",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None),
                                ("decided_by", None),
                                ("state__in", ["proposed", "withdrawn"]),
                            ),
                            models.Q(
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                                models.Q(("state", "proposed"), _negated=True),
                                models.Q(("decided_by", models.F("proposed_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="notifications_finerwording_second_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "withdrawn"),
                                ("withdrawn_at__isnull", False),
                                ("withdrawn_by__isnull", False),
                            ),
                            models.Q(
                                models.Q(("state", "withdrawn"), _negated=True),
                                ("withdrawn_at", None),
                                ("withdrawn_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="notifications_finerwording_withdrawn_by_somebody",
                    ),
                    models.UniqueConstraint(
                        models.F("notice"),
                        condition=models.Q(("state__in", ("proposed", "approved"))),
                        name="notifications_finerwording_open_once",
                    ),
                ],
            },
        ),
        run_file(Path(__file__).parent / "sql" / "finer.sql"),
    ]
