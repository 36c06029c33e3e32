"""Steps of a request are never changed, and go only where the request itself is erased by the retention job."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION window_steps_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('qiao.erasing_request', true) = OLD.request_id::text THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER steps_stay BEFORE UPDATE OR DELETE ON window_transition
    FOR EACH ROW EXECUTE FUNCTION window_steps_stay();
"""

BACKWARD = """
DROP TRIGGER steps_stay ON window_transition;
DROP FUNCTION window_steps_stay();
"""


class Migration(migrations.Migration):
    dependencies = [("window", "0001_requests")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
