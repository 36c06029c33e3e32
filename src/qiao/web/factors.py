"""Where the sign-in library keeps what we seal for it, so that a change of keys reaches it."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Callable, Iterator
from typing import Any

from allauth.mfa.models import Authenticator

from qiao.base.vault.elsewhere import Elsewhere

#: What these values are sealed for.
SEALED_FOR = "sign-in factor"
#: The entries of an authenticator's data the library encrypts: of an app, of recovery codes, of codes brought along.
_ENTRIES = ("secret", "seed", "migrated_codes")


def _turned(data: dict[str, Any], turn: Callable[[bytes], bytes]) -> dict[str, Any]:
    def one(text: str) -> str:
        try:
            return b64encode(turn(b64decode(text, validate=True))).decode()
        except Error:
            return text

    def every(value: Any) -> Any:
        return [one(text) for text in value] if isinstance(value, list) else one(value)

    return {name: every(value) if name in _ENTRIES else value for name, value in data.items()}


def _keys() -> list[int]:
    return list(
        Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).order_by("pk").values_list("pk", flat=True)
    )


def _values() -> Iterator[bytes]:
    rows = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).order_by("pk")
    for data in rows.values_list("data", flat=True).iterator():
        met: list[bytes] = []

        def note(value: bytes, met: list[bytes] = met) -> bytes:
            met.append(value)
            return value

        _turned(data, note)
        yield from met


def _renew(key: int, turn: Callable[[bytes], bytes]) -> None:
    row = Authenticator.objects.select_for_update().filter(pk=key).first()
    if row is None:
        # Taken off meanwhile.
        return
    data = _turned(row.data, turn)
    if data != row.data:
        row.data = data
        row.save(update_fields=["data"])


PLACE = Elsewhere("mfa_authenticator", "data", SEALED_FOR, _keys, _values, _renew)
