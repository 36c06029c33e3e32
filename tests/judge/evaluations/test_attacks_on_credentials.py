"""Who tries to answer twice, to make a credential out of nothing, or to join a credential with whoever took it.

The table of docs/algorithms/sealed-evaluation.md names these tests. The device is `tests.factories.credentials`.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from tests.factories.credentials import Asked, blind, finish
from tests.factories.judge import GOOD, Town, answered, opened, project, published, town

from qiao.base import clock, sealing
from qiao.base.access import ANONYMOUS, SYSTEM, Actor, Refused
from qiao.base.blind import PREFIX, is_token, new_issuer_key, sign_blinded
from qiao.base.models import LedgerLeaf, Receipt
from qiao.base.problems import Problem
from qiao.judge.evaluations import queries, services, tasks
from qiao.judge.evaluations.choices import State
from qiao.judge.evaluations.models import Evaluation, IssuerKey, RollEntry, SealedAnswer
from qiao.judge.evaluations.rules.instrument import THREE_DEGREES_2

BAD = {**GOOD, "satisfaction": "not", "solved": "not"}


@pytest.fixture
def place(db: None, now) -> Town:
    return town(now)


@pytest.fixture
def today(db: None) -> Town:
    """Of this very day: pages ask the real clock."""
    return town(clock.now())


@dataclass
class Device:
    """A member's device: answers sealed, the number blinded for the issuer."""

    evaluation: Evaluation
    sealed: bytes
    asked: Asked

    def issued(self, actor: Actor, secret_code: str = "") -> bytes:
        signed = services.issue_credential(
            actor=actor, now=self.evaluation.opened, code=self.evaluation.code, blinded=self.asked.blinded,
            secret_code=secret_code,
        )  # fmt: skip
        return finish(self.evaluation.issuer.public, self.asked, signed)

    def spent(self, credential: bytes, *, sealed: bytes = b"", code: str = "", now=None) -> Receipt:
        return services.spend_credential(
            now=now or self.evaluation.opened, code=code or self.evaluation.code, sealed=sealed or self.sealed,
            prefix=self.asked.token[:PREFIX], credential=credential,
        )  # fmt: skip


def device(evaluation: Evaluation, answers=GOOD) -> Device:
    sealed = sealing.seal(evaluation.public_key, {**answers, "instrument": THREE_DEGREES_2.version})
    return Device(evaluation, sealed, blind(evaluation.issuer.public, hashlib.sha256(sealed).digest()))


def given(place: Town, evaluation: Evaluation, number: int, answers=GOOD) -> Device:
    """Member ``number`` takes a credential and spends it."""
    phone = device(evaluation, answers)
    phone.spent(phone.issued(place.member(number)))
    return phone


# --- the way it should go ------------------------------------------------------------------------------------------


def test_answers_with_blind_credentials_are_counted_beside_those_of_one_step(place: Town) -> None:
    evaluation, pair = opened(place)
    leaf = LedgerLeaf.objects.get(code=evaluation.code, kind="evaluation.issuer")
    assert json.loads(leaf.payload)["public_key"] == evaluation.issuer.public
    assert leaf.index < LedgerLeaf.objects.get(code=evaluation.code, kind="evaluation.opened").index
    answered(place, evaluation, [GOOD] * 6)
    for number in range(6, 12):
        given(place, evaluation, number, BAD)
    done = services.close_evaluation(actor=SYSTEM, now=evaluation.closes, code=evaluation.code)
    assert (done.state, done.received) == (State.SEALED, 12)
    for row in SealedAnswer.objects.all():
        token = bytes(row.prefix) + bytes.fromhex(row.digest)
        assert is_token(evaluation.issuer.public, token, bytes(row.credential))
    # Who did which way nothing tells: both kinds of rows have the same fields of the same size.
    sizes = {(len(row.sealed), len(row.prefix), len(row.credential)) for row in SealedAnswer.objects.all()}
    assert sizes == {(2096, 32, 256)}
    found = published(place, evaluation, pair.private)
    assert found.results.answers == 12


