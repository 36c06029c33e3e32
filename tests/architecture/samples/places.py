"""Pages below a unit's own address: elections, mandates, coverage, the yearly table, joining, employers, settings."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.timezone import localdate
from tests.architecture.samples import Place, sample

from qiao.org.settings.rules import all_settings


@sample("elections:elections", "elections:plan", "elections:petition-start", "elections:overdue",
        "elections:overdue-workbook", "mandates:people", "mandates:enter", "mandates:tests", "applications:list",
        "applications:approve", "applications:assist", "applications:poster", "coverage:unit", "coverage:unions",
        "coverage:scope", "coverage:targets", "coverage:new_target", "yearbook:inputs", "yearbook:enter",
        "workplaces:imports", "workplaces:import_template", fallback=True)  # fmt: skip
def unit(place: Place) -> Mapping[str, object]:
    """The district."""
    return {"label": place.unit.label}


@sample("coverage:download", "yearbook:table", "yearbook:workbook", "yearbook:text", "yearbook:edition",
        "yearbook:sheet", "yearbook:sheet-text", gone="nothing is frozen this year",
        fallback=True)  # fmt: skip
def year(place: Place) -> Mapping[str, object]:
    """The district in this year."""
    return {"label": place.unit.label, "year": localdate(place.now).year, "level": "district", "form": "csv"}


@sample("unit_settings:setting", "unit_settings:change", "unit_settings:end", "unit_settings:year",
        "unit_settings:calendar_file", gone="not every setting is every office's",
        fallback=True)  # fmt: skip
def setting(place: Place) -> Mapping[str, object]:
    """One of the settings, at the district."""
    return {"key": all_settings()[0].key, "label": place.unit.label, "year": localdate(place.now).year}


@sample("unit_settings:withdraw", "retention:end_hold", "workplaces:employer", "workplaces:change",
        "workplaces:count", "workplaces:correct", "workplaces:link", "workplaces:end", "workplaces:batch",
        "workplaces:match", "workplaces:move_batch", "coverage:campaign", "coverage:act", "coverage:poster",
        "coverage:lead", "coverage:target", "coverage:act_target", "coverage:change_target", "yearbook:contest",
        "yearbook:decide", "elections:election", "elections:nominate", "elections:result", "elections:return",
        "elections:withdraw", "elections:petition", "elections:petition-call", "elections:petition-result",
        "mandates:channel", "mandates:own", "mandates:end", "mandates:test", "applications:ruling",
        "applications:propose", "applications:one", "applications:decide", "joining:card", "joining:state",
        "joining:act", "joining:withdraw", "standing:appeal", "membership:twin", "membership:group",
        "membership:change_group",
        gone="only the door is tried: no object of this kind is made here", fallback=True)  # fmt: skip
def door(place: Place) -> Mapping[str, object]:
    """The unit is real, the object is not: the door is tried, and that another unit's address opens nothing."""
    return {"label": place.unit.label, "code": "X-1", "employer": "X-2", "what": "count", "number": 0, "key": 0,
            "value_id": 0, "hold_id": 0, "secret": "ABCD-EFGH", "token": "x", "receipt": "J-XXXX-XXXX-X"}  # fmt: skip
