"""Campaigns, their board, and new employers without a union."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from qiao.org.coverage.choices import LeadState
from qiao.org.coverage.models import Campaign, Lead, LeadLine
from qiao.org.coverage.rules.days import months_before
from qiao.org.mandates.rules import HELP_NEW_EMPLOYER
from qiao.org.settings.queries import value_of
from qiao.org.workplaces.choices import EmployerState
from qiao.org.workplaces.models import Employer, UnitEmployer

#: Leads shown in a column before a reader goes to the list of that state.
COLUMN = 12
PAGE = 50


@dataclass(frozen=True, slots=True)
class Column:
    """One state of a board: how many employers stand there, and the first of them."""

    state: str
    label: str
    number: int
    leads: tuple[Lead, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """A campaign by states."""

    campaign: Campaign
    columns: tuple[Column, ...]
    total: int
    formed: int
    overdue: int


def campaign_by_code(code: str) -> Campaign:
    """The campaign with this code; raises Campaign.DoesNotExist."""
    return Campaign.objects.select_related("unit", "organiser").get(code=code)


def campaigns_at(paths: tuple[str, ...]) -> QuerySet[Campaign]:
    """Campaigns of these subtrees, the running ones first, then the latest; each with ``total`` and ``formed``."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(unit__path__startswith=path)
    return (
        Campaign.objects.filter(condition)
        .select_related("unit", "organiser")
        .annotate(total=Count("leads"), formed=Count("leads", filter=Q(leads__state=LeadState.FORMED)))
        .order_by("-state", "-starts", "code")
    )


def board_of(campaign: Campaign, today: date) -> Board:
    """The board: per state how many, and the first ones by the day of their next step. One query for each state."""
    numbers = dict(Lead.objects.filter(campaign=campaign).order_by().values_list("state").annotate(n=Count("pk")))
    columns = tuple(
        Column(
            state.value,
            str(state.label),
            numbers.get(state.value, 0),
            tuple(_leads(campaign, state.value)[:COLUMN]) if numbers.get(state.value) else (),
        )
        for state in LeadState
    )
    overdue = Lead.objects.filter(campaign=campaign, next_due__lt=today).exclude(state=LeadState.FORMED).count()
    return Board(campaign, columns, sum(numbers.values()), numbers.get(LeadState.FORMED.value, 0), overdue)


def lead_page(campaign: Campaign, *, state: str = "", start: int = 0) -> list[Lead]:
    """Leads of one state (or all), a page and one more."""
    return list(_leads(campaign, state)[start : start + PAGE + 1])


def all_leads(campaign: Campaign, *, state: str = "") -> Iterator[Lead]:
    """All leads of one state (or all), for a file."""
    return _leads(campaign, state).iterator(chunk_size=1000)


def lead_of(campaign: Campaign, employer_code: str) -> Lead | None:
    """One employer of a campaign."""
    return (
        Lead.objects.filter(campaign=campaign, employer__code=employer_code)
        .select_related("employer", "employer__place", "campaign", "campaign__unit", "formed_unit")
        .order_by("pk")
        .first()
    )


def lines_of(lead: Lead) -> list[LeadLine]:
    """The log of a lead, newest first."""
    return list(LeadLine.objects.filter(lead=lead).select_related("by").order_by("-day", "-pk")[:200])


def leads_due(actor_account: int | None, until: date) -> list[Lead]:
    """Next steps of an organiser's running campaigns up to a day, the earliest first."""
    return list(
        Lead.objects.filter(
            campaign__organiser_id=actor_account, campaign__state="running", next_due__isnull=False,
            next_due__lte=until,
        )
        .exclude(state__in=[LeadState.FORMED, LeadState.DECLINED])
        .select_related("employer", "campaign", "campaign__unit")
        .order_by("next_due", "pk")[:30]
    )  # fmt: skip


def candidates(campaign: Campaign) -> QuerySet[Employer]:
    """Employers in business of the campaign's place and sector without a union, that it does not list yet."""
    linked = UnitEmployer.objects.filter(employer=OuterRef("pk"), until__isnull=True)
    listed = Lead.objects.filter(employer=OuterRef("pk"), campaign=campaign)
    found = Employer.objects.filter(
        ~Exists(linked), ~Exists(listed), state=EmployerState.OPEN, place__path__startswith=campaign.unit.path
    )
    if campaign.sector:
        found = found.filter(sector=campaign.sector)
    return found.select_related("place").order_by("name", "pk")


def new_employers_without(path: str, on: date) -> tuple[list[Employer], int]:
    """Employers of a subtree that opened longer ago than a new one has to form a union, and have none; and the months.

    Looks back three years: what is older is the campaigns' work.
    """
    months = value_of(HELP_NEW_EMPLOYER, path=path, on=on)
    linked = UnitEmployer.objects.filter(employer=OuterRef("pk"), until__isnull=True)
    found = Employer.objects.filter(
        ~Exists(linked), state=EmployerState.OPEN, place__path__startswith=path,
        opened__lte=months_before(on, months), opened__gt=months_before(on, months + 36),
    )  # fmt: skip
    return list(found.select_related("place").order_by("opened", "pk")[:PAGE]), months


def _leads(campaign: Campaign, state: str) -> QuerySet[Lead]:
    found = Lead.objects.filter(campaign=campaign)
    if state:
        found = found.filter(state=state)
    return found.select_related("employer", "formed_unit").order_by("next_due", "employer__name", "pk")
