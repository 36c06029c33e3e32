"""What papers upward tell the shell."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.base.lineage import Stage
from qiao.base.records import DeskItem, Door, Panel, PanelLine
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.upward.choices import WAITING, PaperKind
from qiao.org.upward.choices import PaperState as S
from qiao.org.upward.models import Paper
from qiao.org.upward.queries.register import burden_of


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:  # noqa: ARG001 - the shell asks all apps alike
    """Papers that wait for this officer: to sign, to receive, to review, to answer, to mend, to close."""
    own_draft = {grant.unit_id for grant in actor.grants if "paper.draft" in grant.actions}
    own_issue = {grant.unit_id for grant in actor.grants if "paper.issue" in grant.actions}
    condition = Q(pk__in=[])
    if own_issue:
        mine = Q(drafted_by=actor.account_id) | actor.tied_to("unit__path")
        condition |= Q(unit__in=own_issue, state__in=[S.DRAFT, S.RETURNED]) & ~mine
    if own_draft:
        condition |= Q(unit__in=own_draft, state__in=[S.RETURNED, S.ANSWERED, S.DEEMED])
    above = Q(pk__in=[])
    for path in actor.paths("paper.handle"):
        above |= Q(holder__path__startswith=path, state__in=[S.ISSUED, S.RECEIVED, S.ESCALATED])
    for path in actor.paths("paper.answer"):
        # Null where nobody is named: compared with "or", so that such a paper is not lost.
        hand = Q(drafted_by=actor.account_id) | Q(issued_by=actor.account_id)
        above |= Q(holder__path__startswith=path, state=S.IN_REVIEW) & ~hand
    condition |= above & ~actor.tied_to("unit__path")
    rows = Paper.objects.filter(condition).select_related("unit", "holder").order_by("due", "pk")[:50]
    return [
        DeskItem(
            due=paper.due if paper.state in WAITING else None,
            title=f"{paper.get_kind_display()}: {paper.title}",
            stage=Stage.DECIDE,
            unit=pick(paper.unit.name),
            next_step=_step(paper),
            url=reverse("upward:paper", args=[paper.code]),
        )
        for paper in rows
    ]


def _step(paper: Paper) -> str:
    if paper.kind == PaperKind.REPORT and paper.state == S.ISSUED:
        return _("Read it")
    return {
        S.DRAFT: _("Sign it"),
        S.RETURNED: _("Mend it and issue it again"),
        S.ISSUED: _("Confirm that it has come"),
        S.ESCALATED: _("Take it up: not answered below"),
        S.RECEIVED: _("Take it into review"),
        S.IN_REVIEW: _("Answer in writing"),
        S.ANSWERED: _("Read the answer and close it"),
        S.DEEMED: _("Agreed by silence: close it"),
    }[S(paper.state)]


def desk_doors(*, actor: Actor) -> list[Door]:
    """Papers and the register, for whoever drafts or answers."""
    doors = []
    if any(actor.may(action) for action in ("paper.draft", "paper.issue", "paper.handle", "paper.answer")):
        doors.append(Door("decide", _("Requests and reports upward"), reverse("upward:board")))
    doors.append(Door("", _("What is asked of the base"), reverse("upward:register")))
    return doors


def unit_panels(*, actor: Actor, unit: Unit, now: datetime) -> list[Panel]:  # noqa: ARG001 - as every app
    """How much the unions of this kind are asked to fill in, where anything is."""
    if unit.kind not in (UnitKind.BASE, UnitKind.JOINT_BASE):
        return []
    burden = burden_of(unit, on=timezone.localdate(now))
    if not burden.demands:
        return []
    text = _("%(number)d forms and reports in force, %(hours)s hours a year") % {
        "number": burden.demands,
        "hours": f"{burden.hours:.1f}",
    }
    line = PanelLine(text, url=f"{reverse('upward:register')}?unit={unit.label}")
    return [Panel(_("What is asked of this unit"), (line,))]
