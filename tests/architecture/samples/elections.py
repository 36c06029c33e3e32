"""Elections, petitions, posts, tests of channels; the yearly table and the numbers entered for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from django.utils.timezone import localdate
from tests.architecture.samples import Place, sample

from qiao.base.access import SYSTEM
from qiao.org.elections import services
from qiao.org.elections.choices import Cause, NominatedBy, PetitionKind
from qiao.org.elections.models import Election
from qiao.org.elections.rules import Count
from qiao.org.mandates.choices import CommitteeKind, Post
from qiao.org.mandates.models import TestContact
from qiao.org.mandates.services import draw_tests, open_mandate
from qiao.org.units.choices import UnitState
from qiao.org.units.models import Unit
from qiao.org.yearbook.choices import InputKind
from qiao.org.yearbook.models import Edition
from qiao.org.yearbook.services import compute_year, contest_input, enter_input, freeze_year


@sample("elections:elections", "elections:plan", "elections:petition-start", "mandates:people", "mandates:enter",
        "yearbook:inputs", "yearbook:enter")  # fmt: skip
def base(place: Place) -> Mapping[str, object]:
    """The base union, which elects its committee itself."""
    return {"label": place.base.label}


@sample("elections:overdue", "elections:overdue-workbook", "mandates:tests", "yearbook:sheet", "yearbook:sheet-text")
def above(place: Place) -> Mapping[str, object]:
    """The district, which looks down on its unions."""
    return {"label": place.unit.label, "level": "base"}


def _plan(place: Place, kind: CommitteeKind = CommitteeKind.UNION) -> Election:
    return services.plan_election(
        actor=place.actor("base_officer"), now=place.now, unit=place.base, kind=kind, cause=Cause.FIRST,
        day=localdate(place.now) + timedelta(days=30), seats=3, group=f"{place.sign}筹备组",
    )  # fmt: skip


@sample("elections:election", "elections:nominate", "elections:withdraw", "elections:result")
def election(place: Place) -> Mapping[str, object]:
    """A planned election with a candidate, who is named to the unit alone."""
    made = _plan(place)
    services.nominate(
        actor=place.actor("base_officer"), now=place.now, code=made.code, name=f"{place.sign}候选人",
        post=Post.CHAIR, nominated_by=NominatedBy.MEMBERS, no_relative=True,
    )  # fmt: skip
    return {"label": place.base.label, "code": made.code}


@sample("elections:return")
def filed(place: Place) -> Mapping[str, object]:
    """An audit committee whose election lies with the unit above; all members voted."""
    made, officer = _plan(place, CommitteeKind.AUDIT), place.actor("base_chair")
    chosen = [
        services.nominate(
            actor=officer, now=place.now, code=made.code, name=f"{place.sign}委员{number}", post=post,
            nominated_by=NominatedBy.MEMBERS, no_relative=True,
        ).pk
        for number, post in enumerate((Post.AUDIT_HEAD, Post.MEMBER, Post.MEMBER, Post.MEMBER))
    ]  # fmt: skip
    services.call_election(actor=officer, now=place.now, code=made.code)
    then, voters = place.now + timedelta(days=31), len(place.people)
    services.hold_election(
        actor=officer, now=then, code=made.code, held_on=made.day, count=Count(voters, voters, voters, voters, 0),
        votes=dict(zip(chosen, (12, 11, 10, 1), strict=True)), elected=chosen[:3], secret=True,
        minutes_sha256="ab" * 32,
    )  # fmt: skip
    services.file_result(actor=officer, now=then, code=made.code)
    return {"label": place.base.label, "code": made.code}


@sample("elections:petition", "elections:petition-call", "elections:petition-result")
def petition(place: Place) -> Mapping[str, object]:
    """A petition of members."""
    made, _receipt = services.start_petition(
        actor=place.members[0], now=place.now, unit=place.base, kind=PetitionKind.MEETING, subject=f"{place.sign}夜班"
    )
    return {"label": place.base.label, "code": made.code}


@sample("mandates:channel", "mandates:end")
def mandate(place: Place) -> Mapping[str, object]:
    """An officer of the base union."""
    made = open_mandate(
        actor=SYSTEM, now=place.now, unit=place.base, post=Post.STAFF, name=f"{place.sign}干事", since=date(2024, 1, 1),
        account=place.people[0],
    )  # fmt: skip
    return {"label": place.base.label, "key": made.pk}


@sample("mandates:own", gone="whoever holds the office alone")
def own_mandate(place: Place) -> Mapping[str, object]:
    """The same."""
    return place.other(mandate)


@sample("mandates:test")
def test(place: Place) -> Mapping[str, object]:
    """A base union of the other place, given to this one as tester."""
    Unit.objects.filter(pk=place.base.pk).update(state=UnitState.ACTIVE)
    made = draw_tests(actor=SYSTEM, now=place.now, unit=place.root)
    mine = TestContact.objects.filter(round=made, tester_unit=place.unit).order_by("pk").first()
    if mine is None:
        # The draw takes one unit and chance decides whose tester: this one is given a test by hand.
        tested = Unit.objects.filter(kind="base").exclude(path__startswith=place.unit.path).order_by("path")[0]
        mine = TestContact.objects.create(round=made, unit=tested, tester_unit=place.unit)
    return {"label": place.unit.label, "key": mine.pk}


@sample("yearbook:contest")
def entered(place: Place) -> Mapping[str, object]:
    """A number entered for the base union."""
    made = enter_input(
        actor=place.actor("org_officer"), now=place.now, unit=place.base, kind=InputKind.REMOTENESS, value=Decimal(30),
        day=date(2024, 1, 1), source=f"{place.sign}时刻表",
    )  # fmt: skip
    return {"label": place.base.label, "key": made.pk}


@sample("yearbook:decide")
def contested(place: Place) -> Mapping[str, object]:
    """A number the base union contests."""
    made = enter_input(
        actor=SYSTEM, now=place.now, unit=place.base, kind=InputKind.BUDGET, value=Decimal(900), day=date(2024, 1, 1),
        source=f"{place.sign}预算",
    )  # fmt: skip
    contest_input(actor=place.actor("base_chair"), now=place.now, input_id=made.pk, ground=f"{place.sign}数字不对")
    return {"label": place.base.label, "key": made.pk}


@sample("yearbook:assure")
def frozen_year(place: Place) -> Mapping[str, object]:
    """The district in the frozen table of the year before last."""
    before = localdate(place.now).year - 2
    if not Edition.objects.filter(year=before).exists():
        compute_year(now=place.now, year=before)
        freeze_year(now=place.now, year=before)
    return {"label": place.unit.label, "year": before}


@sample("yearbook:table", "yearbook:workbook", "yearbook:text", "yearbook:edition")
def year(place: Place) -> Mapping[str, object]:
    """The district in the table of last year."""
    last = localdate(place.now).year - 1
    if not Edition.objects.filter(year=last).exists():
        compute_year(now=place.now, year=last)
    return {"label": place.unit.label, "year": last}
