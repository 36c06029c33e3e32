"""Opinions as a source of the digest of needs and of topics: after the close, without their authors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Count
from django.urls import reverse

from qiao.base.problems import Problem
from qiao.decide.consultations.models import Consultation, Opinion
from qiao.hear.needs.queries import FreeText, TextSource
from qiao.hear.needs.rules import Line
from qiao.org.membership.queries import member_count
from qiao.org.units.queries import units_at

#: Codes of consultations begin so.
PREFIX = "C-"
_OVER = ["closed", "answered"]


def opinion_lines(*, path: str, since: date, until: date) -> list[Line]:
    """Consultations that closed in these days, with how many people gave opinions and how many there were."""
    closed = (
        Consultation.objects.filter(
            unit__path__startswith=path,
            closed__date__gte=since,
            closed__date__lte=until,
            state__in=_OVER,
        )
        .select_related("unit")
        .annotate(people=Count("opinions__person", distinct=True), given=Count("opinions"))
        .order_by("pk")
    )
    return [
        Line(
            key=row.code,
            title=row.title,
            url=reverse("consultations:consultation", args=[row.code]),
            unit=row.unit.name,
            count=row.people,
            texts=row.given,
        )
        for row in closed
        if row.given
    ]


def opinion_texts(code: str, path: str) -> Sequence[FreeText]:
    """The opinions of a closed consultation, personal data hidden in them already, its authors told apart by no name.

    Those withheld or not to be published are left out; nobody agreed to be quoted elsewhere. Raises Problem for a
    consultation that is not closed or belongs to another part of the union.
    """
    found = Consultation.objects.filter(code=code, state__in=_OVER).select_related("unit").first()
    if found is None:
        raise Problem("Topics are worked out from opinions after the consultation has closed.")
    if not found.unit.path.startswith(path):
        raise Problem("%(code)s belongs to another part of the union.", code=code)
    size = member_count(found.unit.path)
    rows = Opinion.objects.filter(consultation=found, published=True, withheld={}).exclude(text="").order_by("pk")
    authors: dict[int, str] = {}
    return [
        FreeText(
            code,
            row.text,
            None if row.person_id is None else authors.setdefault(row.person_id, f"{code}:{len(authors)}"),
            may_quote=False,
            members=size,
        )
        for row in rows
    ]


def opinion_sources(paths: Sequence[str]) -> list[TextSource]:
    """Closed consultations of these subtrees in which words were given; newest first."""
    rows = (
        Consultation.objects.filter(unit__in=units_at(paths).order_by(), state__in=_OVER, opinions__isnull=False)
        .order_by("-closed", "-pk")
        .distinct()
    )
    return [TextSource(row.code, row.title) for row in rows[:40]]
