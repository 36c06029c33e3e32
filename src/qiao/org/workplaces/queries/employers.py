"""Finding employers, what works for them, and which union is theirs."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from qiao.base.i18n import pick
from qiao.org.units.models import Unit
from qiao.org.units.rules import KnownEmployer
from qiao.org.workplaces.choices import EmployerState, Ownership, Sector
from qiao.org.workplaces.models import Employer, EmployerHeadcount, UnitEmployer

PAGE = 50
#: Longest path there is: a subtree is the span of paths from its own to its own filled up with the last sign.
_PATH_LENGTH = 120


def employer_by_code(code: str) -> Employer:
    """The employer with this public code; raises Employer.DoesNotExist."""
    return Employer.objects.select_related("place").get(code=code)


def employer_by_reg_code(reg_code: str) -> Employer | None:
    """The employer with this unified social credit code (normal form)."""
    return Employer.objects.select_related("place").filter(reg_code=reg_code).order_by("pk").first()


def find_employers(text: str, path: str = "", limit: int = 20) -> list[Employer]:
    """Employers in business whose name or unified social credit code begins so, in the subtree at ``path``, by name.

    Nothing for fewer than two signs.
    """
    wanted = _wanted(text)
    if len(wanted) < 2:
        return []
    found = employers_at(path).filter(state=EmployerState.OPEN).filter(_begins(wanted))
    return list(found.select_related("place").order_by("name", "pk")[:limit])


def known_to_proposals(text: str, limit: int) -> list[KnownEmployer]:
    """The employers that begin so, as a proposal of a unit names them."""
    return [
        KnownEmployer(found.reg_code or "", found.name, pick(found.place.name))
        for found in find_employers(text, limit=limit)
    ]


def employers_at(path: str) -> QuerySet[Employer]:
    """Employers that lie in the subtree at ``path``."""
    found = Employer.objects.order_by("name", "pk")
    if not path:
        return found
    return found.filter(place__path__gte=path, place__path__lte=path.ljust(_PATH_LENGTH, "z"))


def employers_of(unit: Unit, on: date) -> list[Employer]:
    """The employers the unit was formed at on a day, by name."""
    return list(
        Employer.objects.filter(_held(on, "unit_links__"), unit_links__unit=unit)
        .select_related("place")
        .order_by("name", "pk")
    )


def unit_for(employer: Employer, on: date) -> Unit | None:
    """The union unit of an employer on a day."""
    link = UnitEmployer.objects.filter(_held(on), employer=employer).select_related("unit").order_by("-since").first()
    return link.unit if link else None


def links_of(employer: Employer) -> list[UnitEmployer]:
    """The unions the employer has had, newest first."""
    return list(UnitEmployer.objects.filter(employer=employer).select_related("unit", "by").order_by("-since", "-pk"))


def in_force() -> QuerySet[EmployerHeadcount]:
    """Headcounts no counter-entry has taken back."""
    return EmployerHeadcount.objects.filter(corrected_by__isnull=True, withdraws=False)


def headcount_on(employer: Employer, on: date) -> EmployerHeadcount | None:
    """The last headcount of a day or before."""
    return in_force().filter(employer=employer, day__lte=on).order_by("-day", "-pk").first()


def headcounts_of(employer: Employer) -> list[EmployerHeadcount]:
    """Every entry, newest day first, counter-entries beside what they take back."""
    return list(
        EmployerHeadcount.objects.filter(employer=employer)
        .select_related("by", "corrects", "corrected_by")
        .order_by("-day", "-pk")[:200]
    )


@dataclass(frozen=True, slots=True)
class EmployerPage:
    """One page of employers, and after which the next begins ("" at the end)."""

    rows: tuple[Employer, ...]
    following: str


def employer_page(
    path: str, *, text: str = "", sector: str = "", ownership: str = "", state: str = "", union: str = "",
    after: str = "", on: date, size: int = PAGE, formed: bool = False,
) -> EmployerPage:  # fmt: skip
    """Employers of a subtree by name, page by page; each has ``workers`` (last headcount or None) and ``union``.

    ``union`` "with" or "without" leaves those with or without a union on the day ``on``. ``formed``: of a base union
    those it was formed at, wherever they lie. Two queries.
    """
    found = employers_at(path)
    if formed:
        links = UnitEmployer.objects.filter(_held(on), unit__path__startswith=path)
        found = Employer.objects.filter(pk__in=links.values("employer")).order_by("name", "pk")
    wanted = _wanted(text)
    if wanted:
        found = found.filter(_begins(wanted))
    if sector in Sector.values:
        found = found.filter(sector=sector)
    if ownership in Ownership.values:
        found = found.filter(ownership=ownership)
    found = found.filter(state=state if state in EmployerState.values else EmployerState.OPEN)
    linked = UnitEmployer.objects.filter(_held(on), employer=OuterRef("pk"))
    if union in ("with", "without"):
        found = found.filter(Exists(linked) if union == "with" else ~Exists(linked))
    key, _dot, name = after.partition(".")
    if key.isdecimal() and len(key) < 18:
        found = found.filter(Q(name__gt=name) | Q(name=name, pk__gt=int(key)), name__gte=name)
    last = in_force().filter(employer=OuterRef("pk"), day__lte=on).order_by("-day", "-pk")
    rows = tuple(
        found.select_related("place")
        .annotate(
            direct=Subquery(last.values("direct")[:1]),
            agency=Subquery(last.values("agency")[:1]),
            platform=Subquery(last.values("platform")[:1]),
            union_label=Subquery(linked.order_by("-since").values("unit__label")[:1]),
        )
        .order_by("name", "pk")[: size + 1]
    )
    units = Unit.objects.in_bulk({row.union_label for row in rows if row.union_label}, field_name="label")
    for row in rows:
        row.workers = None if row.direct is None else row.direct + row.agency + row.platform  # type: ignore[attr-defined]
        row.union = units.get(row.union_label)  # type: ignore[attr-defined]
    if len(rows) <= size:
        return EmployerPage(rows, "")
    return EmployerPage(rows[:size], f"{rows[size - 1].pk}.{rows[size - 1].name}")


def _wanted(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())[:160]


def _begins(wanted: str) -> Q:
    return Q(name__startswith=wanted) | Q(reg_code__startswith=wanted.upper())


def _held(on: date, prefix: str = "") -> Q:
    return Q(**{f"{prefix}since__lte": on}) & (Q(**{f"{prefix}until__isnull": True}) | Q(**{f"{prefix}until__gt": on}))
