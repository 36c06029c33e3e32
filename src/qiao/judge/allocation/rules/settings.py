"""The weights of need-based allocation and how far a share may move in a year (handbook C24)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qiao.judge.allocation.rules.sheet import INPUTS
from qiao.org.settings.choices import Kind, Setter
from qiao.org.settings.rules import Setting

#: What each input is called; the order is the formula's.
LABELS: Mapping[str, Promise] = dict(
    zip(
        INPUTS,
        (
            _("Members per full-time officer"),
            _("Open cases per 1,000 members"),
            _("Aid files per 1,000 members"),
            _("Coverage gap"),
            _("Way to the district's office, in minutes"),
            _("Budget per member and year, in yuan"),
        ),
        strict=True,
    )
)


def _weight(place: int, default: float) -> Setting[float]:
    return Setting[float](
        f"alloc.weight.{place}",
        LABELS[INPUTS[place - 1]],
        Kind.SHARE,
        default=default,
        note=_("Weight in need-based allocation. The six weights sum to 1; members are asked before they change."),
        setter=Setter.ABOVE,
    )


WEIGHTS: Mapping[str, Setting[float]] = {
    key: _weight(place, default)
    for place, (key, default) in enumerate(zip(INPUTS, (0.20, 0.20, 0.20, 0.15, 0.10, 0.15), strict=True), start=1)
}
FLOOR_CHANGE = Setting[float](
    "alloc.floor_change",
    _("How far a unit's share of an allocation may move in a year"),
    Kind.SHARE,
    default=0.15,
    note=_("Upward and downward, as a part of the share of the year before. New units have no limit."),
    setter=Setter.ABOVE,
)
ALL = (*WEIGHTS.values(), FLOOR_CHANGE)
