"""Computing the edition of a year: counts of single units, added up along the place axis and by sector."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime

from django.db.models import Q
from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import SYSTEM
from qiao.base.counts import SMALL
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.units.choices import Axis, UnitKind
from qiao.org.units.models import UnitLink
from qiao.org.yearbook.choices import TableAxis
from qiao.org.yearbook.models import Edition, YearRow
from qiao.org.yearbook.rules import Family, hidden_below, hidden_parts
from qiao.org.yearbook.services.gather import Counts, gather, open_units

_BASES = (UnitKind.BASE, UnitKind.JOINT_BASE)
_BATCH = 2000
#: A sector's people are shown only where so many base unions make it up: fewer could be told apart by place.
_UNIONS_IN_SECTOR = 3


def compute_year(*, now: datetime, year: int) -> Edition:
    """Compute the table of a year as it stands today (of a year that is over: as of its last day). Replaces the former.

    Raises Problem for a year to come or one that is frozen: history is not rewritten.
    """
    today = localdate(now)
    if year > today.year:
        raise Problem("This year has not come yet: %(year)d.", year=year)
    day = min(today, date(year, 12, 31))
    with atomic():
        edition = Edition.objects.select_for_update().filter(year=year).order_by("pk").first()
        if edition is not None and edition.frozen is not None:
            raise Problem("The table of %(year)d is frozen: it is not computed again.", year=year)
        if edition is None:
            edition = Edition.objects.create(year=year, as_of=day, computed=now)
        YearRow.objects.filter(edition=edition).delete()
        edition.as_of, edition.computed = day, now
        edition.save(update_fields=["as_of", "computed"])
        YearRow.objects.bulk_create(_rows(edition, day), batch_size=_BATCH)
        audit.record(actor=SYSTEM, now=now, action="yearbook.compute", detail={"year": year, "as_of": day.isoformat()})
    return edition


def _rows(edition: Edition, day: date) -> Iterator[YearRow]:
    units = open_units()
    own = gather(day)
    parents = {key: parent for key, parent, _label, _kind in units}
    totals: dict[int, Counter[str]] = {key: Counter(own.get(key, {})) for key in parents}
    # Below come after above in tree order: added up backwards, each unit holds all below it.
    for key, parent, _label, _kind in reversed(units):
        if parent in totals:
            totals[parent].update(totals[key])
    hidden = _hide(units, totals, own)
    labels = {key: label for key, _parent, label, _kind in units}
    for key, figures in totals.items():
        yield YearRow(
            edition=edition, unit_id=key, axis=TableAxis.PLACE, label=labels[key], figures=_kept(figures),
            hidden=sorted(hidden[key]),
        )  # fmt: skip
    yield from _sector_rows(edition, day, units, own, hidden)


def _hide(
    units: list[tuple[int, int | None, str, str]], totals: Mapping[int, Mapping[str, int]], own: Counts
) -> dict[int, frozenset[str]]:
    """What each unit hides, from the top down."""
    below: dict[int | None, list[int]] = defaultdict(list)
    for key, parent, _label, _kind in units:
        below[parent if parent in totals else None].append(key)
    hidden = {key: hidden_parts(totals[key]) for key in below[None]}
    for key, _parent, _label, _kind in units:
        children = below.get(key)
        if children:
            family = Family([totals[child] for child in children], own.get(key, {}), hidden[key])
            hidden.update(zip(children, hidden_below(family), strict=True))
    return hidden


def _sector_rows(
    edition: Edition,
    day: date,
    units: list[tuple[int, int | None, str, str]],
    own: Counts,
    hidden: Mapping[int, frozenset[str]],
) -> Iterator[YearRow]:
    """Base unions of each upper unit by the sector union they are linked with; numbers of people without parts."""
    links = dict(
        UnitLink.objects.filter(Q(until__isnull=True) | Q(until__gt=day), axis=Axis.SECTOR, since__lte=day)
        .order_by("since")
        .values_list("unit_id", "above_id")
    )
    parents = {key: parent for key, parent, _label, _kind in units}
    labels = {key: label for key, _parent, label, _kind in units}
    upper = {key for key, _parent, _label, kind in units if kind not in _BASES}
    sums: dict[tuple[int, int | None], Counter[str]] = defaultdict(Counter)
    for key, _parent, _label, kind in units:
        if kind in _BASES:
            above = parents[key]
            while above is not None:
                if above in upper:
                    sums[above, links.get(key)].update(own.get(key, {}))
                above = parents.get(above)
    for (unit, group), figures in sums.items():
        keys = {"women", "said", "women_delegates"}
        if figures["unions"] < _UNIONS_IN_SECTOR or figures["members"] < SMALL or "members" in hidden.get(unit, ()):
            keys.add("members")
        yield YearRow(
            edition=edition, unit_id=unit, axis=TableAxis.SECTOR, group_id=group, figures=_kept(figures),
            hidden=sorted(keys), label=labels[unit], group_label=labels.get(group or 0, ""),
        )  # fmt: skip


def _kept(figures: Mapping[str, int]) -> dict[str, int]:
    return {key: number for key, number in sorted(figures.items()) if number}
