"""Room on each page of invitations, so that marking one as answered touches no index."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("surveys", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE surveys_invitation SET (fillfactor = 50)", "ALTER TABLE surveys_invitation RESET (fillfactor)"
        )
    ]
