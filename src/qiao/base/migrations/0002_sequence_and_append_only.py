"""The sequence of public codes, and triggers that refuse to change or delete what must stay."""

from django.db import migrations

APPEND_ONLY = ("base_auditrow", "base_ledgerleaf", "base_treehead")

FORWARD = """
CREATE SEQUENCE qiao_code START 1001;
CREATE FUNCTION qiao_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
""" + "\n".join(
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION qiao_refuse_change();\n"
    f"CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION qiao_refuse_change();"
    for table in APPEND_ONLY
)

BACKWARD = "\n".join(
    f"DROP TRIGGER append_only ON {table}; DROP TRIGGER append_only_truncate ON {table};" for table in APPEND_ONLY
) + "\nDROP FUNCTION qiao_refuse_change(); DROP SEQUENCE qiao_code;"


class Migration(migrations.Migration):
    dependencies = [("base", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
