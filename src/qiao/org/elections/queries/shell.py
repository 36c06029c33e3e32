"""What waits for members, and what a unit's page says of its committee."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qiao.base.access import Actor
from qiao.base.counts import is_small
from qiao.base.i18n import day_text, pick
from qiao.base.lineage import Stage
from qiao.base.models import Receipt
from qiao.base.records import Door, OpenItem, Panel, PanelLine, ReceiptState
from qiao.org.elections.choices import ElectionState, PetitionState
from qiao.org.elections.models import Election, Motion
from qiao.org.elections.queries.desk import noon
from qiao.org.elections.queries.reading import signatures_text
from qiao.org.elections.rules import OPEN, PETITION_OPEN
from qiao.org.mandates.choices import EmployerPost, Post
from qiao.org.mandates.models import Mandate, Term
from qiao.org.mandates.queries import current_term
from qiao.org.mandates.rules import CHAIR_VACANCY, days_over, months_later
from qiao.org.settings.queries import value_of
from qiao.org.units.choices import WORKING
from qiao.org.units.models import Unit

_BASES = ("base", "joint_base")


def open_items(*, actor: Actor, now: datetime) -> list[OpenItem]:
    """Elections called and petitions to sign in the units the member belongs to."""
    if not actor.member_paths:
        return []
    today = localdate(now)
    own = Q(pk__in=[])
    for path in actor.member_paths:
        own |= Q(unit__path__in=[path[:end] for end in range(5, len(path) + 1, 5)])
    called = (
        Election.objects.filter(own, state=ElectionState.CALLED, day__gte=today).select_related("unit").order_by("day")
    )
    asked = (
        Motion.objects.filter(own, state__in=[PetitionState.COLLECTING, PetitionState.REACHED], closes__gte=today)
        .exclude(signatures__person_id=actor.person_id or 0)
        .select_related("unit")
        .order_by("closes")
    )
    items = [
        OpenItem(
            closes=noon(row.day),
            title=_("Election of your union's committee"),
            stage=Stage.DECIDE,
            note=pick(row.unit.name),
            url=reverse("elections:election", args=[row.unit.label, row.code]),
            only_told=True,
        )
        for row in called[:10]
    ]
    return items + [
        OpenItem(
            closes=noon(row.closes),
            title=_("Members ask: %(subject)s") % {"subject": row.subject},
            stage=Stage.DECIDE,
            note=pick(row.unit.name),
            url=reverse("elections:petition", args=[row.unit.label, row.code]),
        )
        for row in asked[:10]
    ]


def receipt_state(receipt: Receipt) -> ReceiptState | None:
    """What became of a petition somebody signed."""
    if receipt.kind != "petition":
        return None
    petition = Motion.objects.select_related("unit").filter(code=receipt.code).first()
    if petition is None:
        return None
    return ReceiptState(
        title=petition.subject,
        stage=Stage.DECIDE,
        state=str(PetitionState(petition.state).label),
        url=reverse("elections:petition", args=[petition.unit.label, petition.code]),
        # The number of a receipt may be read by others than the member: of few nothing is told.
        answer=""
        if is_small(petition.members)
        else _("%(signed)s of %(needed)d signatures needed")
        % {"signed": signatures_text(petition, inside=False), "needed": petition.needed},
    )


def unit_doors(*, actor: Actor, unit: Unit, now: datetime) -> list[Door]:  # noqa: ARG001 - the shell asks all alike
    """Elections of the unit; the boards of an upper unit."""
    doors = []
    if actor.may("election.run", unit.path) or actor.may("election.confirm", unit.path[:-5] or unit.path):
        doors.append(
            Door("", _("Elections"), reverse("elections:elections", args=[unit.label]), _("Plan, file, confirm"))
        )
    if actor.may("election.board", unit.path) and unit.kind not in _BASES:
        doors.append(
            Door(
                "",
                _("Overdue elections and vacancies"),
                reverse("elections:overdue", args=[unit.label]),
                _("Which units below are past their term"),
            )
        )
    return doors


def unit_panels(*, actor: Actor, unit: Unit, now: datetime) -> list[Panel]:  # noqa: ARG001 - the shell asks all alike
    """The committee's term, a vacant chair, a chair who manages for the employer, an election or petition going on."""
    today = localdate(now)
    lines: list[PanelLine] = []
    term = current_term(unit)
    if term is not None:
        lines.append(_term_line(term, today))
    chair = Mandate.objects.filter(unit=unit, post=Post.CHAIR).order_by("-since", "-pk").first()
    if chair is not None and chair.until is not None and chair.until <= today and unit.state in WORKING:
        lines.append(_vacant_line(unit, chair.until, today))
    elif chair is not None and chair.until is None and chair.employer_post != EmployerPost.NONE:
        text = _("The chair holds a post of the employer: %(post)s") % {"post": EmployerPost(chair.employer_post).label}
        lines.append(PanelLine(text, late=True))
    lines += [
        PanelLine(
            _("Election on %(day)s") % {"day": day_text(election.held_on or election.day)},
            str(ElectionState(election.state).label),
            reverse("elections:election", args=[unit.label, election.code]),
        )
        for election in Election.objects.filter(unit=unit, state__in=OPEN).order_by("day")[:3]
    ]
    lines += [
        PanelLine(
            petition.subject,
            str(PetitionState(petition.state).label),
            reverse("elections:petition", args=[unit.label, petition.code]),
        )
        for petition in Motion.objects.filter(unit=unit, state__in=PETITION_OPEN).order_by("begun")[:3]
    ]
    if not lines:
        return []
    more = Door("", _("Elections and petitions"), reverse("elections:elections", args=[unit.label]))
    return [Panel(_("Committee and elections"), tuple(lines), more)]


def _term_line(term: Term, today: date) -> PanelLine:
    over = days_over(term.until, today)
    text = _("Term of the committee from %(first)s to %(last)s") % {
        "first": day_text(term.since),
        "last": day_text(term.until - timedelta(days=1)),
    }
    if term.until <= today:
        detail = ngettext("election overdue by %(days)d day", "election overdue by %(days)d days", over) % {
            "days": over
        }
        return PanelLine(text, detail, late=True)
    return PanelLine(text, _("election due") if term.due_from <= today else "")


def _vacant_line(unit: Unit, since: date, today: date) -> PanelLine:
    days = days_over(since, today)
    limit = months_later(since, value_of(CHAIR_VACANCY, path=unit.path, on=today))
    text = _("No chair since %(day)s") % {"day": day_text(since)}
    return PanelLine(text, ngettext("%(days)d day", "%(days)d days", days) % {"days": days}, late=limit <= today)
