"""Trigger: once a sheet is decided, its lines stay as decided; only what was paid is entered beside them."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION allocation_decided_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stands text;
BEGIN
    SELECT state INTO stands FROM allocation_sheet WHERE id = COALESCE(OLD.sheet_id, NEW.sheet_id);
    IF stands IN ('decided', 'paid', 'compared', 'audited') THEN
        IF TG_OP <> 'UPDATE'
           OR to_jsonb(NEW) - 'paid' - 'paid_reason' <> to_jsonb(OLD) - 'paid' - 'paid_reason'
           OR stands <> 'decided' THEN
            RAISE EXCEPTION 'the lines of a decided sheet stay as they are' USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER decided_stays BEFORE INSERT OR UPDATE OR DELETE ON allocation_sheetline
    FOR EACH ROW EXECUTE FUNCTION allocation_decided_stays();
"""
BACKWARD = "DROP TRIGGER decided_stays ON allocation_sheetline; DROP FUNCTION allocation_decided_stays();"


class Migration(migrations.Migration):
    dependencies = [("allocation", "0001_sheets")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
