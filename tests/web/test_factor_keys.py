"""A change of keys reaches the secrets of second factors, which the sign-in library keeps."""

from __future__ import annotations

from base64 import b64decode
from datetime import UTC, datetime
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from pytest_django import Settings
from tests.factories.org import make_tree

from qiao.base import vault
from qiao.base.access import SYSTEM
from qiao.base.vault.ring import KeyUse
from qiao.base.vault.services import reseal_values, retire_keys, usage
from qiao.org.access.choices import Role

NOON = datetime(2026, 5, 11, 4, 0, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def ring(tmp_path: Path, settings: Settings) -> Path:
    settings.VAULT_KEYS = tmp_path / "vault.json"
    vault.create_ring(settings.VAULT_KEYS, now=NOON)
    return tmp_path / "vault.json"


def test_secrets_are_sealed_anew_and_still_open(ring: Path, db: None, now: datetime) -> None:
    account = make_tree(now).account(Role.ORG_OFFICER, "D1")
    TOTP.activate(account, SECRET)
    codes = RecoveryCodes.activate(account).get_unused_codes()
    before = usage()[KeyUse.SEAL, 1]
    vault.add_key(ring, KeyUse.SEAL, now=NOON)
    assert retire_keys(actor=SYSTEM, now=NOON, at_once=True) == []
    told: list[str] = []
    for _twice in range(2):
        reseal_values(actor=SYSTEM, now=NOON, progress=lambda column, _count: told.append(column))
    assert "mfa_authenticator.data" in told
    app = Authenticator.objects.get(user=account, type=Authenticator.Type.TOTP)
    assert vault.key_id_of(b64decode(app.data["secret"])) == 2
    assert retire_keys(actor=SYSTEM, now=NOON, at_once=True) == [1]
    assert usage()[KeyUse.SEAL, 2] == before
    kept = Authenticator.objects.get(user=account, type=Authenticator.Type.RECOVERY_CODES)
    assert RecoveryCodes(kept).get_unused_codes() == codes
    from allauth.mfa.utils import decrypt

    assert decrypt(app.data["secret"]) == SECRET


def test_what_does_not_open_is_left_and_told(ring: Path, db: None, now: datetime) -> None:
    account = make_tree(now).account(Role.ORG_OFFICER, "D1")
    TOTP.activate(account, SECRET)
    app = Authenticator.objects.get(user=account)
    Authenticator.objects.filter(pk=app.pk).update(data={"secret": "bm8gc2VhbGVkIHZhbHVl"})
    vault.add_key(ring, KeyUse.SEAL, now=NOON)
    done = reseal_values(actor=SYSTEM, now=NOON, progress=lambda _column, _count: None)
    assert done.faults == [("mfa_authenticator", "data", str(app.pk))]
    assert Authenticator.objects.get().data == {"secret": "bm8gc2VhbGVkIHZhbHVl"}
