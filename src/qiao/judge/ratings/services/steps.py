"""What every act on a rating does: hold its row, ask who acts and whether the order allows it, write it down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, Refused
from qiao.base.deadlines import due
from qiao.base.i18n import Localized, in_every_language
from qiao.base.problems import Problem
from qiao.judge.ratings.choices import State
from qiao.judge.ratings.models import CountKey, Rating, Step
from qiao.judge.ratings.rules.independence import check_count_officer, is_inside
from qiao.judge.ratings.rules.merging import UNIT_SIGNS
from qiao.judge.ratings.rules.states import require_step
from qiao.org.access.choices import Role
from qiao.org.access.models import RoleGrant
from qiao.org.access.queries import actor_for
from qiao.org.people.models import Account
from qiao.org.settings.queries import calendar_of, span_of
from qiao.org.settings.rules import Setting
from qiao.org.units.models import Unit
from qiao.publish.services import announce

CALL, COUNT, ANSWER, DECIDE = "rating.call", "rating.count", "rating.answer", "appeal.decide"


def locked(code: str) -> Rating:
    """The rating's row, held for this transaction. Raises Problem for an unknown code."""
    found = Rating.objects.select_for_update(of=("self",)).select_related("unit").filter(code=code).first()
    if found is None:
        raise Problem("There is no rating %(code)s.", code=code)
    return found


def above(rating: Rating) -> str:
    """The path of the union that stands above the judged ones."""
    return rating.unit.path if rating.joint else rating.unit.path[:-UNIT_SIGNS]


def require_above(actor: Actor, action: str, rating: Rating) -> None:
    """Raise Refused unless the actor holds ``action`` in a union above every judged one, outside of them all."""
    path = above(rating)
    if not actor.may(action, path) or (not path and not actor.system):
        raise Refused(f"{action} is not yours here")


def judged_paths(rating: Rating) -> list[str]:
    """Paths of the unions judged."""
    return list(rating.rated.order_by("pk").values_list("unit__path", flat=True))


def require_count_officer(actor: Actor, rating: Rating, now: datetime) -> CountKey:
    """The actor's seat among the count officers, asked again at every act. Raises Refused, or Problem as the rule."""
    seat = CountKey.objects.filter(rating=rating, account_id__in=actor.own_accounts).select_related("account").first()
    if seat is None:
        raise Refused("rating.count is not yours here")
    check_officer(seat.account, judged_paths(rating), path=above(rating), today=localdate(now))
    return seat


def check_officer(account: Account, judged: list[str], *, path: str, today: date) -> None:
    """Raise Problem unless the account may hold a key of a rating of these unions."""
    actor = actor_for(account, today)
    held = [grant for grant in actor.grants if grant.role == Role.COUNT_OFFICER]
    check_count_officer(
        name=account.display_name,
        roles={grant.role for grant in actor.grants},
        reaches=any(grant.reaches(path) for grant in held),
        grant_paths=[grant.path for grant in actor.grants],
        member_paths=actor.member_paths,
        judged=judged,
        tied=any(actor.tied(own) for own in judged),
    )


def free_officers(judged: list[str], *, path: str, today: date) -> list[Account]:
    """Count officers who may hold a key of a rating of these unions, in the order of their accounts."""
    prefixes = [path[:end] for end in range(UNIT_SIGNS, len(path) + 1, UNIT_SIGNS)]
    grants = RoleGrant.objects.filter(
        Q(until__isnull=True) | Q(until__gt=today), role=Role.COUNT_OFFICER, unit__path__in=prefixes, since__lte=today
    )
    accounts = Account.objects.filter(pk__in=grants.values("account_id"), is_active=True).order_by("pk")
    found = []
    for account in accounts[:50]:
        try:
            check_officer(account, judged, path=path, today=today)
        except Problem:
            continue
        found.append(account)
    return found


def is_judged(actor: Actor, rating: Rating) -> bool:
    """Whether the actor belongs to a judged union by office."""
    return is_inside(grant_paths=[grant.path for grant in actor.grants], member_paths=(), judged=judged_paths(rating))


def move(rating: Rating, after: State, *, actor: Actor, now: datetime, ground: Localized | None = None) -> None:
    """Take a step and keep it in the history; the caller saves the rating. Raises Problem for a step out of order."""
    require_step(rating.state, after)
    rating.state = after
    Step.objects.create(rating=rating, state=after, at=now, by=actor.account_id, ground=ground or {})


def day_after(rating_path: str, setting: Setting[int], now: datetime) -> datetime:
    """When a clock of this setting, started now, runs out by the union's calendar."""
    today = localdate(now)
    return due(now, span_of(setting, path=rating_path, on=today), calendar_of(rating_path, today))


def note(rating: Rating, *, actor: Actor, now: datetime, deed: str, **detail: object) -> None:
    """One audit row about a rating; never one about a member's vote."""
    audit.record(
        actor=actor, now=now, action=f"members_rating.{deed}", code=rating.code, unit_path=rating.unit.path,
        detail=detail,
    )  # fmt: skip


def tell(
    rating: Rating, *, actor: Actor, now: datetime, title: str, body: str,
    **params: Mapping[str, str] | str | int | date,
) -> None:  # fmt: skip
    """Announce a step to everybody, in the same transaction; ``title`` takes the rating's own title."""
    announce(
        actor=actor, now=now, unit=rating.unit, code=rating.code, url=reverse("ratings:rating", args=[rating.code]),
        title=in_every_language(title, title=rating.title), body=in_every_language(body, **params),
    )  # fmt: skip


def unit_at(path: str) -> Unit:
    """The unit at a path."""
    return Unit.objects.get(path=path)
