"""Allocation sheets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tests.architecture.samples import Place, sample

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.judge.allocation import services
from qiao.judge.allocation.choices import Level, State
from qiao.judge.allocation.models import Sheet
from qiao.org.membership.choices import Employment
from qiao.org.membership.services import admit_worker
from qiao.org.units.choices import UnitKind
from qiao.org.units.services import found_unit


def _sheet(place: Place, year: int) -> Sheet:
    """A computed sheet among two base unions of the district."""
    if not Sheet.objects.filter(unit=place.unit).exists():
        other = found_unit(
            actor=SYSTEM, now=place.now, kind=UnitKind.BASE, name=localized(f"{place.sign}二厂", "Second"),
            label=f"{place.label}-X", parent=place.unit, founded=date(2020, 1, 1),
        )  # fmt: skip
        admit_worker(
            actor=SYSTEM, now=place.now, unit=other, name="职工", employment=Employment.DIRECT, since=date(2024, 5, 1),
            other_person=True,
        )  # fmt: skip
    made = services.draft_sheet(
        actor=place.actor("org_officer"), now=place.now, unit=place.unit, level=Level.BASE, year=year,
        title=localized(f"{place.sign}专项资金", "Fund"), budget=100_000,
    )  # fmt: skip
    return services.compute_sheet(actor=SYSTEM, now=place.now, code=made.code)


def _published(place: Place, year: int) -> Sheet:
    return services.publish_sheet(actor=SYSTEM, now=place.now, code=_sheet(place, year).code)


@sample("allocation:sheet", "allocation:text", "allocation:bundle", "allocation:consult")
def published(place: Place) -> Mapping[str, object]:
    """A published sheet."""
    return {"code": _published(place, place.now.year).code}


@sample("allocation:compute", "allocation:publish", "allocation:withdraw", "allocation:compare")
def computed(place: Place) -> Mapping[str, object]:
    """A computed sheet, which nobody but its officers sees."""
    return {"code": _sheet(place, place.now.year - 1).code}


def _in(place: Place, state: State) -> str:
    """A published sheet put into a later state: how it gets there is tested where the app is."""
    sheet = _published(place, place.now.year + 1)
    Sheet.objects.filter(pk=sheet.pk).update(state=state, decided=place.now)
    return sheet.code


@sample("allocation:decide")
def consulted(place: Place) -> Mapping[str, object]:
    """A sheet that waits for the decision."""
    return {"code": _in(place, State.CONSULTED)}


@sample("allocation:pay")
def decided(place: Place) -> Mapping[str, object]:
    """A decided sheet."""
    sheet = Sheet.objects.get(code=place.other(published)["code"])
    copy = Sheet.objects.get(pk=sheet.pk)
    copy.pk, copy.code, copy.state, copy.level = None, f"AS-P{place.label}", State.DECIDED, Level.HUB
    copy.decided = place.now
    copy.save()
    return {"code": copy.code}


@sample("allocation:audit")
def compared(place: Place) -> Mapping[str, object]:
    """A sheet that waits for the auditor."""
    sheet = Sheet.objects.get(code=place.other(published)["code"])
    copy = Sheet.objects.get(pk=sheet.pk)
    copy.pk, copy.code, copy.state, copy.level = None, f"AS-A{place.label}", State.COMPARED, Level.DISTRICT
    copy.decided = place.now
    copy.save()
    return {"code": copy.code}
