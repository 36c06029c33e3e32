"""How long opinion groups take, against the dense way (a full vote matrix and a full silhouette) in the same run.

    python bench/opinion.py                                  # 20,000 × 500 against the peer, then 100,000 × 500 alone
    python bench/opinion.py --large                          # also 1,000,000 × 1,000 (about 50 million votes)
    PYTHONPATH=<folder with red-dwarf> python bench/opinion.py     # the peer is PyPI red-dwarf where it is importable

The peer needs time quadratic in participants, therefore it runs at the small size only. Times are CPU seconds of this
process, children included; memory is the peak of the whole process so far. Nothing is asserted but equal partitions.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable

import numpy as np

from qiao_stats.opinion import OpinionMap, VoteTable, collect_votes, opinion_map

CAMPS = 3


def simulate(
    participants: int, statements: int, density: float, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Votes of three camps that lean differently on half of the statements; codes and votes (n,)."""
    generator = np.random.default_rng(seed)
    lean = generator.normal(0, 1.2, (CAMPS, statements)).astype(np.float32)
    lean[:, statements // 2 :] = lean[0, statements // 2 :]
    camp = generator.choice(CAMPS, participants, p=[0.5, 0.3, 0.2])
    step = max(1, 20_000_000 // statements)
    who, about, vote = [], [], []
    for first in range(0, participants, step):
        here = camp[first : first + step]
        row, column = np.nonzero(generator.random((len(here), statements), dtype=np.float32) < density)
        opinion = lean[here[row], column] + generator.normal(0, 1, len(row)).astype(np.float32)
        who.append((row + first).astype(np.int32))
        about.append(column.astype(np.int32))
        vote.append(np.where(np.abs(opinion) < 0.3, 0, np.sign(opinion)).astype(np.int8))
    return np.concatenate(who), np.concatenate(about), np.concatenate(vote)


def ours(who: np.ndarray, about: np.ndarray, vote: np.ndarray) -> OpinionMap:
    """The whole way from single votes to statements that speak for the groups."""
    return opinion_map(collect_votes(who, about, vote))


def red_dwarf(who: np.ndarray, about: np.ndarray, vote: np.ndarray) -> int:
    """The peer's whole way; the number of groups it finds."""
    from reddwarf.implementations.base import run_pipeline

    votes = [
        {"participant_id": p, "statement_id": s, "vote": v, "modified": 0}
        for p, s, v in zip(who.tolist(), about.tolist(), vote.tolist(), strict=True)
    ]
    result = run_pipeline(votes, random_state=0)
    return len(np.unique(result.clusterer.labels_))


def dense(who: np.ndarray, about: np.ndarray, vote: np.ndarray) -> int:
    """The plain way with scikit-learn: full matrix, PCA, k-means, silhouette of everybody; the number of groups."""
    from sklearn.cluster import KMeans
    from sklearn.decomposition import PCA
    from sklearn.impute import SimpleImputer
    from sklearn.metrics import silhouette_score

    matrix = np.full((who.max() + 1, about.max() + 1), np.nan)
    matrix[who, about] = vote
    cast = np.isfinite(matrix).sum(axis=1)
    places = PCA(2, random_state=0).fit_transform(SimpleImputer().fit_transform(matrix))
    places *= np.sqrt(matrix.shape[1] / np.maximum(cast, 1))[:, None]
    places = places[cast >= 7]
    width = {k: silhouette_score(places, KMeans(k, random_state=0).fit_predict(places)) for k in range(2, 6)}
    return max(width, key=lambda k: float(width[k]))


def measure(work: Callable[[], object]) -> tuple[object, float]:
    """The result and the CPU seconds it took."""
    before = time.process_time()
    result = work()
    return result, time.process_time() - before


def main() -> None:
    """Measure and print one line per size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--large", action="store_true", help="also 1,000,000 × 1,000")
    parser.add_argument("--peer-participants", type=int, default=20_000)
    asked = parser.parse_args()
    try:
        import reddwarf  # noqa: F401

        peer, name = red_dwarf, "red-dwarf"
    except ImportError:
        peer, name = dense, "dense scikit-learn"
    measure(lambda: ours(*simulate(500, 50, 0.5, 0)))  # imports and thread pools are paid for once, outside
    sizes = [(asked.peer_participants, 500, True), (100_000, 500, False)]
    if asked.large:
        sizes.append((1_000_000, 1_000, False))
    for participants, statements, with_peer in sizes:
        votes = simulate(participants, statements, 0.05, 1)
        result, own = measure(lambda votes=votes: ours(*votes))
        assert isinstance(result, OpinionMap)
        size = f"{participants:>9,} × {statements:>5,}  {len(votes[0]):>11,} votes"
        line = f"{size}  k {result.grouping.k}  {own:7.2f} CPU s"
        if with_peer:
            found, theirs = measure(lambda votes=votes: peer(*votes))
            line += f"  {name}: k {found}, {theirs:7.2f} CPU s, ratio {theirs / own:.0f}"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        print(f"{line}  peak {peak:.2f} GiB", flush=True)
        stages(*votes)


def stages(who: np.ndarray, about: np.ndarray, vote: np.ndarray) -> None:
    """Where the time goes."""
    from qiao_stats.opinion import choose_participants, count_votes, find_groups, project

    table, collecting = measure(lambda: collect_votes(who, about, vote))
    assert isinstance(table, VoteTable)
    plane, projecting = measure(lambda: project(table))
    chosen = choose_participants(table)
    groups, grouping = measure(lambda: find_groups(plane.coordinates, chosen))
    _, counting = measure(lambda: count_votes(table, groups.group, groups.k))
    print(
        f"    collect {collecting:.2f}, project {projecting:.2f}, group {grouping:.2f}, count {counting:.2f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
