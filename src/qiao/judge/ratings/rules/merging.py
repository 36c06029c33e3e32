"""Unions too small to be counted alone are counted with others of their hub (handbook C23, P7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

#: Signs a path spends on each unit.
UNIT_SIGNS = 5


@dataclass(frozen=True, slots=True)
class Group:
    """Unions counted together: the path of the unit whose name the rating bears, and their paths."""

    lead: str
    paths: tuple[str, ...]

    @property
    def joint(self) -> bool:
        """Whether several, or one under the name of the unit above."""
        return self.paths != (self.lead,)


def group_small(members: Mapping[str, int], *, least: int, top: str) -> list[Group]:
    """Groups of ``least`` members or more, each union in exactly one; [] where all together are fewer.

    ``members``: path to number of members of each union below ``top``; unions without members are left out. A union
    that is large enough stands alone. The others join those of their hub, then of the unit above it, up to ``top``.
    What is too small even there goes with the smallest group that is large enough, so that every member's vote counts.
    """
    known = {path: number for path, number in members.items() if number > 0}
    done = [Group(path, (path,)) for path in sorted(known) if known[path] >= least]
    waiting = sorted(path for path in known if known[path] < least)
    for depth in range(max((len(path) for path in waiting), default=0) - UNIT_SIGNS, len(top) - 1, -UNIT_SIGNS):
        together: dict[str, list[str]] = {}
        for path in waiting:
            if len(path) > depth:
                together.setdefault(path[:depth], []).append(path)
        for lead, paths in sorted(together.items()):
            if sum(known[path] for path in paths) >= least:
                done.append(Group(lead, tuple(paths)))
                waiting = [path for path in waiting if path not in paths]
    if not waiting or not done:
        return sorted(done, key=lambda group: group.paths)
    nearest = min(done, key=lambda group: (_size(group.paths, known), group.paths))
    done.remove(nearest)
    merged = tuple(sorted((*nearest.paths, *waiting)))
    done.append(Group(_common(merged, top), merged))
    return sorted(done, key=lambda group: group.paths)


def _size(paths: Sequence[str], known: Mapping[str, int]) -> int:
    return sum(known[path] for path in paths)


def _common(paths: Sequence[str], top: str) -> str:
    """The nearest unit above all of them."""
    lead = paths[0][:-UNIT_SIGNS]
    while len(lead) > len(top) and not all(path.startswith(lead) for path in paths):
        lead = lead[:-UNIT_SIGNS]
    return lead if all(path.startswith(lead) for path in paths) else top
