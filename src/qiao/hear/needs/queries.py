"""Reads of needs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.figures import IntervalRow, described, interval_chart, share_text
from qiao.base.i18n import pick
from qiao.base.lineage import Stage, Station, targets_of
from qiao.base.models import Link
from qiao.base.records import DeskItem
from qiao.hear.needs import rules
from qiao.hear.needs.choices import NeedKind, NeedState
from qiao.hear.needs.models import Need
from qiao.org.units.queries import units_at


def need_by_code(code: str) -> Need:
    """The need with this code; raises Need.DoesNotExist."""
    return Need.objects.select_related("unit").get(code=code)


def published_needs(path: str = "") -> QuerySet[Need]:
    """Published needs of the units in the subtree at ``path`` (answered ones too), strongest first."""
    return (
        Need.objects.filter(state__in=rules.PUBLIC, unit__path__startswith=path)
        .select_related("unit")
        .order_by("-share", "pk")
    )


def board(*, actor: Actor, kind: str = "", source: str = "", path: str = "") -> QuerySet[Need]:
    """The board of needs: published ones, and drafts where the actor words them; filtered."""
    visible = Q(state__in=rules.PUBLIC)
    for own in actor.paths("need.publish"):
        visible |= Q(unit__path__startswith=own)
    needs = Need.objects.filter(visible).select_related("unit")
    if kind in NeedKind.values:
        needs = needs.filter(kind=kind)
    if source:
        needs = needs.filter(source_code=source)
    if path:
        needs = needs.filter(unit__path__startswith=path)
    return needs.order_by("-drafted", "-share", "pk")


def may_see(actor: Actor, need: Need) -> bool:
    """Drafts are seen by those who word them only."""
    return need.state in rules.PUBLIC or actor.may("need.publish", need.unit.path)


def became(needs: Collection[Need]) -> dict[str, list[str]]:
    """The codes that came out of each need, in one query."""
    found: dict[str, list[str]] = {need.code: [] for need in needs}
    for source, target in (
        Link.objects.filter(source__in=list(found)).order_by("at", "pk").values_list("source", "target")
    ):
        found[source].append(target)
    return found


def figure_text(need: Need) -> str:
    """The figure in words: share with its margin."""
    return share_text(need.share, need.lower, need.upper)


def figure(need: Need) -> str:
    """The group against everybody else, or the share alone, as SVG."""
    who = pick(need.group) if need.kind == NeedKind.GROUP else _("All who were asked")
    if need.kind == NeedKind.FINDING:
        who = _("Those who were asked in the evaluation")
    rows = [IntervalRow(who, need.share, need.lower, need.upper)]
    if need.rest_share is not None:
        rows.append(IntervalRow(_("Everybody else"), need.rest_share, need.rest_lower, need.rest_upper, strong=False))
    return interval_chart(rows, title=pick(need.title), description=described(rows), stage="hear")


def awaits(need: Need) -> str:
    """What a need is waiting for."""
    if need.state == NeedState.ANSWERED:
        return ""
    if need.state != NeedState.PUBLISHED:
        return _("Waits to be worded and published by the analyst.")
    if not targets_of(need.code):
        return _("Waits for a proposal, or for the reason why nothing will be done.")
    return ""


def stations(codes: Collection[str]) -> list[Station]:
    """The needs among these codes."""
    wanted = [code for code in codes if code.startswith("N-")]
    if not wanted:
        return []
    needs = Need.objects.filter(code__in=wanted, state__in=rules.PUBLIC).order_by("pk")
    return [
        Station(
            code=need.code,
            stage=Stage.HEAR,
            kind=need.get_kind_display(),
            title=pick(need.title),
            url=reverse("needs:need", args=[need.code]),
            state=need.get_state_display(),
            at=need.published,
            figure=" ".join(filter(None, (pick(need.group), figure_text(need)))),
            finished=need.state == NeedState.ANSWERED,
            weight=1,
        )
        for need in needs
    ]


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:  # noqa: ARG001 - asked so of every app
    """Drafts to word and publish, published needs nobody has taken up."""
    items: list[DeskItem] = []
    for action, states, step in (
        ("need.publish", [NeedState.DRAFTED], _("Word the need as people would say it")),
        ("need.publish", [NeedState.CHECKED], _("Publish the need")),
        ("need.answer", [NeedState.PUBLISHED], _("Take it up in a proposal, or say why not")),
    ):
        units = units_at(actor.paths(action)).order_by()
        needs = Need.objects.filter(unit__in=units, state__in=states).select_related("unit").order_by("-share", "pk")
        if states == [NeedState.PUBLISHED]:
            needs = needs.exclude(code__in=Link.objects.values("source"))
        items.extend(
            DeskItem(
                due=None,
                title=pick(need.title),
                stage=Stage.HEAR,
                unit=pick(need.unit.name),
                next_step=step,
                url=reverse("needs:need", args=[need.code]),
            )
            for need in needs[:50]
        )
    return items
