"""How many are drawn from each stratum, and which strata are too small to stand alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import sqrt
from typing import cast

import numpy as np

from qiao.base.problems import Problem
from qiao.hear.surveys import rules
from qiao.hear.surveys.choices import Allocation, Asked
from qiao.hear.surveys.models import Round
from qiao.hear.surveys.queries.frozen import frozen_round
from qiao_stats.sampling import allocate
from qiao_stats.sampling.allocation import Method

#: Signs that the name of a stratum has at most: its column holds no more.
_LONGEST = 60


def merged_strata(survey: Round, raw: Sequence[str]) -> list[str]:
    """Each row's stratum, such that none is too small to be said on an answer (``rules.DESIGN_CELL`` invited).

    Strata with fewer members are joined; of a sample also those from which fewer would be drawn, and the sample is
    shared out anew, until none is left.
    """
    known = set(raw)
    unknown = sorted(set(survey.given) - known) if survey.asked == Asked.SAMPLE else []
    if unknown:
        raise Problem("There is no stratum “%(name)s” in the frame.", name=unknown[0],
                      hint="Name the strata so: %(known)s.", known=", ".join(sorted(known)[:20]))  # fmt: skip
    names = _named(rules.merge_small(Counter(raw), rules.DESIGN_CELL))
    while survey.asked == Asked.SAMPLE:
        sizes = sizes_of(survey, Counter(names[one] for one in raw))
        again = rules.merge_small(sizes, rules.DESIGN_CELL)
        if len(set(again.values())) == len(sizes):
            break
        names = _named({one: again[name] for one, name in names.items()})
    return [names[one] for one in raw]


def _named(merged: Mapping[str, str]) -> dict[str, str]:
    """One name for the same strata, whatever the order in which they were joined; short enough for its column."""
    parts: dict[str, list[str]] = {}
    for one, name in merged.items():
        parts.setdefault(name, []).append(one)
    return {one: _short(sorted(parts[name])) for one, name in merged.items()}


def _short(parts: Sequence[str]) -> str:
    """``a+b``; of many those that fit, and how many there are: ``a+b+…12``."""
    joined = "+".join(parts)
    if len(joined) <= _LONGEST:
        return joined
    kept = parts[0][: _LONGEST - 10]
    for part in parts[1:]:
        if len(kept) + len(part) > _LONGEST - 10:
            break
        kept += f"+{part}"
    return f"{kept}+…{len(parts)}"


def sizes_of(survey: Round, populations: Mapping[str, int]) -> dict[str, int]:
    """How many are drawn from each (merged) stratum. Raises StatsError or Problem where that cannot be."""
    total = sum(populations.values())
    wanted = min(survey.sample_size or 0, total)
    if wanted == total and survey.allocation != Allocation.GIVEN:
        return dict(populations)
    if survey.allocation == Allocation.GIVEN:
        if any("…" in name for name in populations):
            raise Problem(
                "So many strata are too small that numbers given for each cannot hold.",
                hint="Share the sample out in proportion, or by larger strata.",
            )
        given = {name: sum(survey.given.get(part, 0) for part in name.split("+")) for name in populations}
        return dict(allocate(populations, method="given", given=given).sizes)
    least = 2 if 2 * len(populations) <= wanted else 0
    method = cast("Method", str(survey.allocation))
    spread = _spread(survey, populations) if survey.allocation == Allocation.NEYMAN else None
    return dict(allocate(populations, wanted, method=method, deviations=spread, least=least).sizes)


def _spread(survey: Round, populations: Mapping[str, int]) -> dict[str, float]:
    """The standard deviation of a share in each stratum, from an earlier round; where it had none, of the whole.

    √(p·(1 − p)) with p = (x + ½) ÷ (n + 1), so that a stratum where all said the same is not left out.
    """
    earlier = frozen_round(survey.earlier_code)
    question, _colon, option = survey.earlier_item.partition(":")
    for item in earlier.items:
        names = [one.name for one in item.options]
        if item.name == question and option in names:
            column = item.columns[names.index(option)]
            break
    else:
        raise Problem("Round %(round)s has no answer “%(item)s”.", round=survey.earlier_code, item=survey.earlier_item)

    def deviation(rows: np.ndarray) -> float:
        said = column[rows & ~np.isnan(column)]
        share = (float(said.sum()) + 0.5) / (len(said) + 1)
        return sqrt(share * (1 - share))

    everybody = deviation(np.ones(len(column), dtype=np.bool_))
    found = {}
    for name in populations:
        parts = set(name.split("+"))
        rows = np.array([bool(parts & set(str(own).split("+"))) for own in earlier.strata])
        found[name] = deviation(rows) if rows.sum() >= rules.DESIGN_CELL else everybody
    return found
