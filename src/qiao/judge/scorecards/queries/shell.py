"""What the shell asks: the scorecard on a unit's page, tasks that wait too long for a judgment, doors."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.i18n import percent_text, pick
from qiao.base.lineage import Stage
from qiao.base.records import DeskItem, Door, Panel, PanelLine
from qiao.judge.scorecards.queries.judgments import awaiting
from qiao.judge.scorecards.queries.requests import solved_now
from qiao.org.units.models import Unit


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:
    """Ended tasks nobody has begun to judge, for those who commission evaluations."""
    items = []
    for path in actor.paths("evaluation.commission"):
        items += [
            DeskItem(
                due=row.due, title=pick(row.project.title), stage=Stage.JUDGE, unit=pick(row.project.unit.name),
                next_step=_("Have it judged by those it was for"), url=reverse("scorecards:unjudged"),
            )
            for row in awaiting(path, now=now, limit=50)
            if not row.closed_without and not row.running and row.clock is not None and row.clock.warns
        ]  # fmt: skip
    return items


def unit_panels(*, actor: Actor, unit: Unit, now: datetime) -> list[Panel]:  # noqa: ARG001 - all are asked alike
    """What those served say, in one line; the scorecard holds the rest."""
    solved = solved_now(unit.path, now=now)
    lines: tuple[PanelLine, ...] = ()
    if solved.share is not None:
        lines = (
            PanelLine(
                _("Solved, as the askers say"),
                _("%(share)s of %(n)d") % {"share": percent_text(solved.share), "n": solved.of},
            ),
        )
    more = Door("judge", _("Scorecard"), reverse("scorecards:unit", args=[unit.label]))
    return [Panel(_("What those served say"), lines, more)] if lines else []


def desk_doors(*, actor: Actor) -> list[Door]:
    """Scorecards and the report of the loop, for those who commission judgments."""
    if not actor.may("evaluation.commission"):
        return []
    return [
        Door("judge", _("Scorecards"), reverse("scorecards:index"), _("What those served say; what awaits judgment"))
    ]
