"""What acts on a congress share: holding a row, asking whose seat it is, writing it down, telling."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, Refused, require
from qiao.base.deadlines import due
from qiao.base.i18n import Localized
from qiao.base.problems import Problem
from qiao.decide.congress.models import Congress, Delegate, Item, Session
from qiao.org.settings.queries import calendar_of, ruling
from qiao.org.settings.rules import Setting

RUN, CERTIFY, REVIEW = "congress.run", "congress.certify", "congress.review"


def held_congress(code: str, *, actor: Actor, action: str = "", above: bool = False) -> Congress:
    """The row of a term, locked. ``above``: the action is asked at the unit one level up, where there is one.

    Raises Problem for an unknown one, Refused without ``action``.
    """
    found = Congress.objects.select_for_update(of=("self",)).select_related("unit").filter(code=code).first()
    if found is None:
        raise Problem("There is no workers' congress %(code)s.", code=code)
    if action:
        path = found.unit.path
        require(actor, action, (path[:-5] or path) if above else path)
    return found


def held_session(code: str, *, actor: Actor, action: str = "") -> Session:
    """The row of a meeting, locked. Raises Problem for an unknown one, Refused without ``action``."""
    found = Session.objects.select_for_update(of=("self",)).select_related("congress__unit").filter(code=code).first()
    if found is None:
        raise Problem("There is no meeting %(code)s.", code=code)
    if action:
        require(actor, action, found.congress.unit.path)
    return found


def held_item(code: str, *, actor: Actor, action: str = "") -> Item:
    """The row of an item with its meeting, both locked. Raises Problem for an unknown one, Refused without action."""
    key = Item.objects.filter(code=code).values_list("session__code", flat=True).first()
    if key is None:
        raise Problem("There is no item of business %(code)s.", code=code)
    session = held_session(key, actor=actor, action=action)
    item = Item.objects.select_for_update(of=("self",)).get(code=code)
    item.session = session
    return item


def seat_of(congress: Congress, actor: Actor) -> Delegate | None:
    """The seat the actor holds in this congress now, by this account or another of the same human."""
    persons = {one for one in (actor.person_id, *actor.persons) if one is not None}
    if not persons:
        return None
    return Delegate.objects.filter(congress=congress, person_id__in=persons, until__isnull=True).order_by("pk").first()


def require_seat(congress: Congress, actor: Actor) -> Delegate:
    """The actor's seat. Raises Refused for whoever is no delegate of this congress."""
    seat = seat_of(congress, actor)
    if seat is None:
        raise Refused("only delegates of this congress take part")
    return seat


def clock(setting: Setting[int], *, path: str, now: datetime) -> tuple[datetime, str]:
    """When a clock that begins now is due, and the rule it keeps."""
    today = localdate(now)
    ruled = ruling(setting, path=path, on=today)
    return due(now, setting.span(ruled.value), calendar_of(path, today)), ruled.origin[:80]


def note(
    congress: Congress, *, actor: Actor, now: datetime, thing: str, deed: str, code: str = "", **detail: object
) -> None:
    """One audit row."""
    audit.record(
        actor=actor, now=now, action=f"{thing}.{deed}", code=code or congress.code, unit_path=congress.unit.path,
        detail=detail,
    )  # fmt: skip


def joined(template: Localized, **texts: Localized) -> Localized:
    """A sentence in every language of ``template`` with kept texts put in, each in that language or what it has."""

    def read(text: Localized, language: str) -> str:
        return text.get(language) or next(iter(text.values()), "")

    return {
        language: sentence % {key: read(text, language) for key, text in texts.items()}
        for language, sentence in template.items()
    }
