"""Sealing, opening and fingerprints.

A sealed value: one byte of format, two of key number, 24 of nonce (random), then ciphertext and tag of
XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha, libsodium) with the context as associated data.
A fingerprint: two bytes of key number, then 30 of keyed BLAKE2b (RFC 7693) personalised by the purpose.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache

import nacl.utils
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
)
from nacl.exceptions import CryptoError

from qiao.base.vault.ring import KeyUse, Ring, current_ring

FORMAT = 1
NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
_HEAD = 3
_DIGEST = 30


class WillNotOpen(ValueError):
    """A sealed value that was changed, belongs to another row or field, or whose key is not in the ring."""


def seal(text: str, *, context: str) -> bytes:
    """Seal a text for one context (purpose and row). Raises KeyFault without a key ring."""
    return seal_many([text], [context])[0]


def unseal(sealed: bytes, *, context: str) -> str:
    """Open a value sealed for this context. Raises WillNotOpen, and KeyFault without a key ring."""
    return _open(sealed, context, current_ring())


def seal_many(texts: Sequence[str], contexts: Sequence[str]) -> list[bytes]:
    """Seal texts, each for its context: some 200,000 a second, so that an import need not wait."""
    key = current_ring().writing(KeyUse.SEAL)
    head = head_of(key.number)
    # One draw for all nonces: a call into the system for each would be the slowest part.
    nonces = nacl.utils.random(NONCE * len(texts)) if texts else b""
    sealed = []
    for place, (text, context) in enumerate(zip(texts, contexts, strict=True)):
        nonce = nonces[place * NONCE : (place + 1) * NONCE]
        body = crypto_aead_xchacha20poly1305_ietf_encrypt(text.encode(), context.encode(), nonce, key.secret)
        sealed.append(head + nonce + body)
    return sealed


def unseal_many(values: Sequence[bytes], contexts: Sequence[str]) -> list[str]:
    """Open values, each sealed for its context. Raises WillNotOpen at the first that does not open."""
    ring = current_ring()
    return [_open(value, context, ring) for value, context in zip(values, contexts, strict=True)]


def head_of(number: int) -> bytes:
    """The first three bytes of every value sealed by a key."""
    return bytes([FORMAT]) + number.to_bytes(2, "big")


def key_id_of(value: bytes) -> int:
    """The number of the key a sealed value was written with. Raises WillNotOpen for what is no sealed value."""
    if len(value) <= _HEAD + NONCE or value[0] != FORMAT:
        raise WillNotOpen("this is no sealed value")
    return int.from_bytes(value[1:_HEAD], "big")


def _open(value: bytes, context: str, ring: Ring) -> str:
    value = bytes(value)
    number = key_id_of(value)
    secret = ring.secret(KeyUse.SEAL, number)
    if secret is None:
        raise WillNotOpen(f"the key ring does not hold key {number}, with which this value was sealed")
    nonce, body = value[_HEAD : _HEAD + NONCE], value[_HEAD + NONCE :]
    try:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(body, context.encode(), nonce, secret).decode()
    except CryptoError:
        # From None: the library's error holds what it was given.
        raise WillNotOpen("this value was changed, or was sealed for another row or field") from None


def fingerprint(text: str, *, purpose: str) -> bytes:
    """The keyed hash of a text (32 bytes): equal for equal texts of one purpose, telling nothing without the key.

    Normalise the text first. To search use `fingerprints`, which also meets values not yet reached by a new key.
    """
    return _print(text, purpose, current_ring())


def fingerprint_many(texts: Iterable[str], *, purpose: str) -> list[bytes]:
    """The fingerprints of many texts of one purpose."""
    tag, number = _tag(purpose), 0
    digests = [text.encode() for text in texts]
    for key in current_ring().of(KeyUse.PRINT):
        # A copy of a keyed state costs half of a new one.
        keyed = hashlib.blake2b(digest_size=_DIGEST, key=key.secret, person=tag)
        digests = [_continued(keyed, digest) for digest in digests]
        number = key.number
    head = number.to_bytes(2, "big")
    return [head + digest for digest in digests]


def fingerprints(text: str, *, purpose: str) -> list[bytes]:
    """The fingerprint under every key still met in the database, newest first: search with ``__in``.

    While a rotation is under way, and only then, there is more than one.
    """
    found, digest = [], text.encode()
    for key in current_ring().of(KeyUse.PRINT):
        digest = hashlib.blake2b(digest, digest_size=_DIGEST, key=key.secret, person=_tag(purpose)).digest()
        found.append(key.number.to_bytes(2, "big") + digest)
    return found[::-1]


def reprint(old: bytes, *, purpose: str) -> bytes:
    """A fingerprint carried on to the newest key; the text itself is not needed. Raises WillNotOpen for no print."""
    if len(old) != _DIGEST + 2:
        raise WillNotOpen("this is no fingerprint")
    number, digest = int.from_bytes(old[:2], "big"), old[2:]
    for key in current_ring().of(KeyUse.PRINT):
        if key.number > number:
            digest = hashlib.blake2b(digest, digest_size=_DIGEST, key=key.secret, person=_tag(purpose)).digest()
            number = key.number
    return number.to_bytes(2, "big") + digest


def _print(text: str, purpose: str, ring: Ring) -> bytes:
    tag, digest, number = _tag(purpose), text.encode(), 0
    for key in ring.of(KeyUse.PRINT):
        digest = hashlib.blake2b(digest, digest_size=_DIGEST, key=key.secret, person=tag).digest()
        number = key.number
    return number.to_bytes(2, "big") + digest


def _continued(keyed: hashlib.blake2b, text: bytes) -> bytes:
    state = keyed.copy()
    state.update(text)
    return state.digest()


@lru_cache(maxsize=256)
def _tag(purpose: str) -> bytes:
    """Sixteen bytes that stand for a purpose, the length BLAKE2b's personalisation has."""
    return hashlib.blake2b(purpose.encode(), digest_size=16).digest()
