"""Only names that have ended are looked up for a day: an index that holds no others."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Adds the index."""

    dependencies = [("units", "0004_links_below_by_index_alone")]
    operations = [
        migrations.AddIndex(
            "unitname",
            models.Index(fields=["unit", "until"], condition=Q(until__isnull=False), name="unitname_former"),
        ),
    ]
