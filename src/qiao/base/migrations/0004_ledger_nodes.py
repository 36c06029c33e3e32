"""Hashes of complete subtrees of the ledger, so that a proof does not read the whole log."""

import hashlib

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TRIGGERS = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON base_ledgernode
    FOR EACH ROW EXECUTE FUNCTION qiao_refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON base_ledgernode
    FOR EACH STATEMENT EXECUTE FUNCTION qiao_refuse_change();
"""


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Compute the nodes of the log there is."""
    leaf, node = apps.get_model("base", "LedgerLeaf"), apps.get_model("base", "LedgerNode")
    below = [bytes(row) for row in leaf.objects.order_by("index").values_list("leaf_hash", flat=True)]
    level = 0
    while len(below) > 1:
        level += 1
        below = [
            hashlib.sha256(b"\x01" + below[place] + below[place + 1]).digest() for place in range(0, len(below) - 1, 2)
        ]
        node.objects.bulk_create(
            [node(level=level, position=place, hash=value) for place, value in enumerate(below)], batch_size=5000
        )


class Migration(migrations.Migration):
    dependencies = [("base", "0003_throttle")]

    operations = [
        migrations.CreateModel(
            name="LedgerNode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.PositiveSmallIntegerField()),
                ("position", models.BigIntegerField()),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("level", "position"), name="ledgernode_once")]},
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL(TRIGGERS, "DROP TRIGGER append_only ON base_ledgernode; DROP TRIGGER append_only_truncate ON base_ledgernode;"),
    ]
