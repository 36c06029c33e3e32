"""Sealing: what only the holder of a private key can open (libsodium sealed boxes through PyNaCl)."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

#: Sealed contents are padded to a multiple of this many bytes, so that length does not tell one answer from another.
PAD = 2048
#: What sealing itself adds: a public key and a mark of authenticity.
OVERHEAD = 48


class WrongKey(ValueError):
    """The key does not open what was sealed."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """Both halves, base64. The private half is shown once and kept by its holder alone."""

    public: str
    private: str


def new_key_pair() -> KeyPair:
    """A fresh X25519 key pair."""
    key = PrivateKey.generate()
    return KeyPair(
        public=base64.b64encode(bytes(key.public_key)).decode(), private=base64.b64encode(bytes(key)).decode()
    )


def matches(public: str, private: str) -> bool:
    """Whether the two halves (base64) belong together; False for anything that is no key."""
    try:
        return bytes(PrivateKey(base64.b64decode(private, validate=True)).public_key) == base64.b64decode(public)
    except (ValueError, TypeError, CryptoError):
        return False


def seal(public: str, content: Mapping[str, object]) -> bytes:
    """Seal a JSON content for the holder of ``public``; nobody, the sealer included, can open it again."""
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
    padded = plain + b"\x80" + b"\x00" * (-(len(plain) + 1) % PAD)
    return SealedBox(PublicKey(base64.b64decode(public))).encrypt(padded)


#: Opens many without deriving the public half again for each.
Opener = SealedBox[PrivateKey]


def opener(private: str) -> Opener:
    """What opens contents sealed for this private key (base64). Raises `WrongKey` for what is no key."""
    try:
        return SealedBox(PrivateKey(base64.b64decode(private, validate=True)))
    except (ValueError, TypeError, CryptoError) as error:
        raise WrongKey("this is no private key") from error


def unseal(private: str | Opener, sealed: bytes) -> dict[str, object]:
    """Open one sealed content. Raises `WrongKey` where the key does not fit or the bytes were changed."""
    try:
        box = opener(private) if isinstance(private, str) else private
        padded = box.decrypt(bytes(sealed))
    except (ValueError, TypeError, CryptoError) as error:
        raise WrongKey("this key does not open the sealed answers") from error
    content: dict[str, object] = json.loads(padded[: padded.rindex(b"\x80")])
    return content
