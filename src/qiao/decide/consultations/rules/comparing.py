"""What changed between two versions of a text, clause by clause and word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

#: Chinese sign by sign, other scripts word by word, blanks and marks by themselves.
_WORDS = re.compile(r"[^\W\d_㐀-鿿豈-﫿]+|\d+|[㐀-鿿豈-﫿]|\s+|.", re.DOTALL)
_SENTENCES = re.compile(r"[^。！？!?；;\n]*[。！？!?；;\n]?")
#: Beyond so many words two clauses are compared sentence by sentence.
_MOST_WORDS = 3_000
#: A common stretch shorter than that between two changes is read as changed with them.
_ISLAND = 2


class Change(StrEnum):
    """What became of a clause."""

    SAME = "same"
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words: ``kept``, ``gone`` (only in the older text) or ``new`` (only in the newer)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One clause in both versions; the side on which it does not stand is None. ``moved``: its place has changed."""

    key: str
    change: Change
    old: int | None
    new: int | None
    old_label: str
    new_label: str
    pieces: tuple[Piece, ...]
    moved: bool = False

    @property
    def before(self) -> list[Piece]:
        """The older text, with what is gone marked."""
        return [piece for piece in self.pieces if piece.kind != "new"]

    @property
    def after(self) -> list[Piece]:
        """The newer text, with what is new marked."""
        return [piece for piece in self.pieces if piece.kind != "gone"]


@dataclass(frozen=True, slots=True)
class Version:
    """One clause of a version as it is compared: its id, place, printed number, text."""

    key: str
    number: int
    label: str
    text: str


def compare(old: Sequence[Version], new: Sequence[Version]) -> list[Compared]:
    """Both versions side by side in the order of the newer; what is gone stands where it stood."""
    before = {clause.key: clause for clause in old}
    after = {clause.key for clause in new}
    kept_order = [clause.key for clause in old if clause.key in after]
    steady = _steady(kept_order, [clause.key for clause in new if clause.key in before])
    rows: list[Compared] = []
    told: set[str] = set()
    for clause in new:
        was = before.get(clause.key)
        if was is None:
            rows.append(Compared(clause.key, Change.NEW, None, clause.number, "", clause.label, _whole(clause, "new")))
            continue
        for one in old:
            if one.key == clause.key:
                break
            if one.key not in after and one.key not in told:
                rows.append(_gone(one))
                told.add(one.key)
        pieces = word_changes(was.text, clause.text)
        same = was.text == clause.text
        rows.append(
            Compared(
                clause.key, Change.SAME if same else Change.CHANGED, was.number, clause.number, was.label,
                clause.label, tuple(pieces), moved=clause.key not in steady,
            )
        )  # fmt: skip
    rows += [_gone(one) for one in old if one.key not in after and one.key not in told]
    return rows


def word_changes(old: str, new: str) -> list[Piece]:
    """The pieces both texts are made of: kept and gone ones give the older text, kept and new ones the newer."""
    if old == new:
        return [Piece("kept", old)] if old else []
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    middle_old, middle_new = old[start : len(old) - end], new[start : len(new) - end]
    pieces = [Piece("kept", old[:start])]
    first, second = _WORDS.findall(middle_old), _WORDS.findall(middle_new)
    if len(first) + len(second) > _MOST_WORDS:
        first, second = _SENTENCES.findall(middle_old), _SENTENCES.findall(middle_new)
    codes = SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
    for place, (kind, a, b, c, d) in enumerate(codes):
        if kind == "equal" and (b - a > _ISLAND or place in (0, len(codes) - 1)):
            pieces.append(Piece("kept", "".join(first[a:b])))
        else:
            pieces += [Piece("gone", "".join(first[a:b])), Piece("new", "".join(second[c:d]))]
    pieces.append(Piece("kept", old[len(old) - end :] if end else ""))
    return _joined(pieces)


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Neighbours of one kind as one piece; between two kept ones what is gone stands before what is new."""
    made: list[Piece] = []
    gone = new = ""
    for piece in [*pieces, Piece("end", "")]:
        if piece.kind == "gone":
            gone += piece.text
        elif piece.kind == "new":
            new += piece.text
        elif piece.text or piece.kind == "end":
            made += [Piece(kind, text) for kind, text in (("gone", gone), ("new", new)) if text]
            gone = new = ""
            if made and made[-1].kind == "kept" and piece.text:
                made[-1] = Piece("kept", made[-1].text + piece.text)
            elif piece.text:
                made.append(piece)
    return made


def _common(one: str, other: str) -> int:
    length = min(len(one), len(other))
    return next((place for place in range(length) if one[place] != other[place]), length)


def _steady(old: Sequence[str], new: Sequence[str]) -> set[str]:
    """The clauses that kept their order: the longest row both versions have in common."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return {key for block in matcher.get_matching_blocks() for key in old[block.a : block.a + block.size]}


def _whole(clause: Version, kind: str) -> tuple[Piece, ...]:
    return (Piece(kind, clause.text),)


def _gone(clause: Version) -> Compared:
    return Compared(clause.key, Change.GONE, clause.number, None, clause.label, "", _whole(clause, "gone"))
