"""Mystery contacts: somebody of the evaluator's asks the service as a member would, and scores what happened.

The sheet is the same for every unit and versioned like the questions. A contact is about an office, never about a
person: it holds no name. What is scored is sealed like an answer; published are all contacts as rows without a day, in
an order that tells nothing, so that anybody computes score and interval again. They stand beside the members' figures
and never in them. Pure.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from scipy.special import stdtrit

from qiao.base import sealing
from qiao.base.i18n import Localized, localized
from qiao.base.ledger.text import canonical
from qiao.base.problems import Place, Problem

NOTE_LENGTH = 300
#: Fewer contacts than this are not published: one visit would point at one officer on one day.
FEWEST_CONTACTS = 5
#: What a score counts; "na" stands in no base.
POINTS: Mapping[str, float] = {"met": 1.0, "partly": 0.5, "not": 0.0}
SCORES = (*POINTS, "na")
#: Two machines may round the last of four digits apart.
_TOLERANCE = 1.5e-4


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was met or not; ``part`` is its first-level indicator."""

    key: str
    part: str
    label: Localized


@dataclass(frozen=True, slots=True)
class Sheet:
    """One version of the sheet; once used it is never changed."""

    version: str
    title: Localized
    channels: Mapping[str, Localized]
    parts: Mapping[str, Localized]
    items: tuple[Item, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical text of all items."""
        return hashlib.sha256(canonical(asdict(self)).encode()).hexdigest()


SERVICE_CONTACT_1 = Sheet(
    version="service-contact-1",
    title=localized("暗访评分表，第 1 版", "Mystery contact, version 1"),
    channels={
        "phone": localized("电话", "telephone"),
        "counter": localized("窗口", "counter"),
        "web": localized("网上", "online"),
    },
    parts={
        "reach": localized("找得到", "It can be reached"),
        "conduct": localized("待人", "How people are treated"),
        "answer": localized("办得成", "What comes of it"),
    },
    items=(
        Item("published", "reach", localized("公布的地点、时间、号码都对", "Place, hours and number are as published")),
        Item("first", "reach", localized("第一次就联系上了", "It was reached at the first try")),
        Item("wait", "reach", localized("等候不超过十分钟", "The wait was ten minutes at most")),
        Item(
            "open", "reach", localized("没有会员证、没有单位也接待", "It took the matter without a card or an employer")
        ),
        Item("heard", "conduct", localized("听完了才回答", "The matter was heard to its end")),
        Item("polite", "conduct", localized("有礼貌，没有推脱", "It was polite and did not turn the asker away")),
        Item("data", "conduct", localized("只问了办事需要的信息", "It asked for no more data than needed")),
        Item("apart", "conduct", localized("别人听不到谈话", "Nobody else could listen")),
        Item("right", "answer", localized("回答正确、完整", "The answer was right and whole")),
        Item("receipt", "answer", localized("给了回执号", "A receipt number was given")),
        Item("day", "answer", localized("说明了下一步和答复日期", "The next step and its day were told")),
        Item("plain", "answer", localized("话说得明白", "It was said in plain words")),
    ),
)
SHEETS: Mapping[str, Sheet] = {one.version: one for one in (SERVICE_CONTACT_1,)}


def checked_contact(sheet: Sheet, given: Mapping[str, str]) -> dict[str, object]:
    """What is sealed: channel, a score for every item, a note. Raises Problem for anything missing or not offered."""
    contact: dict[str, object] = {"instrument": sheet.version}
    channel = given.get("channel", "")
    if channel not in sheet.channels:
        raise Problem("Choose one of the answers.", place=Place(column="channel"))
    contact["channel"] = channel
    for item in sheet.items:
        score = given.get(item.key, "")
        if score not in SCORES:
            raise Problem("Choose one of the answers.", place=Place(column=item.key))
        contact[item.key] = score
    if all(contact[item.key] == "na" for item in sheet.items):
        raise Problem("A contact in which nothing applied is none.")
    note = " ".join(given.get("note", "").split())
    if len(note) > NOTE_LENGTH:
        raise Problem("The text is too long.", place=Place(column="note"))
    contact["note"] = note
    return contact


def readable_contact(sheet: Sheet, private: str, sealed: bytes) -> dict[str, object] | None:
    """What one sealed contact holds; None for bytes that hold none."""
    try:
        content = sealing.unseal(private, sealed)
        if content.get("instrument") != sheet.version:
            return None
        return checked_contact(sheet, {key: str(value) for key, value in content.items()})
    except (sealing.WrongKey, Problem, ValueError, AttributeError):
        return None


@dataclass(frozen=True, slots=True)
class Score:
    """Mean share of what applied that was met, over contacts, with its 95 % interval (t, contacts as units)."""

    estimate: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Contacts:
    """The contacts of an evaluation as opened: scores by contact, sorted, without day and note."""

    sheet: Sheet
    rows: tuple[tuple[str, ...], ...]
    digests: tuple[str, ...]

    @property
    def unreadable(self) -> int:
        """Sealed contacts that hold none."""
        return len(self.digests) - len(self.rows)

    @property
    def told(self) -> bool:
        """Whether they are enough to be published."""
        return len(self.rows) >= FEWEST_CONTACTS

    @property
    def score(self) -> Score | None:
        """Of all contacts; None where they are too few."""
        return score_of(self.rows) if self.told else None


def opened_contacts(sheet: Sheet, private: str, sealed: Iterable[bytes]) -> Contacts:
    """Open all of them; the order of opening plays no part."""
    kept = list(sealed)
    found = [readable_contact(sheet, private, one) for one in kept]
    names = ("channel", *(item.key for item in sheet.items))
    rows = sorted(tuple(str(one[name]) for name in names) for one in found if one is not None)
    return Contacts(sheet, tuple(rows), tuple(sorted(hashlib.sha256(one).hexdigest() for one in kept)))


def score_of(rows: Sequence[Sequence[str]]) -> Score:
    """Mean and 95 % interval over contacts, four digits, inside 0 to 1. ``rows``: channel and scores, two at least."""
    shares = []
    for _channel, *scores in rows:
        points = [POINTS[score] for score in scores if score in POINTS]
        shares.append(math.fsum(points) / len(points))
    number = len(shares)
    mean = math.fsum(shares) / number
    spread = math.sqrt(math.fsum((share - mean) ** 2 for share in shares) / (number - 1) / number)
    half = float(stdtrit(number - 1, 0.975)) * spread
    return Score(round(mean, 4), round(max(0.0, mean - half), 4), round(min(1.0, mean + half), 4))


def contacts_csv(contacts: Contacts) -> str:
    """All contacts as rows, UTF-8: channel and a score for each item; the head alone where they are too few."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["channel", *(item.key for item in contacts.sheet.items)])
    writer.writerows(contacts.rows if contacts.told else [])
    return stream.getvalue()


def read_contacts(sheet: Sheet, text: str) -> list[list[str]]:
    """The rows of a published file. Raises ValueError for what is none of this sheet."""
    head, *rows = list(csv.reader(text.splitlines()))
    if head != ["channel", *(item.key for item in sheet.items)] or rows != sorted(rows):
        raise ValueError("no file of contacts")
    for channel, *scores in rows:
        if channel not in sheet.channels or len(scores) != len(sheet.items) or not set(scores) <= set(SCORES):
            raise ValueError("no contact of this sheet")
    return rows


def told_of(contacts: Contacts, root: str) -> dict[str, object]:
    """What the manifest says of them."""
    score = contacts.score
    return {
        "sheet": contacts.sheet.version,
        "sheet_hash": contacts.sheet.digest,
        "number": len(contacts.rows),
        "unreadable": contacts.unreadable,
        "root": root,
        "score": None if score is None else [score.estimate, score.lower, score.upper],
    }


def same_score(told: object, rows: Sequence[Sequence[str]]) -> bool:
    """Whether the printed score follows from the rows."""
    if not rows:
        return told is None
    found = score_of(rows)
    wanted = (found.estimate, found.lower, found.upper)
    return isinstance(told, list) and len(told) == 3 and all(
        abs(float(one) - other) <= _TOLERANCE for one, other in zip(told, wanted, strict=True)
    )  # fmt: skip
