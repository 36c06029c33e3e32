"""What members bring forward together is a motion: no table bears the word that marks a person."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("elections", "0001_elections_and_petitions"), ("units", "0002_dated_names_and_papers")]

    operations = [
        migrations.RemoveConstraint("signature", "signature_one_per_member"),
        migrations.RenameModel("Petition", "Motion"),
        migrations.RenameField("Signature", "petition", "motion"),
        migrations.AlterField(
            model_name="motion",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="motions", to="units.unit"
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.UniqueConstraint(fields=("motion", "person"), name="signature_one_per_member"),
        ),
    ]
