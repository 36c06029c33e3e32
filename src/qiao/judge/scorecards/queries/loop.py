"""The loop report: one row for each project, from the lineage, in few queries however many projects there are."""

from __future__ import annotations

from collections import defaultdict

from django.db import connection
from django.utils.timezone import localdate

from qiao.base.models import Link
from qiao.decide.proposals.queries import proposals_by_codes
from qiao.deliver.programmes.choices import State
from qiao.deliver.programmes.models import Project
from qiao.deliver.programmes.queries.loop import OUTSIDE
from qiao.hear.needs.models import Need
from qiao_stats.loop import TaskRow

#: Objects that bring many threads together: passed through to others of their kind, not out into other threads.
_GATHERING = ("D-%", "B-%", "C-%")

_SOURCES = """
WITH RECURSIVE back(task, code) AS (
    SELECT code, code FROM programmes_project WHERE code = ANY(%(codes)s)
    UNION
    SELECT w.task, l.source FROM base_link l JOIN back w ON l.target = w.code
    WHERE NOT w.code LIKE ANY(%(gathers)s) OR l.source LIKE ANY(%(gathers)s)
)
SELECT task, code FROM back WHERE code LIKE 'N-%%'
"""


def loop_rows(path: str = "") -> list[TaskRow]:
    """Projects of a subtree that began, as the report counts them, oldest first. Five queries."""
    projects = list(
        Project.objects.filter(unit__path__startswith=path)
        .exclude(state__in=[State.PLANNED, State.STOPPED])
        .select_related("unit")
        .order_by("planned", "pk")
    )
    needs = _needs([one.code for one in projects])
    proposed = {one.code: one.unit.label for one in proposals_by_codes([one.proposal_code for one in projects])}
    changed = _changed({one.evaluation_code for one in projects if one.evaluation_code})
    return [
        TaskRow(
            task=one.code,
            year=localdate(one.started or one.planned).year,
            unit=one.unit.label,
            needs=len(needs[one.code]),
            decision=one.decision_code,
            ended=one.state == State.CLOSED,
            evaluation=one.evaluation_code,
            changed=one.evaluation_code in changed,
            proposed_by=proposed.get(one.proposal_code, ""),
            done_by=one.unit.label,
            judged_by=OUTSIDE if one.evaluation_code else one.unit.label if one.state == State.CLOSED else "",
        )
        for one in projects
    ]


def _needs(codes: list[str]) -> dict[str, set[str]]:
    """The needs of members each project came out of. Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_SOURCES, {"codes": codes, "gathers": list(_GATHERING)})
        rows = cursor.fetchall()
    known = set(Need.objects.filter(code__in={code for _task, code in rows}).values_list("code", flat=True))
    found: dict[str, set[str]] = defaultdict(set)
    for task, code in rows:
        if code in known:
            found[task].add(code)
    return found


def _changed(evaluations: set[str]) -> set[str]:
    """Evaluations of which something new came: of the need or the problem they handed back. Two queries."""
    handed = Link.objects.filter(source__in=evaluations, target__startswith="N-").values_list("target", "source")
    found = dict(handed)
    acted = Link.objects.filter(source__in=found).exclude(target__startswith="PB-")
    return {found[need] for need in acted.values_list("source", flat=True)}
