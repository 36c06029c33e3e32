"""Reading the papers of a unit: its founding, its steps, its names, its sector links, its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.org.units.choices import UNBORN, Axis, ClosingState, UnitState
from qiao.org.units.models import Closing, Founding, Headcount, Unit, UnitLink, UnitName, UnitStep
from qiao.org.units.rules import may_answer


def founding_of(unit: Unit) -> Founding | None:
    """The proposal a unit came out of; None for units from before, or imported ones."""
    return Founding.objects.filter(unit=unit).first()


def may_see(actor: Actor, unit: Unit) -> bool:
    """Whether the unit's page is open to the actor: of a proposal only to its proposer and to officers above.

    Who wants to found a union is nobody else's business while it has no protection of its own.
    """
    if unit.state not in UNBORN:
        return True
    above = unit.path[:-5]
    if actor.may("unit.approve", above) or actor.may("unit.found", above) or actor.holds("hub_organiser", above):
        return True
    return actor.account_id is not None and Founding.objects.filter(unit=unit, proposed_by_id=actor.account_id).exists()


def steps_of(unit: Unit) -> list[UnitStep]:
    """The steps of the unit's state, newest first."""
    return list(unit.steps.order_by("-pk"))


def names_of(unit: Unit) -> list[UnitName]:
    """What the unit was called, newest first."""
    return list(unit.names.order_by("-since"))


def headcounts_of(unit: Unit) -> list[Headcount]:
    """The headcounts entered by the unit above, newest first."""
    return list(unit.headcounts.all()[:20])


def sector_links_of(unit: Unit, day: date | None = None) -> list[UnitLink]:
    """The links to sector and industry unions that hold on a day; without a day all there were, newest first."""
    links = UnitLink.objects.filter(unit=unit, axis=Axis.SECTOR).select_related("above").order_by("-since", "pk")
    if day is not None:
        links = links.filter(Q(until__isnull=True) | Q(until__gt=day), since__lte=day)
    return list(links)


def closing_of(unit: Unit) -> Closing | None:
    """The paper of the unit's end that runs, or the last one."""
    return unit.closings.select_related("receiver").order_by("-pk").first()


def closing_by_code(code: str) -> Closing:
    """The closing with this code; raises Closing.DoesNotExist."""
    return Closing.objects.select_related("unit", "receiver").get(code=code)


@dataclass(frozen=True, slots=True)
class Next:
    """Who acts next, what, and by when."""

    text: str
    due: datetime | None = None
    late: bool = False


def next_act(unit: Unit, founding: Founding | None, closing: Closing | None, now: datetime) -> Next | None:
    """Who acts next on a unit's state and by when; None where nothing waits."""
    due = founding.due if founding else None
    late = due is not None and due < now
    match unit.state:
        case UnitState.PROPOSED:
            return Next(_("The unit above answers whether the founding may be prepared."), due, late)
        case UnitState.PREPARING if founding is not None and founding.prepared is not None:
            return Next(_("The unit above approves it."), due, late)
        case UnitState.PREPARING if founding is not None:
            return Next(_("%(who)s gathers the founders and reports when all is ready.") % {"who": founding.prepares})
        case UnitState.REFUSED:
            return Next(_("The proposers may appeal: somebody else decides."))
        case UnitState.APPROVED:
            return Next(_("The members elect their committee; the electoral group files the result."))
        case UnitState.TERM_DUE:
            return Next(_("The members elect a new committee before the term ends."))
        case UnitState.OVERDUE:
            return Next(
                _("The term is over: the members elect a new committee. The unit above sees to it."), None, True
            )
        case UnitState.MERGING | UnitState.DISSOLVING if closing is not None:
            if closing.state == ClosingState.ASKED:
                late = closing.due is not None and closing.due < now
                return Next(_("The unit above decides about the end of the unit."), closing.due, late)
            return Next(_("The unit above closes it; its members keep their standing."))
    return None


_WAY = (UnitState.PROPOSED, UnitState.PREPARING, UnitState.APPROVED, UnitState.ACTIVE)


def state_steps(unit: Unit, founding: Founding | None) -> list[tuple[str, bool, bool]]:
    """The states of the unit as steps (label, done, current): its founding where it had one, then where it stands."""
    state = UnitState(unit.state)
    if state in _WAY:
        way: tuple[UnitState, ...] = _WAY
    elif state in (UnitState.REFUSED, UnitState.WITHDRAWN):
        way = (UnitState.PROPOSED, state)
    elif state in (UnitState.TERM_DUE, UnitState.OVERDUE):
        way = (UnitState.APPROVED, UnitState.ACTIVE, state)
    else:
        middle = [UnitState.MERGING] if state == UnitState.MERGING else [UnitState.DISSOLVING]
        way = (UnitState.ACTIVE, *(middle if state != UnitState.CLOSED else []), UnitState.CLOSED)
    if founding is None and state in _WAY:
        way = (UnitState.APPROVED, UnitState.ACTIVE)
    at = way.index(state)
    return [(str(step.label), place < at, place == at) for place, step in enumerate(way)]


def foundings_waiting(actor: Actor, *, limit: int = 50) -> list[Founding]:
    """Proposals that wait for this actor's answer, the most urgent first."""
    condition = Q(pk__in=[])
    for path in actor.paths("unit.approve"):
        condition |= Q(unit__path__startswith=path)
    waiting = (
        Founding.objects.filter(condition, due__isnull=False, unit__state__in=[UnitState.PROPOSED, UnitState.PREPARING])
        .select_related("unit")
        .order_by("due")[:limit]
    )
    return [founding for founding in waiting if may_answer(actor, founding)]


def foundings_of(actor: Actor) -> list[Founding]:
    """What the actor has proposed, newest first."""
    if actor.account_id is None:
        return []
    mine = Founding.objects.filter(proposed_by_id=actor.account_id)
    return list(mine.select_related("unit").order_by("-pk")[:50])
