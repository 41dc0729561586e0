import uuid
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from sapr.sql import directory_checked, run_file


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0014_pages"),
        ("reports", "0036_quick"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="News",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("place", models.PositiveSmallIntegerField(help_text="Its place in the message.")),
                ("case_id", models.UUIDField()),
                ("seq", models.BigIntegerField()),
                ("event_id", models.UUIDField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("contact_opened", "Contact opened"),
                            ("contact_walked_away", "Left without signing; no report exists"),
                            ("report_signed", "Election signed"),
                            ("report_converted", "Converted to Unrestricted"),
                            ("sarc_assigned", "SARC assigned"),
                            ("va_assigned", "SAPR VA assigned"),
                            ("case_closed", "Case closed"),
                            ("case_reopened", "Case opened again"),
                            ("case_taken_over", "Case without a SARC taken over"),
                            ("victim_relocated", "Victim moves"),
                            ("duty_opened", "Duty opened"),
                            ("duty_discharged", "Duty discharged"),
                            ("duty_missed", "Duty missed its instant"),
                            ("duty_ended", "Duty ended by a later event"),
                            ("notice_released", "Notice released for its slot"),
                            ("commander_notice_placed", "Commander notice placed in the inbox"),
                            ("commander_details_placed", "Commander notice with details placed in the inbox"),
                            ("mcio_notice_placed", "MCIO notice placed in the inbox"),
                            ("unit_commander_notice_placed", "Unit commander notice placed in the inbox"),
                            ("investigation_opened", "MCIO investigation begun"),
                            ("investigation_closed", "MCIO investigation ended"),
                            ("final_disposition_decided", "Final disposition decided"),
                            ("kit_number_issued", "Evidence number issued"),
                            ("kit_sealed", "SAFE kit sealed under its number"),
                            ("kit_to_mcio", "SAFE kit in MCIO custody"),
                            ("cmg_held", "Case reviewed by the Case Management Group"),
                        ],
                        max_length=40,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("began_at", models.DateTimeField(help_text="What was recorded before is not told.")),
                ("ended_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="outgoing",
            name="notifications_outgoing_kind_known",
        ),
        migrations.AlterField(
            model_name="outgoing",
            name="kind",
            field=models.CharField(
                choices=[
                    ("constant", "Please sign in"),
                    ("heartbeat", "Heartbeat"),
                    ("alarm", "Alarm"),
                    ("news", "Events of somebody's cases"),
                ],
                max_length=9,
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoing",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["constant", "heartbeat", "alarm", "news"])),
                name="notifications_outgoing_kind_known",
            ),
        ),
        migrations.AddField(
            model_name="news",
            name="outgoing",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="news", to="notifications.outgoing"
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="channel",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="subscriptions",
                to="notifications.channel",
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="ended_by",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="reader",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="news",
            name="subscription",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="news",
                to="notifications.subscription",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                models.F("channel"),
                condition=models.Q(("ended_at", None)),
                name="notifications_subscription_one_reader",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_by", None)),
                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="notifications_subscription_ended_by",
            ),
        ),
        migrations.AddIndex(
            model_name="news",
            index=models.Index(fields=["subscription", "case_id", "seq"], name="notifications_news_told"),
        ),
        migrations.AddConstraint(
            model_name="news",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "contact_opened",
                            "contact_walked_away",
                            "report_signed",
                            "report_converted",
                            "sarc_assigned",
                            "va_assigned",
                            "case_closed",
                            "case_reopened",
                            "case_taken_over",
                            "victim_relocated",
                            "duty_opened",
                            "duty_discharged",
                            "duty_missed",
                            "duty_ended",
                            "notice_released",
                            "commander_notice_placed",
                            "commander_details_placed",
                            "mcio_notice_placed",
                            "unit_commander_notice_placed",
                            "investigation_opened",
                            "investigation_closed",
                            "final_disposition_decided",
                            "kit_number_issued",
                            "kit_sealed",
                            "kit_to_mcio",
                            "cmg_held",
                        ],
                    )
                ),
                name="notifications_news_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="news",
            constraint=models.UniqueConstraint(
                models.F("outgoing"), models.F("place"), name="notifications_news_place"
            ),
        ),
        directory_checked("notifications"),
        run_file(Path(__file__).parent / "sql" / "news.sql"),
    ]
