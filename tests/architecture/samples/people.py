"""Persons, their contacts and what they ask about their data."""

from __future__ import annotations

from collections.abc import Mapping

from tests.architecture.samples import Place, sample

from qiao.base.access import SYSTEM
from qiao.org.people import services
from qiao.org.people.choices import RequestKind
from qiao.org.people.models import NumberChange, Person


def _member(place: Place) -> Person:
    return Person.objects.get(pk=place.members[3].person_id)


@sample("persons:*")
def contact(place: Place) -> Mapping[str, object]:
    """A member with a contact."""
    person = _member(place)
    services.set_contact(actor=SYSTEM, now=place.now, person=person, kind="mail", value=f"{place.label}@x.example")
    return {"label": place.base.label, "number": person.pk}


@sample("persons:campaign", "persons:close_campaign")
def campaign(place: Place) -> Mapping[str, object]:
    """An open data check."""
    made = services.start_campaign(actor=place.actor("base_officer"), now=place.now, unit=place.base, reason="核对")
    return {"label": place.base.label, "code": made.code}


def _change(place: Place, person: Person) -> NumberChange:
    return services.ask_number(
        actor=place.actor("base_officer"), now=place.now, person=person, number="13900139001", seen="证件已见"
    )


@sample("persons:number")
def lost(place: Place) -> Mapping[str, object]:
    """A change of a lost number."""
    return {"label": place.base.label, "code": _change(place, _member(place)).code}


@sample("privacy:correction")
def correction(place: Place) -> Mapping[str, object]:
    """A correction a member asked for."""
    made = services.file_request(
        actor=place.members[4], now=place.now, kind=RequestKind.CORRECTION, field="other", text="请更正"
    )
    return {"code": made.code}


@sample("privacy:*")
def erasure(place: Place) -> Mapping[str, object]:
    """An erasure a member asked for."""
    made = services.file_request(actor=place.members[5], now=place.now, kind=RequestKind.ERASURE, text="请删除")
    return {"code": made.code}


@sample("privacy:kin_download")
def granted(place: Place) -> Mapping[str, object]:
    """Access granted to next of kin."""
    made = services.file_kin_request(
        actor=place.actor("base_officer"), now=place.now, person=_member(place), asker="其女", text="证明已验"
    )
    services.decide_request(actor=place.actor("dpo"), now=place.now, code=made.code, grant=True, reason="齐全")
    return {"code": made.code}


@sample("people:switch", gone="accounts of an office have none", shared="the page is the visitor's own")
def kinds(place: Place) -> Mapping[str, object]:
    """A kind of consent."""
    return {"kind": "channel_mail"}


OWN = "only the person's own is found"


@sample("people:contact", "people:code", gone="only who has such a contact", shared="the page is the visitor's own")
def contact_kind(place: Place) -> Mapping[str, object]:
    """A mail address of the first member."""
    person = Person.objects.get(pk=place.members[0].person_id)
    services.set_contact(actor=SYSTEM, now=place.now, person=person, kind="mail", value=f"o{place.label}@x.example")
    return {"kind": "mail"}


@sample("people:message", gone=OWN)
def message(place: Place) -> Mapping[str, object]:
    """What the union told the first member."""
    told = services.tell(
        now=place.now, person_id=place.people[0].person_id, subject={"en": place.sign}, text={"en": place.sign}
    )
    assert told is not None
    return {"number": told.pk}


@sample("people:request", "people:object", "people:withdraw", gone=OWN)
def own_request(place: Place) -> Mapping[str, object]:
    """A correction the first member asked for."""
    made = services.file_request(
        actor=place.members[0], now=place.now, kind=RequestKind.CORRECTION, field="other", text=f"{place.sign}请更正"
    )
    return {"code": made.code}


@sample("people:number", gone=OWN)
def own_change(place: Place) -> Mapping[str, object]:
    """A change of the first member's number."""
    return {"code": _change(place, Person.objects.get(pk=place.people[0].person_id)).code}


@sample("people:stop", shared="whoever holds the link, and no sign-in is needed")
def stop_link(place: Place) -> Mapping[str, object]:
    """A link nobody was given."""
    return {"secret": "AAAA-BBBB-CCCC"}


@sample("people:check", shared="whoever holds the link, and no sign-in is needed")
def link(place: Place) -> Mapping[str, object]:
    """A link nobody was given."""
    return {"secret": "AAAA-BBBB-CCCC"}
