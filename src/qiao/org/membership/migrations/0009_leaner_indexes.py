"""Indexes that others cover go, one serves the search along names."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("membership", "0008_retained_on_the_way"),
        ("people", "0006_names_with_keys"),
        ("units", "0004_links_below_by_index_alone"),
        ("workplaces", "0001_employers"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="membership",
            name="membership_one_standing",
        ),
        migrations.AlterField(
            model_name="membership",
            name="bound_for",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="arriving",
                to="units.unit",
            ),
        ),
        migrations.AlterField(
            model_name="membership",
            name="unit",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="units.unit"
            ),
        ),
        migrations.AddIndex(
            model_name="membership",
            index=models.Index(
                condition=models.Q(("bound_for__isnull", False)), fields=["bound_for"], name="membership_bound_for"
            ),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until__isnull", True)),
                fields=("person",),
                include=("unit", "state", "employment"),
                name="membership_one_standing",
            ),
        ),
    ]
