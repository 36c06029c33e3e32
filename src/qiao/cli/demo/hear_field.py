"""Fieldwork in the demonstration: a round in every state between plan and results, calls, paper, base unions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from qiao.base.access import SYSTEM
from qiao.base.i18n import Localized, localized
from qiao.base.xlsform import FormDocument, Node, Option, edit, from_json
from qiao.cli.demo.hear import PURPOSE, simulated_answer
from qiao.cli.demo.world import SEED, World
from qiao.hear.surveys import services as surveys
from qiao.hear.surveys.choices import Asked, DraftAct
from qiao.hear.surveys.queries import POINTS, invitations_for_entry, next_sheet, round_by_code
from qiao.hear.surveys.services import drafts
from qiao.org.access.choices import Role
from qiao.org.access.services import grant_role
from qiao.org.people.choices import ContactKind
from qiao.org.people.models import Account, Person
from qiao.org.people.services import open_account, set_contact
from qiao.org.units.models import Unit

if TYPE_CHECKING:
    from qiao.hear.surveys.models import QuestionnaireVersion, Round

DAY = timedelta(days=1)
_ZH, _EN = "中文 (zh)", "English (en)"
#: Sheets of paper of which nothing is filled in but what must be.
_SHEETS = 8


@dataclass(frozen=True, slots=True)
class _Plan:
    """A round to be planned: where, what it is called, when it opens and closes relative to now, how many are drawn."""

    unit: Unit
    title: Localized
    opens: datetime
    closes: datetime
    size: int | None
    asked: Asked = Asked.SAMPLE


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:
    """One round in each state; the one in the district has calls and stacks of paper, one asks base unions."""
    version = round_by_code(str(earlier["open_round"])).version
    rng = np.random.default_rng(SEED + 4)
    now, district = world.now, world.districts[0]
    words = (
        ("食堂与用餐", "Canteens and meals"), ("夜间通勤", "Commuting at night"),
        ("职业培训意愿", "Wishes for training"), ("休息与休假", "Rest and leave"),
        ("女职工关爱", "Care for women workers"),
    )  # fmt: skip
    titles = [localized(f"{zh}调查", en) for zh, en in words]
    _planned(world, version, _Plan(district, titles[0], now + 12 * DAY, now + 26 * DAY, 160))
    _checked(world, version, _Plan(district, titles[1], now + 5 * DAY, now + 19 * DAY, 160))
    _drawn(world, version, _Plan(district, titles[2], now - DAY, now + 13 * DAY, 160))
    for place, weighted in ((3, False), (4, True)):
        plan = _Plan(world.root, titles[place], now - (26 + place) * DAY, now - (1 + place) * DAY, 400)
        code = _answered(world, version, plan, rng)
        surveys.close_round(actor=world.actor("survey_owner"), now=plan.closes, code=code)
        if weighted:
            surveys.weight_round(actor=world.actor("analyst"), now=plan.closes + DAY, code=code)
    field = _fieldwork(world, version, rng)
    return {"field_round": field, "union_round": _unions(world, rng)}


def _planned(world: World, version: QuestionnaireVersion, plan: _Plan) -> Round:
    return surveys.plan_round(
        actor=world.actor("survey_owner"), now=min(plan.opens - 12 * DAY, world.now - DAY), unit=plan.unit,
        title=plan.title, version=version, asked=plan.asked, sample_size=plan.size, opens=plan.opens,
        closes=plan.closes, purpose=PURPOSE, expected_rate=0.3,
    )  # fmt: skip


def _checked(world: World, version: QuestionnaireVersion, plan: _Plan) -> str:
    survey = _planned(world, version, plan)
    surveys.pass_plan(
        actor=world.actor("dpo"), now=min(plan.opens - 9 * DAY, world.now - DAY), code=survey.code,
        points={key: True for key, _label in POINTS},
    )  # fmt: skip
    return survey.code


def _drawn(world: World, version: QuestionnaireVersion, plan: _Plan) -> str:
    code = _checked(world, version, plan)
    drawn = min(plan.opens - 5 * DAY, world.now - DAY)
    surveys.draw_round(actor=world.actor("sample_drawer"), now=drawn, code=code)
    return code


def _opened(world: World, version: QuestionnaireVersion, plan: _Plan) -> str:
    code = _drawn(world, version, plan)
    surveys.open_round(actor=world.actor("survey_owner"), now=plan.opens, code=code)
    return code


def _answered(world: World, version: QuestionnaireVersion, plan: _Plan, rng: np.random.Generator) -> str:
    code = _opened(world, version, plan)
    survey = round_by_code(code)
    rows = [row for row in invitations_for_entry(survey) if rng.random() < 0.35]
    surveys.store_many(
        actor=SYSTEM, now=plan.opens + 2 * DAY, survey=survey,
        answers=[(row.pk, simulated_answer(rng, row.employment)) for row in rows],
    )  # fmt: skip
    return code


def _fieldwork(world: World, version: QuestionnaireVersion, rng: np.random.Generator) -> str:
    """Slips that went out and some that came back, a reminder that is due, people to call, stacks of paper."""
    district, now = world.districts[0], world.now
    title = localized("一线职工入户访问", "Survey of members at the front line")
    plan = _Plan(district, title, now - 9 * DAY, now + 9 * DAY, 180)
    code = _drawn(world, version, plan)
    drawer = world.actor("sample_drawer")
    lines = surveys.make_code_sheet(actor=drawer, now=plan.opens - DAY, code=code)
    surveys.open_round(actor=world.actor("survey_owner"), now=plan.opens, code=code)
    surveys.note_undeliverable(actor=drawer, now=now - 3 * DAY, code=code, slips=[line.slip for line in lines[-4:]])
    _stacks(world, code, [line.code for line in lines], rng)
    _calls(world, code, len(lines))
    return code


def _calls(world: World, code: str, slips: int) -> None:
    """Twelve people with a number, shared out between two callers; some calls brought nothing yet."""
    now, drawer, caller = world.now, world.actor("sample_drawer"), world.actor("interviewer")
    survey = round_by_code(code)
    rows = invitations_for_entry(survey)
    offered = {account.person_id for account in world.member_accounts}
    chosen = [row for row in rows if row.person_id not in offered and (row.slip or slips) > slips // 2][:12]
    people = {person.pk: person for person in Person.objects.filter(pk__in=[row.person_id for row in chosen])}
    for place, person in enumerate(people[row.person_id or 0] for row in chosen):
        set_contact(
            actor=SYSTEM, now=now - 20 * DAY, person=person, kind=ContactKind.MOBILE, value=f"199 0000 61{place:02}"
        )  # fmt: skip
    surveys.hand_out_calls(
        actor=drawer, now=now - 2 * DAY, code=code, number=12,
        interviewers=[world.account("interviewer"), _second_caller(world)],
    )  # fmt: skip
    for outcome, when in (("no_answer", None), ("appointment", now + timedelta(hours=20)), ("refused", None)):
        call = surveys.next_call(actor=caller, now=now - DAY, code=code)
        if call is not None:
            surveys.log_call(
                actor=caller, now=now - DAY, code=code, call_id=call.pk, outcome=outcome, appointment=when
            )  # fmt: skip


def _second_caller(world: World) -> Account:
    """Another interviewer, who also types the second time."""
    account = open_account(actor=SYSTEM, now=world.now, email="caller2@ebf.example", display_name="苇闻笛")
    account.password = world.account("interviewer").password
    account.save(update_fields=["password"])
    since = (world.now - 900 * DAY).date()
    grant_role(actor=SYSTEM, now=world.now, account=account, role=Role.INTERVIEWER, unit=world.root, since=since)
    return account


def _stacks(world: World, code: str, codes: Sequence[str], rng: np.random.Generator) -> None:
    """A stack that is stored, one in which two typings differ, and one half typed."""
    clerk, owner = world.actor("interviewer"), world.actor("survey_owner")
    clean = {"ws_shift": "day", "ws_place": "indoors", "ws_child": "no"}

    def fill(when: datetime, start: int, number: int) -> tuple[str, list[dict[str, object]]]:
        batch = surveys.open_batch(actor=clerk, now=when, code=code, expected=_SHEETS)
        sheets = [{**simulated_answer(rng, ""), **clean} for _ in range(number)]
        for place, values in enumerate(sheets):
            surveys.type_sheet(
                actor=clerk, now=when, batch_code=batch.code, number=place + 1, code=codes[start + place],
                values=values,
            )  # fmt: skip
        return batch.code, sheets

    for days, differs in ((5, False), (3, True)):
        when = world.now - days * DAY
        name, sheets = fill(when, 0 if not differs else _SHEETS, _SHEETS)
        batch = surveys.complete_batch(actor=clerk, now=when, batch_code=name)
        drawn = surveys.to_verify(batch)
        while number := next_sheet(batch, drawn, owner.account_id):
            values = {
                **sheets[number - 1],
                **({"trust": 1 + int(str(sheets[number - 1]["trust"])) % 5} if differs else {}),
            }
            surveys.type_again(actor=owner, now=when, batch_code=name, number=number, values=values)
        if not differs:
            surveys.store_batch(actor=clerk, now=when, batch_code=name)
    fill(world.now - DAY, 2 * _SHEETS, _SHEETS // 2)


def _unions(world: World, rng: np.random.Generator) -> str:
    """Base unions are asked what they lack: nothing the register knows stands in the questionnaire."""
    owner, begun = world.actor("survey_owner"), world.now - 20 * DAY
    draft = drafts.begin_questionnaire(
        actor=owner, now=begun, unit=world.root, template="",
        title=localized("基层工会年度问卷", "Yearly questionnaire to base unions"),
    )  # fmt: skip
    drafts.change_draft(
        actor=owner, now=begun, code=draft.questionnaire.code, revision=draft.revision, act=DraftAct.ADD,
        about="lack", change=lambda _document: _union_form(from_json(draft.document)),
    )  # fmt: skip
    version = drafts.store_draft(actor=owner, now=begun, code=draft.questionnaire.code)
    title = localized(f"{world.now.year} 年基层工会调查", f"Survey of base unions {world.now.year}")
    plan = _Plan(world.root, title, world.now - 6 * DAY, world.now + 15 * DAY, None, Asked.BASE_UNIONS)
    code = _opened(world, version, plan)
    survey = round_by_code(code)
    spared = {world.bases[0].pk}
    rows = [row for row in invitations_for_entry(survey) if row.unit_id not in spared and rng.random() < 0.4]
    surveys.store_many(
        actor=SYSTEM, now=plan.opens + 2 * DAY, survey=survey,
        answers=[
            (row.pk, {"lack": [str(lack)], "hours": int(hours)})
            for row, lack, hours in zip(
                rows, rng.choice(["staff", "money", "place", "skill"], len(rows)), rng.integers(1, 9, len(rows)),
                strict=True,
            )
        ],
    )  # fmt: skip
    return code


def _union_form(document: FormDocument) -> FormDocument:
    """Two questions only the union can answer."""
    listed = tuple(
        Option(name, texts={"label": {_ZH: zh, _EN: en}})
        for name, zh, en in (
            ("staff", "人手", "People"), ("money", "经费", "Money"), ("place", "场地", "Rooms"),
            ("skill", "业务培训", "Training"),
        )
    )  # fmt: skip
    document = edit.with_list(edit.with_languages(document, [_ZH, _EN]), "lacking", listed)
    for node in (
        Node(
            type="select_multiple", name="lack", list="lacking",
            texts={"label": {_ZH: "贵工会开展工作最缺什么？", _EN: "What does your union lack most?"}},
            logic={"required": "yes"},
        ),
        Node(
            type="integer", name="hours", logic={"constraint": ". >= 0 and . <= 168"},
            texts={"label": {_ZH: "填报各类报表每周要花几小时？", _EN: "How many hours a week go into reports?"}},
        ),
    ):  # fmt: skip
        document = edit.add(document, node)[0]
    return document
