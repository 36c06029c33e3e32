"""Working employers from listed to formed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.utils import timezone

from qiao.base import audit
from qiao.base.access import Actor
from qiao.base.days import require_plausible
from qiao.base.db import atomic
from qiao.base.denylist import match_header
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.org.coverage.choices import Channel, DeclineReason, LeadState
from qiao.org.coverage.models import Campaign, Lead, LeadLine
from qiao.org.coverage.queries.outreach import candidates
from qiao.org.coverage.rules import next_lead_states
from qiao.org.coverage.services.outreach import locked_campaign
from qiao.org.units.models import Unit
from qiao.org.workplaces.choices import EmployerState
from qiao.org.workplaces.models import Employer, UnitEmployer


def list_employers(
    *, actor: Actor, now: datetime, code: str, employer_codes: Collection[str] | None = None, most: int = 500
) -> int:
    """Put employers without a union on a campaign's list: those named, or all of its place and sector up to ``most``.

    Employers listed already stay as they are. Returns how many were added. Raises Refused, Problem.
    """
    with atomic():
        campaign = locked_campaign(actor, code)
        found = candidates(campaign)
        if employer_codes is not None:
            found = found.filter(code__in=employer_codes)
        made = Lead.objects.bulk_create(
            [Lead(campaign=campaign, employer=employer, since=now) for employer in found[:most]]
        )
        audit.record(
            actor=actor, now=now, action="lead.list", code=code, unit_path=campaign.unit.path,
            detail={"employers": len(made)},
        )  # fmt: skip
    return len(made)


def add_lead(*, actor: Actor, now: datetime, code: str, employer_code: str) -> Lead:
    """Put one employer on a campaign's list; one that is on it stays as it is.

    Raises Refused, Problem where the employer lies elsewhere, has closed down, or has a union.
    """
    with atomic():
        campaign = locked_campaign(actor, code)
        employer = Employer.objects.filter(code=employer_code).select_related("place").order_by("pk").first()
        if employer is None or not employer.place.path.startswith(campaign.unit.path):
            raise Problem("There is no such employer in the place of this campaign: %(code)s.", code=employer_code)
        listed = Lead.objects.filter(campaign=campaign, employer=employer).order_by("pk").first()
        if listed is not None:
            return listed
        if employer.state == EmployerState.CLOSED:
            raise Problem("%(employer)s has closed down.", employer=employer.name)
        if UnitEmployer.objects.filter(employer=employer, until__isnull=True).exists():
            raise Problem("%(employer)s has a union already.", employer=employer.name)
        lead = Lead.objects.create(campaign=campaign, employer=employer, since=now)
        audit.record(
            actor=actor, now=now, action="lead.add", code=code, unit_path=campaign.unit.path,
            detail={"employer": employer_code},
        )  # fmt: skip
    return lead


def move_lead(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    employer_code: str,
    to: LeadState | str,
    text: str,
    day: date | None = None,
    channel: Channel | str = "",
    reason: DeclineReason | str = "",
    next_step: str = "",
    next_due: date | None = None,
    unit: Unit | None = None,
) -> Lead:
    """Write a contact into the log of an employer and move it on, or stay (``to`` its present state).

    The text is about the employer: numbers of persons and what the deny-list names are refused. "Formed" names the
    union unit, linked to the employer before (`workplaces.services.link_union`). A line written twice is kept once.

    Raises Refused without ``outreach.run`` at the campaign's unit, Problem for a step that does not follow, a missing
    text, reason, unit, or date, or a day to come.
    """
    text, next_step = " ".join(text.split()), " ".join(next_step.split())[:200]
    today = timezone.localdate(now)
    day = day or today
    _check_line(text, next_step, day, next_due, today)
    with atomic():
        campaign, lead = _locked_lead(actor, code, employer_code)
        _same = LeadLine.objects.filter(
            lead=lead, day=day, text=text, to_state=to, channel=channel, by_id=actor.account_id
        )
        if lead.state == to and _same.exists():
            return lead
        _check_step(lead, LeadState(to), reason, unit)
        before = lead.state
        lead.state = to
        lead.reason = reason if to == LeadState.DECLINED else ""
        lead.formed_unit = unit if to == LeadState.FORMED else None
        done = to in (LeadState.FORMED, LeadState.DECLINED)
        lead.next_step, lead.next_due = ("", None) if done else (next_step, next_due)
        lead.since = now if before != to else lead.since
        lead.save()
        LeadLine.objects.create(
            lead=lead, day=day, channel=channel, text=text, from_state=before, to_state=to, by_id=actor.account_id,
            entered=now,
        )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="lead.move", code=code, unit_path=campaign.unit.path,
            detail={"employer": employer_code, "from": before, "to": str(to)},
        )  # fmt: skip
    return lead


def plan_step(
    *, actor: Actor, now: datetime, code: str, employer_code: str, next_step: str, next_due: date | None
) -> Lead:
    """Set or clear what is to be done next, and by when. Raises Refused, Problem."""
    next_step = " ".join(next_step.split())[:200]
    if bool(next_step) != bool(next_due):
        raise Problem("A next step has words and a day.")
    require_clean({"text": next_step}, landlines=False)
    if next_due:
        require_plausible(next_due)
    with atomic():
        campaign, lead = _locked_lead(actor, code, employer_code)
        if lead.state in (LeadState.FORMED, LeadState.DECLINED) and next_step:
            raise Problem("Nothing is to be done here any more.")
        lead.next_step, lead.next_due = next_step, next_due
        lead.save(update_fields=["next_step", "next_due"])
        audit.record(
            actor=actor, now=now, action="lead.plan", code=code, unit_path=campaign.unit.path,
            detail={"employer": employer_code, "due": str(next_due)},
        )  # fmt: skip
    return lead


def _locked_lead(actor: Actor, code: str, employer_code: str) -> tuple[Campaign, Lead]:
    campaign = locked_campaign(actor, code)
    lead = (
        Lead.objects.select_for_update(of=("self",))
        .filter(campaign=campaign, employer__code=employer_code)
        .select_related("employer")
        .order_by("pk")
        .first()
    )
    if lead is None:
        raise Problem("This employer is not on the list of the campaign: %(code)s.", code=employer_code)
    return campaign, lead


def _check_line(text: str, next_step: str, day: date, next_due: date | None, today: date) -> None:
    if len(text) < 4:
        raise Problem("Write in a line what was said or done, without names of workers.")
    if len(text) > 500:
        raise Problem("A line has at most %(most)d signs.", most=500)
    require_plausible(day)
    if day > today:
        raise Problem("This day has not come yet: %(day)s.", day=day.isoformat())
    if bool(next_step) != bool(next_due):
        raise Problem("A next step has words and a day.")
    if next_due is not None:
        require_plausible(next_due)
    require_clean({"text": text, "note": next_step}, landlines=False)
    if match_header(text) or match_header(next_step):
        raise Problem(
            "This line names what the platform never holds (ethnicity, religion, party, opinion, security marks).",
            hint="Write about the employer and the next step only.",
        )


def _check_step(lead: Lead, to: LeadState, reason: str, unit: Unit | None) -> None:
    if to != lead.state and to not in next_lead_states(lead.state):
        raise Problem(
            "From “%(state)s” it does not go to “%(to)s” at once.",
            hint="Take the steps one after another.",
            state=LeadState(lead.state).label,
            to=to.label,
        )
    if to == LeadState.DECLINED and reason not in DeclineReason.values:
        raise Problem("Choose why nothing came of it.")
    if to == LeadState.FORMED:
        if lead.state == LeadState.FORMED:
            unit = unit or lead.formed_unit
        linked = (
            unit is not None
            and UnitEmployer.objects.filter(unit=unit, employer=lead.employer, until__isnull=True).exists()
        )
        if not linked:
            raise Problem(
                "Name the union unit that was formed, and link it to the employer first.",
                hint="Propose the unit, let the unit above approve it, then link it on the employer's page.",
            )
