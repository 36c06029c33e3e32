"""Writing questionnaires: drafts, versions, files, the bank."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from PIL import Image

from qiao.base.access import SYSTEM, Refused
from qiao.base.i18n import localized
from qiao.base.models import LedgerLeaf
from qiao.base.problems import Problem, Problems
from qiao.base.xlsform import FormDocument, Node, edit, from_json, read_document, to_json
from qiao.hear.surveys.choices import DraftAct
from qiao.hear.surveys.models import BankItem, FormDraft, Questionnaire, QuestionnaireVersion
from qiao.hear.surveys.queries import bank as bank_queries
from qiao.hear.surveys.queries.forms import runtime_of, version_by_id
from qiao.hear.surveys.queries.shipped import shipped_items, shipped_templates
from qiao.hear.surveys.services import bank, drafts, media, questionnaires
from qiao.org.access.choices import Role
from tests.factories.hear import CHOICES, SURVEY, Town, closed_round, make_town, open_round, upload, workbook

ZH, EN = "中文 (zh)", "English (en)"


@pytest.fixture
def town(db: None, now: datetime) -> Town:
    return make_town(now)


def picture(size: tuple[int, int] = (8, 8)) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, "white").save(stream, "PNG")
    return stream.getvalue()


def begin(town: Town, template: str = "needs") -> FormDraft:
    return drafts.begin_questionnaire(
        actor=town.actor(Role.SURVEY_OWNER), now=town.now, unit=town.root, title=localized("问卷", "Questionnaire"),
        template=template,
    )  # fmt: skip


def add(town: Town, draft: FormDraft, node: Node, **more: object) -> FormDraft:
    return drafts.change_draft(
        actor=town.actor(Role.SURVEY_OWNER), now=town.now, code=draft.questionnaire.code, revision=draft.revision,
        act=DraftAct.ADD, change=lambda document: edit.add(document, node, **more)[0],  # type: ignore[arg-type]
    )  # fmt: skip


def test_a_ready_made_questionnaire_becomes_a_version_that_can_be_asked(town: Town) -> None:
    bank.load_bank(actor=SYSTEM, now=town.now)
    draft = begin(town)
    version = drafts.store_draft(actor=town.actor(Role.SURVEY_OWNER), now=town.now, code=draft.questionnaire.code)
    assert (version.number, version.origin, version.languages) == (1, "editor", [EN, ZH])
    assert not FormDraft.objects.exists()
    runtime = runtime_of(version.pk)
    assert runtime.left_out == ()
    outcome = runtime.validate(
        {"ws_shift": ["night"], "need_first": ["pay"], "overtime": ["0"]}, language=ZH, now=town.now
    )
    assert outcome.errors == {}
    # What it was written as says the same as what was written.
    assert read_document(bytes(version.content), "x.xlsx") == from_json({**version.document, "files": {}})


@pytest.mark.parametrize("key", [each.key for each in shipped_templates()])
def test_all_that_ships_can_be_asked(town: Town, key: str) -> None:
    draft = begin(town, key)
    assert drafts.store_draft(actor=town.actor(Role.SURVEY_OWNER), now=town.now, code=draft.questionnaire.code)


def test_versions_never_change_and_the_first_opening_is_in_the_ledger(town: Town) -> None:
    survey = open_round(town)
    version = version_by_id(survey.version_id)
    leaf = LedgerLeaf.objects.filter(kind="questionnaire.frozen").get()
    assert leaf.code == version.questionnaire.code
    owner = town.actor(Role.SURVEY_OWNER)
    draft = drafts.begin_draft(actor=owner, now=town.now, code=version.questionnaire.code)
    add(town, draft, Node(type="text", name="more", texts={"label": {ZH: "还有？"}}))
    second = drafts.store_draft(actor=owner, now=town.now, code=version.questionnaire.code)
    assert (second.number, second.frozen) == (2, None)
    before = bytes(QuestionnaireVersion.objects.get(pk=version.pk).content)
    assert before == bytes(version.content)
    with pytest.raises(DatabaseError, match="never changes"):
        QuestionnaireVersion.objects.filter(pk=version.pk).update(content=b"other")


def test_a_frozen_version_is_guarded_by_the_database(town: Town) -> None:
    version_id = upload(town)
    with pytest.raises(DatabaseError, match="never changes"):
        QuestionnaireVersion.objects.filter(pk=version_id).update(document={})


def test_two_officers_at_once_lose_nothing(town: Town) -> None:
    draft = begin(town)
    owner, code = town.actor(Role.SURVEY_OWNER), draft.questionnaire.code
    document = from_json(draft.document)
    one, two = [node for node in document.walk() if not node.holds][:2]
    seen = draft.revision

    def word(uid: str, text: str) -> FormDraft:
        def change(current: FormDocument) -> FormDocument:
            node = current.find(uid)
            assert node is not None
            return edit.put(current, uid, Node(**{**node.__dict__, "texts": {"label": {ZH: text}}}))

        return drafts.change_draft(
            actor=owner, now=town.now, code=code, revision=seen, act=DraftAct.CHANGE, uid=uid, about=uid, change=change
        )

    word(one.uid, "甲改")
    # Another question: both changes stand.
    both = from_json(word(two.uid, "乙改").document)
    assert [both.find(uid).text("label")[ZH] for uid in (one.uid, two.uid)] == ["甲改", "乙改"]  # type: ignore[union-attr]
    # The same question: the second is told and nothing changes.
    with pytest.raises(drafts.StaleDraft) as caught:
        word(one.uid, "丙改")
    assert from_json(FormDraft.objects.get().document) == both
    seen = caught.value.draft.revision
    assert from_json(word(one.uid, "丙改").document).find(one.uid).text("label")[ZH] == "丙改"  # type: ignore[union-attr]


def test_every_change_can_be_gone_back_to(town: Town) -> None:
    draft = begin(town)
    first = from_json(draft.document)
    changed = add(town, draft, Node(type="text", name="more", texts={"label": {ZH: "还有？"}}))
    owner = town.actor(Role.SURVEY_OWNER)
    back = drafts.undo_draft(actor=owner, now=town.now, code=draft.questionnaire.code, to=1)
    assert from_json(back.document) == first
    assert back.revision == 3
    again = drafts.undo_draft(actor=owner, now=town.now, code=draft.questionnaire.code, to=changed.revision)
    assert from_json(again.document).find("n99") is None
    with pytest.raises(Problem, match="not kept"):
        drafts.undo_draft(actor=owner, now=town.now, code=draft.questionnaire.code, to=77)


@pytest.mark.parametrize("text", ["您的政治面貌？", "是否信教", "What is your religion?", "民 族"])
def test_what_is_never_held_is_refused_while_it_is_written(town: Town, text: str) -> None:
    draft = begin(town)
    with pytest.raises(Problems, match="asks for"):
        add(town, draft, Node(type="text", name="x", texts={"label": {ZH: text}}))
    assert FormDraft.objects.get().revision == 1


def test_a_question_others_refer_to_stays_and_a_new_name_reaches_them(town: Town) -> None:
    draft = begin(town)
    document = from_json(draft.document)
    shift = next(node for node in document.walk() if node.name == "ws_child")
    with pytest.raises(Problem, match="need_care"):
        edit.remove(document, shift.uid)
    renamed = edit.put(document, shift.uid, Node(**{**shift.__dict__, "name": "ws_kids"}))
    care = next(node for node in renamed.walk() if node.name == "need_care")
    assert care.rule("relevant") == "${ws_kids} = 'yes'"


def test_nobody_else_writes(town: Town) -> None:
    draft = begin(town)
    stranger = town.actor(Role.SAMPLE_DRAWER)
    with pytest.raises(Refused):
        drafts.store_draft(actor=stranger, now=town.now, code=draft.questionnaire.code)
    with pytest.raises(Refused):
        drafts.begin_questionnaire(actor=stranger, now=town.now, unit=town.root, title=localized("问卷"))


# files


def test_pictures_are_looked_at_served_and_kept_with_the_version(town: Town, client: Client) -> None:
    rows = (
        (*SURVEY[0], "media::image"),
        *((*row, "p.png" if row[1] == "ws_shift" else "") for row in SURVEY[1:]),
    )
    owner = town.actor(Role.SURVEY_OWNER)
    version = questionnaires.upload_questionnaire(
        actor=owner, now=town.now, unit=town.root, title=localized("问卷"), file_name="f.xlsx",
        content=workbook(rows), files=[("p.png", picture())],
    )  # fmt: skip
    facts = version.document["files"]["p.png"]
    address = runtime_of(version.pk).media["p.png"]
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"]) == (
        200,
        "image/png",
        "nosniff",
    )
    assert client.get(address.replace(str(facts["sha256"])[:4], "0000")).status_code == 404
    # Another file of the same name makes a new version; the old keeps its own.
    media.add_form_files(actor=owner, now=town.now, code=version.questionnaire.code, files=[("p.png", picture((9, 9)))])
    second = questionnaires.upload_questionnaire(
        actor=owner, now=town.now, unit=town.root, title={}, file_name="f.xlsx", content=workbook(rows),
        code=version.questionnaire.code,
    )  # fmt: skip
    assert second.number == 2
    assert second.document["files"]["p.png"]["sha256"] != facts["sha256"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "no picture"),
        ("a.png", b"\x89PNG\r\n\x1a\n broken", "no picture"),
        ("a.gif", picture(), "does not fit"),
        ("a.png", picture((5000, 5000)), "too many points"),
        ("a.mp3", b"ID3" + bytes(3_100_000), "kB"),
        ("a.exe", b"MZ" + bytes(50), "no picture"),
    ],
)
def test_files_a_page_must_not_show_are_refused(town: Town, name: str, content: bytes, told: str) -> None:
    code = QuestionnaireVersion.objects.get(pk=upload(town)).questionnaire.code
    with pytest.raises(Problems, match=told):
        media.add_form_files(actor=town.actor(Role.SURVEY_OWNER), now=town.now, code=code, files=[(name, content)])


# the bank


def test_the_bank_loads_once_and_keeps_wordings(town: Town) -> None:
    assert bank.load_bank(actor=SYSTEM, now=town.now) == len(shipped_items())
    assert bank.load_bank(actor=SYSTEM, now=town.now) == 0
    assert len(shipped_items()) >= 25
    for _key, _topic, source, document in shipped_items():
        node = document.items[0]
        assert set(node.text("label")) == {ZH, EN}
        assert set(source) == {"zh-hans", "en"}


def test_rounds_compare_what_was_asked_in_the_same_words(town: Town) -> None:
    bank.load_bank(actor=SYSTEM, now=town.now)
    owner = town.actor(Role.SURVEY_OWNER)
    code = begin(town).questionnaire.code
    first = drafts.store_draft(actor=owner, now=town.now, code=code)
    draft = drafts.begin_draft(actor=owner, now=town.now, code=code)
    document = from_json(draft.document)
    pay = next(node for node in document.walk() if node.name == "wage_on_time")

    def change(current: FormDocument) -> FormDocument:
        other = Node(**{**pay.__dict__, "texts": {"label": {ZH: "工资拖欠过吗？", EN: "Was pay ever late?"}}})
        options = current.lists["commute"][:-1]
        return edit.with_list(edit.put(current, pay.uid, other), "commute", options)

    drafts.change_draft(actor=owner, now=town.now, code=code, revision=1, act=DraftAct.CHANGE, change=change)
    second = drafts.store_draft(actor=owner, now=town.now, code=code)
    rounds = [closed_round(town, [], version=version_by_id(version.pk)).code for version in (first, second)]
    found = {each.item: each for each in bank_queries.comparable(*rounds)}
    assert (found["ws_shift"].same, found["ws_shift"].broken) == (True, "")
    assert (found["wage_on_time"].same, found["wage_on_time"].broken) == (False, "words")
    assert (found["commute"].same, found["commute"].broken) == (False, "options")
    item = bank_queries.bank_item("wage_on_time")
    assert [use.wording for use in bank_queries.usages(item)].count(None) == 1


def test_questions_of_one_questionnaire_compare_without_a_bank(town: Town) -> None:
    version = version_by_id(upload(town))
    rounds = [closed_round(town, [], version=version).code for _again in range(2)]
    found = bank_queries.comparable(*rounds)
    assert [(each.key_a, each.same) for each in found] == [
        ("ws_shift", True), ("need_first", True), ("hours", True), ("words", True)
    ]  # fmt: skip
    other = closed_round(town, [], version=version_by_id(upload(town))).code
    assert bank_queries.comparable(rounds[0], other) == []


def test_an_item_of_others_is_not_overwritten(town: Town) -> None:
    bank.load_bank(actor=SYSTEM, now=town.now)
    owner = town.actor(Role.SURVEY_OWNER)
    document = FormDocument(languages=(ZH,), items=(Node(type="text", name="q", texts={"label": {ZH: "想说什么？"}}),))
    facts = {"actor": owner, "now": town.now, "unit": town.root, "topic": "other", "source": {}}
    with pytest.raises(Problem, match="kept by others"):
        bank.save_item(**facts, key="ws_shift", document=document)  # type: ignore[arg-type]
    with pytest.raises(Problem, match="cannot be the name"):
        bank.save_item(**facts, key="Wrong Key", document=document)  # type: ignore[arg-type]
    first = bank.save_item(**facts, key="own_words", document=document)  # type: ignore[arg-type]
    assert bank.save_item(**facts, key="own_words", document=document) == first  # type: ignore[arg-type]
    changed = FormDocument(languages=(ZH,), items=(Node(type="text", name="q", texts={"label": {ZH: "还想说什么？"}}),))
    assert bank.save_item(**facts, key="own_words", document=changed).number == 2  # type: ignore[arg-type]
    bank.retire_item(actor=owner, now=town.now, key="own_words")
    assert not bank_queries.bank_items().filter(key="own_words").exists()
    with pytest.raises(Problem, match="ship with"):
        bank.retire_item(actor=owner, now=town.now, key="ws_shift")


def test_an_item_put_twice_gets_names_of_its_own(town: Town) -> None:
    bank.load_bank(actor=SYSTEM, now=town.now)
    draft = begin(town, "")
    owner, code = town.actor(Role.SURVEY_OWNER), draft.questionnaire.code
    for _again in range(2):
        draft, _uid = drafts.insert_item(actor=owner, now=town.now, code=code, revision=draft.revision, key="ws_shift")
    document = from_json(draft.document)
    assert [node.name for node in document.walk()] == ["ws_shift", "ws_shift_2"]
    assert list(document.lists) == ["shift"]
    assert BankItem.objects.get(key="ws_shift").wordings.count() == 1


def test_a_draft_thrown_away_takes_an_empty_questionnaire_with_it(town: Town) -> None:
    draft = begin(town)
    drafts.drop_draft(actor=town.actor(Role.SURVEY_OWNER), now=town.now, code=draft.questionnaire.code)
    assert not Questionnaire.objects.exists()


# the pages


def _sign_in(client: Client, town: Town) -> None:
    client.force_login(town.account(Role.SURVEY_OWNER))


def test_a_questionnaire_is_written_without_script(town: Town, client: Client) -> None:
    bank.load_bank(actor=SYSTEM, now=town.now)
    _sign_in(client, town)
    answer = client.post(
        reverse("surveys:write"),
        {"title_zh_hans": "夜班问卷", "title_en": "Nights", "unit": town.root.pk, "template": ""},
    )
    code = Questionnaire.objects.get().code
    here = reverse("surveys:editor", args=[code])
    assert answer["Location"] == here
    added = client.post(here, {"act": "add", "kind": "select_one", "after": "", "revision": "1"})
    page = client.get(added["Location"])
    assert page.status_code == 200
    saved = client.post(
        added["Location"],
        {
            "revision": "2", "label-0": "您上夜班吗？", "label-1": "Do you work nights?", "type": "select_one",
            "hint-0": "", "hint-1": "", "required-there": "1", "required": "1",
            "choice-name-0": "yes", "choice-0-0": "上", "choice-0-1": "Yes", "choice-place-0": "2",
            "choice-name-1": "", "choice-1-0": "不上", "choice-1-1": "No", "choice-place-1": "1",
            "name": "ws_nights",
        },
    )  # fmt: skip
    assert saved.status_code == 302, saved.content.decode()
    added = client.post(here, {"act": "add", "kind": "integer", "after": "", "revision": "3"})
    saved = client.post(
        added["Location"],
        {
            "revision": "4", "label-0": "几晚？", "label-1": "How many?", "type": "integer", "name": "nights",
            "when-name-0": "ws_nights", "when-test-0": "is", "when-value-0": "yes", "joiner": "and",
            "limit-least": "0", "limit-most": "31", "message-0": "0 到 31", "message-1": "0 to 31",
        },
    )  # fmt: skip
    assert saved.status_code == 302, saved.content.decode()
    document = from_json(FormDraft.objects.get().document)
    first, second = document.items
    assert [option.name for option in document.lists[first.list]] == ["no", "yes"]
    assert second.rule("relevant") == "${ws_nights} = 'yes'"
    assert second.rule("constraint") == ". >= 0 and . <= 31"
    for name in ("editor_preview", "editor_history", "editor_bank"):
        assert client.get(reverse(f"surveys:{name}", args=[code])).status_code == 200
    assert "您上夜班吗" in client.get(here).content.decode()
    stored = client.post(here, {"act": "store", "revision": "5"})
    assert stored["Location"] == reverse("surveys:questionnaire", args=[code])
    version = QuestionnaireVersion.objects.get()
    workbook_of = client.get(reverse("surveys:version_xlsform", args=[code, 1]))
    assert read_document(workbook_of.content, "x.xlsx") == from_json(version.document)
    assert client.get(stored["Location"]).status_code == 200
    for name in ("questionnaires", "bank"):
        assert client.get(reverse(f"surveys:{name}")).status_code == 200
    assert client.get(reverse("surveys:bank_item", args=["ws_shift"])).status_code == 200


def test_a_second_officer_is_told_and_keeps_what_was_typed(town: Town, client: Client) -> None:
    draft = begin(town)
    _sign_in(client, town)
    node = next(node for node in from_json(draft.document).walk() if node.name == "overtime")
    here = reverse("surveys:editor_question", args=[draft.questionnaire.code, node.uid])
    fields = {"revision": "1", "type": "integer", "name": "overtime", "label-1": "x"}
    assert client.post(here, {**fields, "label-0": "甲的话"}).status_code == 302
    answer = client.post(here, {**fields, "label-0": "乙的话"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "乙的话" in text
    assert "甲的话" in text
    assert client.post(here, {**fields, "label-0": "乙的话", "autosave": "1"}).status_code == 409
    assert client.post(here, {**fields, "revision": "2", "label-0": "乙的话", "autosave": "1"}).json()["revision"] == 3
    refused = client.post(here, {**fields, "revision": "3", "label-0": "政治面貌", "autosave": "1"})
    assert refused.status_code == 422


def test_two_versions_are_compared(town: Town, client: Client) -> None:
    owner = town.actor(Role.SURVEY_OWNER)
    first = QuestionnaireVersion.objects.get(pk=upload(town))
    rows = [list(row) for row in SURVEY]
    rows[1][2] = "您的班次？"
    questionnaires.upload_questionnaire(
        actor=owner, now=town.now + timedelta(minutes=1), unit=town.root, title={}, file_name="f.xlsx",
        content=workbook(rows[:-1], CHOICES), code=first.questionnaire.code,
    )  # fmt: skip
    _sign_in(client, town)
    text = client.get(reverse("surveys:compare", args=[first.questionnaire.code])).content.decode()
    assert "您的班次？" in text
    assert "words" in text


def test_the_list_of_questionnaires_costs_the_same_for_many(town: Town, client: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    _sign_in(client, town)
    upload(town)
    client.get(reverse("surveys:questionnaires"))
    counts = []
    for more in (0, 4):
        for _number in range(more):
            upload(town)
            begin(town)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("surveys:questionnaires"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_documents_in_the_database_are_of_a_known_schema(town: Town) -> None:
    version = QuestionnaireVersion.objects.get(pk=upload(town))
    assert version.document["schema"] == "qiao-form/1"
    assert to_json(from_json(version.document)) == version.document
