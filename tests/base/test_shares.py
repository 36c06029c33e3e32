"""A key in shares."""

from __future__ import annotations

import itertools

import pytest

from qiao.base.problems import Problem
from qiao.base.sealing import new_key_pair, seal, unseal
from qiao.base.shares import join_key, split_key


def test_any_enough_shares_make_the_key_and_no_fewer_do() -> None:
    pair = new_key_pair()
    words = split_key(pair.private, shares=5, threshold=3)
    assert len(set(words)) == 5
    assert all(len(text.split()) == 33 for text in words)
    for some in itertools.combinations(words, 3):
        assert join_key(some) == pair.private
    assert join_key(words) == pair.private
    for few in itertools.combinations(words, 2):
        with pytest.raises(Problem, match="3 are needed"):
            join_key(few)
    sealed = seal(pair.public, {"a": 1})
    assert unseal(join_key(words[2:]), sealed) == {"a": 1}


def test_words_may_be_typed_with_capitals_and_on_several_lines() -> None:
    pair = new_key_pair()
    first, second = split_key(pair.private, shares=2, threshold=2)
    assert join_key([first.upper(), "\n ".join(second.split())]) == pair.private


def test_faults_name_the_share() -> None:
    pair = new_key_pair()
    words, others = (split_key(pair.private, shares=3, threshold=2) for _turn in range(2))
    for given, said in (
        ([words[0], words[0]], "1 different"),
        ([words[0], "hello"], "Share 2 is misspelled"),
        ([words[0], " ".join([*words[1].split()[:-1], "academic"])], "misspelled"),
        ([words[0], others[1]], "belongs to another key"),
        ([], "are needed"),
    ):
        with pytest.raises(Problem, match=said):
            join_key(given)


@pytest.mark.parametrize(("shares", "threshold"), [(1, 2), (3, 1), (17, 2), (0, 0), (2, 3)])
def test_impossible_numbers_are_refused(shares: int, threshold: int) -> None:
    with pytest.raises(Problem, match="2 to"):
        split_key(new_key_pair().private, shares=shares, threshold=threshold)
