from pathlib import Path

from django.db import migrations, models
from django.db.models import Q

from sapr.sql import run_file

SHAPE = Q(rung__regex=r"^[a-z][a-z0-9_.=:,;+-]*$")


def shaped(model: str, condition: Q = SHAPE) -> list[migrations.operations.base.Operation]:
    name = f"notifications_{model}_rung_is_a_key"
    return [
        migrations.RemoveConstraint(model_name=model, name=name),
        migrations.AddConstraint(
            model_name=model, constraint=models.CheckConstraint(condition=condition, name=name)
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0017_quicker"),
        ("reports", "0044_lighter"),
    ]

    operations = [
        *shaped("notice"),
        *shaped("noticedecision"),
        *shaped("unitrung"),
        *shaped("recomposing"),
        *shaped("finerwording", SHAPE & ~Q(rung="minimal")),
        run_file(Path(__file__).parent / "sql" / "lighter.sql"),
    ]