def test_a_credential_that_was_never_spent_is_no_fault(place: Town) -> None:
    """The device was lost between the two steps: the roll says that one was taken, the turnout counts the box."""
    evaluation, _pair = opened(place)
    answered(place, evaluation, [GOOD] * 11)
    device(evaluation).issued(place.member(11))
    assert queries.standing_of(place.member(11), evaluation, place.now).issued
    done = services.close_evaluation(actor=SYSTEM, now=evaluation.closes, code=evaluation.code)
    assert (done.state, done.received) == (State.SEALED, 11)
    leaf = json.loads(LedgerLeaf.objects.get(code=evaluation.code, kind="evaluation.closed").payload)
    assert (leaf["answers"], leaf["issued"]) == (11, 12)


# --- twice, forged, elsewhere, too late ----------------------------------------------------------------------------


def test_nobody_gets_two_credentials_by_two_channels(place: Town) -> None:
    evaluation, _pair = opened(place)
    mails = services.make_invitations(actor=SYSTEM, now=place.now, evaluation_id=evaluation.pk)
    mine = next(mail.secret_code for mail in mails if mail.email == place.members[0].email)
    first, second = device(evaluation), device(evaluation, BAD)
    first.issued(place.member(0))
    with pytest.raises(Problem, match="not another"):
        second.issued(ANONYMOUS, mine)
    with pytest.raises(Problem, match="not another"):
        second.issued(place.member(0))
    for way in ({"actor": place.member(0)}, {"actor": ANONYMOUS, "secret_code": mine}):
        with pytest.raises(Problem, match="counts once"):
            services.submit_sealed(now=place.now, code=evaluation.code, answers=BAD, **way)
    assert not SealedAnswer.objects.exists()


def test_who_answered_in_one_step_gets_no_credential(place: Town) -> None:
    evaluation, _pair = opened(place)
    answered(place, evaluation, [GOOD])
    with pytest.raises(Problem, match="not another"):
        device(evaluation).issued(place.member(0))


def test_a_number_asked_for_again_gets_the_same_signature(place: Town) -> None:
    """The answer of the issuer was lost on its way: no second credential comes of asking again."""
    evaluation, _pair = opened(place)
    phone = device(evaluation)
    first = phone.issued(place.member(0))
    assert phone.issued(place.member(0)) == first
    assert RollEntry.objects.filter(issued=True).count() == 1


def test_a_found_code_takes_one_credential_and_its_owner_sees_it(place: Town) -> None:
    evaluation, _pair = opened(place)
    mails = services.make_invitations(actor=SYSTEM, now=place.now, evaluation_id=evaluation.pk)
    found = mails[3].secret_code
    phone = device(evaluation)
    phone.spent(phone.issued(ANONYMOUS, found))
    owner = next(number for number, one in enumerate(place.members) if one.email == mails[3].email)
    assert queries.standing_of(place.member(owner), evaluation, place.now).issued
    with pytest.raises(Problem, match="not another"):
        device(evaluation, BAD).issued(place.member(owner))
    with pytest.raises(Problem, match="No code of this evaluation"):
        device(evaluation).issued(ANONYMOUS, "AAAA-BBBB-CCCC-DDDD")
    with pytest.raises(Refused):
        device(evaluation).issued(ANONYMOUS)


def test_a_spent_credential_sent_again_changes_nothing(place: Town) -> None:
    evaluation, _pair = opened(place)
    phone = device(evaluation)
    credential = phone.issued(place.member(0))
    receipt = phone.spent(credential)
    assert phone.spent(credential) == receipt
    assert (SealedAnswer.objects.count(), Receipt.objects.count()) == (1, 1)


def test_a_credential_carries_no_other_answer(place: Town) -> None:
    """Intercepted, or kept by its own member: it is the signature of one sealed answer."""
    evaluation, _pair = opened(place)
    phone, other = device(evaluation), device(evaluation, BAD)
    credential = phone.issued(place.member(0))
    with pytest.raises(Problem, match="belongs to another answer"):
        phone.spent(credential, sealed=other.sealed)
    phone.spent(credential)
    with pytest.raises(Problem, match="belongs to another answer"):
        phone.spent(credential, sealed=other.sealed)
    assert SealedAnswer.objects.count() == 1


