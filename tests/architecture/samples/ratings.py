"""Members' ratings of their union."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from tests.architecture.samples import LONG_AGO, Place, sample

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.base.sealing import new_key_pair
from qiao.judge.ratings import services
from qiao.judge.ratings.choices import ObjectionKind
from qiao.judge.ratings.models import Rating
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.access.services import grant_role
from qiao.org.people.models import Account
from qiao.org.people.services import open_account

DAY = timedelta(days=1)


def _officers(place: Place) -> list[Account]:
    """The district's count officer and a second one."""
    email = f"count2-{place.label.lower()}@x.example"
    second = Account.objects.filter(email=email).first()
    if second is None:
        second = open_account(actor=SYSTEM, now=place.now, email=email, display_name=f"{place.sign}计票二")
        grant_role(actor=SYSTEM, now=place.now, account=second, role=Role.COUNT_OFFICER, unit=place.unit,
                   since=LONG_AGO)  # fmt: skip
    return [place.account("count_officer"), second]


def _called(place: Place, days: int) -> Rating:
    """A rating called ``days`` days ago, to open 20 days after its call; one that ran before is void."""
    for earlier in Rating.objects.filter(unit=place.base, state__in=["called", "roll_frozen", "open"]):
        services.declare_void(actor=SYSTEM, now=place.now, code=earlier.code, reason=localized("重来", "Anew"))
    then = place.now - days * DAY
    return services.call_rating(
        actor=SYSTEM, now=then, unit=place.base, title=localized(f"{place.sign}会员评家", "Rating"), points=["hearing"],
        officers=_officers(place), opens=then + 20 * DAY, closes=then + 30 * DAY,
    )  # fmt: skip


def _open(place: Place, days: int) -> tuple[Rating, list[str]]:
    """An open rating of that many days ago, and its officers' private keys."""
    rating, keys = _called(place, days), []
    services.freeze_roll(actor=SYSTEM, now=rating.called + DAY, code=rating.code)
    for account in _officers(place):
        pair = new_key_pair()
        keys.append(pair.private)
        services.register_key(
            actor=actor_for(account, place.now.date()), now=rating.called + DAY, code=rating.code,
            public_key=pair.public,
        )  # fmt: skip
    return services.open_rating(actor=SYSTEM, now=rating.opens, code=rating.code), keys


@sample("ratings:*")
def called(place: Place) -> Mapping[str, object]:
    """A called rating."""
    return {"code": _called(place, 1).code}


@sample("ratings:papers", "ratings:give", "ratings:type", "ratings:finish", "ratings:join", "ratings:sealed_keys")
def voting(place: Place) -> Mapping[str, object]:
    """An open rating."""
    return {"code": _open(place, 21)[0].code}


@sample(
    "ratings:vote", "ratings:voted", "ratings:roll", shared="every rating is public; who is not on its roll reads that"
)
def ballot(place: Place) -> Mapping[str, object]:
    """An open rating."""
    return {"code": _open(place, 22)[0].code}


@sample("ratings:objection")
def contested(place: Place) -> Mapping[str, object]:
    """A rating whose roll a member contests."""
    rating, member = _called(place, 2), place.members[0]
    services.freeze_roll(actor=SYSTEM, now=place.now - DAY, code=rating.code)
    one = services.object_to_roll(
        actor=member, now=place.now, code=rating.code, kind=ObjectionKind.WRONG, ground=f"{place.sign}已调离",
        about=place.members[1].person_id,
    )  # fmt: skip
    return {"code": one.code}


@sample("ratings:objection_appeal", gone="only who objected appeals")
def appealed(place: Place) -> Mapping[str, object]:
    """A dismissed objection."""
    made = place.other(contested)
    services.decide_objection(
        actor=place.actor("executive"), now=place.now, code=str(made["code"]), upheld=False, reason="仍在册"
    )
    return made


def _published(place: Place) -> Rating:
    """A published poor rating; the place's chair sits in the union judged, too."""
    chair = place.account(Role.BASE_CHAIR)
    if not chair.grants.filter(unit=place.base).exists():
        grant_role(actor=SYSTEM, now=place.now, account=chair, role=Role.BASE_CHAIR, unit=place.base, since=LONG_AGO)
    found = Rating.objects.filter(unit=place.base, published__isnull=False).first()
    if found is not None:
        return found
    rating, keys = _open(place, 60)
    for member in place.members[:9]:
        services.cast_vote(
            actor=member, now=rating.opens, code=rating.code,
            grades={point["key"]: "not" for point in rating.form["points"]},
        )  # fmt: skip
    for account, key in zip(_officers(place), keys, strict=True):
        rating = services.join_key(
            actor=actor_for(account, place.now.date()), now=rating.closes, code=rating.code, private_key=key
        )
    return rating


@sample("ratings:bundle", "ratings:receipt", "ratings:beside", "ratings:recheck", "ratings:end")
def published(place: Place) -> Mapping[str, object]:
    """A published poor rating."""
    return {"code": _published(place).code}


@sample("ratings:respond", "ratings:plan", gone="only the union judged answers and plans, an office above it does not")
def judged(place: Place) -> Mapping[str, object]:
    """A published poor rating."""
    return {"code": _published(place).code}


@sample("ratings:report", gone="only the union judged reports, an office above it does not")
def remedy(place: Place) -> Mapping[str, object]:
    """A remedy of a published plan."""
    rating = _published(place)
    if not rating.remedies.exists():
        services.plan_remedies(
            actor=SYSTEM, now=place.now, code=rating.code,
            promises=[
                services.Promise(point["key"], localized(f"{place.sign}整改", "Mend"), place.now.date() + 30 * DAY)
                for point in rating.form["points"]
            ],
        )  # fmt: skip
    return {"key": rating.remedies.order_by("pk")[0].pk}


@sample(
    "ratings:petition", "ratings:petition_sign", gone="a petition that collects is seen by members of its union only"
)
def petition(place: Place) -> Mapping[str, object]:
    """A petition that collects."""
    for earlier in Rating.objects.filter(unit=place.base, state__in=["called", "roll_frozen", "open"]):
        services.declare_void(actor=SYSTEM, now=place.now, code=earlier.code, reason=localized("重来", "Anew"))
    made = services.start_petition(
        actor=place.members[0], now=place.now, unit=place.base, ground=localized(f"{place.sign}该评了", "It is time")
    )
    return {"code": made.code}
