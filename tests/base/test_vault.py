from __future__ import annotations

import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from qiao.base import vault
from qiao.base.vault.ring import KeyState, KeyUse, drop_secret

NOON = datetime(2026, 5, 11, 4, 0, tzinfo=UTC)


@pytest.fixture
def ring(tmp_path: Path, settings: Settings) -> Path:
    settings.VAULT_KEYS = tmp_path / "keys" / "vault.json"
    vault.create_ring(settings.VAULT_KEYS, now=NOON)
    return tmp_path / "keys" / "vault.json"


@given(text=st.text(), context=st.text(max_size=40))
def test_what_is_sealed_opens_in_its_context(text: str, context: str) -> None:
    assert vault.unseal(vault.seal(text, context=context), context=context) == text


@given(place=st.integers(min_value=0), flip=st.integers(min_value=1, max_value=255))
def test_any_changed_byte_is_noticed(place: int, flip: int) -> None:
    sealed = bytearray(vault.seal("13800138000", context="contact:1"))
    sealed[place % len(sealed)] ^= flip
    with pytest.raises(vault.WillNotOpen):
        vault.unseal(bytes(sealed), context="contact:1")


def test_it_opens_in_no_other_row_and_no_other_field() -> None:
    sealed = vault.seal("13800138000", context="people.contact.value:7:mobile")
    for other in ("people.contact.value:8:mobile", "people.contact.value:7:mail", "aid.case.bank:7:mobile", ""):
        with pytest.raises(vault.WillNotOpen):
            vault.unseal(sealed, context=other)


@pytest.mark.parametrize("junk", [b"", b"\x01", b"13800138000", b"\x02" + bytes(60), bytes(80)])
def test_what_is_no_sealed_value_is_said_to_be_none(junk: bytes) -> None:
    with pytest.raises(vault.WillNotOpen):
        vault.unseal(junk, context="x")


def test_the_fault_holds_neither_text_nor_key(ring: Path) -> None:
    sealed = vault.seal("13800138000", context="a")
    with pytest.raises(vault.WillNotOpen) as caught:
        vault.unseal(sealed, context="b")
    assert "138" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert all(len(key["secret"]) not in (0,) for key in json.loads(ring.read_text())["keys"])
    assert "secret" not in repr(vault.current_ring())


def test_two_seals_of_one_text_differ_and_two_prints_do_not() -> None:
    assert vault.seal("x", context="c") != vault.seal("x", context="c")
    assert vault.fingerprint("x", purpose="p") == vault.fingerprint("x", purpose="p")
    assert vault.fingerprint("x", purpose="p") != vault.fingerprint("x", purpose="q")
    assert vault.fingerprints("x", purpose="p") == [vault.fingerprint("x", purpose="p")]
    assert len(vault.fingerprint("x", purpose="p")) == 32


def test_a_wrong_ring_opens_nothing(ring: Path, tmp_path: Path, settings: Settings) -> None:
    sealed, print_ = vault.seal("x", context="c"), vault.fingerprint("x", purpose="p")
    settings.VAULT_KEYS = tmp_path / "other.json"
    vault.create_ring(settings.VAULT_KEYS, now=NOON)
    with pytest.raises(vault.WillNotOpen):
        vault.unseal(sealed, context="c")
    assert vault.fingerprint("x", purpose="p") != print_


def test_a_new_key_writes_at_once_and_the_old_one_still_reads(ring: Path) -> None:
    old = vault.seal("x", context="c")
    key = vault.add_key(ring, KeyUse.SEAL, now=NOON)
    new = vault.seal("x", context="c")
    assert (vault.key_id_of(old), vault.key_id_of(new), key.number) == (1, 2, 2)
    assert vault.unseal_many([old, new], ["c", "c"]) == ["x", "x"]


def test_a_retired_key_is_gone_from_the_file(ring: Path) -> None:
    old = vault.seal("x", context="c")
    vault.add_key(ring, KeyUse.SEAL, now=NOON)
    with pytest.raises(vault.KeyFault, match="writes"):
        drop_secret(ring, 2)
    drop_secret(ring, 1)
    assert [key["secret"] for key in json.loads(ring.read_text())["keys"] if key["state"] == KeyState.RETIRED] == [""]
    with pytest.raises(vault.WillNotOpen, match="does not hold key 1"):
        vault.unseal(old, context="c")


def test_prints_of_every_age_meet_under_the_newest_key(ring: Path) -> None:
    from qiao.base.vault.cipher import reprint

    first = vault.fingerprint("13800138000", purpose="contact")
    vault.add_key(ring, KeyUse.PRINT, now=NOON)
    second = vault.fingerprint("13800138000", purpose="contact")
    vault.add_key(ring, KeyUse.PRINT, now=NOON)
    third = vault.fingerprint("13800138000", purpose="contact")
    assert vault.fingerprints("13800138000", purpose="contact") == [third, second, first]
    assert reprint(first, purpose="contact") == reprint(second, purpose="contact") == third
    assert reprint(third, purpose="contact") == third
    assert reprint(first, purpose="other") != third


def test_a_missing_an_open_and_a_damaged_ring_are_refused(ring: Path) -> None:
    assert stat.S_IMODE(ring.stat().st_mode) == 0o600
    ring.chmod(0o640)
    os.utime(ring, (1, 1))
    with pytest.raises(vault.KeyFault, match="chmod 600"):
        vault.check_ring()
    ring.chmod(0o600)
    text = ring.read_text()
    for broken in (
        "",
        "{",
        "[]",
        text.replace('"format": 1', '"format": 9'),
        text.replace('"secret": "', '"secret": "AA'),
    ):
        ring.write_text(broken)
        with pytest.raises(vault.KeyFault):
            vault.check_ring()
    ring.unlink()
    with pytest.raises(vault.KeyFault, match="qiao keys init"):
        vault.check_ring()
    vault.create_ring(ring, now=NOON)
    with pytest.raises(vault.KeyFault, match="never overwritten"):
        vault.create_ring(ring, now=NOON)


def test_a_hundred_thousand_values_are_sealed_opened_and_printed_in_bulk() -> None:
    texts = [f"138{number:08}" for number in range(1000)]
    contexts = [f"contact:{number}" for number in range(1000)]
    assert vault.unseal_many(vault.seal_many(texts, contexts), contexts) == texts
    assert vault.fingerprint_many(texts[:2], purpose="p") == [
        vault.fingerprint(text, purpose="p") for text in texts[:2]
    ]
