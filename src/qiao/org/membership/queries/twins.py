"""Pairs of records side by side, and persons who wait after an import."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.han import simplified
from qiao.base.i18n import pick
from qiao.org.membership.choices import HoldState, Sign, TwinState
from qiao.org.membership.models import Hold, Membership, Twin
from qiao.org.people.choices import ConsentKind
from qiao.org.people.models import Contact, IdentityCheck, Person
from qiao.org.people.queries import has_consent

_OPEN = (TwinState.OPEN, TwinState.PROPOSED)


def twins_at(path: str, states: tuple[str, ...] = _OPEN) -> QuerySet[Twin]:
    """Pairs of which either record stands in the subtree at ``path``, likeliest first."""
    return (
        Twin.objects.filter(Q(left_unit__path__startswith=path) | Q(right_unit__path__startswith=path))
        .filter(state__in=states)
        .select_related("left", "right", "left_unit", "right_unit", "batch", "proposed_by")
        .order_by("-score", "pk")
    )


def holds_at(path: str) -> QuerySet[Hold]:
    """Persons of the subtree who wait after an import, longest first."""
    return (
        Hold.objects.filter(unit__path__startswith=path, state=HoldState.OPEN)
        .select_related("person", "unit", "batch")
        .order_by("batch__confirmed", "pk")
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the comparison: what it is, both sides as they may be shown, and the verdict in words."""

    sign: str
    label: str
    left: str
    right: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records side by side. ``hidden``: one side is another unit's and only compared; ``barred``: two for sure."""

    twin: Twin
    titles: tuple[str, str]
    lines: tuple[Line, ...]
    hidden: bool
    two_standings: bool
    barred: bool
    may_undo: bool


def signs_of(left: int, right: int) -> dict[str, str]:
    """Of each sign whether it is "same", "different" or "unknown" in two records; values are not given."""
    people = Person.objects.in_bulk([left, right])
    contacts = {
        (row.person_id, row.kind): bytes(row.found_by)
        for row in Contact.objects.filter(person_id__in=[left, right]).order_by("pk")
    }
    identities = {
        row.person_id: bytes(row.found_by)
        for row in IdentityCheck.objects.filter(person_id__in=[left, right], found_by__isnull=False).order_by("pk")
    }
    standings = {key: _standing(key) for key in (left, right)}
    holds = {hold.person_id: hold for hold in Hold.objects.filter(person_id__in=[left, right]).order_by("pk")}

    def where(key: int, name: str) -> object:
        return getattr(standings[key] or holds.get(key), name, None)

    names = {key: simplified(person.name) for key, person in people.items()}
    return {
        Sign.NAME.value: _verdict(names.get(left), names.get(right)),
        Sign.IDENTITY.value: _verdict(identities.get(left), identities.get(right)),
        Sign.MOBILE.value: _verdict(contacts.get((left, "mobile")), contacts.get((right, "mobile"))),
        Sign.MAIL.value: _verdict(contacts.get((left, "mail")), contacts.get((right, "mail"))),
        Sign.UNIT.value: _verdict(where(left, "unit_id"), where(right, "unit_id")),
        Sign.EMPLOYER.value: _verdict(where(left, "employer_id"), where(right, "employer_id")),
        Sign.SINCE.value: _verdict(where(left, "since"), where(right, "since")),
    }


def pair_of(twin: Twin, actor: Actor, now: datetime) -> Pair:
    """The comparison of a pair as this officer may see it."""
    signs = signs_of(twin.left_id, twin.right_id)
    seen = [_may_see(actor, twin.left_id, twin.left_unit), _may_see(actor, twin.right_id, twin.right_unit)]
    words = {"same": _("the same"), "different": _("different"), "unknown": _("not known on both sides")}
    sides = (_shown(twin.left, twin.left_unit, actor), _shown(twin.right, twin.right_unit, actor))
    hidden = _("not shown")
    lines = [
        Line(
            sign.value,
            str(sign.label),
            sides[0].get(sign.value, "") if seen[0] else hidden,
            sides[1].get(sign.value, "") if seen[1] else hidden,
            words[signs[sign.value]],
        )
        for sign in Sign
    ]
    standing = [side["standing"] if ok else hidden for side, ok in zip(sides, seen, strict=True)]
    lines.append(Line("standing", _("Standing"), standing[0], standing[1], ""))
    open_now = Membership.objects.filter(person_id__in=[twin.left_id, twin.right_id], until__isnull=True)
    return Pair(
        twin,
        (
            _("Number %(number)d") % {"number": twin.left_id} if seen[0] else _("Record of another unit"),
            _("Number %(number)d") % {"number": twin.right_id} if seen[1] else _("Record of another unit"),
        ),
        tuple(lines),
        not all(seen),
        open_now.values("person_id").distinct().count() == 2,
        signs["identity"] == "different",
        twin.state == TwinState.MERGED and twin.undo_until is not None and now <= twin.undo_until,
    )


def seen_name(twin: Twin, actor: Actor) -> str:
    """How a pair is called in a list: by a record the officer may see, the other unit's only with consent (P6)."""
    for person, unit in ((twin.left, twin.left_unit), (twin.right, twin.right_unit)):
        if _may_see(actor, person.pk, unit):
            return person.name
    return _("Record of another unit")


def _may_see(actor: Actor, person: int, unit: object) -> bool:
    path = getattr(unit, "path", "")
    return actor.may("member.list", path) or has_consent(person, ConsentKind.SEE_BY_OTHER_UNIT)


def _shown(person: Person, unit: object, actor: Actor) -> dict[str, str]:
    standings = list(Membership.objects.filter(person=person).select_related("unit", "employer").order_by("-since"))
    if not actor.may("member.list", getattr(unit, "path", "")):
        # By consent another unit opens the record; where the person was before stays with the home unit.
        standings = standings[:1]
    now = standings[0] if standings else None
    contacts = {row.kind for row in Contact.objects.filter(person=person).order_by("pk")}
    there = _("there is one")
    return {
        "name": person.name,
        "identity": there if IdentityCheck.objects.filter(person=person, found_by__isnull=False).exists() else "–",
        "mobile": there if "mobile" in contacts else "–",
        "mail": there if "mail" in contacts else "–",
        "unit": pick(getattr(unit, "name", {})) if unit else "–",
        "employer": now.employer.name if now and now.employer else "–",
        "since": date_format(now.since, "DATE_FORMAT") if now else "–",
        "standing": "; ".join(
            f"{pick(row.unit.name)}: {row.get_state_display()}, {date_format(row.since, 'SHORT_DATE_FORMAT')}–"
            f"{date_format(row.until, 'SHORT_DATE_FORMAT') if row.until else ''}"
            for row in standings
        )
        or _("none yet"),
    }


def _standing(person: int) -> Membership | None:
    return Membership.objects.filter(person_id=person).order_by("until", "-since").first()


def _verdict(left: object, right: object) -> str:
    if left is None or right is None:
        return "unknown"
    return "same" if left == right else "different"
