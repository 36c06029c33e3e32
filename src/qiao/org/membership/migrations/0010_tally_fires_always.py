"""The tally is kept even where an import checks references set by set (services.imports.bulk)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("membership", "0009_leaner_indexes")]
    operations = [
        migrations.RunSQL(
            f"ALTER TABLE membership_membership ENABLE ALWAYS TRIGGER membership_tally_{change}",
            f"ALTER TABLE membership_membership ENABLE TRIGGER membership_tally_{change}",
        )
        for change in ("insert", "delete", "update")
    ]
