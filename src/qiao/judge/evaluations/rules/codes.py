"""How a single-use code is found: by a keyed hash, useless without the installation's key."""

from __future__ import annotations

from django.utils.crypto import salted_hmac

from qiao.base.codes import normal_secret_code


def code_hash(secret_code: str) -> str:
    """HMAC-SHA256 (hex) of the code, however it was typed."""
    return salted_hmac("qiao.evaluations.code", normal_secret_code(secret_code), algorithm="sha256").hexdigest()
