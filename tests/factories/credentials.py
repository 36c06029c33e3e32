"""The member's device, in Python: blinds a token and takes the blinding off again (RFC 9474, sections 4.2, 4.4)."""

from __future__ import annotations

import base64
import math
import secrets
from dataclasses import dataclass
from functools import lru_cache

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from qiao.base.blind import SALT, is_token, new_token


@dataclass(frozen=True, slots=True)
class Asked:
    """A token, its blinded form for the signer, and the number that takes the blinding off."""

    token: bytes
    blinded: bytes
    inverse: int


def blind(public: str, message: bytes = b"") -> Asked:
    """Make a token for 32 random bytes (or ``message``) and blind it."""
    n, e, size = _numbers(public)
    token = new_token(message or secrets.token_bytes(32))
    encoded = _encoded(token, n.bit_length())
    assert math.gcd(encoded, n) == 1
    factor = secrets.randbelow(n - 1) + 1
    blinded = encoded * pow(factor, e, n) % n
    return Asked(token, blinded.to_bytes(size, "big"), pow(factor, -1, n))


def finish(public: str, asked: Asked, signed: bytes) -> bytes:
    """The credential: the signature of the token. The device checks it before it believes it."""
    n, _e, size = _numbers(public)
    credential = (int.from_bytes(signed, "big") * asked.inverse % n).to_bytes(size, "big")
    assert is_token(public, asked.token, credential)
    return credential


def _numbers(public: str) -> tuple[int, int, int]:
    key = serialization.load_der_public_key(base64.b64decode(public))
    assert isinstance(key, rsa.RSAPublicKey)
    numbers = key.public_numbers()
    return numbers.n, numbers.e, key.key_size // 8


@lru_cache
def _any_key(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def _encoded(token: bytes, bits: int) -> int:
    """EMSA-PSS-ENCODE of the token: a signature of it by any key of this length, to the power of its exponent."""
    key = _any_key(bits)
    pss = padding.PSS(mgf=padding.MGF1(hashes.SHA384()), salt_length=SALT)
    numbers = key.public_key().public_numbers()
    return pow(int.from_bytes(key.sign(token, pss, hashes.SHA384()), "big"), numbers.e, numbers.n)
