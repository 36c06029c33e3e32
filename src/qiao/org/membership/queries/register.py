"""The register as an officer reads it: page by page, in tree order, each page by its place and never by counting."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from qiao.base.access import Actor
from qiao.org.membership.choices import HOLDING, Employment, Standing
from qiao.org.membership.models import Membership
from qiao.org.membership.queries.search import found_by_name
from qiao.org.people.choices import ConsentKind
from qiao.org.people.queries import persons_consenting
from qiao.org.units.models import Unit

PAGE = 50
#: Longest path there is: a subtree is the span of paths from its own to its own filled up with the last sign.
_PATH_LENGTH = 120


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """One page of the register, and where the next begins ("" at the end)."""

    rows: tuple[Membership, ...]
    following: str


def register(path: str, *, text: str = "", employment: str = "", retained: bool = False) -> QuerySet[Membership]:
    """Members of the subtree at ``path`` in tree order: by number where ``text`` is one, else by how names begin.

    ``retained``: those whose standing is kept without rights, instead of those who take part.
    """
    # A span of paths instead of a pattern: the index that filters is then the one that orders.
    found = Membership.objects.filter(
        until__isnull=True,
        state__in=[Standing.RETAINED] if retained else HOLDING,
        unit__path__gte=path,
        unit__path__lte=path.ljust(_PATH_LENGTH, "z"),
    )
    wanted = _wanted(text)
    if wanted.isdecimal() and len(wanted) < 18:
        found = found.filter(person_id=int(wanted))
    elif wanted:
        found = found.filter(person__name__startswith=wanted)
    if employment in Employment.values:
        found = found.filter(employment=employment)
    return found.order_by("unit__path", "person_id")


def register_page(
    path: str, *, text: str = "", employment: str = "", retained: bool = False, after: str = ""
) -> RegisterPage:
    """A page of `register` that begins after the place ``after``; an unreadable place is the beginning.

    A search for a name comes in the order of names.
    """
    wanted = _wanted(text)
    if wanted and not wanted.isdecimal() and not retained:
        begin = int(after) if after.isdecimal() and len(after) < 18 else 0
        members = found_by_name(path, wanted, employment=employment, after=begin, limit=PAGE + 1)
        further = str(members[PAGE - 1].person_id) if len(members) > PAGE else ""
        return RegisterPage(tuple(members[:PAGE]), further)
    found = register(path, text=text, employment=employment, retained=retained)
    unit_path, _dot, number = after.partition(".")
    if unit_path.startswith(path) and number.isdecimal():
        found = found.filter(
            Q(unit__path__gt=unit_path) | Q(unit__path=unit_path, person_id__gt=int(number)), unit__path__gte=unit_path
        )
    rows = tuple(found.select_related("person", "unit", "bound_for")[: PAGE + 1])
    if len(rows) <= PAGE:
        return RegisterPage(rows, "")
    last = rows[PAGE - 1]
    return RegisterPage(rows[:PAGE], f"{last.unit.path}.{last.person_id}")


def _wanted(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def register_rows(path: str) -> Iterator[Membership]:
    """The whole register of a subtree, streamed."""
    return register(path).select_related("person", "unit").iterator(chunk_size=2000)


def standing_of(number: int) -> Membership | None:
    """The standing the person with this number has now, whatever its state."""
    return (
        Membership.objects.filter(person_id=number, until__isnull=True)
        .select_related("person", "unit", "bound_for")
        .order_by("pk")
        .first()
    )


def standings_of(number: int) -> list[Membership]:
    """Every standing the person has had, newest first."""
    return list(Membership.objects.filter(person_id=number).select_related("unit").order_by("-since", "-pk"))


def namesakes(unit: Unit, name: str) -> list[Membership]:
    """Members of the very unit with the very name."""
    return list(
        Membership.objects.filter(unit=unit, until__isnull=True, state__in=HOLDING, person__name=name)
        .select_related("person", "unit")
        .order_by("person_id")[:20]
    )


def arriving(path: str, actor: Actor) -> list[Membership]:
    """Members who wish to come to a unit of the subtree, longest waiting first.

    ``former_seen`` on each: whether the officer may see where they stand now. To receive somebody it need not be
    known: it is shown to officers there, and where the person lets other units see their record (P6).
    """
    found = list(
        Membership.objects.filter(until__isnull=True, bound_for__path__startswith=path)
        .select_related("person", "unit", "bound_for")
        .order_by("in_transfer_since", "pk")[:200]
    )
    open_to_all = persons_consenting([row.person_id for row in found], ConsentKind.SEE_BY_OTHER_UNIT)
    for row in found:
        row.former_seen = (  # type: ignore[attr-defined]
            row.person_id in open_to_all or actor.may("member.list", row.unit.path)
        )
    return found


def arriving_count(path: str) -> int:
    """How many members wish to come to a unit of the subtree."""
    return Membership.objects.filter(until__isnull=True, bound_for__path__startswith=path).count()
