"""Blind signatures: the RFC's own numbers, and what the signer can and cannot do."""

from __future__ import annotations

import base64
import json
import secrets
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from tests.factories.credentials import blind, finish

from qiao.base.blind import PREFIX, BadBlinding, IssuerKey, is_token, new_issuer_key, new_token, sign_blinded

VECTOR = json.loads((Path(__file__).parent / "vectors" / "rfc9474.json").read_text(encoding="utf-8"))


def number(name: str) -> int:
    return int(VECTOR[name], 16)


@pytest.fixture(scope="module")
def rfc_key() -> IssuerKey:
    """The key of RFC 9474, appendix A.1."""
    p, q, e = number("p"), number("q"), number("e")
    d = pow(e, -1, (p - 1) * (q - 1))
    numbers = rsa.RSAPrivateNumbers(
        p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), rsa.RSAPublicNumbers(e, p * q)
    )  # fmt: skip
    key = numbers.private_key()
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )  # fmt: skip
    return IssuerKey(base64.b64encode(public).decode(), base64.b64encode(private).decode())


@pytest.fixture(scope="module")
def issuer() -> IssuerKey:
    return new_issuer_key()


# --- RFC 9474, appendix A.1 -------------------------------------------------------------------------------------


def test_the_signer_s_step_gives_the_rfc_s_blind_signature(rfc_key: IssuerKey) -> None:
    assert sign_blinded(rfc_key.private, bytes.fromhex(VECTOR["blinded_msg"])).hex() == VECTOR["blind_sig"]


def test_the_rfc_s_signature_is_one_of_its_token_and_of_no_other(rfc_key: IssuerKey) -> None:
    prefix, message = bytes.fromhex(VECTOR["msg_prefix"]), bytes.fromhex(VECTOR["msg"])
    signature = bytes.fromhex(VECTOR["sig"])
    assert is_token(rfc_key.public, prefix + message, signature)
    assert not is_token(rfc_key.public, prefix + message + b"\0", signature)
    assert not is_token(rfc_key.public, message + prefix, signature)


def test_blinding_and_unblinding_are_those_of_the_rfc(rfc_key: IssuerKey) -> None:
    modulus, inverse = number("p") * number("q"), number("inv")
    signed = int.from_bytes(sign_blinded(rfc_key.private, bytes.fromhex(VECTOR["blinded_msg"])), "big")
    assert signed * inverse % modulus == number("sig")
    encoded = pow(number("sig"), number("e"), modulus)
    factor = pow(inverse, -1, modulus)
    assert encoded * pow(factor, number("e"), modulus) % modulus == number("blinded_msg")


# --- a key of our own -------------------------------------------------------------------------------------------


def test_a_credential_is_checked_by_whoever_has_the_public_key(issuer: IssuerKey) -> None:
    asked = blind(issuer.public)
    credential = finish(issuer.public, asked, sign_blinded(issuer.private, asked.blinded))
    assert is_token(issuer.public, asked.token, credential)
    assert not is_token(new_issuer_key().public, asked.token, credential)
    changed = bytes([credential[0] ^ 1]) + credential[1:]
    assert not is_token(issuer.public, asked.token, changed)


@pytest.mark.parametrize("signature", [b"", b"\0" * 256, b"\xff" * 256, b"\x01" * 255, b"\x01" * 257])
def test_what_is_no_signature_is_none(issuer: IssuerKey, signature: bytes) -> None:
    assert not is_token(issuer.public, new_token(b"x"), signature)


def test_a_token_without_a_message_is_none(issuer: IssuerKey) -> None:
    assert not is_token(issuer.public, b"\0" * PREFIX, b"\x01" * 256)


def test_only_a_number_below_the_modulus_is_signed(issuer: IssuerKey) -> None:
    key = serialization.load_der_public_key(base64.b64decode(issuer.public))
    assert isinstance(key, rsa.RSAPublicKey)
    modulus = key.public_numbers().n
    for blinded in (b"", b"\x01" * 255, b"\x01" * 257, b"\0" * 256, modulus.to_bytes(256, "big"), b"\xff" * 256):
        with pytest.raises(BadBlinding):
            sign_blinded(issuer.private, blinded)


def test_one_blinded_token_asked_twice_gets_the_same_answer(issuer: IssuerKey) -> None:
    # A phone that lost the answer asks again with what it kept: that makes no second credential.
    asked = blind(issuer.public)
    assert sign_blinded(issuer.private, asked.blinded) == sign_blinded(issuer.private, asked.blinded)


def test_signer_and_box_share_nothing(issuer: IssuerKey) -> None:
    # Every token fits every blinded number: for each pair there is a factor that would have joined them.
    key = serialization.load_der_public_key(base64.b64decode(issuer.public))
    assert isinstance(key, rsa.RSAPublicKey)
    n, e = key.public_numbers().n, key.public_numbers().e
    seen, spent = [], []
    for _each in range(4):
        asked = blind(issuer.public)
        signed = sign_blinded(issuer.private, asked.blinded)
        seen.append((asked.blinded, signed))
        spent.append((asked.token, finish(issuer.public, asked, signed)))
    for blinded, signed in seen:
        for token, credential in spent:
            factor = int.from_bytes(signed, "big") * pow(int.from_bytes(credential, "big"), -1, n) % n
            encoded = pow(int.from_bytes(credential, "big"), e, n)
            assert encoded * pow(factor, e, n) % n == int.from_bytes(blinded, "big")
            assert not {blinded, signed} & {token, credential}


def test_tokens_are_never_alike() -> None:
    assert len({new_token(b"same") for _ in range(100)}) == 100
    assert new_token(b"same").endswith(b"same")


def test_a_product_of_credentials_is_no_credential(issuer: IssuerKey) -> None:
    # Raw RSA multiplies; the padding is what keeps two credentials from making a third.
    key = serialization.load_der_public_key(base64.b64decode(issuer.public))
    assert isinstance(key, rsa.RSAPublicKey)
    n = key.public_numbers().n
    made = []
    for _each in range(2):
        asked = blind(issuer.public)
        made.append((asked.token, finish(issuer.public, asked, sign_blinded(issuer.private, asked.blinded))))
    product = int.from_bytes(made[0][1], "big") * int.from_bytes(made[1][1], "big") % n
    for token in (made[0][0], made[1][0], made[0][0] + made[1][0], secrets.token_bytes(64)):
        assert not is_token(issuer.public, token, product.to_bytes(256, "big"))


def test_a_public_key_of_another_kind_is_told(issuer: IssuerKey) -> None:
    other = ed25519.Ed25519PrivateKey.generate().public_key()
    text = base64.b64encode(
        other.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    ).decode()  # fmt: skip
    for public in (text, "", "nonsense", issuer.private):
        with pytest.raises(ValueError, match=r"public key|RSA key"):
            is_token(public, new_token(b"x"), b"\x01" * 256)
