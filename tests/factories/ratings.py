"""A union with members, the union above it, and count officers from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.factories.ballots import Ground, add_member, make_ground

from qiao.base.access import SYSTEM, Actor
from qiao.base.i18n import localized
from qiao.base.sealing import KeyPair, new_key_pair
from qiao.judge.ratings import services
from qiao.judge.ratings.models import Rating
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.access.services import grant_role
from qiao.org.people.models import Account
from qiao.org.people.services import open_account
from qiao.org.units.models import Unit

DAY = timedelta(days=1)
POINTS = ("whole", "chair", "hearing")
GOOD = dict.fromkeys(POINTS, "satisfied")
BAD = dict.fromkeys(POINTS, "not")


@dataclass
class Place:
    """The ground of a rating; ``keys`` are what count officers keep off the server."""

    now: datetime
    ground: Ground
    caller: Actor
    decider: Actor
    chair: Actor
    counters: tuple[Actor, ...]
    accounts: tuple[Account, ...]
    keys: dict[int, KeyPair] = field(default_factory=dict)

    @property
    def base(self) -> Unit:
        """The union rated."""
        return self.ground.base

    @property
    def members(self) -> tuple[Actor, ...]:
        """Its members."""
        return self.ground.members


def officer(now: datetime, name: str, role: Role, unit: Unit) -> Account:
    """An account with one role."""
    account = open_account(actor=SYSTEM, now=now, email=f"{name}@x.example", display_name=name)
    grant_role(actor=SYSTEM, now=now, account=account, role=role, unit=unit, since=date(2020, 1, 1))
    return account


def make_place(now: datetime, members: int = 12) -> Place:
    """A base union with members; its caller, decider and three count officers at the district."""
    ground = make_ground(now, members)
    accounts = tuple(officer(now, f"count{one}", Role.COUNT_OFFICER, ground.district) for one in range(3))
    caller = officer(now, "caller", Role.ORG_OFFICER, ground.district)
    decider = officer(now, "decider", Role.ORG_OFFICER, ground.district)
    chair = officer(now, "chair", Role.BASE_CHAIR, ground.base)
    day = now.date()
    return Place(
        now, ground, actor_for(caller, day), actor_for(decider, day), actor_for(chair, day),
        tuple(actor_for(one, day) for one in accounts), accounts,
    )  # fmt: skip


def called(place: Place, **changes: object) -> Rating:
    """A called rating: opens in 20 days, closes in 30."""
    terms: dict[str, object] = {
        "actor": place.caller, "now": place.now, "unit": place.base, "title": localized("会员评家", "Rate"),
        "points": POINTS, "officers": place.accounts, "opens": place.now + 20 * DAY, "closes": place.now + 30 * DAY,
    }  # fmt: skip
    return services.call_rating(**(terms | changes))  # type: ignore[arg-type]


def frozen(place: Place) -> Rating:
    """A rating with a frozen roll, a day after the call."""
    return services.freeze_roll(actor=place.caller, now=place.now + DAY, code=called(place).code)


def keyed(place: Place, rating: Rating) -> None:
    """Every count officer's key registered."""
    for place_of, actor in enumerate(place.counters):
        place.keys[place_of] = new_key_pair()
        services.register_key(
            actor=actor, now=place.now + 2 * DAY, code=rating.code, public_key=place.keys[place_of].public
        )


def opened(place: Place) -> Rating:
    """An open rating."""
    rating = frozen(place)
    keyed(place, rating)
    return services.open_rating(actor=place.caller, now=place.now + 20 * DAY, code=rating.code)


def voted(place: Place, rating: Rating, ballots: Sequence[Mapping[str, str]]) -> None:
    """These ballots, one by each member in turn."""
    for member, grades in zip(place.members, ballots, strict=False):
        services.cast_vote(actor=member, now=rating.opens + DAY, code=rating.code, grades=grades)


def joined(place: Place, rating: Rating, who: Sequence[int] = (0, 1)) -> Rating:
    """The rating after these count officers joined their keys, a day after the end."""
    for one in who:
        rating = services.join_key(
            actor=place.counters[one], now=rating.closes + DAY, code=rating.code, private_key=place.keys[one].private
        )
    return rating


def published(place: Place, ballots: Sequence[Mapping[str, str]]) -> Rating:
    """A rating counted with these ballots."""
    rating = opened(place)
    voted(place, rating, ballots)
    return joined(place, rating)


__all__ = ["BAD", "DAY", "GOOD", "Place", "add_member", "called", "frozen", "joined", "keyed", "make_place", "opened",
           "published", "voted"]  # fmt: skip
