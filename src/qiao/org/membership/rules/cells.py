"""Reading cells as people write them: full-width signs, dates in many forms. What is not sure is a fault, no guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta

from qiao.base.denylist import value_class
from qiao.base.han import simplified
from qiao.base.problems import Problem
from qiao.org.membership.choices import Employment

#: Nobody is a member for longer: the first nationwide federation was founded on 1 May 1925.
EARLIEST = date(1925, 5, 1)
_NAME_MOST = 80
_SEPARATED = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]0{1,2}:00(?::00)?)?\Z")
_RUN = re.compile(r"(\d{4})(\d{2})(\d{2})\Z")
_MONTH = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*月?\Z")
#: Days as spreadsheets count them, from 1900 to 2064; day 0 is 30 December 1899.
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?\Z")
_EPOCH = date(1899, 12, 30)
_YES = frozenset({"是", "有", "同意", "自愿", "已签", "已提交", "yes", "y", "true", "1", "√", "✓", "✔", "consented"})
_NO = frozenset({"否", "无", "不同意", "没有", "未签", "no", "n", "false", "0", "×", "✗", "x"})
#: Long runs of digits and addresses: whatever column they stand in, no fault repeats them.
_PRIVATE = re.compile(r"\d{9}|@")
_WORDS: Mapping[str, Employment] = {
    word: kind
    for kind, words in {
        Employment.DIRECT: (
            "direct", "direct employment", "employee", "permanent", "regular", "contract",
            "直接用工", "直接雇用", "直接雇佣", "合同工", "合同制",
            "正式", "正式工", "正式职工", "在编", "全日制", "劳动合同",
        ),
        Employment.AGENCY: (
            "agency", "agency work", "agency (dispatched) work", "dispatched", "dispatch", "temp",
            "劳务派遣", "派遣", "派遣工", "劳务派遣工", "劳务工",
        ),
        Employment.PLATFORM: (
            "platform", "platform work", "gig",
            "平台", "平台用工", "平台就业", "新就业形态", "新就业形态劳动者", "网约",
        ),
        Employment.FREELANCE: (
            "freelance", "freelance or self-employed", "self-employed", "self employed",
            "灵活就业", "灵活就业人员", "自由职业", "自雇", "个体", "个体经营", "自由职业或自雇",
        ),
    }.items()
    for word in words
}  # fmt: skip


def plain(text: str) -> str:
    """A cell without width variants and needless blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def clean_name(text: str) -> str:
    """A person's name as kept. Raises Problem where nothing, too much, or no letter is written."""
    name = plain(text)
    if not name:
        raise Problem("The name is missing.", hint="Write the name.")
    if len(name) > _NAME_MOST:
        raise Problem("The name is longer than %(most)d signs.", hint="Shorten it.", most=_NAME_MOST)
    if not any(sign.isalpha() for sign in name) or name[0] in "=+-@#|" or any(ord(sign) < 32 for sign in name):
        raise Problem("“%(value)s” is no name.", hint="Write the name.", value=_short(name))
    # Chinese names are written with and without a blank between the signs.
    parts = name.split(" ")
    if len(parts) > 1 and all("\u4e00" <= sign <= "\u9fff" for part in parts for sign in part):
        name = "".join(parts)
    return name


def read_employment(text: str) -> Employment:
    """The kind of employment a cell names. Raises Problem where it names none of the four."""
    word = plain(text)
    if not word:
        raise Problem("The kind of employment is missing.", hint="Write one of: direct, agency, platform, freelance.")
    known = _WORDS.get(simplified(word).lower())
    if known is None:
        raise Problem(
            "“%(value)s” is no kind of employment.",
            hint="Write one of: direct, agency, platform, freelance.",
            value=_short(word),
        )
    return known


def read_date(text: str, *, today: date, serials: bool = False) -> date:
    """The day a cell names, year first; with ``serials`` also a number as spreadsheets count days.

    Raises Problem where it names none (a serial number and a day-first date are not guessed), or one to come.
    """
    written = plain(text)
    if not written:
        raise Problem("The date is missing.", hint="Write year, month and day, such as 2021-03-05.")
    if serials and _SERIAL.match(written):
        return _in_time(_EPOCH + timedelta(days=int(written.partition(".")[0])), today)
    if _MONTH.match(written):
        raise Problem("“%(value)s” names no day.", hint="Write the day too, such as 2021-03-05.", value=_short(written))
    match = _SEPARATED.match(written) or _RUN.match(written)
    if match is None:
        raise Problem(
            "“%(value)s” is no date.",
            hint="Write year, month and day, such as 2021-03-05.",
            value=_short(written),
        )
    try:
        day = date(*(int(part) for part in match.groups()))
    except ValueError:
        raise Problem(
            "“%(value)s” is no day of the calendar.",
            hint="Write year, month and day, such as 2021-03-05.",
            value=_short(written),
        ) from None
    return _in_time(day, today)


def _in_time(day: date, today: date) -> date:
    if day > today:
        raise Problem("%(value)s has not come yet.", hint="Check the year.", value=day.isoformat())
    if day < EARLIEST:
        raise Problem("%(value)s lies too far back.", hint="Check the year.", value=day.isoformat())
    return day


def read_consent(text: str) -> bool | None:
    """Whether a cell says yes; None where it is empty or says neither. A day counts as yes: the day it was given."""
    word = simplified(plain(text)).lower()
    if word in _YES or _SEPARATED.match(word) or _RUN.match(word):
        return True
    return False if word in _NO else None


def _short(text: str) -> str:
    """A cell as a fault may repeat it: not what the deny-list names, no number of a person, no address."""
    if value_class(text) is not None or _PRIVATE.search(text):
        return "…"
    return text if len(text) <= 40 else f"{text[:39]}…"
