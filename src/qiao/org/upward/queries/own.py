"""What papers upward hold of one person: those they drafted, signed or answered, and reports they own."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from qiao.base.i18n import day_text, listed, pick
from qiao.org.people.models import Account
from qiao.org.people.rules import OwnGroup, OwnLine
from qiao.org.upward.models import Paper, PaperStep, ReportDemand

_MOST = 500


def own_groups(person_id: int) -> list[OwnGroup]:
    """Papers with what the person did about each, and what they ask of the base."""
    account = Account.objects.filter(person_id=person_id).order_by("pk").values_list("pk", flat=True).first()
    if account is None:
        return []
    return [_papers(account), _demands(account)]


def _papers(account: int) -> OwnGroup:
    steps = PaperStep.objects.filter(account_id=account).values("paper")
    mine = Q(drafted_by=account) | Q(issued_by=account) | Q(answered_by=account) | Q(pk__in=steps)
    lines = []
    for row in Paper.objects.filter(mine).order_by("-drafted", "-pk")[:_MOST]:
        parts = [
            _("drafted by me") if row.drafted_by_id == account else "",
            _("signed by me") if row.issued_by_id == account else "",
            _("answered by me") if row.answered_by_id == account else "",
        ]
        value = listed([part for part in parts if part]) or _("moved on by me")
        lines.append(OwnLine(f"{row.code} · {row.title}", value, str(day_text(row.drafted))))
    return OwnGroup(
        "papers", _("Papers to the unit above or from below that I worked on"), tuple(lines),
        _("Who drafted, signed and answered stands with the paper."),
    )  # fmt: skip


def _demands(account: int) -> OwnGroup:
    rows = ReportDemand.objects.filter(owner=account).order_by("-begins", "-pk")[:_MOST]
    lines = tuple(OwnLine(f"{row.code} · {pick(row.title)}", _("I own it"), str(day_text(row.begins))) for row in rows)
    return OwnGroup("demands", _("What I ask of the base"), lines, _("Every report has a named owner."))
