"""Papers upward and what is asked of the base."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils.timezone import localdate
from tests.architecture.samples import Place, sample

from qiao.base.i18n import localized
from qiao.org.units.choices import UnitKind
from qiao.org.upward import services
from qiao.org.upward.choices import Addressee, Matter, PaperKind


def _draft(place: Place) -> str:
    return services.draft_paper(
        actor=place.actor("org_officer"), now=place.now, unit=place.unit, kind=PaperKind.REQUEST,
        matter=Matter.MONEY, title=f"{place.sign}请示", text="需要经费。", question="可否追加？", proposal="列支。",
        addressee=Addressee.COMMITTEE,
    ).code  # fmt: skip


@sample("upward:paper", gone="read by the side that asks and the side that answers, by no other office")
def shown(place: Place) -> Mapping[str, object]:
    """A draft of one's own unit."""
    return {"code": _draft(place)}


@sample("upward:*")
def draft(place: Place) -> Mapping[str, object]:
    """A draft of one's own unit."""
    return {"code": _draft(place)}


@sample("upward:handle", "upward:return", "upward:answer", "upward:close", "upward:chase")
def issued(place: Place) -> Mapping[str, object]:
    """A paper that is out, to one's own committee."""
    code = _draft(place)
    services.issue_paper(actor=place.actor("executive"), now=place.now, code=code)
    return {"code": code}


@sample("upward:end_demand")
def demand(place: Place) -> Mapping[str, object]:
    """A report asked of the base."""
    today = localdate(place.now)
    return {
        "code": services.register_demand(
            actor=place.actor("secretary"), now=place.now, unit=place.unit,
            title=localized(f"{place.sign}报表", "Report"), purpose=localized("看", "Why"), asked_of=UnitKind.BASE,
            minutes=5, times=1, begins=today, ends=today + timedelta(days=90),
            existing_since=today - timedelta(days=400),
        ).code
    }  # fmt: skip
