"""Finding units by parts of their names without an extension: two letters in a row, in a GIN index."""

from django.db import migrations, models
from django.db.models.functions import Upper

FORWARD = """
CREATE FUNCTION qiao_bigrams(words text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT substr(words, place, 2)), '{}')
    FROM generate_series(1, length(words) - 1) AS place
$$;
CREATE INDEX unit_words ON units_unit USING gin (qiao_bigrams(
    lower(coalesce(name ->> 'zh-hans', '') || ' ' || coalesce(name ->> 'en', '') || ' ' || label)
));
"""
BACKWARD = "DROP INDEX unit_words; DROP FUNCTION qiao_bigrams(text);"


#: Headcounts are corrected by later entries; they go only with an import that is undone as a whole.
HEADCOUNTS = """
DROP TRIGGER append_only ON units_headcount;
CREATE TRIGGER append_only BEFORE UPDATE ON units_headcount FOR EACH ROW EXECUTE FUNCTION qiao_refuse_change();
"""
STRICT = """
DROP TRIGGER append_only ON units_headcount;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON units_headcount
    FOR EACH ROW EXECUTE FUNCTION qiao_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("units", "0002_dated_names_and_papers")]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(HEADCOUNTS, STRICT),
        migrations.AddIndex("unit", models.Index(Upper("label"), name="unit_label_any_case")),
        migrations.AddIndex("unitname", models.Index(Upper("label"), name="unitname_label_any_case")),
    ]
