"""Nobody can tell which answer is whose: after closing not even whoever reads every row and every hidden column."""

from __future__ import annotations

import random
from datetime import datetime

import pytest
from django.db import connection

from qiao.base.models import AuditRow, LedgerLeaf, Receipt
from qiao.hear.surveys import services
from qiao.hear.surveys.models import Answer, Invitation
from qiao.org.access.choices import Role
from tests.factories.hear import DAY, Town, codes_of, make_town, open_round


def hidden_columns(table: str, key: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}, xmin::text, cmin::text, xmax::text, ctid::text FROM {table} ORDER BY ctid")
        return cursor.fetchall()


@pytest.mark.django_db(transaction=True)
def test_rows_cannot_be_joined_after_closing(now: datetime) -> None:
    town = make_town(now)
    survey = open_round(town)
    codes = codes_of(town, survey)
    hashes = {services.code_hash(code): code for code in codes}
    who = {hashes[bytes(row.code_hash or b"")]: row.person_id for row in Invitation.objects.all()}
    # Each answers in turn, and says who it was: only the test knows.
    random.Random(4).shuffle(codes)
    receipts = {
        code: services.take_answer(
            now=now, round_id=survey.pk, code=code, values={"ws_shift": "day", "need_first": ["pay"], "words": code}
        )
        for code in codes
    }
    assert None not in receipts.values()
    # While it is open the transaction number does join them; the documentation says so.
    before = {row[1] for row in hidden_columns("surveys_invitation", "person_id")}
    assert len(before) == len(codes)
    old_keys = set(Answer.objects.values_list("pk", flat=True))

    services.close_round(actor=town.actor(Role.SURVEY_OWNER), now=now + DAY, code=survey.code, reason="done")

    answers = hidden_columns("surveys_answer", "values->>'words'")
    invitations = hidden_columns("surveys_invitation", "person_id")
    given = hidden_columns("base_receipt", "number")
    # One transaction wrote all rows: its numbers tell nothing apart.
    for rows in (answers, invitations, given):
        assert len(rows) == len(codes)
        assert len({row[1:4] for row in rows}) == 1
    # The order of one table is not that of another, nor the order in which the answers came.
    by_answer = [who[str(row[0])] for row in answers]
    by_invitation = [row[0] for row in invitations]
    by_receipt = [next(code for code, number in receipts.items() if number == row[0]) for row in given]
    came = [who[code] for code in codes]
    for left, right in (
        (by_answer, by_invitation),
        (by_answer, came),
        (by_invitation, came),
        (by_receipt, [str(row[0]) for row in answers]),
    ):
        matches = sum(a == b for a, b in zip(left, right, strict=True))
        assert matches < 10  # one is expected by chance; ten or more has probability 1e-7
    assert not old_keys & set(Answer.objects.values_list("pk", flat=True))
    assert not Invitation.objects.exclude(code_hash=None).exists()


def test_no_column_holds_a_person_a_code_or_a_time(town: Town) -> None:
    kinds = {field.name: field.get_internal_type() for field in Answer._meta.get_fields()}
    assert kinds == {
        "id": "UUIDField", "round": "ForeignKey", "stratum": "CharField", "cluster": "CharField",
        "employment": "CharField", "mode": "CharField", "flagged": "BooleanField", "values": "JSONField",
    }  # fmt: skip
    assert not any(
        field.get_internal_type() in {"DateTimeField", "DateField"} for field in Invitation._meta.get_fields()
    )


def test_answering_leaves_no_trace_elsewhere(town: Town, now: datetime) -> None:
    survey = open_round(town)
    code = codes_of(town, survey)[0]
    before = AuditRow.objects.count(), LedgerLeaf.objects.count()
    number = services.take_answer(
        now=now, round_id=survey.pk, code=code, values={"ws_shift": "day", "need_first": ["pay"]}
    )
    assert (AuditRow.objects.count(), LedgerLeaf.objects.count()) == before
    receipt = Receipt.objects.get(pk=number)
    assert (receipt.reference, receipt.content_hash, receipt.code) == ("", "", survey.code)
    assert receipt.day == now.astimezone().date() or receipt.day.isoformat() == "2026-05-11"


def test_small_cells_of_the_design_are_merged(town: Town) -> None:
    # 10 agency workers, all in district 1 (every fourth of forty): there 10 agency and 10 direct, both large enough;
    # with a sample of 20 each cell would hold about 5: they are merged into one that says nothing.
    survey = open_round(town, asked="sample", sample_size=20)
    kinds = set(Invitation.objects.filter(round=survey).values_list("stratum", "employment"))
    assert kinds == {("T-D1", "agency+direct"), ("T-D2", "direct")}


def test_codes_are_kept_as_keyed_hashes_only(town: Town) -> None:
    survey = open_round(town)
    codes = codes_of(town, survey)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(i::text, ' ') FROM surveys_invitation i")
        (text,) = cursor.fetchone()
    assert len(set(codes)) == 40
    assert not any(code in text or code.replace("-", "") in text for code in codes)
