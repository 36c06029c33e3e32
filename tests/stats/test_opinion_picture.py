"""What is drawn of a map: no place of a person, no cell of few, the same way round as before."""

from __future__ import annotations

import numpy as np
import pytest

from qiao_stats.errors import StatsError
from qiao_stats.opinion import collect_votes, draw_picture, find_groups, given_groups, project


def camps(people: int, seed: int = 0):
    """Two camps that answer eight statements differently; who is in which."""
    rng = np.random.default_rng(seed)
    camp = rng.random(people) < 0.4
    lean = np.array([[0.9, 0.85, 0.1, 0.8, 0.5, 0.9, 0.2, 0.9], [0.1, 0.2, 0.9, 0.8, 0.5, 0.9, 0.8, 0.9]])
    votes = np.where(rng.random((people, 8)) < lean[camp.astype(int)], 1, -1)
    rows, columns = np.nonzero(np.ones_like(votes))
    return collect_votes(rows, columns, votes.ravel())


def drawn(people: int = 200, **options):
    """The picture of two camps."""
    plane = project(camps(people))
    return draw_picture(plane, find_groups(plane.coordinates, k=2), **options), plane


def test_areas_and_cells_lie_on_the_map() -> None:
    picture, _plane = drawn()
    assert len(picture.areas) == 2
    assert abs(picture.areas[0].x - picture.areas[1].x) > 0.2
    assert all(0 <= area.x <= 1 and 0 <= area.y <= 1 and area.wide >= area.high > 0 for area in picture.areas)
    assert picture.cells
    assert all(0 <= cell.column < picture.columns and 1 <= cell.level <= 3 for cell in picture.cells)


def test_no_cell_of_fewer_than_the_threshold_is_drawn() -> None:
    plane = project(camps(200))
    groups = find_groups(plane.coordinates, k=2)
    fine, coarse = (draw_picture(plane, groups, threshold=threshold) for threshold in (5, 30))
    assert fine.columns >= coarse.columns
    # A cell of level 1 of a threshold of 30 holds thirty people of one group: at most 200 / 30 of them.
    assert len(coarse.cells) <= 200 // 30


def test_one_person_more_far_out_moves_no_edge() -> None:
    votes = camps(200)
    plane = project(votes)
    groups = find_groups(plane.coordinates, k=2)
    before = draw_picture(plane, groups)
    plane.coordinates[0] *= 50
    after = draw_picture(plane, groups)
    moved = [abs(a.x - b.x) for a, b in zip(before.areas, after.areas, strict=True)]
    assert max(moved) < 0.05


def test_the_map_is_not_turned_over_between_two_pictures() -> None:
    plane = project(camps(200))
    groups = find_groups(plane.coordinates, k=2)
    first = draw_picture(plane, groups)
    plane.coordinates[:, 0] *= -1
    plane.components[0] *= -1
    free = draw_picture(plane, groups)
    held = draw_picture(plane, groups, before=[(area.x, area.y) for area in first.areas])
    assert held.areas == first.areas
    assert (free.areas[0].x < free.areas[1].x) != (held.areas[0].x < held.areas[1].x)
    # What pulls to the right is turned with it.
    assert held.right == first.right == tuple((statement, not agree) for statement, agree in free.right)


def test_a_group_of_few_is_not_drawn() -> None:
    plane = project(camps(30))
    codes = np.zeros(30, dtype=int)
    codes[:4] = 1
    with pytest.raises(StatsError):
        draw_picture(plane, given_groups(codes, 2))
