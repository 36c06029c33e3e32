"""Planning a round, and changing the plan as long as nobody has passed it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import cast

from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.codes import next_code
from qiao.base.days import require_plausible
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.problems import Problem
from qiao.hear.surveys import rules
from qiao.hear.surveys.choices import Allocation, Asked, Design, RoundState, StratumBy
from qiao.hear.surveys.models import QuestionnaireVersion, Round
from qiao.hear.surveys.services.rounds.locking import locked
from qiao.org.membership.queries import member_count
from qiao.org.settings.queries import value_of
from qiao.org.units.models import Unit


def plan_round(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    title: Localized,
    version: QuestionnaireVersion,
    asked: str,
    opens: datetime,
    closes: datetime,
    purpose: Localized | None = None,
    sample_size: int | None = None,
    stratum_by: str = StratumBy.DISTRICT,
    design: str = Design.ELEMENTS,
    allocation: str = Allocation.PROPORTIONAL,
    given: Mapping[str, int] | None = None,
    per_cluster: int | None = None,
    earlier_code: str = "",
    earlier_item: str = "",
    expected_rate: float | None = None,
) -> Round:
    """Plan a round in a unit and all below it.

    ``per_cluster``: members of each union, for a draw in two stages. ``given``: sizes by stratum. ``earlier_code`` and
    ``earlier_item`` (question:option): what Neyman's allocation learns the spread from.

    Raises Refused without ``round.plan`` there, Problem for days in the wrong order, a sample without size, a design
    that does not fit its strata or a questionnaire of another part of the tree.
    """
    require(actor, "round.plan", unit.path)
    wanted = {
        "title": title, "purpose": purpose or {}, "asked": asked, "opens": opens, "closes": closes,
        "sample_size": sample_size, "stratum_by": stratum_by, "design": design, "allocation": allocation,
        "given": dict(given or {}), "per_cluster": per_cluster, "earlier_code": earlier_code,
        "earlier_item": earlier_item, "expected_rate": expected_rate,
    }  # fmt: skip
    facts = _fitting(now, unit, version, wanted)
    today = localdate(now)
    with atomic():
        survey = Round.objects.create(
            code=next_code("S"),
            unit=unit,
            version=version,
            planned_by_id=actor.account_id,
            population=member_count(unit.path),
            publish_floor=value_of(rules.PUBLISH_FLOOR, path=unit.path, on=today),
            small_cell=value_of(rules.SMALL_CELL, path=unit.path, on=today),
            weight_cap=value_of(rules.WEIGHT_CAP, path=unit.path, on=today),
            **facts,
        )
        audit.record(actor=actor, now=now, action="round.plan", code=survey.code, unit_path=unit.path)
    return survey


def change_plan(
    *, actor: Actor, now: datetime, code: str, unit: Unit, version: QuestionnaireVersion, wanted: Mapping[str, object]
) -> Round:
    """Change a plan nobody has passed yet; ``wanted`` as the words of `plan_round`. The same again changes nothing.

    Raises Refused without ``round.plan``, Problem once the plan is passed or for what does not fit.
    """
    with atomic():
        survey = locked(code)
        require(actor, "round.plan", survey.unit.path)
        require(actor, "round.plan", unit.path)
        if survey.state != RoundState.PLANNED:
            raise Problem("The plan has been passed: the data protection officer can send it back to you.")
        for name, value in _fitting(now, unit, version, dict(wanted)).items():
            setattr(survey, name, value)
        survey.unit, survey.version = unit, version
        survey.population = member_count(unit.path)
        survey.save()
        audit.record(actor=actor, now=now, action="round.change", code=code, unit_path=unit.path)
    return survey


def _fitting(now: datetime, unit: Unit, version: QuestionnaireVersion, wanted: dict[str, object]) -> dict[str, object]:
    """The plan's columns, each fit to the others. Raises Problem."""
    home = version.questionnaire.unit.path
    if not unit.path.startswith(home) and not home.startswith(unit.path):
        raise Problem("This questionnaire belongs to another unit: upload it for yours.")
    opens, closes = cast("datetime", wanted["opens"]), cast("datetime", wanted["closes"])
    require_plausible(opens, closes)
    if closes <= opens or closes <= now:
        raise Problem("The last day must come after the first, and after today.")
    rate = wanted.get("expected_rate")
    if rate is not None and not 0 < float(str(rate)) <= 1:
        raise Problem("The response expected lies above 0 and at most at 100 percent.")
    sample = wanted["asked"] == Asked.SAMPLE
    plain: dict[str, object] = {
        "sample_size": None, "design": Design.ELEMENTS, "allocation": Allocation.PROPORTIONAL, "given": {},
        "per_cluster": None, "earlier_code": "", "earlier_item": "",
    }  # fmt: skip
    if not sample:
        if wanted["asked"] == Asked.BASE_UNIONS and wanted["stratum_by"] in {StratumBy.EMPLOYMENT, StratumBy.SECTOR}:
            raise Problem("Base unions have members of several kinds: choose another stratum.")
        return wanted | plain
    _check_sample(wanted)
    if wanted["design"] != Design.TWO_STAGE:
        wanted["per_cluster"] = None
    if wanted["allocation"] != Allocation.NEYMAN:
        wanted |= {"earlier_code": "", "earlier_item": ""}
    if wanted["allocation"] == Allocation.GIVEN:
        wanted["sample_size"] = sum(cast("dict[str, int]", wanted["given"]).values())
    else:
        wanted["given"] = {}
    return wanted


def _check_sample(wanted: Mapping[str, object]) -> None:
    if wanted["allocation"] == Allocation.GIVEN:
        given = wanted["given"]
        if not isinstance(given, dict) or not sum(given.values()):
            raise Problem("Say how many are drawn from each stratum.")
    elif not wanted["sample_size"]:
        raise Problem("Say how many members are to be drawn.")
    if wanted["design"] != Design.ELEMENTS and wanted["stratum_by"] in {StratumBy.EMPLOYMENT, StratumBy.SECTOR}:
        raise Problem(
            "A union has members of several kinds: whoever draws unions first stratifies by place or by kind."
        )
    if wanted["design"] == Design.TWO_STAGE and not wanted["per_cluster"]:
        raise Problem("Say how many members are drawn in each union.")
    if wanted["allocation"] == Allocation.NEYMAN:
        earlier = Round.objects.filter(code=str(wanted["earlier_code"])).first()
        if earlier is None or earlier.published is None or earlier.erased is not None:
            raise Problem(
                "Neyman's allocation learns from an earlier round whose answers are still kept: name its code."
            )
        if ":" not in str(wanted["earlier_item"]):
            raise Problem("Name the answer whose spread counts as question:option, such as need_first:night_bus.")
