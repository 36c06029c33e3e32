"""Reading votes, statements and given groups, with every fault located."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from qiao.base.problems import Problem, Problems

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from qiao_stats.opinion import Grouping, VoteTable

#: At most so many faults of one kind are listed; the message says how many there are.
_LISTED = 10
#: Exact copies of a row right below their original are overlooked up to one in so many rows (docs: opinion-map).
_ROWS_PER_DOUBLE_CLICK = 10_000
_VOTE, _VOTER, _STATEMENT, _TIME = "vote", "voter-id", "comment-id", "timestamp"


@dataclass(frozen=True, slots=True)
class Conversation:
    """What the files say, in codes; the names of participants, statements and groups stand beside."""

    table: VoteTable
    participants: tuple[str, ...]
    statements: tuple[str, ...]
    kept: npt.NDArray[np.bool_]
    texts: dict[str, str]
    groups: Grouping | None
    group_names: tuple[str, ...]


def read_conversation(votes: Path, statements: Path | None, groups: Path | None) -> Conversation:
    """Read the files of a conversation. Faults raise Problem or Problems."""
    import numpy as np

    from qiao.base.tables import category, numeric, read_csv
    from qiao_stats.opinion import collect_votes

    raw = read_csv(votes, required=(_TIME, _STATEMENT, _VOTER, _VOTE))
    voter, participants = category(raw, _VOTER)
    about, voted = category(raw, _STATEMENT)
    value, moment = numeric(raw, _VOTE), numeric(raw, _TIME)
    for column, missing, hint in (
        (_VOTER, voter < 0, "Write who voted."),
        (_STATEMENT, about < 0, "Write which statement the vote is about."),
        (_TIME, np.isnan(moment), "Write when the vote was cast, as a number: of several votes the last one counts."),
    ):
        _refuse(raw, column, missing, "The cell is empty.", hint)
    wrong = ~np.isin(value, (-1, 0, 1))
    hint = "Write 1 for agree, 0 for pass or -1 for disagree."
    _refuse(raw, _VOTE, wrong, "A vote is “%(value)s”, which is neither 1, 0 nor -1.", hint)
    table = collect_votes(
        voter, about, value.astype(np.int8), order=moment, participants=len(participants), statements=len(voted)
    )
    if len(table) < len(value):
        _check_repeats(raw, voter, about, moment, value)
    kept, texts = _read_statements(statements, raw, about, voted)
    given, names = _read_groups(groups, participants)
    return Conversation(table, participants, voted, kept, texts, given, names)


def _refuse(table: pa.Table, column: str, wrong: npt.NDArray[np.bool_], message: str, hint: str) -> None:
    """Raise Problems for the cells of a column that are wrong, naming the first few rows."""
    from qiao.base.tables import place

    rows = wrong.nonzero()[0].tolist()
    if not rows:
        return
    faults = [
        Problem(message, place=place(table, index=row, column=column), hint=hint, value=table[column][row].as_py())
        for row in rows[:_LISTED]
    ]
    if len(rows) > _LISTED:
        faults.append(
            Problem("%(more)s more rows have this fault.", place=place(table, column=column), more=len(rows) - _LISTED)
        )
    raise Problems(faults)


def _check_repeats(
    raw: pa.Table,
    voter: npt.NDArray[np.int64],
    about: npt.NDArray[np.int64],
    moment: npt.NDArray[np.float64],
    value: npt.NDArray[np.float64],
) -> None:
    """Refuse duplicate votes: same voter, statement and timestamp.

    A vote changed later is no duplicate. A server now and then, once in many thousand rows, writes one click twice, one
    row below the other: that is told and counted once. More of them, copies elsewhere, or different votes at one moment
    mean that the file is not what was cast.
    """
    import numpy as np

    from qiao.base.tables import place, sheet_row
    from qiao_stats.opinion import repeated_votes

    pairs = repeated_votes(voter, about, moment)
    differ = value[pairs[:, 0]] != value[pairs[:, 1]]
    double_click = ~differ & (pairs[:, 1] - pairs[:, 0] == 1)
    rare = int(double_click.sum()) <= len(value) / _ROWS_PER_DOUBLE_CLICK
    faulty = ~double_click if rare else np.ones(len(pairs), dtype=np.bool_)
    faults = [
        Problem(
            "Duplicate vote: voter %(voter)s on statement %(statement)s with the same timestamp as in row %(other)s.",
            place=place(raw, index=second),
            hint="Keep one of the two rows. A changed vote needs a later timestamp.",
            voter=raw[_VOTER][second].as_py(),
            statement=raw[_STATEMENT][second].as_py(),
            other=sheet_row(raw, first),
        )
        for first, second in pairs[faulty][:_LISTED].tolist()
    ]
    if int(faulty.sum()) > _LISTED:
        faults.append(Problem("%(more)s more duplicates.", place=place(raw), more=int(faulty.sum()) - _LISTED))
    if faults:
        raise Problems(faults)
    if len(pairs):
        rows = ", ".join(str(sheet_row(raw, second)) for second in pairs[:_LISTED, 1].tolist())
        more = " …" if len(pairs) > _LISTED else ""
        typer.echo(f"note: {place(raw)}: not counted again, as exact copies of another row: row {rows}{more}", err=True)


def _read_statements(
    path: Path | None, votes: pa.Table, about: npt.NDArray[np.int64], voted: tuple[str, ...]
) -> tuple[npt.NDArray[np.bool_], dict[str, str]]:
    """Which voted statements are kept, and the texts of all where the file has them."""
    import numpy as np

    if path is None:
        return np.ones(len(voted), dtype=np.bool_), {}
    from qiao.base.tables import category, numeric, read_csv

    raw = read_csv(path, required=(_STATEMENT, "moderated"))
    codes, names = category(raw, _STATEMENT)
    _refuse(raw, _STATEMENT, codes < 0, "The cell is empty.", "Write the number of the statement.")
    _refuse(raw, _STATEMENT, _again(codes), "Statement %(value)s stands here a second time.", "Keep one of the rows.")
    moderated = numeric(raw, "moderated")
    hint = "Write -1 (left out), 0 (not looked at) or 1 (accepted)."
    wrong = ~np.isin(moderated, (-1, 0, 1))
    _refuse(raw, "moderated", wrong, "“%(value)s” is no state of moderation.", hint)
    known = set(names)
    unknown = np.array([name not in known for name in voted], dtype=np.bool_)
    message = "There is a vote on statement %(value)s, which the file of statements lacks."
    _refuse(votes, _STATEMENT, unknown[about], message, "Add the statement to that file or remove the vote.")
    state = {names[code]: mark for code, mark in zip(codes.tolist(), moderated.tolist(), strict=True)}
    texts = {}
    if "comment-body" in raw.column_names:
        bodies = raw["comment-body"].to_pylist()
        texts = {names[code]: body for code, body in zip(codes.tolist(), bodies, strict=True)}
    return np.array([state[name] != -1 for name in voted]), texts


def _read_groups(path: Path | None, participants: tuple[str, ...]) -> tuple[Grouping | None, tuple[str, ...]]:
    """Given groups by participant code. Those the file does not group, or does not list, are in none."""
    if path is None:
        return None, ()
    import numpy as np

    from qiao.base.tables import category, place, read_csv
    from qiao_stats.opinion import given_groups

    raw = read_csv(path, required=("participant", "group-id"))
    codes, names = category(raw, "participant")
    group, group_names = category(raw, "group-id")
    _refuse(raw, "participant", codes < 0, "The cell is empty.", "Write the participant's voter-id.")
    message = "Participant %(value)s stands here a second time."
    _refuse(raw, "participant", _again(codes), message, "Keep one row for each participant.")
    if not group_names:
        raise Problem(
            "No participant is in a group.",
            place=place(raw, column="group-id"),
            hint="Fill in the column, or leave out --groups to have groups found.",
        )
    position = {name: code for code, name in enumerate(participants)}
    recode = np.array([position.get(name, -1) for name in names], dtype=np.int64)
    who = recode[codes]
    # Exports also list people who never voted; only those put into a group must have.
    message = "Participant %(value)s is in a group but has no vote."
    _refuse(raw, "participant", (who < 0) & (group >= 0), message, "Check that both files are of one conversation.")
    given = np.full(len(participants), -1, dtype=np.int64)
    grouped = group >= 0
    given[who[grouped]] = group[grouped]
    return given_groups(given, len(group_names)), tuple(name.removesuffix(".0") for name in group_names)


def _again(codes: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Marks every value that stood earlier in the array."""
    import numpy as np

    again = np.ones(len(codes), dtype=np.bool_)
    again[np.unique(codes, return_index=True)[1]] = False
    return again
