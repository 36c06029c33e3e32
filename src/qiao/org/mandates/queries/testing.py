"""The yearly samples of channels that other units test."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from qiao.org.mandates.choices import TestOutcome
from qiao.org.mandates.models import TestContact, TestRound
from qiao.org.units.models import Unit


@dataclass(frozen=True, slots=True)
class TestFigures:
    """How a year's sample stands: drawn, tested, answered."""

    __test__ = False

    drawn: int
    tested: int
    answered: int

    @property
    def rate(self) -> float | None:
        """Answered of those tested; None before the first test."""
        return self.answered / self.tested if self.tested else None


def test_round(unit: Unit, year: int) -> TestRound | None:
    """The sample drawn at this unit, or above it, in a year: the nearest."""
    paths = [unit.path[:end] for end in range(5, len(unit.path) + 1, 5)]
    return (
        TestRound.objects.filter(unit__path__in=paths, year=year).select_related("unit").order_by("-unit__path").first()
    )


def test_contacts(unit: Unit, year: int) -> list[TestContact]:
    """Tests of a year given to the unit or a unit below it as tester; open ones first."""
    return list(
        TestContact.objects.filter(tester_unit__path__startswith=unit.path, round__year=year)
        .select_related("unit", "tester_unit", "round")
        .order_by("outcome", "unit__path")[:500]
    )


def test_figures(unit: Unit, year: int) -> TestFigures:
    """How the tests of the unit's subtree stand."""
    found = TestContact.objects.filter(unit__path__startswith=unit.path, round__year=year).aggregate(
        drawn=Count("pk"),
        tested=Count("pk", filter=~Q(outcome="")),
        answered=Count("pk", filter=Q(outcome=TestOutcome.ANSWERED)),
    )
    return TestFigures(**found)


def test_contact(key: int) -> TestContact | None:
    """One test; None where there is none."""
    return TestContact.objects.select_related("unit", "tester_unit", "round").filter(pk=key).first()


def open_tests(paths: tuple[str, ...]) -> list[TestContact]:
    """Tests nobody has made yet, for testers in these subtrees: a hundred at most."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(tester_unit__path__startswith=path)
    return list(
        TestContact.objects.filter(condition, outcome="")
        .select_related("unit", "tester_unit", "round")
        .order_by("pk")[:100]
    )
