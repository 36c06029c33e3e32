"""Questionnaires in the demonstration: the question bank, and one questionnaire that is being written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.base.xlsform import FormDocument, Node, edit, from_json
from qiao.cli.demo.world import World
from qiao.hear.surveys.choices import DraftAct
from qiao.hear.surveys.services import bank, drafts

_ZH, _EN = "中文 (zh)", "English (en)"


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:
    """Load the bank; begin a questionnaire on services, change some of it and leave one question without words."""
    del earlier
    bank.load_bank(actor=SYSTEM, now=world.now - timedelta(days=430))
    owner = world.actor("survey_owner")
    begun = world.now - timedelta(days=2)
    draft = drafts.begin_questionnaire(
        actor=owner, now=begun, unit=world.root, template="three_degrees",
        title=localized("托管班服务三度测评", "Childcare: awareness, participation, satisfaction"),
    )  # fmt: skip
    code = draft.questionnaire.code
    known = next(node for node in from_json(draft.document).walk() if node.name == "aware_open")

    def reword(document: FormDocument) -> FormDocument:
        label = {
            _ZH: "您知道工会的哪些托管服务？请写出来。",
            _EN: "Which childcare services of the union do you know? Please name them.",
        }
        texts = {**known.texts, "label": label}
        return edit.put(document, known.uid, replace(known, texts=texts))

    def children(document: FormDocument) -> FormDocument:
        label = {_ZH: "送托的每个孩子", _EN: "Each child in care"}
        grown, part = edit.add(document, Node(type="repeat", name="child", texts={"label": label}))
        age = {_ZH: "几岁？", _EN: "How old?"}
        return edit.add(
            grown,
            Node(type="integer", name="child_age", texts={"label": age}, logic={"constraint": ". >= 0 and . <= 17"}),
            inside=part,
        )[0]

    draft = drafts.change_draft(
        actor=owner, now=begun + timedelta(minutes=9), code=code, revision=draft.revision, act=DraftAct.CHANGE,
        about="aware_open", uid=known.uid, change=reword,
    )  # fmt: skip
    draft = drafts.change_draft(
        actor=owner, now=begun + timedelta(minutes=12), code=code, revision=draft.revision, act=DraftAct.ADD,
        about="child", change=children,
    )  # fmt: skip
    draft, _uid = drafts.insert_item(
        actor=owner, now=begun + timedelta(minutes=15), code=code, revision=draft.revision, key="sat_five"
    )
    drafts.change_draft(
        actor=owner, now=begun + timedelta(minutes=21), code=code, revision=draft.revision, act=DraftAct.ADD,
        about="q1", change=lambda document: edit.add(document, Node(type="text", name="q1"))[0],
    )  # fmt: skip
    return {"draft_questionnaire": code}