def test_somebody_s_sealed_answer_with_a_credential_of_one_s_own_is_refused(place: Town) -> None:
    evaluation, _pair = opened(place)
    phone = given(place, evaluation, 0)
    copied = Device(evaluation, phone.sealed, blind(evaluation.issuer.public, hashlib.sha256(phone.sealed).digest()))
    credential = copied.issued(place.member(1))
    with pytest.raises(Problem, match="sent before"):
        copied.spent(credential)
    assert SealedAnswer.objects.count() == 1


def test_forged_credentials_are_refused(place: Town) -> None:
    evaluation, _pair = opened(place)
    phone = device(evaluation)
    other = new_issuer_key()
    mine = blind(other.public, hashlib.sha256(phone.sealed).digest())
    forged = finish(other.public, mine, sign_blinded(other.private, mine.blinded))
    for credential, prefix in (
        (forged, mine.token[:PREFIX]), (bytes(256), mine.token[:PREFIX]), (b"", b""),
        (phone.issued(place.member(0)), b"\0" * 32),
    ):  # fmt: skip
        with pytest.raises(Problem, match="none of this evaluation"):
            services.spend_credential(
                now=place.now, code=evaluation.code, sealed=phone.sealed, prefix=prefix, credential=credential
            )
    assert not SealedAnswer.objects.exists()


@pytest.mark.parametrize("number", [b"", b"\x01", bytes(256), b"\xff" * 256, bytes(257)])
def test_what_is_no_blinded_number_takes_nobody_s_credential(place: Town, number: bytes) -> None:
    evaluation, _pair = opened(place)
    with pytest.raises(Problem, match="no blinded number"):
        services.issue_credential(actor=place.member(0), now=place.now, code=evaluation.code, blinded=number)
    assert not RollEntry.objects.filter(issued=True).exists()


def test_a_credential_of_another_evaluation_is_none(place: Town) -> None:
    evaluation, _pair = opened(place)
    project_of_its_own = project(place.base, place.accounts["task_owner"], place.now, code="W-78")
    elsewhere, _other = opened(Town(**{**place.__dict__, "project": project_of_its_own}))
    assert elsewhere.issuer.public != evaluation.issuer.public
    phone = device(elsewhere)
    credential = phone.issued(place.member(0))
    with pytest.raises(Problem, match="none of this evaluation"):
        phone.spent(credential, code=evaluation.code)
    phone.spent(credential)


def test_nothing_is_signed_or_taken_after_the_close_and_the_key_is_gone(place: Town) -> None:
    evaluation, _pair = opened(place)
    answered(place, evaluation, [GOOD] * 11)
    late, held = device(evaluation), device(evaluation)
    credential = held.issued(place.member(11))
    with pytest.raises(Problem, match="not open for answers"):
        held.spent(credential, now=evaluation.closes)
    private = evaluation.issuer.private
    services.close_evaluation(actor=SYSTEM, now=evaluation.closes, code=evaluation.code)
    for moment in (place.now, evaluation.closes + timedelta(days=1)):
        with pytest.raises(Problem, match="not open for answers"):
            services.issue_credential(
                actor=place.member(12), now=moment, code=evaluation.code, blinded=late.asked.blinded
            )
        with pytest.raises(Problem, match="not open for answers"):
            held.spent(credential, now=moment)
    assert IssuerKey.objects.get(evaluation=evaluation).private is None
    assert private
    leaf = LedgerLeaf.objects.get(code=evaluation.code, kind="evaluation.issuer_destroyed")
    told = hashlib.sha256(evaluation.issuer.public.encode()).hexdigest()
    assert json.loads(leaf.payload)["public_key_sha256"] == told


def test_a_void_evaluation_s_key_is_gone_too(place: Town) -> None:
    evaluation, _pair = opened(place)
    services.void_evaluation(
        actor=place.actor("evaluator"), now=place.now, code=evaluation.code, reason={"zh-hans": "问错了人"}
    )
    assert IssuerKey.objects.get(evaluation=evaluation).private is None


