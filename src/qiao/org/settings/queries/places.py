"""Units, read without knowing their app: settings stand below them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from qiao.org.settings.models import SettingValue

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from qiao.org.units.models import Unit


def units() -> QuerySet[Unit]:
    """All units, in tree order."""
    model = SettingValue._meta.get_field("unit").related_model
    return cast("QuerySet[Unit]", model._default_manager.order_by("path"))


def unit_by_label(label: str) -> Unit | None:
    """The unit with this label; None where there is none."""
    return units().filter(label__iexact=label.strip()).first()


def federation() -> Unit | None:
    """The federation at the top; None before anything is founded."""
    return units().filter(parent__isnull=True).order_by("pk").first()


def units_by_id(ids: Iterable[int]) -> dict[int, Unit]:
    """Units by their ids."""
    return {unit.pk: unit for unit in units().filter(pk__in=set(ids))}
