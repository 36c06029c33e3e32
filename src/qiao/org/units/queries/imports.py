"""Reading imports of units."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from qiao.base.access import Actor
from qiao.base.i18n import problem_text
from qiao.base.problems import Place, Problem
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import UnitBatch

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Fault:
    """One row that is left out, and why, in the language of the request."""

    row: int
    text: str


@dataclass(frozen=True, slots=True)
class Preview:
    """One row as it is going to be taken."""

    row: int
    label: str
    name: dict[str, str]
    kind: str
    above: str
    founded: str


def batch_by_code(code: str) -> UnitBatch | None:
    """The import with this code, with its unit."""
    return UnitBatch.objects.select_related("unit").filter(code=code).first()


def batches_of(actor: Actor) -> list[UnitBatch]:
    """The newest imports in the subtrees in which the actor founds units."""
    condition = Q(pk__in=[])
    for path in actor.paths("unit.found"):
        condition |= Q(unit__path__startswith=path)
    return list(UnitBatch.objects.filter(condition).select_related("unit").order_by("-pk")[:SHOWN])


def preview_of(batch: UnitBatch) -> list[Preview]:
    """The first good rows of a batch."""
    rows = batch.rows.filter(good=True).order_by("row").values_list("row", "read")[:SHOWN]
    return [
        Preview(row, read["label"], read["name"], str(UnitKind(read["kind"]).label), read["above"], read["founded"])
        for row, read in rows
    ]


def faults_of(batch: UnitBatch) -> list[Fault]:
    """The first rows that are left out, each with all its faults."""
    rows = batch.rows.filter(good=False).exclude(faults=[]).order_by("row").values_list("row", "faults")[:SHOWN]
    return [Fault(row, " ".join(_told(fault) for fault in faults)) for row, faults in rows]


def _told(fault: dict[str, object]) -> str:
    params = dict(fault["params"])  # type: ignore[call-overload]
    for key in ("kind", "above"):
        if params.get(key) in UnitKind.values:
            params[key] = UnitKind(params[key]).label
    problem = Problem(
        str(fault["message"]),
        hint=str(fault["hint"]) if fault["hint"] else None,
        place=Place(column=str(fault["column"]) or None),
        **params,
    )  # fmt: skip
    return problem_text(problem)
