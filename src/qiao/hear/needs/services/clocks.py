"""The clock of a published need: warnings at half and at four fifths, what is overdue, and the clock given back."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as noop

from qiao.base import audit
from qiao.base.access import Actor, Refused
from qiao.base.db import atomic
from qiao.base.deadlines import Mark, progress, resumed
from qiao.base.i18n import Localized, in_every_language
from qiao.hear.needs import rules
from qiao.hear.needs.choices import NeedState
from qiao.hear.needs.models import Need
from qiao.hear.needs.services.answering import tell_followers
from qiao.hear.needs.services.wording import locked
from qiao.org.access.choices import Action
from qiao.org.access.models import RoleGrant
from qiao.org.access.rules import ROLES_BY_ACTION
from qiao.org.people.services import tell
from qiao.org.settings.queries import calendar_of

_STEPS = {Mark.HALF: 50, Mark.NEARLY: 80, Mark.OVERDUE: 100}
_SAID = {
    50: noop("Half of the time for an action or an answer has run: “%(need)s”."),
    80: noop("Four fifths of the time for an action or an answer have run: “%(need)s”."),
    100: noop("The time for an action or an answer is over: “%(need)s” is on the public list of what is overdue."),
}


def warn_needs(*, actor: Actor, now: datetime) -> int:
    """Warn who is to act on needs whose clock has run half, four fifths or out; how many needs were told of.

    Each mark is told once; of what is overdue the unit above is told too. Raises Refused for everybody but the system.
    """
    if not actor.system:
        raise Refused("the clock is the system's")
    told = 0
    with atomic():
        rows = (
            Need.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(state=NeedState.PUBLISHED, due__isnull=False, warned__lt=100)
            .select_related("unit", "holder")
            .order_by("due", "pk")
        )
        for need in rows:
            start = need.clock_from or need.published
            if start is None or need.due is None:
                continue
            mark = _STEPS.get(progress(start, need.due, now).mark, 0)
            if mark <= need.warned:
                continue
            need.warned = mark
            need.save(update_fields=["warned"])
            _warn(need, mark, now)
            told += 1
            if mark == 100:
                audit.record(actor=actor, now=now, action="need.overdue", code=need.code, unit_path=need.unit.path)
    return told


def release_need(
    *, actor: Actor, now: datetime, code: str, action_code: str, what: Localized, instead: str = ""
) -> Need:
    """Note that what had taken up a need has come to nothing: the need waits again, with the time it had left.

    ``instead`` is another act that still serves it; with one it stays taken up. Called by the app whose act failed,
    which has asked for its own permission. A need taken up by something else, or answered, is left alone.
    """
    with atomic():
        need = locked(code)
        if need.state != NeedState.TAKEN_UP or need.action_code != action_code:
            return need
        if instead:
            need.action_code = instead
            need.save(update_fields=["action_code"])
        else:
            since = need.taken_up or now
            need.state, need.action_code, need.taken_up = NeedState.PUBLISHED, "", None
            if need.due is not None:
                calendar = calendar_of(need.unit.path, localdate(now))
                start = need.clock_from or need.published or since
                need.clock_from = start + (now - since)
                need.due = resumed(need.due, since, now, rules.ANSWER_WITHIN.span(1).unit, calendar)
            need.save(update_fields=["state", "action_code", "taken_up", "clock_from", "due"])
            tell_followers(
                need, now, noop("“%(need)s” waits for an action or an answer again: “%(what)s” was not taken up."),
                what, mark=f"{need.state}:{action_code}",
            )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="need.release", code=code, unit_path=need.unit.path,
            detail={"action": action_code, "instead": instead},
        )  # fmt: skip
    return need


def _warn(need: Need, mark: int, now: datetime) -> None:
    holder = need.holder or need.unit
    paths = [holder.path]
    if mark == 100 and len(holder.path) > 5:
        paths.append(holder.path[:-5])
    text = in_every_language(_SAID[mark], need=need.title)
    day = localdate(now)
    officers = RoleGrant.objects.filter(
        Q(until__isnull=True) | Q(until__gt=day), since__lte=day, unit__path__in=paths, account__is_active=True,
        role__in=[role.value for role in ROLES_BY_ACTION[Action.NEED_ANSWER]],
    )  # fmt: skip
    for account in sorted(set(officers.values_list("account_id", flat=True)))[:50]:
        tell(
            now=now, subject=need.title, text=text, account_id=account, url=reverse("needs:need", args=[need.code]),
            once=f"need:{need.code}:clock{mark}:{account}:{need.due:%Y%m%d}",
        )  # fmt: skip
