"""From figures to needs: deriving, wording, publishing, answering; findings handed back by judgment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, Refused, require
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.i18n import LANGUAGES, Localized, localized
from qiao.base.lineage import link
from qiao.base.problems import Problem
from qiao.hear.needs import rules
from qiao.hear.needs.choices import NeedKind, NeedState
from qiao.hear.needs.models import Need
from qiao.hear.surveys.queries import FrozenRound, Item, frozen_round
from qiao.hear.surveys.rules import NO_GROUP
from qiao.org.settings.queries import value_of
from qiao.org.units.models import Unit
from qiao.publish.services import announce
from qiao_stats.estimation import estimate_many
from qiao_stats.needs import common_items, compare_groups, interval_ends, standing_out


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
        before = list(Need.objects.filter(source_code=round_code).order_by("pk"))
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
    if survey is None or survey.state != "published":
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


def _common(data: FrozenRound, questions: Sequence[Item], now: datetime, top: int) -> list[Need]:
    made = []
    for question in questions:
        listed = _columns([question])
        items = {key: item.columns[place] for key, (item, place) in listed.items()}
        keys = common_items(data.design, items, data.strata, top=top, least=data.survey.publish_floor)
        if not keys:
            continue
        grid = estimate_many(data.design, {key: items[key] for key in keys}, deff=None, interval="beta")
        lower, upper = interval_ends(grid)
        for row, key in enumerate(keys):
            item, place = listed[key]
            made.append(
                _need(
                    data,
                    now,
                    NeedKind.COMMON,
                    item.options[place].label,
                    key,
                    float(grid.estimate[row, 0]),
                    float(lower[row, 0]),
                    float(upper[row, 0]),
                    int(grid.n[row, 0]),
                )
            )
    return made


def _of_groups(data: FrozenRound, questions: Sequence[Item], now: datetime) -> list[Need]:
    listed = _columns(questions)
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
        need.rest_n, need.adjusted_p = one.rest_n, one.adjusted
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


def check_need(*, actor: Actor, now: datetime, code: str, title: Localized, detail: Localized | None = None) -> Need:
    """Word a drafted need as people would say it. Raises Refused, Problem for one that is published already."""
    with atomic():
        need = _locked(code)
        require(actor, "need.publish", need.unit.path)
        if not rules.may_check(need):
            raise Problem("A published need keeps its words.")
        need.title, need.detail, need.state = title, detail or {}, NeedState.CHECKED
        need.save(update_fields=["title", "detail", "state"])
        audit.record(actor=actor, now=now, action="need.check", code=code, unit_path=need.unit.path)
    return need


def publish_need(*, actor: Actor, now: datetime, code: str) -> Need:
    """Publish a checked need; from then on it has a thread. Twice is harmless.

    Raises Refused, Problem before it is checked.
    """
    with atomic():
        need = _locked(code)
        require(actor, "need.publish", need.unit.path)
        if need.state in rules.PUBLIC:
            return need
        if not rules.may_publish(need):
            raise Problem("Read and word the need first: then it can be published.")
        need.state, need.published = NeedState.PUBLISHED, now
        need.save(update_fields=["state", "published"])
        link(source=need.source_code, target=need.code, now=now)
        audit.record(actor=actor, now=now, action="need.publish", code=code, unit_path=need.unit.path)
    return need


def drop_need(*, actor: Actor, now: datetime, code: str) -> None:
    """Take a need that was never published off the list, for example one that says the same as another."""
    with atomic():
        need = _locked(code)
        require(actor, "need.publish", need.unit.path)
        if not rules.may_check(need):
            raise Problem("A published need is answered, not dropped.")
        audit.record(
            actor=actor, now=now, action="need.drop", code=code, unit_path=need.unit.path,
            detail={"source": need.source_code, "item": need.item, "group": need.group_key},
        )  # fmt: skip
        need.delete()


def answer_need(*, actor: Actor, now: datetime, code: str, answer: Localized) -> Need:
    """Say that the union will not act on a need, and why. Twice with the same words is harmless.

    Raises Refused without ``need.answer`` at the unit, Problem without a reason or for a need that is not published.
    """
    with atomic():
        need = _locked(code)
        require(actor, "need.answer", need.unit.path)
        if not answer:
            raise Problem("Say why: a need is not answered by silence.")
        if need.state == NeedState.ANSWERED and need.answer == answer:
            return need
        if not rules.may_answer(need):
            raise Problem("Only a published need that was not answered yet can be answered.")
        need.state, need.answer, need.answered = NeedState.ANSWERED, answer, now
        need.save(update_fields=["state", "answer", "answered"])
        audit.record(actor=actor, now=now, action="need.answer", code=code, unit_path=need.unit.path)
        announce(
            actor=actor, now=now, unit=need.unit, code=code, url=reverse("needs:need", args=[code]), body=answer,
            title=localized(
                f"对需求的答复：{need.title.get('zh-hans', '')}",
                f"Answer to a need: {need.title.get('en', '') or code}",
            ),
        )  # fmt: skip
    return need


def raise_finding(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    title: Localized,
    detail: Localized,
    share: float,
    lower: float,
    upper: float,
    n: float | None,
    rate: float | None,
    source_code: str,
) -> Need:
    """Hand a finding of an evaluation back as a need, published at once: the loop goes on.

    Called by judgment, as the system or as who ran the evaluation. The same finding of the same source again changes
    nothing. Raises Refused for everybody else.
    """
    if not (actor.system or actor.may("evaluation.run", unit.path)):
        raise Refused("evaluation.run is not yours here")
    with atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)
        before = Need.objects.filter(kind=NeedKind.FINDING, source_code=source_code, title=title).first()
        if before is not None:
            return before
        need = Need.objects.create(
            code=next_code("N"),
            kind=NeedKind.FINDING,
            unit=unit,
            title=title,
            detail=detail,
            share=share,
            lower=max(0.0, min(lower, share)),
            upper=min(1.0, max(upper, share)),
            n=n,
            rate=rate,
            source_code=source_code,
            state=NeedState.PUBLISHED,
            drafted=now,
            published=now,
        )
        link(source=source_code, target=need.code, now=now)
        audit.record(
            actor=actor, now=now, action="need.finding", code=need.code, unit_path=unit.path,
            detail={"source": source_code},
        )  # fmt: skip
    return need


def _locked(code: str) -> Need:
    return Need.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
