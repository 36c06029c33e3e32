"""Who must not be named in a problem, and who may be drawn to say whether it is mended."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q

from qiao.judge.problems.choices import VoiceKind
from qiao.judge.problems.models import Entry
from qiao.org.access.models import RoleGrant
from qiao.org.membership.queries import active_members
from qiao.org.people.models import Account
from qiao.org.units.models import Unit

_SIGNS = 5
_SHORTEST = 2


def names_officer(unit: Unit, texts: Sequence[str]) -> bool:
    """Whether a text names an officer of the unit or of one above it, as far as names are known. One query."""
    line = [unit.path[:end] for end in range(_SIGNS, len(unit.path) + 1, _SIGNS)]
    names = RoleGrant.objects.filter(unit__path__in=line).values_list("account__display_name", "account__person__name")
    known = {name for row in names.distinct() for name in row if name and len(name) >= _SHORTEST}
    return any(name in text for name in known for text in texts)


def raisers_named(entry: Entry) -> list[str]:
    """Names of those who raised it and did not ask to be shielded, for the offices concerned. One query."""
    rows = entry.voices.filter(shielded=False, kind=VoiceKind.RAISER).values_list(
        "person__name", "account__display_name"
    )
    return sorted(name for row in rows for name in row if name)


def may_be_drawn(entry: Entry) -> list[int]:
    """Members the problem concerns who can be reached, in a fixed order: not those asked already, no office holders."""
    path = entry.unit.path
    asked = entry.voices.filter(person__isnull=False).values("person_id")
    offices = RoleGrant.objects.filter(unit__path__startswith=path, account__person__isnull=False).values(
        "account__person_id"
    )
    own = Account.objects.filter(pk__in=[entry.owner_id, entry.claimed_by_id], person__isnull=False).values("person_id")
    reached = Account.objects.filter(is_active=True, person__isnull=False).values("person_id")
    barred = Q(person__in=asked) | Q(person__in=offices) | Q(person__in=own)
    members = active_members(path).filter(person__in=reached).exclude(barred)
    return sorted(members.values_list("person_id", flat=True).distinct())
