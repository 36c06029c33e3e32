"""The blinded frame: who may be drawn, under pseudonyms and coarse marks, so that whoever draws knows nobody."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.crypto import salted_hmac

from qiao.judge.evaluations.rules.states import SMALLEST_CELL
from qiao_stats.sampling import draw_elements

#: The file of the frame among those kept.
FRAME = "frame.csv"
#: What stands where a mark would single somebody out.
OTHER = "other"


@dataclass(frozen=True, slots=True)
class FrameRow:
    """One member in the frame: a pseudonym, the branch below the judged unit and the form of employment."""

    pseudonym: str
    branch: str
    employment: str


def pseudonym_of(code: str, person_id: int) -> str:
    """A name for one person in one evaluation: HMAC-SHA256 with the installation's key, 20 hex digits.

    Another evaluation gives another one, and without the key nobody joins the two or either with the person.
    """
    return salted_hmac("qiao.evaluations.frame", f"{code}\n{person_id}", algorithm="sha256").hexdigest()[:20]


def coarsened(rows: Sequence[FrameRow]) -> list[FrameRow]:
    """Rows by pseudonym, where every combination of marks is shared by at least `SMALLEST_CELL`, or there is none.

    First the employment of small combinations goes, then their branch; while what is left is small even then, the
    smallest combination joins it.
    """
    found = list(rows)
    for name in ("employment", "branch"):
        counts = Counter((row.branch, row.employment) for row in found)
        found = [
            row if counts[row.branch, row.employment] >= SMALLEST_CELL
            else FrameRow(row.pseudonym, OTHER if name == "branch" else row.branch, OTHER)
            for row in found
        ]  # fmt: skip
    while len(counts := Counter((row.branch, row.employment) for row in found)) > 1:
        if min(counts.values()) >= SMALLEST_CELL:
            break
        # The rest is too small itself: the smallest that has marks joins it.
        named = [cell for cell in counts if cell != (OTHER, OTHER)]
        least = min(named, key=lambda cell: (counts[cell], cell))
        found = [
            FrameRow(row.pseudonym, OTHER, OTHER) if (row.branch, row.employment) == least else row for row in found
        ]
    return sorted(found, key=lambda row: row.pseudonym)


def frame_csv(rows: Sequence[FrameRow]) -> str:
    """The frame as a file, in order of the pseudonyms, which tells nothing."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("pseudonym", "branch", "employment"))
    writer.writerows((row.pseudonym, row.branch, row.employment) for row in rows)
    return stream.getvalue()


def draw(people: Mapping[str, int], size: int | None, seed: str) -> list[int]:
    """Those drawn from a frame (pseudonym to person): a simple random sample, as `qiao sample` draws it again.

    Without a size everybody.
    """
    names = sorted(people)
    if size is None or size >= len(names):
        return [people[name] for name in names]
    drawn = draw_elements(names, [""] * len(names), {"": size}, seed=seed)
    return [people[names[place]] for place in drawn.places]
