"""The index on names with the keys of persons; contacts are found by person and kind."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0005_follows_the_words"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="person",
            name="person_name_begins",
        ),
        migrations.AlterField(
            model_name="contact",
            name="person",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="contacts", to="people.person"
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                fields=["name", "id"], name="person_by_name", opclasses=["varchar_pattern_ops", "int8_ops"]
            ),
        ),
    ]
