"""Reading appeals, and what they offer the shell."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.lineage import Stage
from qiao.base.models import Receipt
from qiao.base.problems import Problem
from qiao.base.records import DeskItem, Door, OwnItem, ReceiptState
from qiao.org.appeals.choices import OPEN, AppealState
from qiao.org.appeals.models import Appeal
from qiao.org.appeals.rules import DECIDING, kind_of, may_decide

_MOST = 50


def appeal_by_code(code: str) -> Appeal:
    """The appeal with this code; raises Appeal.DoesNotExist."""
    return Appeal.objects.select_related("earlier").get(code=code)


def appeals_of(kind: str, subject: str) -> list[Appeal]:
    """The appeals against the refusal of one thing, oldest first."""
    return list(Appeal.objects.filter(kind=kind, subject=subject).order_by("pk"))


def is_appellant(actor: Actor, appeal: Appeal) -> bool:
    """Whether the actor filed the appeal."""
    by_account = actor.did(appeal.account_id)
    return by_account or actor.concerns(appeal.person_id)


def may_see(actor: Actor, appeal: Appeal) -> bool:
    """Whether the appeal's page is open: to the appellant, to who may decide here, to who decided before."""
    return (
        is_appellant(actor, appeal)
        or any(actor.may(action, appeal.body_path) for action in DECIDING)
        or actor.did(appeal.decided_by_id, appeal.reviewer_id)
    )


def label_of(appeal: Appeal) -> str:
    """What the appeal is against, in words."""
    try:
        return str(kind_of(appeal.kind).label)
    except Problem:
        return appeal.kind


def subject_url(appeal: Appeal) -> str:
    """The page of what was refused; "" where it has none."""
    try:
        url = kind_of(appeal.kind).url
    except Problem:
        return ""
    return url(appeal.subject) if url else ""


def state_steps(appeal: Appeal) -> list[tuple[str, bool, bool]]:
    """The states as steps (label, done, current)."""
    state = AppealState(appeal.state)
    if state == AppealState.WITHDRAWN:
        way: tuple[AppealState, ...] = (AppealState.FILED, state)
    elif state in OPEN:
        way = (AppealState.FILED, AppealState.UNDER_REVIEW)
    else:
        way = (AppealState.FILED, AppealState.UNDER_REVIEW, state)
    at = way.index(state)
    steps = [(str(step.label), place < at, place == at) for place, step in enumerate(way)]
    return [*steps, (_("Decision"), False, False)] if state in OPEN else steps


def board(actor: Actor) -> list[Appeal]:
    """Appeals before the units in which the actor may decide, the open ones by their clock first, then the newest."""
    here = Q(pk__in=[])
    for action in DECIDING:
        for path in actor.paths(action):
            here |= Q(body_path__startswith=path)
    open_ones = list(Appeal.objects.filter(here, state__in=OPEN).order_by("due", "pk")[: 2 * _MOST])
    return open_ones + list(Appeal.objects.filter(here).exclude(state__in=OPEN).order_by("-pk")[:_MOST])


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:  # noqa: ARG001 - asked so of every app
    """Appeals this officer may decide, by their clock."""
    return [
        DeskItem(
            due=appeal.due,
            title=_("Appeal: %(what)s") % {"what": label_of(appeal)},
            stage=Stage.HEAR,
            unit=appeal.code,
            next_step=_("Review it and decide, with a reason"),
            url=reverse("appeals:appeal", args=[appeal.code]),
            holder=appeal.reviewer,
        )
        for appeal in board(actor)
        if may_decide(actor, appeal)
    ][:_MOST]


def desk_doors(*, actor: Actor) -> list[Door]:
    """The board of appeals."""
    if not any(actor.may(action) for action in DECIDING):
        return []
    return [Door("", _("Appeals"), reverse("appeals:board"), _("Refusals that somebody else decides again"))]


def own_items(*, actor: Actor, now: datetime) -> list[OwnItem]:
    """The appeals this person filed."""
    mine = Q(pk__in=[])
    if actor.account_id is not None:
        mine |= Q(account_id=actor.account_id)
    if actor.person_id is not None:
        mine |= Q(person_id=actor.person_id)
    return [
        OwnItem(
            title=_("Appeal: %(what)s") % {"what": label_of(appeal)},
            stage=Stage.HEAR,
            state=str(AppealState(appeal.state).label),
            url=reverse("appeals:appeal", args=[appeal.code]),
            thread_code="",
            at=appeal.filed,
            late=appeal.state in OPEN and appeal.due < now,
        )
        for appeal in Appeal.objects.filter(mine).order_by("-pk")[:_MOST]
    ]


def receipt_state(receipt: Receipt) -> ReceiptState | None:
    """Where the appeal stands that a receipt was given for: its states and, once decided, the reason."""
    if receipt.kind != "appeal":
        return None
    appeal = Appeal.objects.filter(code=receipt.code).first()
    if appeal is None:
        return None
    return ReceiptState(
        title=_("Appeal: %(what)s") % {"what": label_of(appeal)},
        stage=Stage.HEAR,
        state=str(AppealState(appeal.state).label),
        url=f"{reverse('appeals:by_receipt')}?number={receipt.number}",
        steps=tuple((label, done or current) for label, done, current in state_steps(appeal)),
        answer=appeal.reason,
    )
