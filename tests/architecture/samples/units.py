"""Units, their proposals, imports and officers; appeals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.timezone import localdate
from tests.architecture.samples import Place, sample

from qiao.base.i18n import localized
from qiao.org.access.models import RoleGrant
from qiao.org.units.choices import LeadForm, UnitKind
from qiao.org.units.services import appeal_refusal, propose_unit, refuse_unit
from qiao.org.units.services.imports import upload_units


@sample("units:*", "officers:*")
def unit(place: Place) -> Mapping[str, object]:
    """The district itself with one of its grants."""
    grant = RoleGrant.objects.filter(unit=place.unit).order_by("pk").first()
    assert grant is not None
    return {"label": place.unit.label, "grant_id": grant.pk, "kind": "base", "form": "csv"}


@sample("units:propose", shared="whoever is signed in may propose a unit anywhere")
def anywhere(place: Place) -> Mapping[str, object]:
    """The district."""
    return {"label": place.unit.label}


@sample("units:rename", "units:move", "units:sector", "units:headcount")
def below(place: Place) -> Mapping[str, object]:
    """The base union below the district: who changes a unit holds the role above it."""
    return {"label": place.base.label}


@sample("units:end", gone="the chair of the unit or an officer above it, of all who are signed in")
def ending(place: Place) -> Mapping[str, object]:
    """The base union below the district."""
    return {"label": place.base.label}


def _proposal(place: Place) -> str:
    return propose_unit(
        actor=place.members[0], now=place.now, above=place.unit, kind=UnitKind.BASE,
        name=localized(f"{place.sign}新工会"), employers=[{"name": f"{place.sign}公司", "reg_code": ""}], headcount=30,
        founders=5, lead_form=LeadForm.COMMITTEE, prepares=f"{place.sign}筹备组",
        planned=localdate(place.now) + timedelta(days=30),
    ).code  # fmt: skip


@sample("units:begin", "units:approve", "units:refuse")
def proposal(place: Place) -> Mapping[str, object]:
    """A proposal of a member that waits for the district."""
    return {"label": _proposal(place)}


@sample(
    "units:prepared", "units:withdraw", "units:appeal", gone="for the proposer and the officers above, of all signed in"
)
def own_proposal(place: Place) -> Mapping[str, object]:
    """The same, for those who proposed it."""
    return {"label": _proposal(place)}


@sample("units:batch", "units:match", "units:confirm", "units:undo", "units:discard")
def batch(place: Place) -> Mapping[str, object]:
    """A table of units handed in at the district."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "units.csv")
        file.write_text(f"编号,名称,类别,成立日期\n{place.label}-X1,{place.sign}甲工会,基层工会,2024-01-01\n")
        made = upload_units(actor=place.actor("org_officer"), now=place.now, unit=place.unit, file=file)
    return {"code": made.code}


@sample("appeals:*", gone="for the appellant, and for officers who may decide and have not decided before")
def appeal(place: Place) -> Mapping[str, object]:
    """An appeal of a member against a refusal of the district."""
    code = _proposal(place)
    refuse_unit(actor=place.actor("org_officer"), now=place.now, code=code, reason="不同意")
    made = appeal_refusal(actor=place.members[0], now=place.now, code=code, ground=f"{place.sign}不服")
    return {"code": made.code}
