"""Problems in every state: raised by members of B1, mended by an officer of H1, verified by one of F."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from tests.factories.org import Tree, make_tree

from qiao.base.access import ANONYMOUS, SYSTEM, Actor
from qiao.base.i18n import localized
from qiao.judge.problems import services
from qiao.judge.problems.choices import Say, Tendency
from qiao.judge.problems.models import Entry
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.membership.choices import Employment
from qiao.org.membership.services import admit_member
from qiao.org.people.models import Person
from qiao.org.people.services import open_account

TEXT = localized("工时公示栏三个月没有更新。", "The board with hours has not been kept up for three months.")


def ground(now: datetime, *, members: int = 12) -> Tree:
    """The small tree with members of B1 who have accounts: m0@x.example, m1@x.example …"""
    tree = make_tree(now)
    for number in range(members):
        person = Person.objects.create(name=f"职工{number}")
        admit_member(
            actor=SYSTEM, now=now, person=person, unit=tree["B1"], employment=Employment.DIRECT, since=date(2024, 1, 1)
        )
        open_account(actor=SYSTEM, now=now, email=f"m{number}@x.example", display_name=person.name, person=person)
    return tree


def member(tree: Tree, number: int) -> Actor:
    """A member of B1."""
    person = Person.objects.get(name=f"职工{number}")
    return actor_for(person.account, tree.now.date())


def raised(tree: Tree, *, by: Actor = ANONYMOUS, nonce: str = "nonce-0001", **given: object) -> services.Raised:
    """A problem of B1."""
    return services.raise_problem(
        actor=by, now=tree.now,
        given=services.Given(
            nonce=nonce, unit=tree["B1"], title=localized("工时公示栏没人更新", "Nobody keeps up the board"), text=TEXT,
            tendency=Tendency.SERVICE, **given,  # type: ignore[arg-type]
        ),
    )  # fmt: skip


def accepted(tree: Tree, **given: object) -> Entry:
    """One that was taken on by the district."""
    made = raised(tree, **given).entry  # type: ignore[arg-type]
    return services.accept_problem(actor=tree.officer(Role.EXECUTIVE, "D1"), now=tree.now, code=made.code)


def owned(tree: Tree, **given: object) -> Entry:
    """One an officer of the hub answers for."""
    made = accepted(tree, **given)
    return services.name_owner(
        actor=tree.officer(Role.EXECUTIVE, "D1"), now=tree.now, code=made.code, unit=tree["H1"],
        owner=tree.account(Role.HUB_ORGANISER, "H1"),
    )  # fmt: skip


def owner(tree: Tree) -> Actor:
    """Who mends."""
    return tree.officer(Role.HUB_ORGANISER, "H1")


def running(tree: Tree, **given: object) -> Entry:
    """One that is being mended for 30 days."""
    made = owned(tree, **given)
    day = tree.now.date()
    return services.plan_remedy(
        actor=owner(tree), now=tree.now, code=made.code, remedy=localized("每周一更新", "Kept up every Monday"),
        steps=[(localized("定专人", "Name somebody"), day + timedelta(days=5)),
               (localized("更新四周", "Four weeks kept up"), day + timedelta(days=30))],
    )  # fmt: skip


def claimed(tree: Tree, **given: object) -> Entry:
    """One that is said to be mended."""
    made = running(tree, **given)
    for position in (1, 2):
        services.do_step(actor=owner(tree), now=tree.now, code=made.code, position=position)
    return services.claim_mended(
        actor=owner(tree), now=tree.now, code=made.code, claim=localized("已有专人更新", "Somebody keeps it up"),
        users_asked=10, users_confirmed=8,
    )  # fmt: skip


def rechecked(tree: Tree, say: Say = Say.MENDED, **given: object) -> Entry:
    """One on which all those asked have spoken alike."""
    made = claimed(tree, **given)
    later = made.recheck_from + timedelta(hours=1)  # type: ignore[operator]
    for voice in made.voices.exclude(person=None).select_related("person"):
        made.refresh_from_db()
        if made.state == "claimed":
            account = voice.person.account  # type: ignore[union-attr]
            services.say_whether_mended(actor=actor_for(account, later.date()), now=later, code=made.code, say=say)
    made.refresh_from_db()
    return made
