"""The membership card: a signed code that says "valid" or not, a year long, and until its owner ends it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core import signing
from django.db.models import F
from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, Refused
from qiao.base.db import atomic
from qiao.org.membership.queries import standing_of
from qiao.org.people.models import Person

_SALT = "qiao.card"
#: A printed code says "valid" no longer than this. Opening the page makes a new one; with the standing all of them end.
CARD_HOLDS = timedelta(days=365)
_VALID = ("active", "transferring", "retained")


def card_token(*, person: Person, now: datetime) -> str:
    """The code of a card made now: whose it is, how many cards this person had ended before it, and its day."""
    return signing.Signer(salt=_SALT).sign(f"{person.pk}.{person.cards_ended}.{localdate(now).toordinal()}")


def card_holds(token: str, *, now: datetime) -> bool:
    """Whether a card is valid: signed by us, not over its year, not ended by its owner, its owner a member."""
    try:
        number, ended, day = signing.Signer(salt=_SALT).unsign(token).split(".")
        made = date.fromordinal(int(day))
    except (signing.BadSignature, ValueError):
        # A card from before cards had an end holds no day: it is signed, and no longer valid.
        return False
    found = Person.objects.filter(pk=int(number), cards_ended=int(ended)).first()
    standing = standing_of(found.pk) if found is not None else None
    return standing is not None and standing.state in _VALID and localdate(now) <= made + CARD_HOLDS


def end_cards(*, actor: Actor, now: datetime) -> None:
    """Make every card of mine made so far invalid, because one is lost; the next one opened is valid.

    Raises Refused for whoever is no person of the register.
    """
    if actor.person_id is None:
        raise Refused("only a member has a card")
    with atomic():
        Person.objects.filter(pk=actor.person_id).update(cards_ended=F("cards_ended") + 1)
        audit.record(actor=actor, now=now, action="card.end", detail={"person": actor.person_id})
