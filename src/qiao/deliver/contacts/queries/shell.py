"""What contact duty tells the shell."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.base.lineage import Stage
from qiao.base.models import Receipt
from qiao.base.records import DeskItem, Door, OpenItem, Panel, PanelLine, ReceiptState
from qiao.deliver.contacts.choices import AHEAD
from qiao.deliver.contacts.choices import DutyState as S
from qiao.deliver.contacts.models import Duty, Issue
from qiao.deliver.contacts.queries.reading import ahead, to_confirm
from qiao.org.units.models import Unit


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:
    """Visits to log, to hand over, to agree and to confirm; issues to answer; outcomes to record."""
    own = Duty.objects.filter(officer=actor.account_id).filter(
        Q(state__in=AHEAD, ends__lt=now) | Q(state=S.DONE, none_raised=False)
    )
    items = [
        _item(
            duty,
            due=duty.log_due if duty.state in AHEAD else None,
            step=_("Log the visit") if duty.state in AHEAD else _("Hand the issues over"),
        )
        for duty in own.select_related("place").order_by("starts", "pk")[:20]
    ]
    if actor.paths("contact.confirm"):
        items += [
            _item(
                duty,
                due=duty.starts if duty.state == S.PLANNED else None,
                step=_("Agree to the day") if duty.state == S.PLANNED else _("Confirm that the officer was there"),
            )
            for duty in to_confirm(actor)[:20]
        ]
    return items + _issues(actor)


def _issues(actor: Actor) -> list[DeskItem]:
    answer, ask = Q(pk__in=[]), Q(pk__in=[])
    for path in actor.paths("contact.answer"):
        answer |= Q(holder__path__startswith=path, answered__isnull=True, request="")
    for path in actor.paths("contact.confirm"):
        ask |= Q(duty__place__path__startswith=path, answered__isnull=False, outcome="")
    mine = actor.own_accounts
    rows = (
        Issue.objects.filter(answer | ask)
        .exclude(handed=None)
        .exclude(Q(answered__isnull=False) & (Q(answered_by__in=mine) | Q(duty__officer__in=mine)))
        .exclude(actor.tied_to("duty__place__path"))
        .select_related("duty__place", "holder")
        .order_by("due", "pk")[:40]
    )
    return [
        DeskItem(
            due=issue.due if issue.answered is None else None,
            title=_("Raised at the base: %(topic)s") % {"topic": issue.get_topic_display()},
            stage=Stage.DELIVER,
            unit=pick(issue.duty.place.name),
            next_step=_("Answer it") if issue.answered is None else _("Ask whether it is solved, and record it"),
            url=reverse("contacts:duty", args=[issue.duty.code]),
            holder=pick(issue.holder.name) if issue.holder else "",
        )
        for issue in rows
    ]


def _item(duty: Duty, *, due: datetime | None, step: str) -> DeskItem:
    return DeskItem(
        due=due,
        title=f"{duty.get_system_display()} · {date_format(timezone.localtime(duty.starts), 'DATE_FORMAT')}",
        stage=Stage.DELIVER,
        unit=pick(duty.place.name),
        next_step=step,
        url=reverse("contacts:duty", args=[duty.code]),
    )


def open_items(*, actor: Actor, now: datetime) -> list[OpenItem]:
    """Officers who come to the member's own union within two weeks."""
    found = Q(pk__in=[])
    for path in actor.member_paths:
        found |= Q(place__path=path)
    if not actor.member_paths:
        return []
    rows = ahead(now=now).filter(found, starts__lt=now + timedelta(days=14))[:3]
    return [
        OpenItem(
            closes=duty.ends,
            title=_("%(officer)s comes to your union: speak up") % {"officer": duty.officer.display_name},
            stage=Stage.DELIVER,
            note=date_format(timezone.localtime(duty.starts), "DATETIME_FORMAT"),
            url=reverse("contacts:duty", args=[duty.code]),
            only_told=True,
        )
        for duty in rows
    ]


def receipt_state(receipt: Receipt) -> ReceiptState | None:
    """What became of an issue raised with an officer, without its words."""
    if receipt.kind != "contact_issue":
        return None
    issue = Issue.objects.filter(receipt=receipt.number).select_related("duty", "holder").order_by("pk").first()
    if issue is None:
        return None
    steps = (
        (_("Taken down"), True),
        (_("Handed over"), issue.handed is not None),
        (_("Answered"), issue.answered is not None),
        (_("Judged by those who raised it"), bool(issue.outcome)),
    )
    if issue.outcome:
        state = str(issue.get_outcome_display())
    elif issue.answered:
        state = _("Answered")
    elif issue.holder:
        state = _("With %(unit)s") % {"unit": pick(issue.holder.name)}
    else:
        state = _("Taken down by the officer")
    return ReceiptState(
        title=_("Raised with an officer at the base: %(topic)s") % {"topic": issue.get_topic_display()},
        stage=Stage.DELIVER,
        state=state,
        url=reverse("contacts:rota"),
        steps=steps,
        answer=issue.answer,
    )


def desk_doors(*, actor: Actor) -> list[Door]:
    """One's own days at the base; the figures for those who answer for others."""
    doors = []
    if actor.may("contact.log"):
        doors.append(Door("deliver", _("My days at the base"), reverse("contacts:own")))
    if actor.may("contact.read"):
        doors.append(Door("deliver", _("Who is behind with days at the base"), reverse("contacts:officers")))
    return doors


def unit_panels(*, actor: Actor, unit: Unit, now: datetime) -> list[Panel]:  # noqa: ARG001 - as every app
    """Who comes to this unit next."""
    rows = ahead(now=now).filter(place=unit)[:3]
    lines = tuple(
        PanelLine(
            f"{duty.officer.display_name} · {duty.get_system_display()}",
            date_format(timezone.localtime(duty.starts), "DATETIME_FORMAT"),
            reverse("contacts:duty", args=[duty.code]),
        )
        for duty in rows
    )
    return [Panel(_("Officers who come here"), lines)] if lines else []