def test_the_issuer_s_key_lies_sealed(place: Town) -> None:
    evaluation, _pair = opened(place)
    with connection.cursor() as cursor:
        cursor.execute("SELECT private FROM evaluations_issuerkey")
        (kept,) = cursor.fetchone()
    assert base64.b64decode(evaluation.issuer.private) not in bytes(kept)
    assert b"MII" not in bytes(kept)


def test_credentials_for_nobody_show_in_the_numbers(place: Town) -> None:
    """The issuer signs more than members asked for: more answers than the roll has marks, and it is void."""
    evaluation, _pair = opened(place)
    answered(place, evaluation, [GOOD] * 11)
    phone = device(evaluation)
    phone.spent(
        finish(evaluation.issuer.public, phone.asked, sign_blinded(evaluation.issuer.private, phone.asked.blinded))
    )
    done = services.close_evaluation(actor=SYSTEM, now=evaluation.closes, code=evaluation.code)
    assert done.state == State.VOID
    assert "12 sealed answers came in, 11 credentials" in done.void_reason["en"]


# --- issuer and box together ---------------------------------------------------------------------------------------


def rows_of(table: str, evaluation: Evaluation) -> list[dict[str, object]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT *, xmin::text AS writer FROM {table} WHERE evaluation_id = %s", [evaluation.pk])
        names = [column.name for column in cursor.description or ()]
        return [
            {name: bytes(v) if isinstance(v, memoryview) else v for name, v in zip(names, row, strict=True)}
            for row in cursor.fetchall()
        ]


def test_no_column_of_roll_and_box_joins_them(place: Town) -> None:
    """Issuer and box laid side by side while it is open: no value stands in both but the evaluation itself."""
    evaluation, _pair = opened(place)
    for number in range(12):
        given(place, evaluation, number)
    services.stir_roll(code=evaluation.code)
    roll, box = rows_of("evaluations_rollentry", evaluation), rows_of("evaluations_sealedanswer", evaluation)
    assert set(roll[0]) == {
        "id", "evaluation_id", "person_id", "code_hash", "invited", "issued", "mode", "blinded", "writer",
    }  # fmt: skip
    assert set(box[0]) == {"id", "evaluation_id", "sealed", "digest", "prefix", "credential", "writer"}
    plain = {"evaluation_id", "invited", "issued"}

    def values(rows: list[dict[str, object]]) -> set[object]:
        return {
            value.hex() if isinstance(value, bytes) else str(value)
            for row in rows
            for name, value in row.items()
            if name not in plain and value not in (None, "")
        }

    assert not values(roll) & values(box)
    # What the roll keeps of a number is no hash of anything in the box either.
    kept = {row["blinded"] for row in roll if row["issued"]}
    things = [row[name] for row in box for name in ("sealed", "prefix", "credential")]
    things += [bytes.fromhex(str(row["digest"])) for row in box]
    assert len(kept) == 12
    assert not kept & {hashlib.sha256(thing).hexdigest() for thing in things}  # type: ignore[arg-type]


def test_every_credential_fits_every_number_ever_signed(place: Town) -> None:
    """Even with the private key and all it ever signed the issuer finds one blinding for each pair, all alike."""
    evaluation, _pair = opened(place)
    phones = [device(evaluation) for _ in range(3)]
    credentials = [phone.issued(place.member(number)) for number, phone in enumerate(phones)]
    from cryptography.hazmat.primitives import serialization

    public = serialization.load_der_public_key(base64.b64decode(evaluation.issuer.public)).public_numbers()
    for phone in phones:
        signed = int.from_bytes(sign_blinded(evaluation.issuer.private, phone.asked.blinded), "big")
        for credential in credentials:
            factor = signed * pow(int.from_bytes(credential, "big"), -1, public.n) % public.n
            message = pow(int.from_bytes(credential, "big"), public.e, public.n)
            again = message * pow(factor, public.e, public.n) % public.n
            assert again.to_bytes(256, "big") == phone.asked.blinded


def test_the_roll_is_stirred_while_it_is_open(place: Town) -> None:
    """No order of rows and no number of a transaction tells who asked when; codes and marks still work."""
    evaluation, _pair = opened(place)
    mails = services.make_invitations(actor=SYSTEM, now=place.now, evaluation_id=evaluation.pk)
    phones = {number: device(evaluation) for number in range(4)}
    credentials = {number: phone.issued(place.member(number)) for number, phone in phones.items()}
    assert services.stir_roll(code=evaluation.code)
    assert len({row["writer"] for row in rows_of("evaluations_rollentry", evaluation)}) == 1
    assert not services.stir_roll(code=evaluation.code)
    assert phones[2].issued(place.member(2)) == credentials[2]
    waiting = next(mail for mail in mails if mail.email == place.members[9].email)
    device(evaluation).issued(ANONYMOUS, waiting.secret_code)
    tasks.stir_rolls(0)
    assert RollEntry.objects.filter(issued=True).count() == 5


def test_who_asked_is_not_reminded_and_not_asked_again(place: Town) -> None:
    evaluation, _pair = opened(place)
    device(evaluation).issued(place.member(0))
    mails = services.make_invitations(actor=SYSTEM, now=place.now, evaluation_id=evaluation.pk)
    assert place.members[0].email not in {mail.email for mail in mails}
    assert queries.open_items(actor=place.member(0), now=place.now) == []
    assert len(queries.open_items(actor=place.member(1), now=place.now)) == 1


# --- the two doors -------------------------------------------------------------------------------------------------


def test_the_box_takes_no_cookie_and_gives_none(today: Town) -> None:
    place = today
    evaluation, _pair = opened(place)
    phone = device(evaluation)
    credential = phone.issued(place.member(0))
    address = f"/judge/evaluations/{evaluation.code}/box/"
    sent = {
        name: base64.b64encode(value).decode()
        for name, value in (
            ("sealed", phone.sealed), ("prefix", phone.asked.token[:PREFIX]), ("credential", credential)
        )
    }  # fmt: skip
    signed_in = Client(enforce_csrf_checks=True)
    signed_in.force_login(place.members[0])
    assert signed_in.post(address, sent).status_code == 400
    assert not SealedAnswer.objects.exists()
    nobody = Client(enforce_csrf_checks=True)
    answer = nobody.post(address, sent)
    assert answer.status_code == 200
    assert not answer.cookies
    assert Receipt.objects.get(pk=answer.json()["receipt"]).reference == hashlib.sha256(phone.sealed).hexdigest()
    assert nobody.post(address, sent).json() == answer.json()
    assert nobody.post(address, {**sent, "prefix": "?"}).status_code == 422
    assert nobody.get(address).status_code == 405


def test_the_issuer_s_door_asks_who_comes(today: Town) -> None:
    place = today
    evaluation, _pair = opened(place)
    mails = services.make_invitations(actor=SYSTEM, now=place.now, evaluation_id=evaluation.pk)
    address = f"/judge/evaluations/{evaluation.code}/credential/"
    phone, other = device(evaluation), device(evaluation)
    number = base64.b64encode(phone.asked.blinded).decode()
    assert Client().post(address, {"blinded": number}).json()["keep"]
    assert Client(enforce_csrf_checks=True).post(address, {"blinded": number}).status_code == 403
    mine = Client()
    mine.force_login(place.members[0])
    first = mine.post(address, {"blinded": number})
    assert finish(evaluation.issuer.public, phone.asked, base64.b64decode(first.json()["signed"]))
    assert mine.post(address, {"blinded": number}).json() == first.json()
    again = mine.post(address, {"blinded": base64.b64encode(other.asked.blinded).decode()})
    assert again.status_code == 422
    assert again.json()["fault"]
    code = next(mail.secret_code for mail in mails if mail.email == place.members[5].email)
    by_code = Client().post(address, {"blinded": base64.b64encode(other.asked.blinded).decode(), "code": code})
    assert by_code.status_code == 200
