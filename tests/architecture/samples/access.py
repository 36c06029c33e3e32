"""Declared ties to employers."""

from __future__ import annotations

from collections.abc import Mapping

from tests.architecture.samples import Place, sample

from qiao.org.access.choices import TieKind
from qiao.org.access.services import declare_tie
from qiao.org.workplaces.choices import Ownership, Sector
from qiao.org.workplaces.models import Employer


@sample("access:end_tie", gone="a declaration is ended by whoever made it")
def tie(place: Place) -> Mapping[str, object]:
    """A tie the organisation officer declared, to an employer without a union."""
    employer = Employer.objects.create(
        code=f"K-T{place.label}", name=f"{place.sign}机械有限公司", place=place.unit, ownership=Ownership.PRIVATE,
        sector=Sector.C, entered=place.now, confirmed=place.now.date(),
    )  # fmt: skip
    made = declare_tie(actor=place.actor("org_officer"), now=place.now, employer=employer, kind=TieKind.MANAGES)
    return {"tie_id": made.pk}
