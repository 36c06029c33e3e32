"""Members' ratings of the demonstration: in every state, one with an overdue plan, one void and run again. Invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from qiao.base.access import SYSTEM, Actor
from qiao.base.i18n import localized
from qiao.base.sealing import KeyPair, new_key_pair
from qiao.cli.demo.world import World
from qiao.judge.ratings import services
from qiao.judge.ratings.choices import ObjectionKind, Verdict
from qiao.judge.ratings.models import Rating, RollEntry
from qiao.judge.ratings.queries import poor_points
from qiao.judge.ratings.rules.form import keys_of
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.access.services import grant_role
from qiao.org.membership.queries import active_members
from qiao.org.people.models import Account
from qiao.org.people.services import open_account
from qiao.org.units.models import Unit

DAY = timedelta(days=1)
#: Members of a large union beyond these do not vote, so that the seed stays quick.
MOST = 400
POINTS = ("hearing", "rights", "contract", "safety", "aid", "services", "money")


@dataclass(frozen=True, slots=True)
class Mood:
    """Of a hundred members: how many vote, and how they grade by default; ``poor`` points are graded worse."""

    votes: int
    satisfied: int
    fairly: int
    not_satisfied: int
    poor: tuple[str, ...] = ()


GOOD = Mood(votes=86, satisfied=52, fairly=30, not_satisfied=18)
WORSE = Mood(votes=78, satisfied=44, fairly=30, not_satisfied=26, poor=("hearing", "money"))
FEW = Mood(votes=38, satisfied=40, fairly=40, not_satisfied=20)


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:  # noqa: ARG001 - one shape for all stages
    """One union with two years and an overdue plan, one rechecked, one void and run again, one open, one contested."""
    officers = _officers(world)
    # Of a size at which counts can be told and the seed stays quick.
    fit = sorted(world.bases[:60], key=lambda unit: abs(_members(unit) - 100))
    # Whoever signs in as the member stands on the roll of the open one.
    running, first, rechecked, void = world.bases[0], *[unit for unit in fit if unit.pk != world.bases[0].pk][:3]
    contested, called = [unit for unit in world.bases[1:] if unit not in (first, rechecked, void)][:2]
    now = world.now
    for unit in (first, running) if _members(running) <= MOST else (first,):
        _run(world, officers, unit, opens=now - 430 * DAY, mood=GOOD)
    overdue = _run(world, officers, first, opens=now - 75 * DAY, mood=WORSE)
    old = _run(world, officers, rechecked, opens=now - 300 * DAY, mood=WORSE)
    _mended(world, old)
    lost = _run(world, officers, void, opens=now - 60 * DAY, mood=FEW)
    again = services.rerun_rating(
        actor=world.actor("org_officer"), now=now - 16 * DAY, code=lost.code, opens=now - 2 * DAY, closes=now + 8 * DAY
    )
    _opened(world, officers, again, at=now - 2 * DAY)
    _vote(again, FEW, at=now - DAY, part=2)
    one = _call(world, officers, running, opens=now - 3 * DAY, called=now - 20 * DAY)
    _opened(world, officers, one, at=now - 3 * DAY)
    waiting = _call(world, officers, contested, opens=now + 12 * DAY, called=now - 4 * DAY)
    services.freeze_roll(actor=world.actor("org_officer"), now=now - 3 * DAY, code=waiting.code)
    _contest(world, waiting)
    _call(world, officers, called, opens=now + 20 * DAY, called=now - DAY)
    busy = {unit.path for unit in (first, rechecked, void, running, contested, called)}
    member = next(one for one in world.members if one.member_paths and one.member_paths[0] not in busy)
    petition = services.start_petition(
        actor=member, now=now - 6 * DAY, unit=Unit.objects.get(path=member.member_paths[0]),
        ground=localized(
            "半年没有开过会员大会，提的意见没有答复。", "No meeting for half a year, no answer to what we raised."
        ),
    ).code  # fmt: skip
    for code in (overdue.code, lost.code):
        services.lapse_clocks(now=now, code=code)
    return {"ratings": {"overdue": overdue.code, "rechecked": old.code, "void": lost.code, "open": one.code,
                        "contested": waiting.code}, "petition": petition}  # fmt: skip


def _members(unit: Unit) -> int:
    return int(active_members(unit.path).count())


def _officers(world: World) -> list[tuple[Account, KeyPair]]:
    """The count officer everybody knows and two more, each with a key kept in this process only."""
    accounts = [world.account("count_officer")]
    for box, name in (("count2", "岚予安"), ("count3", "汀若水")):
        account = open_account(actor=SYSTEM, now=world.now - 500 * DAY, email=f"{box}@ebf.example", display_name=name)
        grant_role(actor=SYSTEM, now=world.now - 500 * DAY, account=account, role=Role.COUNT_OFFICER, unit=world.root,
                   since=(world.now - 500 * DAY).date())  # fmt: skip
        accounts.append(account)
    known = Account.objects.get(pk=accounts[0].pk).password
    Account.objects.filter(pk__in=[account.pk for account in accounts[1:]]).update(password=known)
    return [(account, new_key_pair()) for account in accounts]


def _call(
    world: World, officers: Sequence[tuple[Account, KeyPair]], unit: Unit, *, opens: datetime, called: datetime
) -> Rating:
    return services.call_rating(
        actor=world.actor("org_officer"), now=called, unit=unit, title=services.default_title(unit, opens.year),
        points=POINTS, officers=[account for account, _pair in officers], opens=opens, closes=opens + 10 * DAY,
    )  # fmt: skip


def _opened(world: World, officers: Sequence[tuple[Account, KeyPair]], rating: Rating, *, at: datetime) -> None:
    begun = rating.called + DAY
    services.freeze_roll(actor=world.actor("org_officer"), now=begun, code=rating.code)
    for account, pair in officers:
        services.register_key(actor=_actor(world, account), now=begun, code=rating.code, public_key=pair.public)
    services.open_rating(actor=SYSTEM, now=at, code=rating.code)


def _actor(world: World, account: Account) -> Actor:
    return actor_for(account, world.now.date())


def _vote(rating: Rating, mood: Mood, *, at: datetime, part: int = 1) -> None:
    """Votes of members by their place on the roll: the same each time. ``part``: only one in so many votes."""
    rating.refresh_from_db()
    people = list(RollEntry.objects.filter(rating=rating).order_by("person_id").values_list("person_id", flat=True))
    points = keys_of(rating.form)
    for place, person in enumerate(people[: MOST * part]):
        # 37 and 100 have no common divisor: the hundred steps fall evenly.
        if place % part or (37 * place + 11) % 100 >= mood.votes:
            continue
        grades = {}
        for number, point in enumerate(points):
            worse = 30 if point in mood.poor else 0
            drawn = (61 * place + 17 * number) % 100
            grades[point] = _grade(drawn, mood, worse)
        services.cast_vote(
            actor=Actor(person_id=person), now=at + timedelta(minutes=(97 * place) % 1400), code=rating.code,
            grades=grades,
        )  # fmt: skip


def _grade(drawn: int, mood: Mood, worse: int) -> str:
    satisfied, fairly = max(5, mood.satisfied - worse), mood.fairly
    if drawn < satisfied:
        return "satisfied"
    if drawn < satisfied + fairly:
        return "fairly"
    return "not" if drawn < satisfied + fairly + mood.not_satisfied + worse else "cannot_say"


def _run(
    world: World, officers: Sequence[tuple[Account, KeyPair]], unit: Unit, *, opens: datetime, mood: Mood
) -> Rating:
    """A rating from its call to its result, or to being void."""
    rating = _call(world, officers, unit, opens=opens, called=opens - 20 * DAY)
    _opened(world, officers, rating, at=opens)
    _vote(rating, mood, at=opens + DAY)
    for account, pair in officers[:2]:
        rating = services.join_key(
            actor=_actor(world, account), now=rating.closes + DAY, code=rating.code, private_key=pair.private
        )
    services.enter_beside(
        actor=world.actor("org_officer"), now=rating.closes + 2 * DAY, code=rating.code,
        shares={"dues": 1.0, "contract_satisfaction": 0.93, "contract_signed": 0.97}, source="上级工会年度考核表",
    )  # fmt: skip
    return rating


def _mended(world: World, rating: Rating) -> None:
    """An answer, a plan and a recheck."""
    published = rating.published or rating.closes
    services.respond(
        actor=SYSTEM, now=published + 10 * DAY, code=rating.code,
        text=localized("意见和经费两项群众不满意，我们认账，限期整改。",
                       "Members are right about hearing and money; we will mend both by the days below."),
    )  # fmt: skip
    poor = poor_points(rating) or ["hearing"]
    texts = {
        "hearing": localized("每月公布意见和答复清单", "A list of what was raised and answered, every month"),
        "money": localized("每季度公开经费收支明细", "Income and spending in public, every quarter"),
    }
    services.plan_remedies(
        actor=SYSTEM, now=published + 20 * DAY, code=rating.code,
        promises=[
            services.Promise(
                point, texts.get(point, localized("由主席负责整改", "The chair sees to it")),
                (published + 100 * DAY).date(),
            )
            for point in poor
        ],
    )  # fmt: skip
    remedies = list(rating.remedies.all())
    services.report_remedy(
        actor=SYSTEM, now=published + 90 * DAY, remedy_id=remedies[0].pk,
        text=localized("已连续公布四个月", "Published for four months in a row"),
    )  # fmt: skip
    services.recheck(
        actor=world.actor("org_officer"), now=published + 150 * DAY, code=rating.code,
        verdicts={
            one.pk: (Verdict.KEPT, {}) if place == 0 else (
                Verdict.NOT_KEPT, localized("只公开了一个季度", "Only one quarter was published")
            )
            for place, one in enumerate(remedies)
        },
    )  # fmt: skip


def _contest(world: World, rating: Rating) -> None:
    """A member objects that somebody wrongly stands on the roll."""
    people = list(RollEntry.objects.filter(rating=rating).order_by("person_id").values_list("person_id", flat=True)[:2])
    services.object_to_roll(
        actor=Actor(person_id=people[0], member_paths=(rating.unit.path,)), now=world.now - 2 * DAY, code=rating.code,
        kind=ObjectionKind.WRONG, ground="这位同事上月已经调到别的公司。", about=people[1],
    )  # fmt: skip
