"""Reading data checks."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from qiao.base.access import Actor
from qiao.org.people.choices import ContactState, LinkState
from qiao.org.people.models import Campaign, CheckLink, Contact, Person
from qiao.org.people.queries.consents import persons_consenting
from qiao.org.people.rules import CONSENT_OF

#: So many persons an officer is shown to ask in person; the rest follows once these are done.
LISTED = 200


def to_be_asked(person_ids: Collection[int], not_since: date) -> list[int]:
    """Of these persons, in their order, those with no contact that somebody made sure of on or since a day."""
    fresh = set(
        Contact.objects.filter(person_id__in=person_ids, checked__gte=not_since)
        .exclude(state=ContactState.STALE)
        .values_list("person_id", flat=True)
    )
    return [person_id for person_id in person_ids if person_id not in fresh]


def campaign_by_code(code: str) -> Campaign:
    """The data check with this code; raises Campaign.DoesNotExist."""
    return Campaign.objects.select_related("unit", "started_by").get(code=code)


def campaigns_of(unit_path: str) -> list[Campaign]:
    """The newest data checks of a unit and those below it."""
    return list(
        Campaign.objects.filter(unit__path__startswith=unit_path)
        .select_related("unit")
        .annotate(asked=Count("links"))
        .order_by("-started", "-pk")[:30]
    )


def link_counts(campaign: Campaign) -> list[tuple[str, int]]:
    """How many links are in which state, in the order of the states; states without any are left out."""
    counts = dict(campaign.links.order_by().values_list("state").annotate(Count("pk")))
    return [(str(state.label), counts[state.value]) for state in LinkState if counts.get(state.value)]


@dataclass(frozen=True, slots=True)
class ToAsk:
    """A member to be asked in person, and why no message reaches them. No contact is shown here."""

    person: Person
    why: str


def to_ask_in_person(actor: Actor, campaign: Campaign) -> list[ToAsk]:
    """Whom no link reached, by name; ``why`` is "none", "stale" or "consent". Empty without ``member.list`` there."""
    if not actor.may("member.list", campaign.unit.path):
        return []
    links = (
        CheckLink.objects.filter(campaign=campaign, state__in=[LinkState.UNREACHED, LinkState.EXPIRED])
        .select_related("person")
        .order_by("person__name", "person_id")[:LISTED]
    )
    people = [link.person for link in links]
    return _with_reasons(people)


def _with_reasons(people: Iterable[Person]) -> list[ToAsk]:
    listed = list(people)
    ids = [person.pk for person in listed]
    states: dict[int, set[str]] = {}
    for person_id, state in Contact.objects.filter(person_id__in=ids).values_list("person_id", "state"):
        states.setdefault(person_id, set()).add(state)
    consenting: set[int] = set()
    for kind in CONSENT_OF.values():
        consenting |= persons_consenting(ids, kind)
    rows = []
    for person in listed:
        found = states.get(person.pk)
        if not found:
            why = "none"
        elif found == {ContactState.STALE.value}:
            why = "stale"
        elif person.pk not in consenting:
            why = "consent"
        else:
            why = "silent"
        rows.append(ToAsk(person, why))
    return rows


def link_by_hash(digest: bytes) -> CheckLink | None:
    """The link that waits for its answer under this hash; None where there is none."""
    return (
        CheckLink.objects.select_related("campaign__unit", "person")
        .filter(secret_hash=digest, state=LinkState.SENT)
        .first()
    )
