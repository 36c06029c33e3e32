"""Groups of participants on the opinion map: k-means, with the number of groups chosen by silhouette."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from qiao_stats.errors import StatsError
from qiao_stats.opinion.statistics import FloatArray
from qiao_stats.opinion.votes import IntArray, VoteTable

#: Polis' rules for who is placed in groups, and how many groups are tried.
VOTES_NEEDED = 7
FEWEST_PARTICIPANTS = 15
MOST_GROUPS = 5
_PARTICIPANTS_PER_GROUP = 12

#: Restarts make the partition hardly depend on the seed; on many participants they run on a sample.
_RESTARTS = 60
_RESTART_SAMPLE = 5_000
_SILHOUETTE_SAMPLE = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Groups of participants. ``group`` (participants,) is a code 0 … k − 1, −1 for those in no group; codes run from
    the largest group to the smallest. ``centres`` is (k, 2). ``silhouette`` maps each number of groups that was tried
    to its mean silhouette width (−1 … 1); it is empty and ``centres`` are None where the groups were given.
    """

    group: IntArray
    k: int
    centres: FloatArray | None
    silhouette: dict[int, float]

    def sizes(self) -> IntArray:
        """Participants in each group (k,)."""
        return np.bincount(self.group[self.group >= 0], minlength=self.k)


def choose_participants(
    table: VoteTable, *, votes_needed: int = VOTES_NEEDED, fewest: int = FEWEST_PARTICIPANTS
) -> npt.NDArray[np.bool_]:
    """Who voted enough to be placed in a group (participants,).

    Those with ``votes_needed`` votes, or with a vote on every statement where there are fewer. If that leaves fewer
    than ``fewest`` participants, those with most votes join them until there are so many (Polis' rule).
    """
    cast = table.votes_per_participant()
    statements = int((table.votes_per_statement() > 0).sum())
    chosen: npt.NDArray[np.bool_] = cast >= max(1, min(votes_needed, statements))
    if int(chosen.sum()) < fewest:
        most = np.argsort(-cast, kind="stable")[:fewest]
        chosen[most[cast[most] > 0]] = True
    return chosen


def given_groups(group: npt.ArrayLike, k: int) -> Grouping:
    """Wrap group codes (−1: none) that come from elsewhere.

    Raises:
        StatsError: a code is out of range or a group has no member.
    """
    codes = np.asarray(group, dtype=np.int64)
    if codes.size and (int(codes.min()) < -1 or int(codes.max()) >= k):
        raise StatsError("A group code is not between -1 and %(last)s.", last=k - 1)
    grouping = Grouping(codes, k, None, {})
    if k < 1 or not grouping.sizes().all():
        raise StatsError("Every group needs at least one participant.")
    return grouping


def find_groups(
    coordinates: npt.ArrayLike, chosen: npt.ArrayLike | None = None, *, k: int | None = None, seed: int = 0
) -> Grouping:
    """Part the chosen participants into groups by k-means.

    Without ``k`` the number of groups from 2 to 5 (fewer for few participants: 2 + n // 12) with the highest mean
    silhouette width is taken, of equal ones the smallest. Above 5,000 participants the silhouette is that of a random
    sample, and the best start is sought on one, too; both by ``seed``.

    Args:
        coordinates: on the map (participants, 2).
        chosen: who takes part (participants,), by default all.
        k: number of groups, if it is given; 1 puts all in one group.
        seed: of the restarts and samples.

    Raises:
        StatsError: k is below 1 or above the number of chosen participants or of places they take on the map; or, where
            k is to be found, all chosen stand at one place or there are fewer than 3.
    """
    places = np.asarray(coordinates, dtype=np.float64)
    use = np.ones(len(places), dtype=np.bool_) if chosen is None else np.asarray(chosen, dtype=np.bool_)
    if places.ndim != 2 or use.shape != (len(places),):
        raise StatsError("“chosen” must have one value for each participant's coordinates.")
    points = np.ascontiguousarray(places[use])
    distinct = _distinct(points)
    generator = np.random.default_rng(seed)
    if k is None:
        labels, centres, widths = _best_number(points, distinct, generator)
    else:
        _check_number(k, len(points), distinct)
        labels, centres = _k_means(points, k, generator)
        widths = {}
        if 2 <= k < len(points):
            widths[k] = _silhouette(points, labels, _sample(len(points), generator))
    labels, centres = _by_size(labels, centres)
    group = np.full(len(places), -1, dtype=np.int64)
    group[use] = labels
    return Grouping(group, len(centres), centres, widths)


