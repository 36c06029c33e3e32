"""From the figures of a round to drafted needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.i18n import LANGUAGES, Localized
from qiao.base.problems import Problem
from qiao.hear.needs import rules
from qiao.hear.needs.choices import NeedKind
from qiao.hear.needs.models import Need
from qiao.hear.surveys.queries import FrozenRound, Item, frozen_round, is_shown
from qiao.hear.surveys.rules import NO_GROUP
from qiao.org.settings.queries import value_of
from qiao.org.units.models import Unit
from qiao_stats.estimation import estimate_many
from qiao_stats.needs import common_tests, compare_groups, interval_ends, standing_out


def derive_needs(*, actor: Actor, now: datetime, round_code: str) -> list[Need]:
    """Draft needs from the frozen answers of a published round, as the algorithm says.

    Deriving again returns the needs there are: what somebody has worded is not overwritten. Raises Refused without
    ``need.publish`` at the round's unit, Problem for a round without results or without a question on needs.
    """
    data = frozen_round_of(round_code)
    survey = data.survey
    require(actor, "need.publish", survey.unit.path)
    top = value_of(rules.TOP_K, path=survey.unit.path, on=localdate(now))
    if not survey.invited:
        raise Problem("Volunteers do not stand for all members: needs are derived from a census or a sample.")
    questions = [item for item in data.items if item.need]
    if not questions:
        raise Problem(
            "This questionnaire has no question on needs.",
            hint="Name such a question need…: the options of select_one and select_multiple questions are its needs.",
        )
    with atomic():
        # The unit's row is locked, so that two analysts at once do not derive twice.
        Unit.objects.select_for_update().get(pk=survey.unit_id)
        before = list(Need.objects.filter(source_code=round_code).exclude(kind=NeedKind.TOPIC).order_by("pk"))
        if before:
            return before
        made = [*_common(data, questions, now, top), *_of_groups(data, questions, now)]
        for need in made:
            need.code = next_code("N")
        Need.objects.bulk_create(made)
        audit.record(
            actor=actor, now=now, action="need.derive", code=round_code, unit_path=survey.unit.path,
            detail={"needs": len(made), "top": top},
        )  # fmt: skip
    return made


def frozen_round_of(round_code: str) -> FrozenRound:
    """The frozen data of a published round. Raises Problem where there are none."""
    from qiao.hear.surveys.queries import find_round

    survey = find_round(round_code)
    if survey is None or survey.published is None or survey.state == "failed":
        raise Problem("Needs are derived from a round whose results are published.")
    if survey.erased:
        raise Problem("The single answers of this round are erased: needs can no longer be derived from them.")
    return frozen_round(round_code)


def _columns(questions: Sequence[Item]) -> dict[str, tuple[Item, int]]:
    """The needs asked for: ``question:option`` to the question and the option's place."""
    return {
        f"{item.name}:{option.name}": (item, place)
        for item in questions
        for place, option in enumerate(item.options)
        if option.name not in NO_GROUP
    }


def _shown(data: FrozenRound, listed: dict[str, tuple[Item, int]]) -> dict[str, tuple[Item, int]]:
    """Without the needs whose share over everybody the results hide."""
    results = data.survey.results
    return {
        key: (item, place)
        for key, (item, place) in listed.items()
        if is_shown(results, item.name, item.options[place].name)
    }


def _common(data: FrozenRound, questions: Sequence[Item], now: datetime, top: int) -> list[Need]:
    made = []
    for question in questions:
        listed = _shown(data, _columns([question]))
        if not listed:
            continue  # The results hide all of it.
        items = {key: item.columns[place] for key, (item, place) in listed.items()}
        tested = common_tests(data.design, items, data.strata, top=top, least=data.survey.publish_floor)
        if not tested:
            continue
        grid = estimate_many(data.design, {one.item: items[one.item] for one in tested}, deff=None, interval="beta")
        lower, upper = interval_ends(grid)
        for row, one in enumerate(tested):
            item, place = listed[one.item]
            need = _need(
                data,
                now,
                NeedKind.COMMON,
                item.options[place].label,
                one.item,
                float(grid.estimate[row, 0]),
                float(lower[row, 0]),
                float(upper[row, 0]),
                int(grid.n[row, 0]),
            )
            need.adjusted_p, need.question = one.adjusted, item.label
            made.append(need)
    return made


def _of_groups(data: FrozenRound, questions: Sequence[Item], now: datetime) -> list[Need]:
    listed = _shown(data, _columns(questions))
    groups = {group.key: group for group in data.groups}
    compared = compare_groups(
        data.design,
        {key: item.columns[place] for key, (item, place) in listed.items()},
        {key: (group.member, group.known) for key, group in groups.items()},
        least=data.survey.publish_floor,
    )
    made = []
    for one in standing_out(compared, level=rules.FALSE_DISCOVERIES):
        item, place = listed[one.item]
        # What the results hide no need tells, nor the figure of all the others, from which it could be computed.
        if not is_shown(data.survey.results, item.name, item.options[place].name, one.group):
            continue
        group = groups[one.group].label
        option = item.options[place].label
        title = {
            code: (
                f"{group.get(code, '')}：{option[code]}" if code != "en" else f"{option[code]} ({group.get(code, '')})"
            )
            for code in LANGUAGES
            if code in option
        }
        need = _need(data, now, NeedKind.GROUP, title, one.item, one.share, one.lower, one.upper, one.n)
        need.group, need.group_key = group, one.group
        need.rest_share, need.rest_lower, need.rest_upper = one.rest_share, one.rest_lower, one.rest_upper
        need.rest_n, need.adjusted_p, need.question = one.rest_n, one.adjusted, item.label
        made.append(need)
    return made


def _need(
    data: FrozenRound, now: datetime, kind: NeedKind, title: Localized, item: str,
    share: float, lower: float, upper: float, n: int,
) -> Need:  # fmt: skip
    survey = data.survey
    return Need(
        kind=kind,
        unit=survey.unit,
        title=title,
        share=share,
        lower=lower,
        upper=upper,
        n=n,
        rate=survey.answered / survey.invited if survey.invited else None,
        source_code=survey.code,
        item=item,
        drafted=now,
    )
