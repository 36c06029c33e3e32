"""The tally of members, kept by triggers, and a search of names that minds no traditional characters."""

from django.db import migrations

from qiao.base.han import SIMPLIFIED, TRADITIONAL

_KINDS = ("direct", "agency", "platform", "freelance")
_HOLDS = "until IS NULL AND state IN ('active', 'transferring')"
_NEW = f"SELECT unit_id, employment, 1 AS sign FROM new_rows WHERE {_HOLDS}"
_OLD = f"SELECT unit_id, employment, -1 AS sign FROM old_rows WHERE {_HOLDS}"


def _tally(name: str, changes: str) -> str:
    return f"""
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The units are held until the end: none changes its path between reading it and writing the tally.
    PERFORM 1 FROM units_unit WHERE id IN (SELECT c.unit_id FROM ({changes}) c) ORDER BY id FOR KEY SHARE;
    INSERT INTO membership_membertally (unit_id, path, {", ".join(_KINDS)})
    SELECT t.unit_id, u.path, t.c0, t.c1, t.c2, t.c3 FROM (
            SELECT unit_id, {
        ", ".join(
            f"coalesce(sum(sign) FILTER (WHERE employment = '{kind}'), 0)::int AS c{n}" for n, kind in enumerate(_KINDS)
        )
    }
            FROM ({changes}) c GROUP BY unit_id
    ) t JOIN units_unit u ON u.id = t.unit_id WHERE (t.c0, t.c1, t.c2, t.c3) <> (0, 0, 0, 0);
    RETURN NULL;
END $$;
"""


_FORWARD = (
    _tally("membership_tally_insert", _NEW)
    + _tally("membership_tally_delete", _OLD)
    + _tally("membership_tally_update", f"{_NEW} UNION ALL {_OLD}")
    + """
CREATE TRIGGER membership_tally_insert AFTER INSERT ON membership_membership
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION membership_tally_insert();
CREATE TRIGGER membership_tally_delete AFTER DELETE ON membership_membership
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION membership_tally_delete();
CREATE TRIGGER membership_tally_update AFTER UPDATE ON membership_membership
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT
    EXECUTE FUNCTION membership_tally_update();
CREATE FUNCTION membership_tally_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE membership_membertally t SET path = n.path FROM new_units n JOIN old_units o ON o.id = n.id
    WHERE t.unit_id = n.id AND n.path <> o.path;
    RETURN NULL;
END $$;
CREATE TRIGGER membership_tally_moved AFTER UPDATE ON units_unit
    REFERENCING OLD TABLE AS old_units NEW TABLE AS new_units FOR EACH STATEMENT
    EXECUTE FUNCTION membership_tally_moved();
"""
    + f"""
INSERT INTO membership_membertally (unit_id, path, {", ".join(_KINDS)})
SELECT m.unit_id, u.path, {", ".join(f"count(*) FILTER (WHERE m.employment = '{kind}')" for kind in _KINDS)}
FROM membership_membership m JOIN units_unit u ON u.id = m.unit_id WHERE m.until IS NULL
AND m.state IN ('active', 'transferring') GROUP BY m.unit_id, u.path;
CREATE FUNCTION qiao_simplified(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT translate($1, '{TRADITIONAL}', '{SIMPLIFIED}') $$;
CREATE FUNCTION qiao_traditional(text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT $1 ~ '[{TRADITIONAL}]' $$;
CREATE INDEX person_traditional ON people_person (qiao_simplified(name)) WHERE qiao_traditional(name);
"""
)
_BACKWARD = """
DROP INDEX person_traditional;
DROP FUNCTION qiao_traditional(text);
DROP FUNCTION qiao_simplified(text);
DROP TRIGGER membership_tally_moved ON units_unit;
DROP FUNCTION membership_tally_moved();
DROP TRIGGER membership_tally_update ON membership_membership;
DROP TRIGGER membership_tally_delete ON membership_membership;
DROP TRIGGER membership_tally_insert ON membership_membership;
DROP FUNCTION membership_tally_update();
DROP FUNCTION membership_tally_delete();
DROP FUNCTION membership_tally_insert();
"""


class Migration(migrations.Migration):
    dependencies = [("membership", "0005_imports_at_depth")]
    operations = [migrations.RunSQL(_FORWARD, _BACKWARD)]
