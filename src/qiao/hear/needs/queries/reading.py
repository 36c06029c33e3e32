"""Needs: the board, one need, its figure in a chart and in words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.figures import IntervalRow, described, interval_chart, share_text
from qiao.base.i18n import percent_text, pick
from qiao.base.models import Link
from qiao.hear.needs import rules
from qiao.hear.needs.choices import NeedKind, NeedState
from qiao.hear.needs.models import Follower, Need, Quote


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


def board(
    *, actor: Actor, kind: str = "", source: str = "", path: str = "", overdue_at: datetime | None = None
) -> QuerySet[Need]:
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
    if overdue_at is not None:
        needs = needs.filter(state=NeedState.PUBLISHED, due__lt=overdue_at)
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
    """The figure in words: share with its margin. Of free words everybody who wrote is counted: without one."""
    if need.kind == NeedKind.TOPIC:
        return share_text(need.share)
    return share_text(need.share, need.lower, need.upper)


def figure_rows(need: Need) -> list[IntervalRow]:
    """The rows of a need's figure: the group and everybody else, or the share alone."""
    who = pick(need.group) if need.kind == NeedKind.GROUP else _("All who were asked")
    if need.kind == NeedKind.FINDING:
        who = _("Those who were asked in the evaluation")
    if need.kind == NeedKind.TOPIC:
        # Counted, not estimated: who writes in their own words is no sample of anybody.
        return [IntervalRow(_("Those who wrote in their own words"), need.share)]
    rows = [IntervalRow(who, need.share, need.lower, need.upper)]
    if need.rest_share is not None:
        rows.append(IntervalRow(_("Everybody else"), need.rest_share, need.rest_lower, need.rest_upper, strong=False))
    return rows


def figure(need: Need) -> str:
    """The group against everybody else, or the share alone, as SVG."""
    rows = figure_rows(need)
    return interval_chart(rows, title=pick(need.title), description=described(rows), stage="hear")


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of the figure as a table: who, the share, the ends of its interval, how many answers ("" unknown)."""

    who: str
    share: str
    lower: str
    upper: str
    n: float | None


def figure_table(need: Need) -> list[TableRow]:
    """The same as a table, for who hears a page instead of seeing it, or wants the numbers."""
    return [
        TableRow(
            row.label, percent_text(row.value), "" if row.lower is None else percent_text(row.lower),
            "" if row.upper is None else percent_text(row.upper), n,
        )
        for row, n in zip(figure_rows(need), (need.n, need.rest_n), strict=False)
    ]  # fmt: skip


def range_text(need: Need) -> str:
    """What the margin means, in a sentence; "" where everybody was counted."""
    if need.kind == NeedKind.TOPIC or need.upper - need.lower < 0.005:
        return ""
    return _("Had everybody answered, most likely between %(low)s and %(high)s would say so.") % {
        "low": percent_text(need.lower), "high": percent_text(need.upper),
    }  # fmt: skip


def awaits(need: Need) -> str:
    """What a need is waiting for."""
    if need.state in {NeedState.ANSWERED, NeedState.TAKEN_UP}:
        return ""
    if need.state == NeedState.DRAFTED and rules.is_worded(need):
        return _("Waits for a second analyst to check its figures.")
    if need.state != NeedState.PUBLISHED:
        return _("Waits to be worded and published by the analyst.")
    return _("Waits for a proposal, or for the reason why nothing will be done.")


def quotes_of_need(need: Need) -> list[str]:
    """Approved quotes of the topic a need was made of, as they may be shown today."""
    if need.kind != NeedKind.TOPIC:
        return []
    found = Quote.objects.filter(topic__need_code=need.code, withdrawn__isnull=True).order_by("pk")
    return [pick(quote.words) for quote in found]


def overdue_count(now: datetime, path: str = "") -> int:
    """How many published needs have had neither an action nor an answer in time."""
    return Need.objects.filter(state=NeedState.PUBLISHED, due__lt=now, unit__path__startswith=path).count()


def follows(actor: Actor, need: Need) -> bool:
    """Whether the actor's account follows a need."""
    return actor.account_id is not None and Follower.objects.filter(need=need, account=actor.account_id).exists()
