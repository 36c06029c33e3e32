"""What the register holds about one person, and what of it stands against erasing."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from qiao.base.i18n import day_text, listed, pick
from qiao.org.membership.choices import HoldState, RulingState, TwinState
from qiao.org.membership.models import Hold, Membership, StandingRuling, Twin, UnionGroup
from qiao.org.people.choices import RefusalGround
from qiao.org.people.rules import Bar, OwnGroup, OwnLine

_UNDECIDED = (TwinState.OPEN, TwinState.PROPOSED)


def own_groups(person_id: int) -> list[OwnGroup]:
    """Work and notices of each stretch of membership, union group, rulings, imports that wait, records compared."""
    return [_stretches(person_id), _rulings(person_id), _others(person_id)]


def _stretches(person_id: int) -> OwnGroup:
    lines = []
    rows = Membership.objects.filter(person_id=person_id).select_related("unit", "employer", "group", "batch")
    for row in rows.order_by("-since", "-pk"):
        parts = [
            str(row.get_employment_display()),
            row.employer.name if row.employer else "",
            row.group.name if row.group else "",
            _("told on %(day)s") % {"day": day_text(row.told)} if row.told else "",
            _("confirmed by me on %(day)s") % {"day": day_text(row.confirmed)} if row.confirmed else "",
            _("from the table %(code)s") % {"code": row.batch.code} if row.batch else "",
        ]
        lines.append(OwnLine(pick(row.unit.name), listed([part for part in parts if part]), str(day_text(row.since))))
    return OwnGroup(
        "work", _("Where I work, as the register knows it"), tuple(lines),
        _("To find the union of my workplace. Nobody but the union reads it. Erased when I leave and ask for it."),
    )  # fmt: skip


def _rulings(person_id: int) -> OwnGroup:
    rows = StandingRuling.objects.filter(person_id=person_id).order_by("-proposed", "-pk")
    lines = tuple(
        OwnLine(
            f"{row.code} · {row.get_kind_display()}",
            f"{row.get_state_display()} · {row.reason}",
            str(day_text(row.day)),
        )
        for row in rows
    )
    return OwnGroup(
        "rulings", _("Rulings on my membership"), lines,
        _("To answer an appeal. Kept six years, then erased."),
    )  # fmt: skip


def _others(person_id: int) -> OwnGroup:
    holds = Hold.objects.filter(person_id=person_id).select_related("unit").order_by("pk")
    lines = [
        OwnLine(
            pick(row.unit.name),
            f"{row.get_reason_display()} · {row.get_state_display()}"
            + (f" · {row.employer_text}" if row.employer_text else ""),
            str(day_text(row.since)),
        )
        for row in holds
    ]
    # Of the other record nothing is told: it may be somebody else's.
    lines += [
        OwnLine(_("Compared with another record"), str(row.get_state_display()), str(day_text(row.found)))
        for row in Twin.objects.filter(Q(left_id=person_id) | Q(right_id=person_id)).order_by("pk")
    ]
    lines += [
        OwnLine(row.name, _("the group I lead"), pick(row.unit.name))
        for row in UnionGroup.objects.filter(leader__person_id=person_id).select_related("unit").order_by("pk")
    ]
    return OwnGroup("imports", _("What was asked about my record"), tuple(lines))


def own_bars(person_id: int, now: datetime) -> list[Bar]:  # noqa: ARG001 - all are asked alike
    """A ruling that waits, a standing that waits, records that are still compared."""
    open_rulings = StandingRuling.objects.filter(person_id=person_id, state=RulingState.PROPOSED)
    found = [
        Bar(RefusalGround.HOLD, _("A ruling on the membership (%(code)s) is open.") % {"code": ruling.code})
        for ruling in open_rulings
    ]
    if Hold.objects.filter(person_id=person_id, state=HoldState.OPEN).exists():
        found.append(Bar(RefusalGround.HOLD, _("An import asks about this person and is not answered yet.")))
    if Twin.objects.filter(Q(left_id=person_id) | Q(right_id=person_id), state__in=_UNDECIDED).exists():
        found.append(Bar(RefusalGround.HOLD, _("Two records that may be this person are still compared.")))
    return found
