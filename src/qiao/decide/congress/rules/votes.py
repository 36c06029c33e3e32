"""Quorum, majorities and counts of the congress: pure arithmetic on whole numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qiao.base.counts import SMALL
from qiao.base.problems import Problem
from qiao.decide.congress.rules.quota import at_least, more_than


def needed_present(delegates: int, quorum: float) -> int:
    """How many of all delegates must be there: of 31 at two thirds 21."""
    return max(at_least(quorum, delegates), 1)


def needed_votes(delegates: int, majority: float) -> int:
    """How many votes pass: more than the share of all delegates, whoever came."""
    return more_than(majority, delegates)


def passes(votes_for: int, delegates: int, majority: float) -> bool:
    """Whether so many votes of all delegates pass it."""
    return votes_for >= needed_votes(delegates, majority)


def check_quorum(present: int, delegates: int, quorum: float) -> None:
    """Raise Problem where too few delegates are there: the meeting cannot vote without them."""
    needed = needed_present(delegates, quorum)
    if present < needed:
        raise Problem(
            "%(present)d of %(delegates)d delegates are present; %(needed)d are needed. The meeting cannot vote.",
            present=present, delegates=delegates, needed=needed,
        )  # fmt: skip


def check_presidium(front_line: int, members: int, share: float) -> None:
    """Raise Problem where the presidium is empty or front-line workers have too small a part in it."""
    if members < 1:
        raise Problem("Name the presidium: at least one delegate.")
    needed = at_least(share, members)
    if front_line < needed:
        raise Problem(
            "Of %(members)d in the presidium %(needed)d must be front-line workers; there are %(front_line)d.",
            members=members, needed=needed, front_line=front_line,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who is elected, and who stood equal for the last seats and is therefore not."""

    elected: tuple[int, ...]
    tied: tuple[int, ...] = ()


def elect(votes: Mapping[int, int], *, seats: int, delegates: int, majority: float) -> Chosen:
    """Whom the votes elect: more than the share of all delegates, most votes first, at most ``seats``.

    Where several stand equal at the last seat and not all fit, none of them is elected: another ballot decides.
    """
    able = sorted(
        (key for key, number in votes.items() if passes(number, delegates, majority)),
        key=lambda key: (-votes[key], key),
    )
    if len(able) <= seats:
        return Chosen(tuple(able))
    edge = votes[able[seats]]
    return Chosen(tuple(key for key in able if votes[key] > edge), tuple(key for key in able if votes[key] == edge))


@dataclass(frozen=True, slots=True)
class Tally:
    """Paper votes as two tellers counted them. ``counts``: votes by choice."""

    handed_out: int
    valid: int
    invalid: int
    counts: Mapping[str, int]


def check_tally(tally: Tally, *, single: bool) -> None:
    """Raise Problem where the numbers cannot be: ``single`` where each valid paper has exactly one of the choices."""
    if min(tally.handed_out, tally.valid, tally.invalid, *tally.counts.values(), 0) < 0:
        raise Problem("A count cannot be negative.")
    if tally.valid + tally.invalid > tally.handed_out:
        raise Problem("More papers came back than were handed out: the vote is void and is held again.")
    if single and sum(tally.counts.values()) != tally.valid:
        raise Problem(
            "The votes add up to %(sum)d, but there are %(valid)d valid papers.",
            sum=sum(tally.counts.values()), valid=tally.valid,
        )  # fmt: skip
    if not single and any(number > tally.valid for number in tally.counts.values()):
        raise Problem("Nobody can have more votes than there are valid papers.")


def check_paper_share(on_paper: int, on_phone: int) -> None:
    """Raise Problem where so few papers stand beside votes by phone that their count would tell who wrote them."""
    if 0 < on_paper < SMALL and on_phone:
        raise Problem(
            "Fewer than %(few)d papers would tell who voted what: hand out %(few)d, or let all vote on paper.",
            few=SMALL,
        )


def check_election(*, electors: int, took_part: int, turnout: float) -> None:
    """Raise Problem where too few of a constituency took part in electing its delegates."""
    if electors < 1:
        raise Problem("Write how many could vote.")
    if not 0 <= took_part <= electors:
        raise Problem("More took part (%(part)d) than could vote (%(electors)d).", part=took_part, electors=electors)
    needed = at_least(turnout, electors)
    if took_part < needed:
        raise Problem(
            "Only %(part)d of %(electors)d took part; %(needed)d are needed. The election is held again.",
            part=took_part, electors=electors, needed=needed,
        )  # fmt: skip
