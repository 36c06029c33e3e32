"""Whatever units are founded, moved, renamed, linked, merged and closed, and on whatever days: the tree holds.

On every day each living unit but the top has exactly one leading place parent, no axis has a circle, counts add up, the
names are those of the day; and today's paths say the same as today's links.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction  # noqa: TID251 - an example is rolled back as a whole
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule
from tests.factories.org import make_tree

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.base.problems import Problem
from qiao.org.membership.choices import HOLDING, Employment
from qiao.org.membership.models import Membership
from qiao.org.membership.queries import member_count
from qiao.org.membership.services import admit_worker
from qiao.org.people.models import Person
from qiao.org.units.choices import Axis, Relation, UnitKind, UnitState
from qiao.org.units.models import Unit, UnitLink, UnitName
from qiao.org.units.queries import groups_below, line_above_on, tree_on
from qiao.org.units.services import (
    close_unit,
    found_unit,
    link_sector,
    move_unit,
    rename_unit,
    unlink_sector,
)

NOW = datetime(2026, 5, 11, 2, 0, tzinfo=UTC)
TODAY = date(2026, 5, 11)
START = date(2026, 1, 1)
DAYS = st.integers(0, 130).map(lambda offset: START + timedelta(days=offset))
KINDS = st.sampled_from(
    [UnitKind.DISTRICT, UnitKind.SECTOR, UnitKind.INDUSTRY, UnitKind.HUB, UnitKind.BASE_FEDERATION, UnitKind.BASE]
)


class Life(RuleBasedStateMachine):
    """Operations on the tree, refused ones included; the invariants look at the days they touched."""

    units = Bundle("units")

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.days: set[date] = {START, TODAY}
        self.serial = 0

    def teardown(self) -> None:
        """Roll the example back."""
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize(target=units)
    def tree(self) -> object:
        """The tree every example begins with, a member in each base union."""
        made = make_tree(NOW)
        for label in ("B1", "B2"):
            made.member(label, f"员{label}")
        return multiple(*made.units)

    def _try(self, day: date, act: object) -> bool:
        self.days.add(day)
        try:
            with transaction.atomic():
                act()  # type: ignore[operator]
        except Problem:
            return False
        return True

    @rule(target=units, kind=KINDS, above=units, day=DAYS)
    def found(self, kind: UnitKind, above: str, day: date) -> object:
        """Found a unit, a member in it if it is a base union."""
        self.serial += 1
        label = f"N{self.serial}"

        def act() -> None:
            unit = found_unit(
                actor=SYSTEM, now=NOW, kind=kind, name=localized(label), label=label, parent=_unit(above), founded=day
            )
            if kind == UnitKind.BASE:
                admit_worker(
                    actor=SYSTEM, now=NOW, unit=unit, name=f"员{label}", employment=Employment.DIRECT, since=day,
                    other_person=True,
                )  # fmt: skip

        return label if self._try(day, act) else multiple()

    @rule(unit=units, above=units, day=DAYS)
    def move(self, unit: str, above: str, day: date) -> None:
        """Move a unit with all below it."""
        self._try(day, lambda: move_unit(actor=SYSTEM, now=NOW, unit=_unit(unit), above=_unit(above), since=day))

    @rule(unit=units, day=DAYS, kind=KINDS)
    def rename(self, unit: str, day: date, kind: UnitKind) -> None:
        """Another name and perhaps another kind."""
        self.serial += 1
        self._try(
            day,
            lambda: rename_unit(
                actor=SYSTEM, now=NOW, unit=_unit(unit), name=localized(f"名{self.serial}"), kind=kind, since=day
            ),
        )

    @rule(unit=units, above=units, day=DAYS, length=st.none() | st.integers(1, 60))
    def link(self, unit: str, above: str, day: date, length: int | None) -> None:
        """A sector link, open or with an end."""
        until = day + timedelta(days=length) if length else None
        self.days.add(until or day)
        self._try(
            day,
            lambda: link_sector(
                actor=SYSTEM, now=NOW, unit=_unit(unit), above=_unit(above), relation=Relation.GUIDES, since=day,
                until=until,
            ),
        )  # fmt: skip

    @rule(unit=units, day=DAYS)
    def unlink(self, unit: str, day: date) -> None:
        """End the last sector link."""
        link = UnitLink.objects.filter(unit=_unit(unit), axis=Axis.SECTOR).order_by("-pk").first()
        if link is not None:
            self._try(day, lambda: unlink_sector(actor=SYSTEM, now=NOW, link=link, until=day))

    @rule(unit=units, day=DAYS)
    def close(self, unit: str, day: date) -> None:
        """A unit ends, its members are retained above."""
        self._try(day, lambda: close_unit(actor=SYSTEM, now=NOW, unit=_unit(unit), day=day))

    @rule(unit=units, receiver=units, day=DAYS)
    def merge(self, unit: str, receiver: str, day: date) -> None:
        """A unit merges into another."""
        one, other = _unit(unit), _unit(receiver)
        if one.pk != other.pk and other.state == UnitState.ACTIVE and not other.path.startswith(one.path):
            self._try(day, lambda: close_unit(actor=SYSTEM, now=NOW, unit=one, day=day, receiver=other))

    @invariant()
    def one_leading_parent_each_day_and_no_circle(self) -> None:
        """Exactly one leading parent for each living unit, on every day something happened or the day before."""
        units = {unit.pk: unit for unit in Unit.objects.all()}
        for day in {day - timedelta(days=back) for day in self.days for back in (0, 1)}:
            living = {
                key for key, unit in units.items() if unit.founded <= day and (unit.closed is None or unit.closed > day)
            }
            above = tree_on(day)
            assert UnitLink.objects.filter(axis="place", relation="leads", since__lte=day).exclude(
                until__lte=day
            ).count() == len(above)
            assert set(above) == {key for key in living if units[key].label != "F"}
            for key in above:
                _no_circle({one: [over] for one, over in above.items()}, key)
            sector: dict[int, list[int]] = {}
            held = UnitLink.objects.filter(axis="sector", since__lte=day).exclude(until__lte=day)
            for unit, over in held.values_list("unit_id", "above_id"):
                sector.setdefault(unit, []).append(over)
                assert {unit, over} <= living
            for key in sector:
                _no_circle(sector, key)
            names = UnitName.objects.filter(since__lte=day).exclude(until__lte=day)
            assert sorted(names.values_list("unit_id", flat=True)) == sorted(living)

    @invariant()
    def counts_add_up(self) -> None:
        """What stands directly below everywhere adds up to the whole tree, and so do members."""
        above = tree_on(TODAY)
        below = {unit.pk: sum(group.number for group in groups_below(unit, TODAY)) for unit in Unit.objects.all()}
        assert sum(below.values()) == len(above)
        standing = Membership.objects.filter(until__isnull=True)
        assert standing.count() == Person.objects.count(), "nobody lost standing"
        assert standing.filter(state__in=HOLDING).count() == member_count(_unit("F").path)
        for unit in Unit.objects.exclude(state=UnitState.CLOSED):
            own = standing.filter(unit=unit, state__in=HOLDING).count()
            assert member_count(unit.path) == own + sum(member_count(child.path) for child in unit.children.all())

    @invariant()
    def paths_are_the_links_of_today(self) -> None:
        """A unit's path is its parent's and its own sign; the line above by links is the same."""
        for unit in Unit.objects.exclude(state=UnitState.CLOSED).select_related("parent"):
            assert unit.path[:-5] == (unit.parent.path if unit.parent else "")
            line = [one.path for one in line_above_on(unit, TODAY)]
            assert line == [unit.path[:end] for end in range(5, len(unit.path), 5)]


def _unit(label: str) -> Unit:
    return Unit.objects.get(label=label)


def _no_circle(above: dict[int, list[int]], start: int) -> None:
    seen: set[int] = set()
    frontier = set(above.get(start, ()))
    while frontier:
        assert start not in frontier, "a circle"
        seen |= frontier
        frontier = {over for one in frontier for over in above.get(one, ())} - seen


@pytest.mark.django_db(transaction=False)
def test_any_life_of_units() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=12, stateful_step_count=12, deadline=None,
            suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        ),
    )  # fmt: skip
