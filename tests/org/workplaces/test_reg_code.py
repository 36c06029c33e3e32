"""The unified social credit code: checked, never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qiao.base.problems import Problem
from qiao.org.workplaces.rules.regcode import ALPHABET, check_sign, normal_reg_code

#: Codes as companies print them in their public reports, and the specimen of the standard.
KNOWN = ("91110000600037341L", "91350100M000100Y43", "91110108551385082Q")


@pytest.mark.parametrize("code", KNOWN)
def test_known_codes_pass(code: str) -> None:
    assert normal_reg_code(code) == code


def test_however_it_was_typed() -> None:
    assert normal_reg_code(" ９１１１００００ 6000-37341l ") == KNOWN[0]
    assert normal_reg_code("　") is None


@settings(deadline=None)
@given(st.integers(0, 16), st.sampled_from(ALPHABET), st.text(ALPHABET, min_size=9, max_size=9))
def test_every_single_wrong_sign_is_noticed(place: int, sign: str, tail: str) -> None:
    body = f"91440300{tail}"
    good = body + check_sign(body)
    bad = good[:place] + sign + good[place + 1 :]
    if bad == good:
        assert normal_reg_code(bad) == good
    else:
        with pytest.raises(Problem):
            normal_reg_code(bad)


@pytest.mark.parametrize(
    ("text", "said"),
    [("9111", "has 4 signs"), ("9111000060003734IL", "I, O, S, V"), ("911100006000373410", "check sign")],
)
def test_what_is_wrong_is_said(text: str, said: str) -> None:
    with pytest.raises(Problem, match=said) as caught:
        normal_reg_code(text)
    assert KNOWN[0] not in str(caught.value)
