"""Texts looked through before they are saved; authors told again; nothing decided while an opinion has no answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.ballots import answer_all, make_consultation, make_proposals
from tests.factories.decide import DAY, Ground, closed, draft, make_ground, officer_client, opened, speak

from qiao.base.access import SYSTEM
from qiao.base.clock import now as clock_now
from qiao.base.i18n import localized
from qiao.base.problems import Problem, Problems
from qiao.decide.consultations.models import Clause, Intake, Move, Opinion
from qiao.decide.consultations.queries import clauses_of, consultation_by_code
from qiao.decide.consultations.services import answer_opinions, contest_grouping, finish_answers, group_opinions
from qiao.decide.consultations.services.intake import read_files, save_text, stage_text
from qiao.decide.consultations.services.moving import note_moves, tell_move
from qiao.decide.consultations.services.own import take_back_opinion
from qiao.decide.decisions.models import Decision
from qiao.decide.decisions.services import take_decision
from qiao.org.access.choices import Role
from qiao.org.people.models import PersonMessage

pytestmark = pytest.mark.django_db
NOW = datetime.fromisoformat("2026-03-02T10:00:00+08:00")
TEXT = "第一条 每夜三班车。\n第二条 免费。\n第三条 孕期优先。"


@pytest.fixture
def ground() -> Ground:
    return make_ground(NOW)


def test_a_file_read_again_keeps_every_id_and_every_opinion(ground: Ground) -> None:
    consultation = opened(NOW, ground)
    clause = clauses_of(consultation)[1]
    opinion = speak(NOW, ground.members[0], consultation, "好", clause)
    for _turn in range(2):
        intake = stage_text(actor=SYSTEM, now=NOW, code=consultation.code, reading=read_files("a.md", TEXT.encode()))
        save_text(actor=SYSTEM, now=NOW, code=consultation.code, intake_id=intake.pk, keys=["k1", "k2", ""])
    after = consultation_by_code(consultation.code)
    assert after.version == 2, "the same text again is no new version"
    assert [(clause.key, clause.label) for clause in clauses_of(after)] == [
        ("k1", "第一条"), ("k2", "第二条"), ("k3", "第三条"),
    ]  # fmt: skip
    opinion.refresh_from_db()
    assert opinion.clause is not None
    assert opinion.clause.key == "k2"
    assert not Intake.objects.exists()


def test_two_officers_at_once_and_wrong_ids_change_nothing(ground: Ground) -> None:
    consultation = opened(NOW, ground)
    first = stage_text(actor=SYSTEM, now=NOW, code=consultation.code, reading=read_files("a.md", TEXT.encode()))
    second = stage_text(actor=SYSTEM, now=NOW, code=consultation.code, reading=read_files("b.md", TEXT.encode()))
    with pytest.raises(Problem, match="Somebody else"):
        save_text(actor=SYSTEM, now=NOW, code=consultation.code, intake_id=first.pk, keys=["", "", ""])
    with pytest.raises(Problem, match="cannot both be clause"):
        save_text(actor=SYSTEM, now=NOW, code=consultation.code, intake_id=second.pk, keys=["k1", "k1", ""])
    with pytest.raises(Problem, match="no clause of this id"):
        save_text(actor=SYSTEM, now=NOW, code=consultation.code, intake_id=second.pk, keys=["k9", "", ""])
    assert consultation_by_code(consultation.code).version == 1
    assert Clause.objects.count() == 2


def test_a_draft_comes_in_as_a_file_on_the_page(ground: Ground) -> None:
    now = clock_now()
    client = officer_client(now, ground, Role.SECRETARY)
    form = {
        "title_0": "夜班车", "title_zh_hans": "夜班车", "question_zh_hans": "行吗？", "unit": ground.district.pk,
        "opens": (now + DAY).strftime("%Y-%m-%dT%H:%M"), "closes": (now + 16 * DAY).strftime("%Y-%m-%dT%H:%M"),
    }  # fmt: skip
    bad = client.post("/decide/consultations/new/", form | {"paper": SimpleUploadedFile("a.docx", b"no zip")})
    assert "not what its name says" in bad.content.decode()
    good = client.post("/decide/consultations/new/", form | {"paper": SimpleUploadedFile("a.md", TEXT.encode())})
    assert good.status_code == 302, good.content.decode()[:3000]
    code = good.url.split("/")[-2]
    assert [clause.label for clause in clauses_of(consultation_by_code(code))] == ["第一条", "第二条", "第三条"]
    page = f"/decide/consultations/{code}/file/"
    assert (
        client.post(page, {"paper": SimpleUploadedFile("b.md", TEXT.replace("三班", "四班").encode())}).status_code
        == 302
    )
    shown = client.get(f"{page}clauses/").content.decode()
    assert "<ins>" in shown
    assert "<del>" in shown
    client.post(f"{page}clauses/", {"drop": "1"})
    assert not Intake.objects.exists()


def test_authors_are_told_again_of_what_came_of_it_once_each(ground: Ground) -> None:
    proposals = [one.code for one in make_proposals(NOW, ground.district, 100)]
    code = make_consultation(NOW, ground, proposals, opinions=2, answered=False).code
    answer_all(NOW, code)
    finish_answers(actor=SYSTEM, now=NOW, code=code)
    assert note_moves(actor=SYSTEM, now=NOW) == 0
    take_decision(
        actor=ground.officer("executive"), now=NOW + DAY, unit=ground.district, title=localized("决定"),
        text=localized("办"), consultation_code=code, proposal_codes=proposals,
    )  # fmt: skip
    assert note_moves(actor=SYSTEM, now=NOW + DAY) == 1
    assert note_moves(actor=SYSTEM, now=NOW + DAY) == 0
    move = Move.objects.get()
    before = PersonMessage.objects.count()
    assert tell_move(actor=SYSTEM, now=NOW + DAY, move_id=move.pk) == 2
    assert tell_move(actor=SYSTEM, now=NOW + DAY, move_id=move.pk) == 0
    assert PersonMessage.objects.count() == before + 2
    told = PersonMessage.objects.order_by("-pk")[0]
    assert "决定" in str(told.subject)


STEPS = st.lists(
    st.tuples(st.sampled_from(["answer", "group", "contest", "back", "finish", "decide"]), st.integers(0, 4)),
    max_size=14,
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_no_opinion_is_without_answer_where_it_is_decided(ground: Ground, steps: Sequence[tuple[str, int]]) -> None:
    proposals = [one.code for one in make_proposals(NOW, ground.district, 100)]
    code = closed(NOW, ground, [(0, "甲"), (1, "乙"), (2, "丙")], codes=proposals).code
    executive, secretary = ground.officer("executive"), ground.officer("secretary")
    moment = NOW
    for step, place in [*steps, ("finish", 0), ("decide", 0)]:
        moment += timedelta(minutes=1)
        ids = list(Opinion.objects.filter(consultation__code=code).order_by("pk").values_list("pk", flat=True))
        one = ids[place % len(ids)] if ids else 0
        try:
            if step == "answer":
                outcome = ("adopted", "partly", "not_adopted")[place % 3]
                answer_opinions(actor=executive, now=moment, code=code, opinion_ids=[one], outcome=outcome,
                                reason=localized("因为"))  # fmt: skip
            elif step == "group":
                group_opinions(actor=secretary, now=moment, code=code, opinion_ids=ids[:2], title=localized("同"))
            elif step in {"contest", "back"} and ids:
                author = next(m for m in ground.members if m.person_id == Opinion.objects.get(pk=one).person_id)
                change = contest_grouping if step == "contest" else take_back_opinion
                change(actor=author, now=moment, opinion_id=one)
            elif step == "finish":
                finish_answers(actor=executive, now=moment, code=code)
            elif step == "decide":
                take_decision(
                    actor=executive, now=moment, unit=ground.district, title=localized("决定"), text=localized("办"),
                    consultation_code=code, proposal_codes=proposals,
                )  # fmt: skip
        except (Problem, Problems, StopIteration):
            continue
    waiting = Opinion.objects.filter(consultation__code=code, answer__isnull=True).count()
    assert Decision.objects.filter(consultation_code=code).exists() is (waiting == 0)
    for opinion in Opinion.objects.filter(consultation__code=code, answer__isnull=False).select_related("answer"):
        assert opinion.answer is not None
        assert opinion.answer.outcome in {"adopted", "partly", "not_adopted"}
        assert opinion.answer.reason
    assert draft(NOW, ground).code
