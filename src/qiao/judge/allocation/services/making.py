"""Drafting a sheet, computing it from the inputs as they stand, publishing it."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate

from qiao.base.access import Actor, require
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.i18n import Localized, localized
from qiao.base.ledger import log
from qiao.base.problems import Place, Problem
from qiao.base.redaction import require_clean
from qiao.judge.allocation.choices import Level, State
from qiao.judge.allocation.models import Sheet, SheetLine
from qiao.judge.allocation.queries import contested_of, gather
from qiao.judge.allocation.queries.gather import Gathered
from qiao.judge.allocation.queries.sheets import UPPER, levels_below
from qiao.judge.allocation.queries.text import manifest_text, sheet_text
from qiao.judge.allocation.rules.settings import FLOOR_CHANGE, WEIGHTS
from qiao.judge.allocation.rules.sheet import INPUTS, Computed, Inequality, compute
from qiao.judge.allocation.services.steps import held, joined, note, tell
from qiao.org.settings.queries import value_of
from qiao.org.units.choices import WORKING
from qiao.org.units.models import Unit
from qiao_stats.allocation import checked_weights
from qiao_stats.errors import StatsError

_HIGHEST = 10**15
_BATCH = 2000


def draft_sheet(
    *, actor: Actor, now: datetime, unit: Unit, level: Level, year: int, title: Localized, budget: int
) -> Sheet:
    """Begin a sheet that divides ``budget`` cents among the units of a level below ``unit``, by the weights in force.

    The same sheet asked for twice is returned. Raises Refused without ``allocation.compute`` at the unit; Problem for a
    year far off, a level that cannot stand below, no budget, a second sheet of the year, weights that do not sum to 1.
    """
    require(actor, "allocation.compute", unit.path)
    level = Level(level)
    today = localdate(now)
    if not today.year - 1 <= year <= today.year + 1:
        raise Problem("Choose the year before, this year or the next.")
    if unit.kind not in UPPER or unit.state not in WORKING:
        raise Problem("%(unit)s has no units below it to divide among.", unit=unit.label)
    if level.value not in dict(levels_below(unit)):
        raise Problem("No unit of this level can stand below %(unit)s.", unit=unit.label)
    if not 0 < budget < _HIGHEST:
        raise Problem("Write the budget in yuan, above 0.")
    if not title:
        raise Problem("Give the sheet a title: units and members read it first.")
    require_clean({"title": title})
    weights = {key: value_of(setting, path=unit.path, on=today) for key, setting in WEIGHTS.items()}
    try:
        checked_weights(list(weights.values()))
    except StatsError as fault:
        params: dict[str, Any] = dict(fault.params)
        raise Problem(
            fault.message, hint="Change the weights of allocation in the settings until they sum to 1.", **params
        ) from None
    with atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        known = Sheet.objects.filter(unit=unit, level=level, year=year).exclude(state=State.WITHDRAWN).first()
        if known is not None:
            if known.state == State.DRAFT and (known.title, known.budget) == (title, budget):
                return known
            raise Problem("There is a sheet of this year and level already: %(code)s.", code=known.code)
        before = (
            Sheet.objects.filter(unit=unit, level=level, year=year - 1)
            .exclude(state__in=[State.DRAFT, State.COMPUTED, State.PUBLISHED, State.CONSULTED, State.WITHDRAWN])
            .first()
        )
        sheet = Sheet.objects.create(
            code=next_code("AS"), unit=unit, level=level, year=year, title=title, budget=budget, weights=weights,
            limit=value_of(FLOOR_CHANGE, path=unit.path, on=today), drafted=now,
            before_code=before.code if before else "",
        )  # fmt: skip
        note(sheet, actor=actor, now=now, deed="draft", level=level.value, year=year)
    return sheet


def compute_sheet(*, actor: Actor, now: datetime, code: str) -> Sheet:
    """Compute the sheet from the inputs as they stand now; what was computed before is replaced.

    Raises Refused without ``allocation.compute``; Problem after the decision, or where it cannot be computed.
    """
    with atomic():
        sheet = held(code, actor=actor, action="allocation.compute", after=State.COMPUTED)
        rows, days = gather(sheet.unit, sheet.level, before_code=sheet.before_code)
        if len(rows) < 2:
            raise Problem("Fewer than two units of this level have members: there is nothing to divide by need.")
        try:
            made = compute([row.line for row in rows], sheet.weights, budget=sheet.budget, limit=sheet.limit)
        except StatsError as fault:
            where = rows[fault.row].line.unit if fault.row is not None else sheet.code
            params: dict[str, Any] = dict(fault.params)
            raise Problem(fault.message, place=Place(where), **params) from None
        SheetLine.objects.filter(sheet=sheet).delete()
        SheetLine.objects.bulk_create(_lines(sheet, rows, made), batch_size=_BATCH)
        sheet.days, sheet.figures = days, _figures(made)
        sheet.computed, sheet.computed_by_id, sheet.sha256 = now, actor.account_id, ""
        sheet.published, sheet.consultation_code = None, ""
        sheet.save()
        note(sheet, actor=actor, now=now, deed="compute", units=len(rows))
    return sheet


def publish_sheet(*, actor: Actor, now: datetime, code: str) -> Sheet:
    """Publish the computed sheet: its file's hash and the manifest enter the ledger. Units may now contest inputs.

    Raises Refused without ``allocation.compute``, Problem while an input is contested already.
    """
    with atomic():
        sheet = held(code, actor=actor, action="allocation.compute", after=State.PUBLISHED)
        if contested := contested_of(sheet):
            raise Problem(
                "%(number)d inputs are contested: decide on the objections, compute again, then publish.",
                number=contested,
            )
        sheet.published = now
        sheet.sha256 = hashlib.sha256(sheet_text(sheet).encode()).hexdigest()
        sheet.save()
        log.append(kind="allocation.published", code=sheet.code, content={"manifest": manifest_text(sheet)}, now=now)
        note(sheet, actor=actor, now=now, deed="publish", sha256=sheet.sha256)
        tell(
            sheet, actor=actor, now=now,
            title=joined(localized("分配测算公布：%(title)s", "Allocation sheet published: %(title)s"), sheet.title),
            body=localized(
                "公式、每项数据、权重和结果均已公布，任何人都可重算。各单位可对本单位的数据提出异议。",
                "Formula, inputs, weights and results are public, and anybody can recompute them. "
                "Units may contest their own inputs.",
            ),
        )  # fmt: skip
    return sheet


def _lines(sheet: Sheet, rows: list[Gathered], made: Computed) -> list[SheetLine]:
    found = made.allocation
    return [
        SheetLine(
            sheet=sheet, unit=row.unit, position=place, label=row.line.unit, members=row.line.members,
            raised_members=row.raised, inputs={key: row.line.inputs.get(key) for key in INPUTS},
            sources=dict(row.sources), ranks=[round(float(rank), 6) for rank in found.ranks[place]],
            before=row.line.before, need=float(found.need[place]), wanted=float(found.wanted[place]),
            share=float(found.share[place]), amount=made.amounts[place], least=made.ranges[place][0],
            most=made.ranges[place][1],
            bound="floor" if found.raised[place] else "ceiling" if found.held[place] else "",
        )
        for place, row in enumerate(rows)
    ]  # fmt: skip


def _figures(made: Computed) -> dict[str, object]:
    missing = made.allocation.missing.sum(axis=0)
    return {
        "before": _uneven(made.before),
        "after": _uneven(made.after),
        "moves": [
            {"input": INPUTS[move.weight], "moved": move.moved, "shifted": round(move.shifted, 6)}
            for move in made.moves
        ],
        "missing": {key: int(missing[place]) for place, key in enumerate(INPUTS)},
        "units": int(made.allocation.need.size),
    }


def _uneven(found: Inequality | None) -> dict[str, float | None] | None:
    if found is None:
        return None
    return {"gini": round(found.gini, 6), "ratio": None if found.ratio is None else round(found.ratio, 4)}
