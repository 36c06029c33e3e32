"""A lost membership card can be made invalid by whom it belongs to."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """One number more for a person, with a default of the database: no row is rewritten."""

    dependencies: ClassVar = [("people", "0007_accounts_by_number")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="person",
            name="cards_ended",
            field=models.PositiveIntegerField(db_default=0, default=0),
        )
    ]
