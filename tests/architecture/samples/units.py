"""Units and their officers."""

from __future__ import annotations

from collections.abc import Mapping

from tests.architecture.samples import Place, sample

from qiao.org.access.models import RoleGrant


@sample("units:*", "officers:*")
def unit(place: Place) -> Mapping[str, object]:
    """The district itself with one of its grants."""
    grant = RoleGrant.objects.filter(unit=place.unit).order_by("pk").first()
    assert grant is not None
    return {"label": place.unit.label, "grant_id": grant.pk}


@sample("units:rename", "units:move", "officers:close")
def below(place: Place) -> Mapping[str, object]:
    """The base union below the district: who changes a unit holds the role above it."""
    return {"label": place.base.label}
