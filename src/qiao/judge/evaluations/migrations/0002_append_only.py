"""Triggers: sealed answers, figures and bundles are never changed or deleted; answers come in while it is open."""

from django.db import migrations

APPEND_ONLY = ("evaluations_sealedanswer", "evaluations_figure", "evaluations_bundlefile")

FORWARD = "\n".join(
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION qiao_refuse_change();\n"
    f"CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION qiao_refuse_change();"
    for table in APPEND_ONLY
) + """
CREATE FUNCTION evaluations_only_while_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT state FROM evaluations_evaluation WHERE id = NEW.evaluation_id) <> 'open' THEN
        RAISE EXCEPTION 'sealed answers come in only while the evaluation is open' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_while_open BEFORE INSERT ON evaluations_sealedanswer
    FOR EACH ROW EXECUTE FUNCTION evaluations_only_while_open();
"""

BACKWARD = "\n".join(
    f"DROP TRIGGER append_only ON {table}; DROP TRIGGER append_only_truncate ON {table};" for table in APPEND_ONLY
) + "\nDROP TRIGGER only_while_open ON evaluations_sealedanswer; DROP FUNCTION evaluations_only_while_open();"


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0001_initial"), ("base", "0002_sequence_and_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
