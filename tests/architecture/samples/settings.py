"""Settings of a unit, and holds on its records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from tests.architecture.samples import Place, sample

from qiao.decide.consultations.rules import OPEN_DAYS
from qiao.org.retention.choices import Ground
from qiao.org.retention.services import set_hold
from qiao.org.settings.services import set_value

ACTION = "the door is the desk's; each setting names the action its officers need"


@sample("unit_settings:setting", shared="what holds where is public")
def read(place: Place) -> Mapping[str, object]:
    """A setting every unit may have its own value of."""
    return {"key": OPEN_DAYS.key}


@sample("unit_settings:change", "unit_settings:end", "unit_settings:year", "unit_settings:calendar_file", gone=ACTION)
def changed(place: Place) -> Mapping[str, object]:
    """The same at a base union, and its calendar, which is set above it."""
    return {"key": OPEN_DAYS.key, "label": place.base.label, "year": place.now.year}


@sample("unit_settings:withdraw", gone=ACTION)
def to_come(place: Place) -> Mapping[str, object]:
    """A value that has not begun."""
    row = set_value(
        actor=place.actor("org_officer"), now=place.now, setting_key=OPEN_DAYS.key, unit=place.base, value=20,
        since=place.now.date() + timedelta(days=9), reason=f"{place.sign}倒班",
    )  # fmt: skip
    return {"value_id": row.pk}


@sample("retention:end_hold")
def held(place: Place) -> Mapping[str, object]:
    """Records of a district held back."""
    hold = set_hold(
        actor=place.actor("dpo"), now=place.now, object_class="survey_answers", ground=Ground.CASE,
        reason=f"{place.sign}案件", until=place.now.date() + timedelta(days=30), unit=place.unit,
    )  # fmt: skip
    return {"hold_id": hold.pk}
