"""The weighting plan of a closed round: from the chance of being drawn to totals of the register, step by step.

Weights depend only on what stands beside an answer: stratum, cluster, kind of employment. So a plan is a table of such
cells; the weight of an answer is looked up in it, and nobody has to see an answer to make one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import Count

from qiao.base.problems import Problem
from qiao.hear.surveys import rules
from qiao.hear.surveys.choices import Asked, StratumBy, WeightMethod
from qiao.hear.surveys.models import Answer, Invitation, Round
from qiao.hear.surveys.queries.fitting import fitted
from qiao.hear.surveys.queries.margins import register_cells
from qiao_stats.errors import StatsError
from qiao_stats.weighting import (
    Weighting,
    adjust_nonresponse,
    base_weights,
    merge_small,
    summarize_weights,
    trim,
)

FloatArray = npt.NDArray[np.float64]
#: Stratum, cluster, kind of employment, as they stand on answers and invitations.
Key = tuple[str, str, str]
#: How often trimming and fitting take turns.
_TURNS = 10


@dataclass(frozen=True, slots=True)
class _Drawn:
    """Everybody invited, row by row: number of the cell, whether an answer came, base weight, merged stratum."""

    keys: list[Key]
    cell: npt.NDArray[np.int64]
    responded: npt.NDArray[np.bool_]
    base: FloatArray
    stratum: list[str]


def weighting_plan(survey: Round, method: str = "") -> dict[str, Any]:
    """The plan of a closed round by one method ("": the one that fits best), as it is stored with the round.

    Raises Problem where the method cannot be carried out with these answers.
    """
    if survey.asked == Asked.VOLUNTEERS:
        return {"method": WeightMethod.NONE.value, "volunteers": True, "notes": [], "strata": [], "cells": []}
    drawn = _drawn(survey)
    totals, categories, notes = _margins(survey, drawn)
    wanted = method or (WeightMethod.RAKE if len(totals["employment"]) > 1 else WeightMethod.STRATA).value
    if wanted != WeightMethod.STRATA and len(totals["employment"]) < 2:
        raise Problem("The kinds of employment cannot be told apart on these answers: weight by stratum.")
    if wanted == WeightMethod.CELLS and survey.margins:
        raise Problem("A file gives totals by stratum and by kind of employment, not of both at once: rake.")
    try:
        return _plan(survey, drawn, wanted, totals, categories, notes)
    except StatsError as fault:
        raise Problem("These answers cannot be weighted so: %(why)s", why=str(fault)) from fault


def _drawn(survey: Round) -> _Drawn:
    invited = Counter[Key]()
    rows = Invitation.objects.filter(round=survey).order_by("stratum", "cluster", "employment")
    for *key, number in rows.values_list("stratum", "cluster", "employment").annotate(number=Count("pk")):
        invited[key[0], key[1], key[2]] = number
    answered = Counter[Key]()
    answers = Answer.objects.filter(round=survey).order_by("stratum", "cluster", "employment")
    for *key, number in answers.values_list("stratum", "cluster", "employment").annotate(number=Count("pk")):
        answered[key[0], key[1], key[2]] = number
    keys = sorted({*invited, *answered})
    sizes = np.array([max(invited[key], answered[key]) for key in keys], dtype=np.int64)
    came = np.array([answered[key] for key in keys], dtype=np.int64)
    cell = np.repeat(np.arange(len(keys)), sizes)
    place = np.arange(cell.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    responded = place < came[cell]
    merged = merge_small([keys[k][0] for k in cell], least=survey.small_cell, counted=responded)
    return _Drawn(keys, cell, responded, _base(survey, keys, cell), list(merged.labels))


def _base(survey: Round, keys: list[Key], cell: npt.NDArray[np.int64]) -> FloatArray:
    """1 ÷ the chance of being drawn; for draws by unions the mean of it over those invited in the cluster."""
    if survey.asked != Asked.SAMPLE:
        return np.ones(cell.size)
    chance = {row["key"]: row.get("probability") for row in survey.strata}
    mean = {(row["stratum"], row["key"]): 1 / float(row["weight"]) for row in survey.clusters}
    found = [mean.get(key[:2]) or chance.get(key[0]) or 1.0 for key in keys]
    return base_weights(np.array(found, dtype=np.float64)[cell])


def _margins(survey: Round, drawn: _Drawn) -> tuple[dict[str, dict[str, float]], dict[str, str], list[str]]:
    """Totals of the frame, or of a file, by merged stratum and by kinds that can be told apart; what a label means."""
    notes: list[str] = []
    given = survey.margins.get("totals", {})
    joined = dict(zip([drawn.keys[k][0] for k in drawn.cell], drawn.stratum, strict=True))
    strata: dict[str, float] = defaultdict(float)
    for row in survey.strata:
        strata[joined.get(row["key"], row["key"])] += given.get("stratum", {}).get(row["key"], float(row["population"]))
    categories = _categories([key[2] for key in drawn.keys])
    single = len(set(categories.values())) < 2
    if survey.asked == Asked.BASE_UNIONS or survey.stratum_by == StratumBy.EMPLOYMENT or single:
        if len(categories) > 1 and single:
            notes.append("employment_mixed")
        return {"stratum": dict(strata), "employment": {}}, {}, notes
    labels = [categories[drawn.keys[k][2]] for k in drawn.cell]
    try:
        merged = merge_small(labels, least=rules.DESIGN_CELL, counted=drawn.responded)
    except StatsError:
        return {"stratum": dict(strata), "employment": {}}, {}, ["employment_few"]
    final = dict(zip(labels, merged.labels, strict=True))
    categories = {label: final[category] for label, category in categories.items()}
    if len(set(categories.values())) < 2:
        return {"stratum": dict(strata), "employment": {}}, {}, ["employment_few"]
    kinds: Iterable[tuple[str, float]] = [(row[1], row[2]) for row in register_cells(survey)]
    if "employment" in given:
        kinds = given["employment"].items()
    of_part = {part: category for label, category in categories.items() for part in label.split("+")}
    employment: dict[str, float] = defaultdict(float)
    for kind, number in kinds:
        employment[of_part.get(kind) or _nearest(employment, of_part)] += number
    return {"stratum": dict(strata), "employment": dict(employment)}, categories, notes


def _nearest(so_far: Mapping[str, float], of_part: Mapping[str, str]) -> str:
    """Kinds nobody drawn has count with the largest category."""
    return max(so_far, key=lambda name: so_far[name]) if so_far else next(iter(of_part.values()))


def _categories(labels: list[str]) -> dict[str, str]:
    """What each label on answers belongs to: kinds joined anywhere ("a+b") cannot be told apart, so they are one."""
    parent: dict[str, str] = {}

    def root(one: str) -> str:
        parent.setdefault(one, one)
        while parent[one] != one:
            one = parent[one]
        return one

    for label in labels:
        first, *rest = label.split("+")
        for other in rest:
            parent[root(other)] = root(first)
    names: dict[str, list[str]] = defaultdict(list)
    for part in sorted({part for label in labels for part in label.split("+")}):
        names[root(part)].append(part)
    return {label: "+".join(names[root(label.split("+")[0])]) for label in labels}


def _plan(
    survey: Round, drawn: _Drawn, method: str, totals: dict[str, dict[str, float]], categories: Mapping[str, str],
    notes: list[str],
) -> dict[str, Any]:  # fmt: skip
    response = adjust_nonresponse(drawn.base, drawn.responded, {"stratum": drawn.stratum})
    here = np.flatnonzero(drawn.responded)
    start = response[here]
    strata = np.array(drawn.stratum, dtype=object)[here]
    kinds = np.array([categories.get(drawn.keys[k][2], "") for k in drawn.cell[here]], dtype=object)
    cells = _cell_totals(survey, drawn, categories) if method == WeightMethod.CELLS else {}
    cap = float(survey.weight_cap)

    def fit(weights: FloatArray) -> Weighting:
        return fitted(method, weights, strata, kinds, totals, cells)

    final, cut, gap = _trimmed(fit(start).weights, cap, fit)
    joined = dict(zip([drawn.keys[k][0] for k in drawn.cell], drawn.stratum, strict=True))
    return {
        "method": method,
        "volunteers": False,
        "notes": notes,
        "joined": {old: new for old, new in sorted(joined.items()) if old != new},
        "categories": dict(categories),
        "totals": totals,
        "margins": {name: survey.margins[name] for name in ("file", "sha256")} if survey.margins else {},
        "cell_totals": [[*key, size] for key, size in sorted(cells.items())],
        "strata": _strata(survey, drawn, joined),
        "base": asdict(summarize_weights(drawn.base[here])),
        "before": asdict(summarize_weights(start)),
        "after": asdict(summarize_weights(final, trimmed=int(cut.sum()))),
        "cap": cap,
        "gap": gap,
        "cells": _cells(drawn, here, start, final),
    }


def _trimmed(
    weights: FloatArray, cap: float, fit: Callable[[FloatArray], Weighting]
) -> tuple[FloatArray, npt.NDArray[np.bool_], float]:
    """Weights no larger than ``cap`` medians, fitted anew after each cut as long as that helps; what was cut; how far
    a total is off in the end (relative)."""
    ever = np.zeros(weights.size, dtype=np.bool_)
    current = weights
    for _turn in range(_TURNS):
        if float(current.max()) <= cap * float(np.median(current)) * (1 + 1e-9):
            return current, ever, 0.0
        made = trim(current, bounds=(None, cap), relative=True, redistribute="proportional")
        ever |= made.cut
        held = made.weights
        again = fit(held).weights
        if float(again.max()) <= cap * float(np.median(again)) * (1 + 1e-9):
            return again, ever, 0.0
        current = again
    made = trim(current, bounds=(None, cap), relative=True, redistribute="proportional")
    refitted = fit(made.weights)
    gap = float(np.max(np.abs(refitted.factor - 1)))
    return made.weights, ever | made.cut, gap


def _cell_totals(survey: Round, drawn: _Drawn, categories: Mapping[str, str]) -> dict[tuple[str, str], float]:
    joined = dict(zip([drawn.keys[k][0] for k in drawn.cell], drawn.stratum, strict=True))
    of_part = {part: category for label, category in categories.items() for part in label.split("+")}
    found: dict[tuple[str, str], float] = defaultdict(float)
    for stratum, kind, number in register_cells(survey):
        category = of_part.get(kind)
        if category is None:
            raise StatsError("Nobody drawn has the kind of employment %(kind)s: rake instead.", kind=kind)
        found[joined.get(stratum, stratum), category] += number
    return dict(found)


def _strata(survey: Round, drawn: _Drawn, joined: Mapping[str, str]) -> list[dict[str, Any]]:
    invited = Counter(drawn.stratum)
    answered = Counter(name for name, came in zip(drawn.stratum, drawn.responded, strict=True) if came)
    rows: dict[str, dict[str, Any]] = {}
    for row in survey.strata:
        key = joined.get(row["key"], row["key"])
        own = rows.setdefault(
            key, {"key": key, "parts": [], "labels": [], "population": 0, "invited": invited[key],
                  "answered": answered[key]},
        )  # fmt: skip
        own["parts"].append(row["key"])
        own["labels"].append(row["label"])
        own["population"] += int(row["population"])
    return [rows[key] for key in sorted(rows)]


def _cells(drawn: _Drawn, here: npt.NDArray[np.int64], start: FloatArray, final: FloatArray) -> list[dict[str, Any]]:
    numbers = np.bincount(drawn.cell, minlength=len(drawn.keys))
    places: dict[int, int] = {}
    came = Counter(int(k) for k in drawn.cell[here])
    for place, k in enumerate(drawn.cell[here]):
        places.setdefault(int(k), place)
    base = dict(zip((int(k) for k in drawn.cell), drawn.base, strict=True))
    stratum = dict(zip((int(k) for k in drawn.cell), drawn.stratum, strict=True))
    return [
        {
            "stratum": key[0], "cluster": key[1], "employment": key[2], "into": stratum[k],
            "invited": int(numbers[k]), "answered": came[k], "base": float(base[k]),
            "start": float(start[places[k]]) if k in places else None,
            "weight": float(final[places[k]]) if k in places else None,
        }
        for k, key in enumerate(drawn.keys)
    ]  # fmt: skip
