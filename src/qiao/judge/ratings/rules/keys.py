"""A box key that several count officers open together: sealed for one inside the other, in every order of so many.

With three officers of whom two are needed there are six copies of the box's private key: for A in B, B in A, and so on.
Each officer takes off the seal that is theirs, in whatever order they come; what is left is sealed for the next. The
primitives are libsodium's sealed boxes (`qiao.base.sealing`); nothing else is computed. An officer may take the seal
off on a machine of their own and hand in what was beneath it: for each layer its hash is kept, so that nothing else is
taken for it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import permutations

from qiao.base import sealing


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A private key sealed for officers in this order, outermost first; ``hashes``: of what lies beneath each seal."""

    order: tuple[int, ...]
    blob: bytes
    hashes: tuple[str, ...]


def wrap(private: str, publics: Mapping[int, str], needed: int) -> Iterator[Wrapped]:
    """Copies of a private key (base64) for every order of ``needed`` officers; ``publics``: position to public key.

    Raises ValueError where fewer officers have keys than are needed.
    """
    if not 1 <= needed <= len(publics):
        raise ValueError("as many officers as are needed must have a key")
    for order in permutations(sorted(publics), needed):
        content, hashes = private, []
        for position in reversed(order):
            hashes.append(hash_of(content))
            blob = sealing.seal(publics[position], {"inner": content})
            content = base64.b64encode(blob).decode()
        yield Wrapped(order, blob, tuple(reversed(hashes)))


def unwrap(private: str, blob: bytes) -> str:
    """Take off one seal: the next blob as base64, or the box's private key at the last. Raises sealing.WrongKey."""
    return str(sealing.unseal(private, blob)["inner"])


def hash_of(inner: str) -> str:
    """The hash by which what lay beneath a seal is known (hex). It is as random as a key: nobody guesses it."""
    return hashlib.sha256(inner.encode()).hexdigest()
