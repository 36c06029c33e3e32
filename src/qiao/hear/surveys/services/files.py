"""Answers from paper and from files: all of a file or nothing, every fault with row and column."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from qiao.base.access import Actor, Refused
from qiao.base.codes import normal_secret_code
from qiao.base.denylist import match_header
from qiao.base.problems import Place, Problem, Problems
from qiao.base.tables import MISSING, place, read_table, sheet_row
from qiao.base.xlsform import Runtime
from qiao.hear.surveys import rules
from qiao.hear.surveys.choices import Asked
from qiao.hear.surveys.models import Invitation, Round
from qiao.hear.surveys.queries.forms import runtime_of
from qiao.hear.surveys.queries.rounds import may_enter, round_by_code
from qiao.hear.surveys.services.answers import code_hash, store_many

CODE = "code"
#: Faults told of one file; more would not be read.
MOST_FAULTS = 200
MAX_BYTES = 50_000_000


def enter_file(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    file_name: str,
    content: bytes,
    translate: Callable[[str], str] = str,
    language: str = "zh-hans",
) -> int:
    """Take answers from a CSV or spreadsheet whose columns are named as the questionnaire's variables.

    A round with invitations needs a column ``code`` with each paper's single-use code. Several choices stand in one
    cell, separated by blanks, semicolons or the sign |. Raises Refused without ``round.enter`` at the round's unit or
    below, Problem(s) with row and column for anything that does not fit: nothing is stored then. Returns how many
    answers were stored.
    """
    survey = round_by_code(code)
    if not may_enter(actor, survey):
        raise Refused("round.enter is not yours here")
    if not rules.takes_answers(survey, now):
        raise Problem("Answers are taken only while the round is open.")
    if actor.did(survey.drawn_by_id):
        raise Problem("Who holds the list of codes does not see answers: somebody else types them.")
    runtime = runtime_of(survey.version_id)
    with_codes = survey.asked != Asked.VOLUNTEERS
    rows = _read(file_name, content, runtime, with_codes)
    faults: list[Problem] = []
    taken: list[tuple[str, Mapping[str, object], Place]] = []
    fitting = runtime.form.language_for(language)
    for cells, at in rows:
        outcome = runtime.validate(
            {key: texts for key, texts in cells.items() if key != CODE}, language=fitting, now=now, translate=translate
        )
        # The message is in the reader's language already: it is a parameter, not a template.
        faults.extend(
            Problem("%(fault)s", place=Place(at.source, at.sheet, at.row, key), fault=message)
            for key, message in outcome.errors.items()
        )
        taken.append((normal_secret_code(cells.get(CODE, [""])[0]), outcome.values, at))
        if len(faults) >= MOST_FAULTS:
            break
    invitations = _invitations(survey, taken, faults) if with_codes else {}
    if faults:
        raise Problems(sorted(faults, key=lambda fault: fault.place.row or 0)[:MOST_FAULTS])
    return store_many(
        actor=actor,
        now=now,
        survey=survey,
        answers=[(invitations[typed] if with_codes else None, values) for typed, values, _at in taken],
    )


def _read(
    file_name: str, content: bytes, runtime: Runtime, with_codes: bool
) -> list[tuple[dict[str, list[str]], Place]]:
    """Each row as texts by variable, with its place. Raises Problem(s) for unknown columns."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(file_name).name or "answers.csv")
        path.write_bytes(content)
        table = read_table(path, required=[CODE] if with_codes else [], max_bytes=MAX_BYTES)
    known = {key: step for key, step in runtime.steps.items() if step.reader is not None}
    faults = []
    for name in table.column_names:
        if name in known or (name == CODE and with_codes):
            continue
        denied = match_header(name)
        at = place(table, column=name)
        at = Place(at.source, at.sheet, 1, name)
        if denied:
            faults.append(
                Problem(
                    "This column holds %(denied)s, which is never kept.",
                    place=at,
                    hint="Delete the column.",
                    denied=denied.value,
                )
            )
        else:
            faults.append(
                Problem(
                    "The questionnaire has no variable “%(name)s”.",
                    place=at,
                    hint="Name the columns as in the codebook: %(known)s.",
                    name=name,
                    known=", ".join([*([CODE] if with_codes else []), *known]),
                )
            )
    if faults:
        raise Problems(faults)
    columns = {name: table[name].to_pylist() for name in table.column_names}
    rows = []
    for index in range(table.num_rows):
        cells: dict[str, list[str]] = {}
        for name, values in columns.items():
            text = (values[index] or "").strip()
            if text in MISSING:
                continue
            several = name in known and known[name].question.type in {"select_multiple", "rank"}
            cells[name] = text.replace(";", " ").replace("；", " ").replace("|", " ").split() if several else [text]
        at = place(table, index=index)
        rows.append((cells, Place(at.source, at.sheet, sheet_row(table, index))))
    return rows


def _invitations(
    survey: Round, taken: list[tuple[str, Mapping[str, object], Place]], faults: list[Problem]
) -> dict[str, int]:
    """The invitation behind each code; faults for codes that are missing, unknown, used, or written twice."""
    hashes = {typed: code_hash(typed) for typed, _values, _at in taken if typed}
    found = {
        bytes(row.code_hash or b""): row
        for row in Invitation.objects.filter(round=survey, code_hash__in=list(hashes.values()))
    }
    first: dict[str, int | None] = {}
    known: dict[str, int] = {}
    for typed, _values, at in taken:
        where = Place(at.source, at.sheet, at.row, CODE)
        row = found.get(hashes.get(typed, b""))
        if not typed:
            faults.append(Problem("The code is missing.", place=where, hint="Write the code that stands on the paper."))
        elif typed in first:
            faults.append(
                Problem(
                    "The code stands in row %(row)d already.",
                    place=where,
                    hint="Keep one of the two.",
                    row=first[typed],
                )
            )
        elif row is None:
            faults.append(
                Problem("This code was not given in this round.", place=where, hint="Compare with the paper.")
            )
        elif row.answered:
            faults.append(
                Problem(
                    "This code has answered already: the first answer stays.", place=where, hint="Leave the row out."
                )
            )
        else:
            known[typed] = row.pk
        first.setdefault(typed, at.row)
    return known
