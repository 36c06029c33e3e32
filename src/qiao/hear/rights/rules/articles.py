"""What an article must hold, and what may follow what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from qiao.base.i18n import LANGUAGES, Localized
from qiao.base.problems import Place, Problem, Problems
from qiao.base.redaction import require_clean
from qiao.hear.rights.choices import VersionState

S = VersionState
MOVES: Mapping[S, frozenset[S]] = {
    S.DRAFTED: frozenset({S.CHECKED, S.WITHDRAWN}),
    S.CHECKED: frozenset({S.PUBLISHED, S.DRAFTED, S.WITHDRAWN}),
    S.PUBLISHED: frozenset({S.REPLACED, S.EXPIRED, S.WITHDRAWN}),
    S.REPLACED: frozenset(),
    S.EXPIRED: frozenset(),
    S.WITHDRAWN: frozenset(),
}
LONGEST = 3000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What an officer writes: see `qiao.hear.rights.models.Version`."""

    question: Localized
    answer: Localized
    holds_since: date
    holds_until: date | None = None
    steps: Sequence[Localized] = ()
    papers: Sequence[Localized] = ()
    basis: Sequence[Mapping[str, str]] = field(default=())
    words: str = ""


def require_move(state: str, after: S) -> None:
    """Raise Problem where a version is in another state than the act needs."""
    if after not in MOVES[S(state)]:
        raise Problem(
            "The article is “%(state)s”: somebody may have acted on it meanwhile. Look at it again.",
            state=str(S(state).label),
        )


def checked_wording(wording: Wording) -> Wording:
    """The wording as it may be kept. Raises Problems naming each part that is missing or holds numbers of persons."""
    faults = []
    for name, text in (("question", wording.question), ("answer", wording.answer)):
        missing = [code for code in LANGUAGES if not text.get(code, "").strip()]
        if missing:
            faults.append(Problem("Write it in Chinese and in English.", place=Place(name)))
        if any(len(one) > LONGEST for one in text.values()):
            faults.append(Problem("At most %(most)d signs are taken.", place=Place(name), most=LONGEST))
    if not wording.basis:
        faults.append(Problem("Name the law it rests on, with number and day.", place=Place("basis")))
    if wording.holds_until is not None and wording.holds_until < wording.holds_since:
        faults.append(Problem("It ends before it begins.", place=Place("holds_until")))
    if faults:
        raise Problems(faults)
    require_clean(
        {
            "question": wording.question, "answer": wording.answer,
            **{f"steps {row}": text for row, text in enumerate(wording.steps, 1)},
            **{f"papers {row}": text for row, text in enumerate(wording.papers, 1)},
        },
        landlines=False,
    )  # fmt: skip
    return wording


def read_basis(text: str) -> list[dict[str, str]]:
    """Lines "law | number | day" as they are kept. Raises Problems with the line of every fault."""
    found, faults = [], []
    for row, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        parts = [part.strip() for part in line.replace("｜", "|").split("|")]
        where = Place("basis", row=row)
        if not parts[0] or len(parts) > 3:
            faults.append(
                Problem("This is no law.", place=where, hint="Write: law | number | day, such as 2008-01-01.")
            )
            continue
        law, number, day = (*parts, "", "")[:3]
        if day:
            try:
                date.fromisoformat(day)
            except ValueError:
                faults.append(
                    Problem("“%(text)s” is not a day.", place=where, hint="Write it as 2026-10-01.", text=day[:40])
                )
                continue
        found.append({"law": law[:120], "number": number[:60], "date": day})
    if faults:
        raise Problems(faults)
    return found


def basis_lines(basis: Sequence[Mapping[str, str]]) -> str:
    """What `read_basis` reads."""
    return "\n".join(" | ".join(filter(None, (row["law"], row["number"], row["date"]))) for row in basis)
