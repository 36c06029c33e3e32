"""Writing Pabulib's file format (.pb)."""

from __future__ import annotations

import csv
import io
from fractions import Fraction

from qiao_stats.share.model import Election, VoteType


def to_pabulib(election: Election, *, selected: tuple[str, ...] | None = None) -> str:
    """The election as the text of a .pb file, which anyone can count again.

    Votes and points per project are counted anew; ``selected`` adds the column that says what was chosen.
    """
    pointed = election.vote_type in {VoteType.CUMULATIVE, VoteType.SCORING}
    votes = {project.id: 0 for project in election.projects}
    score = {project.id: Fraction(0) for project in election.projects}
    for ballot in election.ballots:
        for position, name in enumerate(ballot.projects):
            votes[name] += 1
            if ballot.points:
                score[name] += ballot.points[position]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    meta = {
        **{
            key: value
            for key, value in election.meta.items()
            if key not in {"num_projects", "num_votes", "budget", "vote_type"}
        },
        "num_projects": str(len(election.projects)),
        "num_votes": str(len(election.ballots)),
        "budget": number_text(election.budget),
        "vote_type": election.vote_type.value,
    }
    writer.writerows([["META"], ["key", "value"], *([key, value] for key, value in meta.items())])
    own = {"votes", "score"} | ({"selected"} if selected is not None else set())
    more = [key for key in dict.fromkeys(key for p in election.projects for key in p.meta) if key not in own]
    named = any(project.name for project in election.projects)
    writer.writerow(["PROJECTS"])
    writer.writerow(
        ["project_id", "cost", "votes", *(["score"] if pointed else []), *(["name"] if named else []), *more,
         *(["selected"] if selected is not None else [])]
    )  # fmt: skip
    for project in election.projects:
        writer.writerow(
            [project.id, number_text(project.cost), votes[project.id],
             *([number_text(score[project.id])] if pointed else []), *([project.name] if named else []),
             *(project.meta.get(key, "") for key in more),
             *([int(project.id in selected)] if selected is not None else [])]
        )  # fmt: skip
    more = list(dict.fromkeys(key for ballot in election.ballots for key in ballot.meta))
    writer.writerow(["VOTES"])
    writer.writerow(["voter_id", *more, "vote", *(["points"] if pointed else [])])
    for ballot in election.ballots:
        writer.writerow(
            [ballot.voter, *(ballot.meta.get(key, "") for key in more), ",".join(ballot.projects),
             *([",".join(number_text(value) for value in ballot.points)] if pointed else [])]
        )  # fmt: skip
    return out.getvalue()


def number_text(value: Fraction) -> str:
    """An exact decimal where there is one, else the shortest that reads back to 15 digits."""
    if value.denominator == 1:
        return str(value.numerator)
    scale = value.denominator
    for prime in (2, 5):
        while scale % prime == 0:
            scale //= prime
    if scale == 1:
        digits = 0
        while (value * 10**digits).denominator != 1:
            digits += 1
        whole = str(abs(value.numerator) * 10**digits // value.denominator).zfill(digits + 1)
        return f"{'-' if value < 0 else ''}{whole[:-digits]}.{whole[-digits:]}"
    return f"{float(value):.15g}"
