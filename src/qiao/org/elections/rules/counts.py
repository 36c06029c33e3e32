"""Counts on the minutes that fit together, and who they elect."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from qiao.base.problems import Problem


@dataclass(frozen=True, slots=True)
class Count:
    """Numbers of an election as the minutes give them."""

    electors: int
    present: int
    handed_out: int
    valid: int
    invalid: int

    @property
    def turnout(self) -> float:
        """Of the electors those who were present."""
        return self.present / self.electors if self.electors else 0.0


def check_counts(count: Count, votes: Iterable[int], quorum: float) -> None:
    """Raise Problem where numbers do not fit together, or too few electors came."""
    if min(count.electors, count.present, count.handed_out, count.valid, count.invalid) < 0:
        raise Problem("A count cannot be negative.")
    if count.electors < 1:
        raise Problem("Write how many could vote.")
    if count.present > count.electors:
        raise Problem(
            "More were present (%(present)d) than could vote (%(electors)d): check both numbers.",
            present=count.present,
            electors=count.electors,
        )
    if count.handed_out > count.present:
        raise Problem("More ballot papers were handed out than electors were present.")
    if count.valid + count.invalid > count.handed_out:
        raise Problem("More ballot papers came back than were handed out: the election is void.")
    for number in votes:
        if not 0 <= number <= count.valid:
            raise Problem("A candidate cannot have more votes (%(votes)d) than there are valid papers.", votes=number)
    if count.present < math.ceil(count.electors * quorum - 1e-9):
        raise Problem(
            "Only %(present)d of %(electors)d were present; %(needed)d are needed.",
            present=count.present,
            electors=count.electors,
            needed=math.ceil(count.electors * quorum - 1e-9),
            hint="The election is not valid: withdraw it and call another.",
        )


def check_elected(
    posts: Mapping[int, str], votes: Mapping[int, int], elected: Iterable[int], *, valid: int, seats: int
) -> None:
    """Raise Problem where somebody counts as elected who did not win.

    ``posts``: candidate to post. Elected is who has more than half of the valid papers and, within the post, no fewer
    votes than anybody not elected. At least one is elected, at most ``seats``, and one person to a chair.
    """
    chosen = set(elected)
    if not chosen:
        raise Problem("Say who is elected.")
    if len(chosen) > seats:
        raise Problem(
            "More are elected (%(number)d) than there are seats (%(seats)d).", number=len(chosen), seats=seats
        )
    for key in chosen:
        if 2 * votes[key] <= valid:
            raise Problem(
                "A candidate with %(votes)d of %(valid)d valid papers has not more than half: not elected.",
                votes=votes[key],
                valid=valid,
            )
        if any(posts[other] == posts[key] and votes[other] > votes[key] for other in posts if other not in chosen):
            raise Problem("Somebody with more votes for the same post is not elected: check the votes.")
    for single in ("chair", "women_head", "audit_head"):
        if sum(posts[key] == single for key in chosen) > 1:
            raise Problem("One person holds this post: only one can be elected to it.")


def enough(members: int, share: float) -> int:
    """How many members make the share: at least one."""
    return max(math.ceil(members * share - 1e-9), 1)


def passed(votes_for: int, all_members: int, majority: float) -> bool:
    """Whether a recall has passed: more than the share of all members, whoever of them came (TUL 17, 18)."""
    return votes_for > all_members * majority + 1e-9
