"""An audit row may go when it is six years old, never sooner; no row may ever be changed. Rows of a person by account."""

from django.db import migrations, models

FORWARD = """
CREATE FUNCTION qiao_refuse_young() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.at < now() - interval '6 years' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only for six years: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER append_only ON base_auditrow;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON base_auditrow
    FOR EACH ROW EXECUTE FUNCTION qiao_refuse_young();
"""

BACKWARD = """
DROP TRIGGER append_only ON base_auditrow;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON base_auditrow
    FOR EACH ROW EXECUTE FUNCTION qiao_refuse_change();
DROP FUNCTION qiao_refuse_young();
"""


class Migration(migrations.Migration):
    dependencies = [("base", "0004_ledger_nodes")]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AddIndex(
            model_name="auditrow",
            index=models.Index(
                fields=["account_id", "-at"],
                condition=models.Q(account_id__isnull=False),
                name="auditrow_of_account",
            ),
        ),
    ]
