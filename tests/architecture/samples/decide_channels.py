"""Consultations in which people take part without an account."""

from __future__ import annotations

from collections.abc import Mapping

from tests.architecture.samples import Place, sample
from tests.architecture.samples.decide import open_one, opinion

from qiao.base.access import SYSTEM
from qiao.decide.consultations.queries import clauses_of, consultation_by_code
from qiao.decide.consultations.services.channels import Said
from qiao.decide.consultations.services.slips import make_slips
from qiao.decide.consultations.services.stacks import open_stack, type_sheet


@sample("consultations:codes", "consultations:names")
def with_codes(place: Place) -> Mapping[str, object]:
    """An open one with sheets made."""
    code = str(place.other(open_one)["code"])
    lines = make_slips(actor=SYSTEM, now=place.now, code=code, unit=place.unit)
    return {"code": code, "typed": lines[0].code, "unit": place.unit.pk}


@sample("consultations:by_code", shared="whoever holds the code takes part, wherever they sit")
def held_code(place: Place) -> Mapping[str, object]:
    """A code that has not spoken."""
    return place.other(with_codes)


@sample("consultations:stack", "consultations:paper", "consultations:assist")
def on_paper(place: Place) -> Mapping[str, object]:
    """A stack with one sheet typed."""
    made = place.other(with_codes)
    code = str(made["code"])
    clause = clauses_of(consultation_by_code(code))[0]
    stack = open_stack(actor=SYSTEM, now=place.now, code=code, expected=2, evidence="7")
    type_sheet(
        actor=SYSTEM, now=place.now, stack_code=stack.code, number=1, typed_code=str(made["typed"]),
        said=Said(words={clause.key: "请加一班车"}),
    )  # fmt: skip
    return {"code": code, "stack_code": stack.code}


@sample("consultations:take_back", gone="an opinion is its writer's own")
def own_opinion(place: Place) -> Mapping[str, object]:
    """A member's opinion."""
    return place.other(opinion)
