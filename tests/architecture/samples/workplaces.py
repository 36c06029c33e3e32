"""Employers and their imports; coverage, outreach, targets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.timezone import localdate
from tests.architecture.samples import Place, sample

from qiao.base.i18n import localized
from qiao.org.coverage import services as coverage
from qiao.org.coverage.choices import Measure
from qiao.org.workplaces import services
from qiao.org.workplaces.choices import CountSource, Ownership, Sector
from qiao.org.workplaces.models import Employer


def _employer(place: Place, name: str) -> Employer:
    return services.register_employer(
        actor=place.actor("org_officer"), now=place.now, name=f"{place.sign}{name}", place=place.unit, sector=Sector.A,
        ownership=Ownership.PRIVATE,
    )  # fmt: skip


@sample("workplaces:employer", "workplaces:change", "workplaces:count", "workplaces:correct", "workplaces:link",
        "workplaces:end")  # fmt: skip
def employer(place: Place) -> Mapping[str, object]:
    """An employer of the district, counted once."""
    code = _employer(place, "纺织厂").code
    count = services.enter_headcount(
        actor=place.actor("org_officer"), now=place.now, code=code, day=localdate(place.now), direct=80,
        source=CountSource.VISIT,
    )  # fmt: skip
    return {"code": code, "number": count.pk, "what": "close"}


@sample("workplaces:imports", "workplaces:import_template")
def importing(place: Place) -> Mapping[str, object]:
    """The district, where tables are handed in."""
    return {"label": place.unit.label}


@sample("workplaces:batch", "workplaces:match", "workplaces:move_batch")
def batch(place: Place) -> Mapping[str, object]:
    """A table of employers handed in at the district."""
    with TemporaryDirectory() as folder:
        file = Path(folder, f"{place.sign}.csv")
        file.write_text(f"单位名称,职工人数\n{place.sign}五金厂,40\n", encoding="utf-8")
        made = services.upload_table(actor=place.actor("org_officer"), now=place.now, unit=place.unit, file=file)
    return {"label": place.unit.label, "code": made.code}


@sample("coverage:unit", "coverage:download", "coverage:unions", "coverage:unions_workbook", "coverage:scope",
        "coverage:targets", "coverage:new_target")  # fmt: skip
def covered(place: Place) -> Mapping[str, object]:
    """The district."""
    return {"label": place.unit.label, "form": "csv"}


@sample("coverage:campaign", "coverage:board_workbook", "coverage:act", "coverage:poster", "coverage:lead")
def campaign(place: Place) -> Mapping[str, object]:
    """A campaign of the district with one employer on its list."""
    today, actor = localdate(place.now), place.actor("hub_organiser")
    code = coverage.open_campaign(
        actor=actor, now=place.now, unit=place.unit, title=localized(f"{place.sign}建会", "Forming unions"),
        goal=localized("建会", "Unions"), starts=today, ends=today + timedelta(days=60),
    ).code  # fmt: skip
    found = _employer(place, "印染厂").code
    coverage.add_lead(actor=actor, now=place.now, code=code, employer_code=found)
    return {"code": code, "employer": found}


@sample("coverage:target", "coverage:change_target")
def target(place: Place) -> Mapping[str, object]:
    """A target of the district."""
    due = localdate(place.now) + timedelta(days=300)
    made = coverage.set_target(
        actor=place.actor("org_officer"), now=place.now, unit=place.unit, measure=Measure.RATE_FORMED,
        document=f"{place.sign}建会计划", level="市总工会", source_value=Decimal("0.9"), source_due=due,
        value=Decimal("0.9"), due=due, reason="按全市计划执行",
    )  # fmt: skip
    return {"code": made.target.code}


@sample("coverage:act_target", gone="the unit asked and the unit that asks, of all who are signed in")
def own_target(place: Place) -> Mapping[str, object]:
    """The same target."""
    return place.other(target)
