"""What a version of a questionnaire says is guarded by the database itself."""

from django.db import migrations

GUARD = """
CREATE FUNCTION surveys_version_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.frozen IS NOT NULL THEN
      RAISE EXCEPTION 'a version of a questionnaire that went into the field never changes and is never deleted';
    END IF;
    RETURN OLD;
  END IF;
  IF (OLD.content, OLD.document, OLD.sha256, OLD.number, OLD.questionnaire_id, OLD.file_name, OLD.languages)
     IS DISTINCT FROM
     (NEW.content, NEW.document, NEW.sha256, NEW.number, NEW.questionnaire_id, NEW.file_name, NEW.languages)
     OR (OLD.frozen IS NOT NULL AND NEW.frozen IS DISTINCT FROM OLD.frozen) THEN
    RAISE EXCEPTION 'a version of a questionnaire never changes: store the next one';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER surveys_version_guard BEFORE UPDATE OR DELETE ON surveys_questionnaireversion
  FOR EACH ROW EXECUTE FUNCTION surveys_version_guard();
"""
OPEN = """
DROP TRIGGER surveys_version_guard ON surveys_questionnaireversion;
DROP FUNCTION surveys_version_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("surveys", "0006_forms_and_bank")]

    operations = [migrations.RunSQL(GUARD, OPEN)]
