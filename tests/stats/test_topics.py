"""Topics of free texts: equal texts are one, clusters hold, names by hand, bad input refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from qiao_stats.errors import StatsError
from qiao_stats.topics import central_order, cluster, find_topics, fold, keywords, normal, words_of


def clouds(*sizes: int, dimensions: int = 40, spread: float = 0.25, seed: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors around as many random centres as there are sizes, and which centre each belongs to."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(size=(len(sizes), dimensions))
    centres /= np.linalg.norm(centres, axis=1, keepdims=True)
    truth = np.repeat(np.arange(len(sizes)), sizes)
    rows = centres[truth] + spread * rng.normal(size=(len(truth), dimensions)) / np.sqrt(dimensions)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True), truth


def test_texts_that_differ_in_width_case_and_marks_are_one() -> None:
    folded = fold(["夜班没有车！", "夜班 没有车", "No bus.", "ｎｏ　ＢＵＳ", "😀", "", "食堂"])
    assert folded.code.tolist() == [0, 0, 1, 1, -1, -1, 2]
    assert folded.first.tolist() == [0, 2, 6]
    # Whose copies they are is not known: each different text counts for one.
    assert folded.sources.tolist() == [1, 1, 1]


def test_one_person_pasting_a_thousand_times_counts_once() -> None:
    folded = fold(["加班费"] * 1000 + ["加班费"] * 3, ["a"] * 1000 + ["b", "c", "c"])
    assert folded.sources.tolist() == [3]
    with pytest.raises(StatsError, match="its source"):
        fold(["a"], [])


@given(st.lists(st.text(max_size=6), max_size=40))
def test_every_text_is_folded_into_one_or_has_no_letters(texts: list[str]) -> None:
    folded = fold(texts)
    for text, code in zip(texts, folded.code, strict=True):
        if code < 0:
            assert normal(text) == ""
        else:
            assert normal(texts[folded.first[code]]) == normal(text)
    assert folded.sources.sum() == folded.count


def test_clusters_are_found_as_many_as_there_are_and_the_same_again() -> None:
    rows, truth = clouds(60, 40, 30, 20)
    found = cluster(rows, seed=1)
    assert found.chosen is not None
    assert found.chosen.k == 4
    assert adjusted_rand_score(truth, found.labels) > 0.98
    # The largest first.
    assert [int((found.labels == label).sum()) for label in range(4)] == [60, 40, 30, 20]
    again = cluster(rows, seed=1)
    assert np.array_equal(found.labels, again.labels)


def test_seeds_agree() -> None:
    rows, _truth = clouds(1500, 900, 700, 500, spread=0.6)
    labels = [cluster(rows, seed=seed).labels for seed in range(3)]
    assert min(adjusted_rand_score(labels[0], other) for other in labels[1:]) > 0.95


def test_what_lies_between_two_centres_belongs_to_none() -> None:
    rows, truth = clouds(40, 40, spread=0.1)
    middle = rows[0] + rows[40]
    found = cluster(np.vstack([rows, middle / np.linalg.norm(middle)]), seed=1, k=2)
    assert found.labels[-1] == -1
    assert adjusted_rand_score(truth, found.labels[:-1]) == 1.0


def test_small_clusters_are_dissolved_by_weight_not_by_rows() -> None:
    rows, truth = clouds(30, 30, 3, spread=0.05)
    weights = np.ones(63)
    assert cluster(rows, seed=1, k=3, least=5).labels[truth == 2].tolist() == [-1] * 3
    weights[truth == 2] = 4
    assert set(cluster(rows, seed=1, k=3, least=5, weights=weights).labels[truth == 2].tolist()) == {2}


def test_too_few_and_empty_rows_make_no_clusters() -> None:
    rows, _truth = clouds(4, 4)
    assert cluster(rows, seed=1).chosen is None
    more, _truth = clouds(20, 20)
    more[3] = 0
    assert cluster(more, seed=1).labels[3] == -1
    assert find_topics([], np.zeros((0, 8)), seed=1).topics == ()


@pytest.mark.parametrize(
    ("vectors", "options", "message"),
    [
        (np.zeros(3), {}, "table of finite numbers"),
        (np.full((20, 2), np.nan), {}, "table of finite numbers"),
        (np.ones((20, 2)), {"weights": [1.0]}, "its weight"),
        (np.ones((20, 2)), {"k": 0}, "at least 1"),
    ],
)
def test_bad_vectors_are_refused(vectors: np.ndarray, options: dict[str, object], message: str) -> None:
    with pytest.raises(StatsError, match=message):
        cluster(vectors, seed=1, **options)  # type: ignore[arg-type]


def test_equal_rows_alone_are_one_cluster_of_nothing() -> None:
    assert set(cluster(np.ones((30, 4)), seed=1).labels.tolist()) <= {-1, 0}


def test_words_of_both_languages() -> None:
    assert words_of("夜班下班没有公交车") == ["夜班", "下班", "公交车"]
    assert words_of("The canteen is too expensive at night 123") == ["canteen", "expensive", "night"]
    assert words_of("😀 !!! 12") == []
    # A text of any length ends somewhere.
    assert len(words_of("食堂 " * 10_000)) < 2_000


def test_keywords_by_hand() -> None:
    words = [["bus", "night"], ["bus", "late"], ["meal", "night"], ["meal"], ["noise"]]
    labels = np.array([0, 0, 1, 1, -1])
    # Class 0 holds bus ×2, night, late (4 words), class 1 meal ×2, night (3); A = 3.5.
    # bus: 2/4·ln(1 + 3.5/2) = 0.506; meal: 2/3·ln(2.75) = 0.674. Words of one text only come after those.
    assert keywords(words, labels, count=2, most=2) == [["bus", "late"], ["meal", "night"]]
    with pytest.raises(StatsError, match="its label"):
        keywords(words, labels[:2], count=2)


def test_a_word_within_another_says_nothing_more() -> None:
    words = [["夜班", "夜班车", "食堂"], ["夜班车", "夜班", "食堂"]]
    assert keywords(words, np.array([0, 0]), count=1) == [["夜班", "食堂"]]


def test_central_texts_come_first() -> None:
    rows = np.array([[1.0, 0.0], [0.9, 0.1], [0.5, 0.5], [0, 1]])
    assert central_order(rows, np.array([0, 0, 0, 1]), 0).tolist() == [1, 0, 2]
    assert central_order(rows, np.array([0, 0, 0, 1]), 5).tolist() == []


def test_topics_count_sources_not_texts() -> None:
    rows, truth = clouds(20, 12, spread=0.05)
    kinds = np.array(["bus", "meal"])[truth]
    texts = [
        f"{kind} {'abcdefghijklmnopqrstuvwxyz'[number % 26] * (1 + number // 26)}" for number, kind in enumerate(kinds)
    ]
    # One person pastes a text about meals 1,000 times, and writes two others about the bus.
    everything = [*texts, *[texts[25]] * 1000]
    who: list[object] = [*range(32), *[25] * 1000]
    who[1] = who[0]
    found = find_topics(everything, rows, seed=1, sources=who, k=2)  # type: ignore[arg-type]
    assert [(topic.sources, topic.texts) for topic in found.topics] == [(19, 20), (12, 1012)]
    assert (found.topics[0].words[0], found.topics[1].words[0]) == ("bus", "meal")
    assert set(found.labels[truth.tolist().index(1) : 32]) == {1}
    with pytest.raises(StatsError, match="each different text"):
        find_topics(everything, rows[:3], seed=1)
