"""The tally the database keeps equals the truth after any sequence of changes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.org import Tree

from qiao.base.access import SYSTEM
from qiao.org.membership.choices import HOLDING, Employment, Standing
from qiao.org.membership.models import Membership, MemberTally
from qiao.org.membership.queries import active_members, employment_counts, member_count, member_counts
from qiao.org.membership.services import fold_tally
from qiao.org.people.models import Person
from qiao.org.units.models import Unit
from qiao.org.units.services import move_unit

DAY = date(2020, 1, 1)
example = 0
LABELS = ("D1", "H1", "B1", "B2")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "many", "end", "move", "state", "kind", "delete", "unit", "fold"]),
        st.integers(0, 7),
        st.sampled_from(LABELS),
        st.sampled_from(list(Employment)),
        st.sampled_from([Standing.ACTIVE, Standing.RETAINED, Standing.SUSPENDED]),
    ),
    max_size=14,
)


def check() -> None:
    """Every unit's number by the tally and by counting."""
    units = list(Unit.objects.order_by("pk"))
    truth = {unit.pk: active_members(unit.path).count() for unit in units}
    assert member_counts(units) == truth
    assert {unit.pk: member_count(unit.path) for unit in units} == truth
    root = min(units, key=lambda unit: len(unit.path))
    assert dict(employment_counts(root.path)) == {
        kind: active_members(root.path).filter(employment=kind).count() for kind in Employment
    }
    wrong = MemberTally.objects.exclude(path=Unit.objects.filter(pk__in=[]).values("path")[:1])
    paths = {unit.pk: unit.path for unit in units}
    assert all(row.path == paths[row.unit_id] for row in wrong)


@pytest.mark.django_db
@given(steps=STEPS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_tally_is_the_truth_after_any_sequence(
    org: Tree, steps: list[tuple[str, int, str, Employment, Standing]]
) -> None:
    Membership.objects.all().delete()
    check()
    global example
    example, moved = example + 1, 0
    for what, number, label, kind, state in steps:
        held = list(Membership.objects.filter(until__isnull=True).order_by("pk"))
        one = held[number % len(held)] if held else None
        if what in ("add", "many"):
            people = Person.objects.bulk_create([Person(name="云") for _ in range(1 if what == "add" else number)])
            Membership.objects.bulk_create(
                [
                    Membership(person=person, unit=org[label], employment=kind, since=DAY, state=state)
                    for person in people
                ]
            )
        elif what == "unit":
            moved += 1
            above = "D2" if org["H1"].parent_id == org["D1"].pk else "D1"
            move_unit(
                actor=SYSTEM,
                now=org.now,
                unit=org["H1"],
                above=org[above],
                since=DAY + timedelta(days=moved + 15 * example),
            )
        elif what == "fold":
            fold_tally(actor=SYSTEM, now=org.now)
        elif one is not None and what == "end":
            Membership.objects.filter(pk=one.pk).update(until=F("since") + timedelta(days=5), state=Standing.LEFT)
        elif one is not None and what == "move":
            Membership.objects.filter(pk__in=[row.pk for row in held[: number + 1]]).update(unit=org[label])
        elif one is not None and what == "state":
            Membership.objects.filter(pk=one.pk).update(state=state)
        elif one is not None and what == "kind":
            Membership.objects.filter(pk=one.pk).update(employment=kind)
        elif one is not None and what == "delete":
            Membership.objects.filter(pk=one.pk).delete()
    check()


def test_folding_leaves_one_row_for_each_unit(org: Tree) -> None:
    for _each in range(3):
        org.member("B1", "云")
    org.member("H1", "江")
    assert MemberTally.objects.count() == 4
    assert fold_tally(actor=SYSTEM, now=org.now) == 2
    assert sorted(MemberTally.objects.values_list("unit_id", "direct")) == sorted(
        [(org["B1"].pk, 3), (org["H1"].pk, 1)]
    )
    assert fold_tally(actor=SYSTEM, now=org.now) == 0
    assert set(HOLDING) == {Standing.ACTIVE, Standing.TRANSFERRING}, "the triggers count these two states"
