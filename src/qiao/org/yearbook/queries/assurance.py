"""Whether a unit's register was checked by an assurer, and until when it has to be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils.timezone import make_aware

from qiao.base.access import Actor
from qiao.base.deadlines import due
from qiao.org.settings.queries import calendar_of, span_of, value_of
from qiao.org.units.models import Unit
from qiao.org.yearbook.choices import TableAxis, Verdict
from qiao.org.yearbook.models import Assurance, Edition, YearRow
from qiao.org.yearbook.rules.settings import ASSURER, ASSURER_ABOVE, ASSURER_WITHIN


@dataclass(frozen=True, slots=True)
class Check:
    """The certificate of a unit and a year, or that none is there.

    ``due``: until when a rule asks for it, None where none does. ``lower``/``upper``: 95 % interval (Wilson) of the
    share of memberships that are not as the register says.
    """

    made: Assurance | None
    due: datetime | None
    lower: float | None = None
    upper: float | None = None

    @property
    def share(self) -> float | None:
        """Share of those checked that were wrong."""
        return self.made.wrong / self.made.checked if self.made and self.made.checked else None

    @property
    def is_bad(self) -> bool:
        """Whether the assurer did not find the register in order."""
        return self.made is not None and self.made.verdict != Verdict.ADEQUATE


def check_of(edition: Edition, unit: Unit) -> Check:
    """The check of a unit's register for the year of an edition."""
    made = Assurance.objects.filter(edition=edition, unit=unit).order_by("pk").first()
    if made is None or not made.checked:
        return Check(made, due_of(edition, unit))
    from scipy.stats import binomtest

    found = binomtest(made.wrong, made.checked).proportion_ci(confidence_level=0.95, method="wilson")
    return Check(made, due_of(edition, unit), float(found.low), float(found.high))


def due_of(edition: Edition, unit: Unit) -> datetime | None:
    """Until when the rule in force on the day of the table asks for a certificate; None where it asks for none."""
    on, path = edition.as_of, unit.path
    if edition.frozen is None or not value_of(ASSURER, path=path, on=on):
        return None
    row = YearRow.objects.filter(edition=edition, unit=unit, axis=TableAxis.PLACE).order_by("pk").first()
    if row is None or row.figures.get("members", 0) <= value_of(ASSURER_ABOVE, path=path, on=on):
        return None
    end = make_aware(datetime.combine(date(edition.year, 12, 31), time(12)))
    return due(end, span_of(ASSURER_WITHIN, path=path, on=on), calendar_of(path, on))


def owed(actor: Actor) -> Iterator[tuple[Unit, int, datetime]]:
    """Units whose certificate of the last frozen year is still owed, among those this actor certifies."""
    paths = actor.paths("register.assure")
    edition = Edition.objects.filter(frozen__isnull=False).order_by("-year").first() if paths else None
    if edition is None:
        return
    done = set(Assurance.objects.filter(edition=edition).values_list("unit_id", flat=True))
    for unit in Unit.objects.filter(path__in=paths).exclude(pk__in=done).order_by("path")[:50]:
        until = due_of(edition, unit)
        if until is not None:
            yield unit, edition.year, until
