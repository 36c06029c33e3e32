"""Sentence vectors: like meanings lie close in both languages, odd texts do no harm."""

from __future__ import annotations

import numpy as np

from qiao.base.sentences import encode


def test_the_same_need_in_two_languages_lies_closer_than_another_need() -> None:
    bus_zh, bus_en, meal_zh, meal_en = encode(
        ["夜班下班没有公交车", "No bus home after the night shift", "食堂太贵", "The canteen is too expensive"]
    )
    assert bus_zh @ bus_en > 0.5 > max(bus_zh @ meal_zh, bus_en @ meal_en, bus_zh @ meal_en)
    assert meal_zh @ meal_en > 0.5


def test_empty_long_and_odd_texts() -> None:
    told: list[int] = []
    vectors = encode(["", "  ", "😀😀", "夜班" * 5_000, "a\x00b"], progress=told.append)
    assert np.isfinite(vectors).all()
    assert np.linalg.norm(vectors, axis=1).round(3).tolist() == [0, 0, 1, 1, 1]
    assert told == [3]
    assert encode([]).shape == (0, 512)


def test_neighbours_change_nothing() -> None:
    alone = encode(["加班费没有发"])[0]
    beside = encode(["食堂", "加班费没有发", "The bus is late every single evening of the week"])[1]
    assert np.allclose(alone, beside, atol=1e-3)
