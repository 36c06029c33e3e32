"""Triggers: a mystery contact is never changed or deleted, and comes in only while the evaluation is open."""

from django.db import migrations

TABLE = "evaluations_sealedcontact"
FORWARD = f"""
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION qiao_refuse_change();
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON {TABLE}
    FOR EACH STATEMENT EXECUTE FUNCTION qiao_refuse_change();
CREATE TRIGGER only_while_open BEFORE INSERT ON {TABLE}
    FOR EACH ROW EXECUTE FUNCTION evaluations_only_while_open();
"""
BACKWARD = f"""
DROP TRIGGER append_only ON {TABLE}; DROP TRIGGER append_only_truncate ON {TABLE};
DROP TRIGGER only_while_open ON {TABLE};
"""


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0010_contacts"), ("base", "0002_sequence_and_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
