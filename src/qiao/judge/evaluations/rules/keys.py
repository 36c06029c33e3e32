"""The evaluator's own keys: one pair to seal answers, one to sign the result. Private halves never come here.

Pure: also read by commands that run without settings and database.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass

from nacl.exceptions import BadSignatureError, CryptoError
from nacl.signing import SigningKey, VerifyKey

from qiao.base import sealing
from qiao.base.problems import Problem

#: What the lines of a .pub file begin with.
SEAL, SIGN, DRAW = "seal", "sign", "draw"


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """What is registered: answers are sealed with ``seal`` (X25519), the result is signed for ``sign`` (Ed25519).

    ``draw`` is the SHA-256 (hex) of the seed the sample is drawn with: committed before the frame is frozen.
    """

    seal: str
    sign: str
    draw: str

    def text(self) -> str:
        """The lines of the .pub file."""
        return f"{SEAL} {self.seal}\n{SIGN} {self.sign}\n{DRAW} {self.draw}\n"


@dataclass(frozen=True, slots=True)
class EvaluatorKeys:
    """Both pairs, base64: ``public`` seals and ``private`` opens, ``sign`` signs the result for ``verify``."""

    public: str
    private: str
    verify: str
    sign: str
    seed: str

    @property
    def registered(self) -> PublicKeys:
        """The public halves."""
        return PublicKeys(self.public, self.verify, commitment(self.seed))


def new_keys() -> EvaluatorKeys:
    """Two fresh pairs and a seed, made where this is called: on the evaluator's machine."""
    pair, signing = sealing.new_key_pair(), SigningKey.generate()
    return EvaluatorKeys(
        pair.public, pair.private,
        base64.b64encode(bytes(signing.verify_key)).decode(), base64.b64encode(bytes(signing)).decode(),
        secrets.token_hex(32),
    )  # fmt: skip


def commitment(seed: str) -> str:
    """What is published of a seed before the frame is frozen: its SHA-256, hex. It fixes the seed and tells nothing."""
    return hashlib.sha256(seed.encode()).hexdigest()


def read_public(text: str) -> PublicKeys:
    """The three lines of a .pub file. Raises Problem for anything else."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        name, _, value = line.strip().partition(" ")
        if name in (SEAL, SIGN, DRAW) and name not in found:
            found[name] = value.strip()
    try:
        seal, sign = (base64.b64encode(base64.b64decode(found[name], validate=True)).decode() for name in (SEAL, SIGN))
        sealing.seal(seal, {})
        VerifyKey(base64.b64decode(sign))
        draw = bytes.fromhex(found[DRAW]).hex()
        if len(draw) != 64:
            raise ValueError(draw)
    except (KeyError, binascii.Error, ValueError, TypeError, CryptoError):
        raise Problem(
            "This is no pair of public keys.",
            hint="Paste all lines of the file that ends in .pub, as “qiao judge keygen” wrote it.",
        ) from None
    return PublicKeys(seal, sign, draw)


def sign(private: str, content: bytes) -> str:
    """The signature (base64) of a content. Raises Problem for what is no signing key."""
    try:
        key = SigningKey(base64.b64decode(private, validate=True))
    except (binascii.Error, ValueError, TypeError, CryptoError):
        raise Problem("This is no signing key: use the file that ends in .sign.key.") from None
    return base64.b64encode(key.sign(content).signature).decode()


def public_of(private: str) -> str:
    """The public half (base64) of a signing key. Raises Problem for what is none."""
    try:
        return base64.b64encode(bytes(SigningKey(base64.b64decode(private, validate=True)).verify_key)).decode()
    except (binascii.Error, ValueError, TypeError, CryptoError):
        raise Problem("This is no signing key: use the file that ends in .sign.key.") from None


def is_signed(public: str, content: bytes, signature: str) -> bool:
    """Whether ``signature`` (base64) over the content is that of the key."""
    try:
        VerifyKey(base64.b64decode(public, validate=True)).verify(content, base64.b64decode(signature, validate=True))
    except (BadSignatureError, binascii.Error, ValueError, TypeError, CryptoError):
        return False
    return True
