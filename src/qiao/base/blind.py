"""Blind signatures: a credential that tells that its holder may answer, and to nobody who the holder is.

RSABSSA-SHA384-PSS-Randomized of RFC 9474. The holder's device makes a token, blinds it and sends the blinded number;
whoever keeps the roll signs that number once for each person on it; the device takes the blinding off. What comes out
is an ordinary RSA-PSS signature of a token the signer never saw, so that issuing and spending share no bit.

Blinding and unblinding are done on the device (npm's ``@cloudflare/blindrsa-ts``). Here stand the signer's side and the
check. No arithmetic is ours: pycryptodome computes the private operation, itself blinded against timing, and
`cryptography` checks signatures. A key signs for one matter only and for nothing else (RFC 9474, section 6).
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from Crypto.PublicKey import RSA
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

#: Length of the modulus in bits. A key lives as long as one matter is open; RFC 9474 asks for 2,048 at least.
BITS = 2048
#: Bytes of the random beginning of every token (RFC 9474, section 4.1), and of the salt (section 5).
PREFIX, SALT = 32, 48

_PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA384()), salt_length=SALT)


class BadBlinding(ValueError):
    """What was sent to be signed is no blinded token of this key."""


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """Both halves, base64: the public one as SubjectPublicKeyInfo, the private one as PKCS #8."""

    public: str
    private: str


def new_issuer_key(bits: int = BITS) -> IssuerKey:
    """A fresh RSA key with exponent 65537."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return IssuerKey(base64.b64encode(public).decode(), base64.b64encode(private).decode())


def sign_blinded(private: str, blinded: bytes) -> bytes:
    """The signer's step, BlindSign (RFC 9474, section 4.3): the blinded token to the power of the private exponent.

    Raises `BadBlinding` for bytes that are not as long as the modulus or a number that is 0 or not below it. The result
    is checked with the public exponent before it leaves: one faulty signature would give the key away.
    """
    numbers = _private(private).private_numbers()
    whole = numbers.public_numbers
    # The library's own reading of a key takes fourteen times as long as the signature. Its coefficient is that of the
    # first prime modulo the second, ours the other way round.
    parts = (whole.n, whole.e, numbers.d, numbers.q, numbers.p, numbers.iqmp)
    key = RSA.construct(parts, consistency_check=False)
    size, modulus = key.size_in_bytes(), int(key.n)
    number = int.from_bytes(blinded, "big")
    if len(blinded) != size or not 0 < number < modulus:
        raise BadBlinding("a blinded token is a number below the modulus, of its length")
    # The one operation no public interface of the library offers alone; the RFC's vectors hold it to what it is.
    private_operation: Callable[[int], bytes] = key._decrypt_to_bytes
    signed = private_operation(number)
    if pow(int.from_bytes(signed, "big"), int(key.e), modulus) != number:
        raise ArithmeticError("the private operation failed its check")
    return signed.rjust(size, b"\0")


def sign_token(private: str, token: bytes) -> bytes:
    """The credential of a token the signer itself knows, for who cannot blind: like every other, but not blind."""
    return _private(private).sign(token, _PSS, hashes.SHA384())


def is_token(public: str, token: bytes, signature: bytes) -> bool:
    """Whether this signature of this token (random beginning and message) was made blindly under the public key.

    False for anything that is no signature; ValueError for a public key that is none.
    """
    if len(token) <= PREFIX:
        return False
    try:
        _public(public).verify(signature, token, _PSS, hashes.SHA384())
    except InvalidSignature:
        return False
    return True


def new_token(message: bytes) -> bytes:
    """The token of a message: a random beginning before it, so that no two are alike (Prepare, section 4.1)."""
    return secrets.token_bytes(PREFIX) + message


@lru_cache(maxsize=8)
def _public(public: str) -> rsa.RSAPublicKey:
    try:
        key = serialization.load_der_public_key(base64.b64decode(public, validate=True))
    except (binascii.Error, ValueError):
        raise ValueError("this is no public key of an issuer") from None
    if not isinstance(key, rsa.RSAPublicKey):
        raise ValueError("this is no RSA key")
    return key


def _private(private: str) -> rsa.RSAPrivateKey:
    # Made by us and kept in the vault, which notices a change: testing its primes would cost a hundred signatures.
    key = serialization.load_der_private_key(
        base64.b64decode(private, validate=True), password=None, unsafe_skip_rsa_key_validation=True
    )
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError("this is no RSA key")
    return key
