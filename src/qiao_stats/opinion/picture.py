"""What of an opinion map may be drawn for everybody: areas and densities, never the place of a person.

A group's area is the ellipse of its mean and covariance: a summary of all its members. The density is counted on a
grid; a cell is drawn only where at least ``threshold`` of one group stand in it, and as one of three levels, so that no
count can be had by subtraction. The grid is the finest of a few on which at least three fifths of all who are grouped
stand in cells that may be drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qiao_stats.errors import StatsError
from qiao_stats.opinion.grouping import Grouping
from qiao_stats.opinion.projection import Projection
from qiao_stats.opinion.statistics import FloatArray

#: Numbers of cells along the longer side that are tried, the finest first; shares of members in cells that are drawn.
GRIDS = (18, 14, 10, 8, 6, 5, 4)
_SHOWN = 0.6
#: An ellipse of this many standard deviations holds about two thirds of a normal cloud.
_WIDTH = 1.5
#: Levels of density begin at these multiples of the threshold.
_LEVELS = (1, 2, 4)
#: A loading below this part of the largest says nothing about a direction.
_TELLS = 0.35


@dataclass(frozen=True, slots=True)
class Area:
    """One group: centre, half axes and turn (degrees, anticlockwise) of its ellipse, in units of the map (0 … 1)."""

    x: float
    y: float
    wide: float
    high: float
    turn: float


@dataclass(frozen=True, slots=True)
class Cell:
    """One drawn cell of the grid: group, column, row (from the bottom), level 1 … 3."""

    group: int
    column: int
    row: int
    level: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The map as it may be published. ``columns`` × ``rows`` cells cover the unit square.

    ``right`` and ``up`` name the statements that pull to the right and upwards most: (statement, whether it is
    agreeing that pulls). ``explained`` is the share of all differences between votes that the plane shows.
    """

    areas: tuple[Area, ...]
    cells: tuple[Cell, ...]
    columns: int
    rows: int
    right: tuple[tuple[int, bool], ...]
    up: tuple[tuple[int, bool], ...]
    explained: float


def draw_picture(
    projection: Projection, grouping: Grouping, *, threshold: int = 5, before: Sequence[tuple[float, float]] = ()
) -> Picture:
    """Draw a map for publication.

    Args:
        projection: of the votes.
        grouping: groups of at least ``threshold`` each.
        threshold: fewest members of a group that may be told of.
        before: the centres of the groups on an earlier picture: the map is mirrored so that the new groups lie as
            close to them as they can, or movement could not be seen (the signs of the axes mean nothing).

    Raises:
        StatsError: a group is smaller than the threshold.
    """
    sizes = grouping.sizes()
    if grouping.k < 1 or int(sizes.min()) < threshold:
        raise StatsError("A group of fewer than %(threshold)s is not drawn.", threshold=threshold)
    inside = grouping.group >= 0
    points = projection.coordinates[inside]
    groups = grouping.group[inside]
    flips = _flips(points, groups, grouping.k, before)
    places = _placed(points * flips)
    areas = tuple(_area(places[groups == group]) for group in range(grouping.k))
    cells, side = _cells(places, groups, grouping.k, threshold)
    return Picture(
        areas, cells, side, side, _pulls(projection.components[0] * flips[0]),
        _pulls(projection.components[1] * flips[1]), round(float(projection.explained.sum()), 3),
    )  # fmt: skip


def _flips(
    points: FloatArray, groups: npt.NDArray[np.signedinteger], k: int, before: Sequence[tuple[float, float]]
) -> FloatArray:
    """The mirroring (±1, ±1) that brings the groups' centres closest to those before."""
    if not before:
        return np.ones(2)
    old = np.asarray(before, dtype=np.float64)
    best, least = np.ones(2), np.inf
    for flips in ((1.0, 1.0), (-1.0, 1.0), (1.0, -1.0), (-1.0, -1.0)):
        places = _placed(points * np.array(flips))
        centres = np.stack([places[groups == group].mean(axis=0) for group in range(k)])
        # Groups may have come or gone: each new centre is held against the nearest old one.
        distance = float(np.min(np.linalg.norm(centres[:, None, :] - old[None, :, :], axis=2), axis=1).sum())
        if distance < least - 1e-12:
            best, least = np.array(flips), distance
    return best


def _placed(points: FloatArray) -> FloatArray:
    """Points in the unit square, one scale for both axes, the middle of the map in its middle.

    The scale is that of the 98th percentile, so that not one person's place decides on it; who stands further out is
    moved to the edge.
    """
    centre = np.median(points, axis=0)
    off = points - centre
    reach = float(np.quantile(np.abs(off).max(axis=1), 0.98)) or 1.0
    result: FloatArray = np.clip(0.5 + off / (2.3 * reach), 0.0, 1.0 - 1e-9)
    return result


def _area(places: FloatArray) -> Area:
    centre = places.mean(axis=0)
    spread = np.cov(places.T) if len(places) > 1 else np.zeros((2, 2))
    values, axes = np.linalg.eigh(spread)
    high, wide = (float(max(_WIDTH * np.sqrt(max(value, 0.0)), 0.04)) for value in values)
    turn = float(np.degrees(np.arctan2(axes[1, 1], axes[0, 1]))) % 180.0
    return Area(round(float(centre[0]), 3), round(float(centre[1]), 3), round(wide, 3), round(high, 3), round(turn))


def _cells(
    places: FloatArray, groups: npt.NDArray[np.signedinteger], k: int, threshold: int
) -> tuple[tuple[Cell, ...], int]:
    cells: tuple[Cell, ...] = ()
    for side in GRIDS:
        at = np.floor(places * side).astype(np.int64)
        counts = np.zeros((k, side, side), dtype=np.int64)
        np.add.at(counts, (groups, at[:, 0], at[:, 1]), 1)
        shown = counts >= threshold
        cells = tuple(
            Cell(int(g), int(c), int(r), _level(int(counts[g, c, r]), threshold)) for g, c, r in np.argwhere(shown)
        )
        if float(counts[shown].sum()) >= _SHOWN * len(places):
            return cells, side
    return cells, GRIDS[-1]


def _level(count: int, threshold: int) -> int:
    return sum(count >= times * threshold for times in _LEVELS)


def _pulls(loadings: FloatArray) -> tuple[tuple[int, bool], ...]:
    """The two statements that pull most in a direction; agreeing pulls where the loading is positive."""
    size = np.abs(loadings)
    order = np.argsort(-size, kind="stable")[:2]
    return tuple((int(s), bool(loadings[s] > 0)) for s in order if size[s] > _TELLS * size.max() and size[s] > 0)