def _check_number(k: int, participants: int, distinct: int) -> None:
    if k < 1:
        raise StatsError("The number of groups must be at least 1, not %(k)s.", k=k)
    if k > participants:
        raise StatsError(
            "%(k)s groups cannot be formed of %(participants)s participants who voted enough; ask for fewer groups.",
            k=k, participants=participants,
        )  # fmt: skip
    if k > distinct:
        raise StatsError(
            "%(k)s groups cannot be formed: the participants hold only %(distinct)s different positions.",
            k=k, distinct=distinct,
        )  # fmt: skip


def _best_number(
    points: FloatArray, distinct: int, generator: np.random.Generator
) -> tuple[IntArray, FloatArray, dict[int, float]]:
    if len(points) < 3:
        raise StatsError(
            "Only %(participants)s participants voted enough: too few to look for groups; at least 3 are needed.",
            participants=len(points),
        )
    if distinct < 2:
        raise StatsError("All participants voted alike: there are no groups to find; ask for 1 group.")
    most = min(MOST_GROUPS, 2 + len(points) // _PARTICIPANTS_PER_GROUP, distinct, len(points) - 1)
    sample = _sample(len(points), generator)
    tried = {k: _k_means(points, k, generator) for k in range(2, most + 1)}
    widths = {k: _silhouette(points, labels, sample) for k, (labels, _) in tried.items()}
    best = max(widths, key=lambda k: (widths[k], -k))
    return *tried[best], widths


def _distinct(points: FloatArray) -> int:
    """How many places differ by more than rounding (counted up to the most groups anyone may ask for)."""
    scale = float(np.abs(points).max(initial=0.0)) or 1.0
    return len(np.unique(np.round(points / scale, 9), axis=0))


def _k_means(points: FloatArray, k: int, generator: np.random.Generator) -> tuple[IntArray, FloatArray]:
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    def run(data: FloatArray, **options: object) -> KMeans:
        start = int(generator.integers(2**31))
        # In a plane each step is so short that more threads wait for each other longer than they work: one is many
        # times faster on a busy machine, and the groups are the same.
        with warnings.catch_warnings(), threadpool_limits(1):
            # Participants at one place can leave fewer clusters than asked for in one of the restarts.
            warnings.simplefilter("ignore", ConvergenceWarning)
            return KMeans(k, random_state=start, max_iter=300, tol=1e-8, **options).fit(data)

    if len(points) <= _RESTART_SAMPLE:
        model = run(points, n_init=_RESTARTS)
    else:
        sample = points[np.sort(generator.choice(len(points), _RESTART_SAMPLE, replace=False))]
        model = run(points, init=run(sample, n_init=_RESTARTS).cluster_centers_, n_init=1)
    return model.labels_.astype(np.int64), model.cluster_centers_


def _sample(participants: int, generator: np.random.Generator) -> IntArray:
    if participants <= _SILHOUETTE_SAMPLE:
        return np.arange(participants)
    return np.sort(generator.choice(participants, _SILHOUETTE_SAMPLE, replace=False))


def _silhouette(points: FloatArray, labels: IntArray, sample: IntArray) -> float:
    from sklearn.metrics import silhouette_score

    found = len(np.unique(labels[sample]))
    # A sample that misses all groups but one says nothing in favour of the partition.
    if not 2 <= found < len(sample):
        return -1.0
    with threadpool_limits(1):
        return float(silhouette_score(points[sample], labels[sample]))


def _by_size(labels: IntArray, centres: FloatArray) -> tuple[IntArray, FloatArray]:
    """Number the groups from the largest down; of equal ones the one further left on the map comes first."""
    sizes = np.bincount(labels, minlength=len(centres))
    order = np.lexsort((centres[:, 1], centres[:, 0], -sizes))
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank[labels], centres[order]
