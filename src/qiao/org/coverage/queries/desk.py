"""What coverage and outreach put on desks and on the pages of units."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.i18n import percent_text, pick
from qiao.base.lineage import Stage
from qiao.base.records import DeskItem, Door, Panel, PanelLine
from qiao.org.coverage.queries.outreach import leads_due
from qiao.org.coverage.queries.pages import coverage_of
from qiao.org.coverage.queries.targets import waiting_versions
from qiao.org.coverage.rules import Rate
from qiao.org.units.models import Unit

_LEAD_AHEAD = timedelta(days=7)


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:
    """Next steps of outreach that are due within a week or overdue, and targets that wait for the unit's word."""
    today = timezone.localdate(now)
    items = []
    if actor.may("outreach.run"):
        for lead in leads_due(actor.account_id, today + _LEAD_AHEAD):
            if lead.next_due is None or not actor.may("outreach.run", lead.campaign.unit.path):
                continue
            items.append(
                DeskItem(
                    due=_end_of(lead.next_due),
                    title=_("Outreach: %(employer)s") % {"employer": lead.employer.name},
                    stage=Stage.DELIVER,
                    unit=pick(lead.campaign.unit.name),
                    next_step=lead.next_step,
                    url=reverse("coverage:lead", args=[lead.campaign.code, lead.employer.code]),
                )
            )
    own = tuple(grant.path for grant in actor.grants if "target.consent" in grant.actions)
    items.extend(
        DeskItem(
            due=_end_of(version.due),
            title=_("Target %(code)s: %(measure)s")
            % {"code": version.target.code, "measure": version.target.get_measure_display()},
            stage=Stage.DECIDE,
            unit=pick(version.target.unit.name),
            next_step=_("Consent or decline"),
            url=reverse("coverage:target", args=[version.target.code]),
        )
        for version in (waiting_versions(own) if own else [])
        if not actor.did(version.set_by_id) and not actor.tied(version.target.unit.path)
    )
    return items


def desk_doors(*, actor: Actor) -> list[Door]:
    """Where outreach and employers begin, for those who work on them."""
    doors = []
    if actor.may("outreach.run"):
        doors.append(Door("", _("Outreach to employers"), reverse("coverage:campaigns")))
    if actor.may("employer.list"):
        doors.append(Door("", _("Employers"), reverse("workplaces:employers")))
    return doors


def unit_doors(*, actor: Actor, unit: Unit, now: datetime) -> list[Door]:  # noqa: ARG001 -- the shell's signature
    """Employers, outreach and targets of a unit."""
    doors = []
    if actor.may("employer.list", unit.path):
        url = f"{reverse('workplaces:employers')}?place={unit.label}"
        doors.append(Door("", _("Employers"), url, _("List, headcounts, unions formed at them")))
    if actor.may("outreach.run", unit.path):
        doors.append(Door("", _("Outreach to employers"), reverse("coverage:campaigns")))
    return doors


def unit_panels(*, actor: Actor, unit: Unit, now: datetime) -> list[Panel]:  # noqa: ARG001 -- the shell's signature
    """Both rates and effective coverage on the page of a unit."""
    page = coverage_of(unit, full=actor.may("coverage.read", unit.path))
    if page.totals is None or page.day is None or page.totals.line.count.employers + page.totals.line.count.unions == 0:
        return []
    line = page.totals.line
    lines = tuple(
        PanelLine(label, percent_text(found.value))
        for label, found in (
            (_("Union-forming rate"), line.formed),
            (_("Members among the employees of unionised employers"), line.joined_in),
            (_("Members among all employees"), line.joined_all),
            (_("Unions that are really alive"), line.effective),
        )
        if found.value is not None
    )
    more = Door("", _("All figures of coverage"), reverse("coverage:unit", args=[unit.label]))
    return [Panel(_("Coverage"), lines, more, _rested(line.joined_all) if line.joined_all.value is not None else "")]


def _rested(found: Rate) -> str:
    return _("Of %(whole)s employees in scope; every figure with its base stands on the page of coverage.") % {
        "whole": f"{found.whole:,}"
    }


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), timezone.get_default_timezone())
