"""Sampled tests of the public channels: another unit than the one that forms unions calls (handbook C03, (b))."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, Refused, require
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.org.mandates.choices import TestOutcome
from qiao.org.mandates.models import TestContact, TestRound
from qiao.org.mandates.queries.posts import representatives_of
from qiao.org.mandates.rules import TEST_SAMPLE, draw_sample, frame_hash
from qiao.org.settings.queries import value_of
from qiao.org.units.choices import UnitState
from qiao.org.units.models import Unit

_TESTED = (UnitState.ACTIVE, UnitState.TERM_DUE, UnitState.OVERDUE)
_BASES = ("base", "joint_base")


def draw_tests(*, actor: Actor, now: datetime, unit: Unit) -> TestRound:
    """Draw this year's sample of base unions below a unit, with a seed that is published. Once a year.

    Frame, share and seed go to the ledger, so that anybody can draw the sample again. Each unit drawn is given to a
    tester unit: a sibling of the unit above it (of the one that forms unions there), in the order of the draw.

    Raises Refused without ``channel.draw`` at the unit, Problem where fewer than two units stand below it to test
    one another, or none is active.
    """
    require(actor, "channel.draw", unit.path)
    today = localdate(now)
    with atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        drawn = TestRound.objects.filter(unit=unit, year=today.year).order_by("pk").first()
        if drawn is not None:
            return drawn
        frame = {
            found.label: found
            for found in Unit.objects.filter(path__startswith=unit.path, kind__in=_BASES, state__in=_TESTED).order_by(
                "path"
            )
        }
        if not frame:
            raise Problem("No active base union stands below %(unit)s: there is nothing to test.", unit=unit.label)
        testers = _testers(unit, list(frame.values()))
        share = value_of(TEST_SAMPLE, path=unit.path, on=today)
        seed = secrets.token_hex(16)
        labels = draw_sample(frame, seed=seed, share=share)
        made = TestRound.objects.create(
            unit=unit, code=next_code("T"), year=today.year, drawn=now, seed=seed, share=share,
            frame_size=len(frame), frame_hash=frame_hash(list(frame)),
        )  # fmt: skip
        heads = representatives_of([frame[label] for label in labels], today)
        TestContact.objects.bulk_create(
            [
                TestContact(
                    round=made,
                    unit=frame[label],
                    tester_unit=_other(testers, frame[label], place),
                    mandate=heads.get(frame[label].pk),
                )
                for place, label in enumerate(labels)
            ]
        )
        log.append(
            kind="tests.drawn",
            code=made.code,
            content={
                "unit": unit.label,
                "year": made.year,
                "seed": seed,
                "share": share,
                "frame": made.frame_size,
                "frame_sha256": made.frame_hash,
                "drawn": len(labels),
            },
            now=now,
        )
        audit.record(
            actor=actor,
            now=now,
            action="tests.draw",
            code=made.code,
            unit_path=unit.path,
            detail={"drawn": len(labels), "frame": made.frame_size},
        )
    return made


def _testers(unit: Unit, frame: list[Unit]) -> list[Unit]:
    """The units that form unions below ``unit``: those directly above the units of the frame."""
    keys = {found.parent_id for found in frame if found.parent_id is not None}
    testers = list(Unit.objects.filter(pk__in=keys).order_by("path"))
    if len(testers) < 2:
        raise Problem(
            "All base unions below %(unit)s stand under one unit: draw the sample at a unit above, where another one "
            "can make the calls.",
            unit=unit.label,
        )
    return testers


def _other(testers: list[Unit], tested: Unit, place: int) -> Unit:
    """A tester unit that is neither above nor below the tested one's former, taken in turn."""
    away = [one for one in testers if not tested.path.startswith(one.path)]
    return away[place % len(away)] if away else testers[place % len(testers)]


def record_test(
    *, actor: Actor, now: datetime, contact_id: int, outcome: TestOutcome, channel: str = "phone"
) -> TestContact:
    """Record what a test call or mail came to. The first record stands: a replay changes nothing.

    Raises Refused without ``channel.test`` at the tester unit, or for somebody who holds a role in the tested unit or
    in the unit directly above it, which forms it.
    """
    outcome = TestOutcome(outcome)
    with atomic():
        contact = (
            TestContact.objects.select_for_update(of=("self",))
            .select_related("unit", "tester_unit", "round")
            .get(pk=contact_id)
        )
        require(actor, "channel.test", contact.tester_unit.path)
        near = (contact.unit_id, contact.unit.parent_id)
        if not actor.system and any(grant.unit_id in near for grant in actor.grants):
            raise Refused("who forms a union does not test it")
        if contact.outcome:
            return contact
        contact.outcome, contact.tested, contact.channel = outcome, localdate(now), channel[:12]
        contact.tester_id = actor.account_id
        contact.save(update_fields=["outcome", "tested", "channel", "tester"])
        audit.record(
            actor=actor,
            now=now,
            action="tests.record",
            code=contact.round.code,
            unit_path=contact.unit.path,
            detail={"contact": contact.pk, "outcome": outcome.value},
        )
    return contact
