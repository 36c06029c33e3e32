"""Reading the tree as it was on a day, from the dated links. Only leading place links make the tree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from qiao.org.units.choices import Axis, Relation
from qiao.org.units.models import Unit, UnitLink, UnitName

_LEADING = Q(axis=Axis.PLACE, relation=Relation.LEADS)


def _on(day: date) -> Q:
    """Links that held on a day."""
    return _LEADING & Q(since__lte=day) & (Q(until__isnull=True) | Q(until__gt=day))


def tree_on(day: date) -> dict[int, int]:
    """Unit to the unit directly above, for the whole tree of a day; the root is no key of it."""
    return dict(UnitLink.objects.filter(_on(day)).order_by("pk").values_list("unit_id", "above_id"))


def line_above_on(unit: Unit, day: date) -> list[Unit]:
    """The units above on a day, from the root down, under the names of that day, without the unit itself."""
    sql = """
        WITH RECURSIVE line(unit_id, height) AS (
            SELECT %(unit)s::bigint, 0
            UNION ALL SELECT l.above_id, line.height + 1 FROM units_unitlink l JOIN line ON l.unit_id = line.unit_id
            WHERE axis = %(axis)s AND relation = %(leads)s AND since <= %(day)s AND (until IS NULL OR until > %(day)s)
        )
        SELECT u.id, u.path, u.parent_id, u.state, u.founded, u.closed, u.term_ends, u.batch_id,
            coalesce(n.name, u.name) AS name, coalesce(n.kind, u.kind) AS kind, coalesce(n.label, u.label) AS label
        FROM units_unit u JOIN line ON u.id = line.unit_id
        LEFT JOIN units_unitname n
            ON n.unit_id = u.id AND n.since <= %(day)s AND (n.until IS NULL OR n.until > %(day)s)
        WHERE line.height > 0 ORDER BY line.height DESC
    """
    given = {"axis": Axis.PLACE.value, "leads": Relation.LEADS.value, "day": day, "unit": unit.pk}
    return list(Unit.objects.raw(sql, given))


@dataclass(frozen=True, slots=True)
class Move:
    """Where a unit stood from a day on."""

    above: Unit
    since: date
    until: date | None


def moves_of(unit: Unit) -> list[Move]:
    """Where the unit has stood, newest first."""
    links = UnitLink.objects.filter(_LEADING, unit=unit).select_related("above").order_by("-since")
    return [Move(link.above, link.since, link.until) for link in links]


def stands_below_from(
    *, unit: Unit, above: Unit, day: date, until: date | None = None, axis: Axis = Axis.PLACE
) -> bool:
    """Whether ``unit`` is ``above`` itself or stands below it on any day from ``day`` on (and before ``until``).

    Walks upwards with the span of days each step holds: a line counts only where all its links hold together.
    """
    last = until or date.max
    links_of = UnitLink.objects.filter(axis=axis)
    if axis == Axis.PLACE:
        links_of = links_of.filter(relation=Relation.LEADS)
    frontier: set[tuple[int, date, date]] = {(unit.pk, day, last)}
    seen: set[tuple[int, date, date]] = set()
    while frontier:
        if any(key == above.pk for key, _low, _high in frontier):
            return True
        seen |= frontier
        links: dict[int, list[UnitLink]] = {}
        for link in links_of.filter(unit_id__in={key for key, _low, _high in frontier}).order_by("pk"):
            links.setdefault(link.unit_id, []).append(link)
        frontier = {
            (link.above_id, start, end)
            for key, low, high in frontier
            for link in links.get(key, ())
            if (start := max(low, link.since)) < (end := min(high, link.until or date.max))
        } - seen
    return False


def name_on(unit: Unit, day: date) -> UnitName:
    """What the unit was called on a day; its present name where none is kept."""
    held = UnitName.objects.filter(Q(until__isnull=True) | Q(until__gt=day), unit=unit, since__lte=day).first()
    return held or UnitName(unit=unit, name=unit.name, label=unit.label, kind=unit.kind, since=unit.founded)
