"""A private key in shares: any so many of them make it whole, fewer tell nothing (SLIP-39, Shamir's secret sharing)."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from nacl.public import PrivateKey
from shamir_mnemonic import MnemonicError, Share, combine_mnemonics, generate_mnemonics

from qiao.base.problems import Problem

#: SLIP-39 numbers shares with four bits.
MOST = 16


def split_key(private: str, *, shares: int, threshold: int) -> list[str]:
    """So many shares of a private key (base64), each 33 words, of which ``threshold`` make it whole again.

    Raises Problem for numbers that are none: 2 <= threshold <= shares <= 16.
    """
    if not 2 <= threshold <= shares <= MOST:
        raise Problem(
            "A key is split into 2 to %(most)d shares, of which at least two and at most all are needed.", most=MOST
        )
    (words,) = generate_mnemonics(
        group_threshold=1, groups=[(threshold, shares)], master_secret=base64.b64decode(private, validate=True)
    )
    return list(words)


def join_key(shares: Sequence[str]) -> str:
    """The private key (base64) that these shares make. More than needed are as good as enough.

    Raises Problem for words that are no share, shares of different keys, one given twice and too few of them.
    """
    read: dict[tuple[int, int], str] = {}
    first: Share | None = None
    for place, text in enumerate(shares, start=1):
        words = " ".join(text.lower().split())
        try:
            share = Share.from_mnemonic(words)
        except MnemonicError:
            raise Problem(
                "Share %(number)d is misspelled: compare its 33 words with what was written down.", number=place
            ) from None
        first = first or share
        if share.identifier != first.identifier or share.member_threshold != first.member_threshold:
            raise Problem("Share %(number)d belongs to another key than the first one.", number=place)
        read[(share.group_index, share.index)] = words
    if first is None or len(read) < first.member_threshold:
        raise Problem(
            "These are %(given)d different shares of the key, and %(needed)d are needed.",
            hint="Ask the next holder of a share.",
            given=len(read),
            needed=first.member_threshold if first else 2,
        )
    chosen = list(read.values())[: first.member_threshold]
    try:
        secret = combine_mnemonics(chosen)
    except MnemonicError:
        raise Problem("These shares do not make a key together: one of them was altered.") from None
    return base64.b64encode(bytes(PrivateKey(secret))).decode()
