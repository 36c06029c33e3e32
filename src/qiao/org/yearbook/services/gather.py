"""The counts of each single unit on a day: one query for each kind of count, whatever the size of the federation."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from django.db import connection
from django.db.models import Count, Q

from qiao.org.mandates.choices import CommitteeKind, Engagement, Post
from qiao.org.mandates.models import Committee, Mandate, Term
from qiao.org.mandates.rules import FULLTIME_CHAIR_AT
from qiao.org.membership.queries import active_members
from qiao.org.settings.queries import values_at
from qiao.org.units.choices import LIVING, WORKING, UnitKind
from qiao.org.units.models import Unit

Counts = dict[int, dict[str, int]]
_BASES = (UnitKind.BASE, UnitKind.JOINT_BASE)
#: Posts by which somebody speaks for members and does not work for the union.
_NO_STAFF = (Post.DELEGATE, Post.WORKER_DIRECTOR, Post.GROUP_LEADER)


def gather(day: date) -> Counts:
    """Unit to its own counts, without what stands below it; zeros left out."""
    counts: Counts = defaultdict(dict)
    _unions(counts)
    _members(counts, day)
    _mandates(counts, day)
    _employers(counts, day)
    return counts


def _unions(counts: Counts) -> None:
    units = Unit.objects.order_by().values_list("pk", "kind", "state")
    for key, kind, state in units.iterator():
        if kind in _BASES and state in WORKING:
            counts[key]["unions"] = 1
            if kind == UnitKind.JOINT_BASE:
                counts[key]["joint"] = 1
        elif kind == UnitKind.HUB and state in WORKING:
            counts[key]["hubs"] = 1


def _members(counts: Counts, day: date) -> None:
    members = active_members("").filter(since__lte=day).order_by().values("unit_id")
    rows = members.annotate(
        members=Count("pk"),
        women=Count("pk", filter=Q(person__declaration__sex="female")),
        said=Count("pk", filter=~Q(person__declaration__sex="") & Q(person__declaration__isnull=False)),
    )
    for row in rows.iterator():
        own = {"members": row["members"], "women": row["women"], "said": row["said"]}
        counts[row["unit_id"]].update({name: number for name, number in own.items() if number})


def _mandates(counts: Counts, day: date) -> None:
    held = Mandate.objects.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day).order_by()
    keys = {Engagement.FULL: "full_time", Engagement.SECONDED: "seconded", Engagement.PART: "part_time"}
    staff = held.exclude(post__in=_NO_STAFF).values_list("unit_id", "name", "engagement").distinct()
    # Somebody in two posts of one unit is one person, counted with the most of their working time.
    order = list(keys)
    people: dict[tuple[int, str], str] = {}
    for unit, name, engagement in staff.iterator():
        known = people.get((unit, name))
        if known is None or order.index(Engagement(engagement)) < order.index(Engagement(known)):
            people[unit, name] = engagement
    for (unit, _name), engagement in people.items():
        _add(counts, unit, keys[Engagement(engagement)])
    posts = {Post.DELEGATE: "delegates", Post.WORKER_DIRECTOR: "worker_directors", Post.CONTRACTED: "contracted"}
    for unit, post, number in (
        held.filter(post__in=posts)
        .values("unit_id", "post")
        .annotate(n=Count("pk"))
        .values_list("unit_id", "post", "n")
    ):
        _add(counts, unit, posts[Post(post)], number)
    women = held.filter(post=Post.DELEGATE, person__declaration__sex="female").values("unit_id").annotate(n=Count("pk"))
    for unit, number in women.values_list("unit_id", "n"):
        _add(counts, unit, "women_delegates", number)
    committees = Committee.objects.filter(
        Q(until__isnull=True) | Q(until__gt=day), kind=CommitteeKind.MEDIATION, since__lte=day
    )
    for unit in committees.order_by().values_list("unit_id", flat=True):
        _add(counts, unit, "mediation")
    _terms(counts, day)


def _terms(counts: Counts, day: date) -> None:
    heads = set(
        Mandate.objects.filter(
            Q(until__isnull=True) | Q(until__gt=day), post__in=[Post.CHAIR, Post.ORGANISER], since__lte=day
        )
        .order_by()
        .values_list("unit_id", flat=True)
    )
    terms = Term.objects.filter(
        Q(ended__isnull=True) | Q(ended__gt=day), committee__kind=CommitteeKind.UNION, since__lte=day
    )
    ends = dict(terms.order_by("since").values_list("committee__unit_id", "until"))
    working = Unit.objects.filter(state__in=WORKING).order_by().values_list("pk", "kind")
    for key, kind in working.iterator():
        if key in ends and ends[key] <= day:
            _add(counts, key, "overdue")
        elif key in ends and kind in _BASES:
            _add(counts, key, "in_term")
        if key not in heads:
            _add(counts, key, "chairs_vacant")


def _employers(counts: Counts, day: date) -> None:
    """Employers of active base unions, their ownership, and whether members outnumber the last headcounts."""
    sql = """
        SELECT l.unit_id, u.path, count(*), min(e.ownership), max(e.ownership), sum(h.number),
               bool_and(h.number IS NOT NULL)
        FROM workplaces_unitemployer l
        JOIN workplaces_employer e ON e.id = l.employer_id
        JOIN units_unit u ON u.id = l.unit_id AND u.state = ANY(%(working)s) AND u.kind = ANY(%(bases)s)
        LEFT JOIN LATERAL (
            SELECT h.direct + h.agency + h.platform AS number FROM workplaces_employerheadcount h
            WHERE h.employer_id = e.id AND h.day <= %(day)s AND NOT h.withdraws
              AND NOT EXISTS (SELECT 1 FROM workplaces_employerheadcount c WHERE c.corrects_id = h.id)
            ORDER BY h.day DESC, h.id DESC LIMIT 1
        ) h ON true
        WHERE l.since <= %(day)s AND (l.until IS NULL OR l.until > %(day)s)
        GROUP BY l.unit_id, u.path
    """
    given: dict[str, date | list[str]] = {
        "day": day,
        "working": [state.value for state in WORKING],
        "bases": [kind.value for kind in _BASES],
    }
    linked = set()
    full_time = set(
        Mandate.objects.filter(
            Q(until__isnull=True) | Q(until__gt=day), post=Post.CHAIR, engagement=Engagement.FULL, since__lte=day
        )
        .order_by()
        .values_list("unit_id", flat=True)
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        rows = cursor.fetchall()
    # Each union by the setting that holds where it stands.
    enough = values_at(FULLTIME_CHAIR_AT, paths=[row[1] for row in rows], on=day)
    for unit, path, number, first, last, headcount, known in rows:
        linked.add(unit)
        own = counts[unit]
        own["employers"] = number
        if own.get("joint"):
            own["joint_employers"] = number
        own[f"own_{first}" if first == last else "own_several"] = 1
        if known and headcount is not None and own.get("members", 0) > headcount:
            own["above_headcount"] = 1
        # Of employers not counted yet the number is open: what is known may be enough alone.
        if (headcount or 0) >= enough[path] and unit not in full_time:
            own["fulltime_vacant"] = 1
    for unit, own in counts.items():
        if own.get("unions") and unit not in linked:
            own["own_unknown"] = 1


def _add(counts: Counts, unit: int, key: str, number: int = 1) -> None:
    own = counts[unit]
    own[key] = own.get(key, 0) + number


def open_units() -> list[tuple[int, int | None, str, str]]:
    """Units that are not closed nor unborn: key, key of the one above, label, kind; from the top down."""
    return list(Unit.objects.filter(state__in=LIVING).order_by("path").values_list("pk", "parent_id", "label", "kind"))
