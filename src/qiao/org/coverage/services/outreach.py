"""Campaigns of outreach."""

from __future__ import annotations

from datetime import date, datetime

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.codes import next_code
from qiao.base.days import require_plausible
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.org.coverage.choices import CampaignState
from qiao.org.coverage.models import Campaign, Lead
from qiao.org.people.models import Account
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in
from qiao.org.workplaces.choices import Sector


def open_campaign(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    title: Localized,
    goal: Localized,
    starts: date,
    ends: date,
    sector: Sector | str = "",
    organiser: Account | None = None,
) -> Campaign:
    """Open a campaign over the employers of a place. ``organiser`` defaults to whoever opens it.

    Raises Refused without ``outreach.run`` at the unit, Problem for a base union, a closed unit, dates that cannot be
    meant, or a number of a person in the texts.
    """
    require(actor, "outreach.run", unit.path)
    if unit.kind in (UnitKind.BASE, UnitKind.JOINT_BASE) or not takes_in(unit):
        raise Problem("A campaign belongs to a hub, a district or a federation that is open.")
    _check(starts, ends, title, goal)
    with atomic():
        campaign = Campaign.objects.create(
            code=next_code("K"), unit=unit, title=title, goal=goal, sector=sector or "", starts=starts, ends=ends,
            organiser_id=organiser.pk if organiser else actor.account_id, opened=now,
        )  # fmt: skip
        audit.record(actor=actor, now=now, action="campaign.open", code=campaign.code, unit_path=unit.path)
    return campaign


def change_campaign(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    title: Localized,
    goal: Localized,
    ends: date,
    organiser: Account | None = None,
) -> Campaign:
    """Change what a running campaign is called and aims at, its end, or who runs it. Raises as `open_campaign`."""
    with atomic():
        campaign = locked_campaign(actor, code)
        _check(campaign.starts, ends, title, goal)
        campaign.title, campaign.goal, campaign.ends = title, goal, ends
        if organiser is not None:
            campaign.organiser = organiser
        campaign.save(update_fields=["title", "goal", "ends", "organiser"])
        audit.record(actor=actor, now=now, action="campaign.change", code=code, unit_path=campaign.unit.path)
    return campaign


def end_campaign(*, actor: Actor, now: datetime, code: str) -> Campaign:
    """End a campaign; its next steps leave the desk. Twice changes nothing. Raises Refused, Problem."""
    with atomic():
        campaign = locked_campaign(actor, code, running=False)
        if campaign.state == CampaignState.ENDED:
            return campaign
        campaign.state = CampaignState.ENDED
        campaign.save(update_fields=["state"])
        Lead.objects.filter(campaign=campaign).update(next_step="", next_due=None)
        audit.record(actor=actor, now=now, action="campaign.end", code=code, unit_path=campaign.unit.path)
    return campaign


def locked_campaign(actor: Actor, code: str, *, running: bool = True) -> Campaign:
    """The campaign, locked, for whoever may run it. Raises Refused; Problem where it is unknown or has ended."""
    campaign = (
        Campaign.objects.select_for_update(of=("self",)).select_related("unit").filter(code=code).order_by("pk")
    ).first()
    if campaign is None:
        raise Problem("There is no campaign with this code: %(code)s.", code=code)
    require(actor, "outreach.run", campaign.unit.path)
    if running and campaign.state != CampaignState.RUNNING:
        raise Problem("This campaign has ended.")
    return campaign


def _check(starts: date, ends: date, title: Localized, goal: Localized) -> None:
    require_plausible(starts, ends)
    if ends < starts:
        raise Problem("It ends before it starts: check both dates.")
    require_clean({"title": title, "goal": goal}, landlines=False)
