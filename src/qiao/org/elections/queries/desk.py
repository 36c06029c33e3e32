"""What waits for officers: elections to go on with, results and meetings to confirm."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.base.lineage import Stage
from qiao.base.records import DeskItem
from qiao.org.access.queries import handled_nearer
from qiao.org.elections.choices import ElectionState, PetitionState
from qiao.org.elections.models import Candidate, Election, Motion
from qiao.org.elections.queries.boards import overdue_counts
from qiao.org.elections.rules import OPEN
from qiao.org.mandates.models import Term
from qiao.org.mandates.queries import running_terms
from qiao.org.units.models import Unit

_BASES = ("base", "joint_base")


def noon(day: date) -> datetime:
    """The middle of a day, as the moment something of that day is due."""
    return datetime.combine(day, time(12), UTC)


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:
    """Own elections to go on with, own terms due; results to confirm, and one line of what is overdue below."""
    today = localdate(now)
    own = [grant.unit_id for grant in actor.grants if "election.run" in grant.actions]
    items = [_go_on(election, today) for election in _own_elections(own)]
    items += [_term_item(term, today) for term in _own_terms(own, today)]
    items += [_petition_item(petition) for petition in _own_petitions(own)]
    for grant in actor.grants:
        if "election.confirm" in grant.actions:
            items += _to_confirm(actor, grant.path, now)
        if "election.board" in grant.actions:
            items += _below(grant.unit_id, grant.path, today)
    return items


def _own_elections(units: list[int]) -> list[Election]:
    return list(
        Election.objects.filter(unit_id__in=units, state__in=OPEN)
        .exclude(state=ElectionState.FILED)
        .select_related("unit")
        .order_by("day")[:50]
    )


def _own_terms(units: list[int], today: date) -> list[Term]:
    """Terms due or over for which no election is open yet."""
    busy = Election.objects.filter(state__in=OPEN, kind="union", unit_id__in=units).values("unit_id")
    return list(
        running_terms()
        .filter(committee__unit_id__in=units, due_from__lte=today)
        .exclude(committee__unit_id__in=busy)
        .select_related("committee__unit")[:50]
    )


def _own_petitions(units: list[int]) -> list[Motion]:
    return list(
        Motion.objects.filter(unit_id__in=units, state__in=[PetitionState.REACHED, PetitionState.CALLED])
        .select_related("unit")
        .order_by("begun")[:50]
    )


def _go_on(election: Election, today: date) -> DeskItem:
    steps = {
        ElectionState.PLANNED: _("Nominate, and call the members"),
        ElectionState.CALLED: _("Record the result") if election.day <= today else _("Hold it"),
        ElectionState.HELD: _("File the result"),
        ElectionState.RETURNED: _("Correct the result"),
    }
    return DeskItem(
        due=noon(election.day),
        title=_("Election of the committee: %(code)s") % {"code": election.code},
        stage=Stage.HEAR,
        unit=pick(election.unit.name),
        next_step=steps[ElectionState(election.state)],
        url=reverse("elections:election", args=[election.unit.label, election.code]),
    )


def _term_item(term: Term, today: date) -> DeskItem:
    unit = term.committee.unit
    return DeskItem(
        due=noon(term.until),
        title=_("Election overdue") if term.until <= today else _("Election due"),
        stage=Stage.HEAR,
        unit=pick(unit.name),
        next_step=_("Plan the election"),
        url=reverse("elections:elections", args=[unit.label]),
    )


def _petition_item(petition: Motion) -> DeskItem:
    called = petition.state == PetitionState.CALLED
    return DeskItem(
        due=noon(petition.meeting_on) if called and petition.meeting_on else None,
        title=_("Members ask for a meeting: %(code)s") % {"code": petition.code},
        stage=Stage.HEAR,
        unit=pick(petition.unit.name),
        next_step=_("Record the result") if called else _("Call the meeting"),
        url=reverse("elections:petition", args=[petition.unit.label, petition.code]),
    )


def _to_confirm(actor: Actor, path: str, now: datetime) -> list[DeskItem]:
    """Results and meetings of the units directly below, or of the top unit itself, that this officer may confirm.

    Of units further below those which nobody nearer may confirm: all there declared a tie, or hold no such role (S12).
    """
    nearer = handled_nearer("election.confirm", path, on=localdate(now), at="unit__parent__path")
    below = Q(unit__parent__path=path) | (Q(unit__path=path) & Q(unit__parent__isnull=True))
    below |= Q(~nearer, unit__parent__path__startswith=path)
    mine, tied = actor.own_accounts, actor.tied_to("unit__path")
    own = Q(planned_by_id__in=mine) | Q(called_by_id__in=mine) | Q(filed_by_id__in=mine)
    stood = Candidate.objects.filter(election=OuterRef("pk"), account_id__in=mine)
    filed = (
        Election.objects.filter(below, ~Exists(stood), state=ElectionState.FILED)
        .exclude(tied)
        .exclude(own)
        .select_related("unit")
        .order_by("filed_at")[:50]
    )
    held = (
        Motion.objects.filter(below, state=PetitionState.HELD)
        .exclude(tied)
        .exclude(Q(recorded_by_id__in=mine) | Q(mandate__account_id__in=mine))
        .select_related("unit")
        .order_by("held_on")[:50]
    )
    items = [
        DeskItem(
            due=(row.filed_at or now) + timedelta(days=30),
            title=_("Result of an election: %(code)s") % {"code": row.code},
            stage=Stage.HEAR,
            unit=pick(row.unit.name),
            next_step=_("Confirm it or send it back"),
            url=reverse("elections:election", args=[row.unit.label, row.code]),
        )
        for row in filed
    ]
    return items + [
        DeskItem(
            due=None,
            title=_("Result of a members' meeting: %(code)s") % {"code": row.code},
            stage=Stage.HEAR,
            unit=pick(row.unit.name),
            next_step=_("Confirm it"),
            url=reverse("elections:petition", args=[row.unit.label, row.code]),
        )
        for row in held
    ]


def _below(unit_id: int, path: str, today: date) -> list[DeskItem]:
    number, active = overdue_counts(path, today)
    if not number:
        return []
    unit = Unit.objects.get(pk=unit_id)
    return [
        DeskItem(
            due=None,
            title=ngettext(
                "%(number)d election overdue among %(active)d units",
                "%(number)d elections overdue among %(active)d units",
                number,
            )
            % {"number": number, "active": active},
            stage=Stage.HEAR,
            unit=pick(unit.name),
            next_step=_("See the list and ask what holds them up"),
            url=reverse("elections:overdue", args=[unit.label]),
        )
    ]
