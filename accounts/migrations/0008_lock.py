from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_language")]
    operations = [
        migrations.AddField("session", "locked_at", models.DateTimeField(editable=False, null=True)),
    ]
