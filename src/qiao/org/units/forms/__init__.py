"""Forms of units."""

from __future__ import annotations

from qiao.org.units.forms.change import HeadcountForm, MoveForm, RenameForm, SectorForm, UnlinkForm
from qiao.org.units.forms.ending import CarryOutForm, DecideForm, EndForm
from qiao.org.units.forms.fields import DayForm, FindForm, day_field, unit_field
from qiao.org.units.forms.founding import AppealForm, ApproveForm, PreparedForm, ProposeForm, ReasonForm

__all__ = [
    "AppealForm",
    "ApproveForm",
    "CarryOutForm",
    "DayForm",
    "DecideForm",
    "EndForm",
    "FindForm",
    "HeadcountForm",
    "MoveForm",
    "PreparedForm",
    "ProposeForm",
    "ReasonForm",
    "RenameForm",
    "SectorForm",
    "UnlinkForm",
    "day_field",
    "unit_field",
]
