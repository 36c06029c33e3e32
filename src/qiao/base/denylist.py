"""What the platform never holds: ethnicity, religion, party, opinion, security marks, traces.

Importers drop such columns, the survey builder refuses such questions; both report the header and how many rows, never
a value. The list may be lengthened (``also``), never shortened. Chinese words match inside a header after NFKC,
traditional characters made simplified, spaces and punctuation removed; English words match whole tokens in order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from qiao.base.han import simplified


class DeniedClass(StrEnum):
    """The kinds of knowledge about a person that never enter."""

    ETHNICITY = "ethnicity"
    RELIGION = "religion"
    PARTY = "party membership"
    OPINION = "opinion or ideology"
    SECURITY = "security or stability mark"
    TRACES = "traces"


CHINESE: Mapping[DeniedClass, tuple[str, ...]] = {
    DeniedClass.ETHNICITY: ("民族", "族别", "民族成份", "民族成分", "少数民族", "种族"),
    DeniedClass.RELIGION: ("宗教", "宗教信仰", "信仰", "教派", "信教"),
    DeniedClass.PARTY: ("政治面貌", "入党日期", "入党时间", "党员", "是否党员", "党派", "党组织关系", "入团时间"),
    DeniedClass.OPINION: ("思想动态", "思想状况", "政治表现", "政治立场", "政审", "现实表现", "意识形态", "网络言论"),
    DeniedClass.SECURITY: (
        "维稳",
        "稳控",
        "涉稳",
        "信访重点人员",
        "重点人员",
        "重点关注人员",
        "上访",
        "风险等级",
        "积分评级",
    ),
    DeniedClass.TRACES: ("家访照片", "入户照片", "定位", "轨迹", "人脸"),
}

ENGLISH: Mapping[DeniedClass, tuple[str, ...]] = {
    DeniedClass.ETHNICITY: ("ethnicity", "ethnic group", "race", "nationality group"),
    DeniedClass.RELIGION: ("religion", "faith", "belief", "denomination"),
    DeniedClass.PARTY: (
        "political status",
        "political affiliation",
        "party membership",
        "party member",
        "party join date",
        "party branch",
    ),
    DeniedClass.OPINION: (
        "political opinion",
        "political view",
        "ideological trend",
        "ideology",
        "loyalty",
        "political screening",
    ),
    DeniedClass.SECURITY: (
        "stability",
        "security flag",
        "petitioner",
        "key person",
        "watch list",
        "watchlist",
        "risk level person",
        "person risk level",
    ),
    DeniedClass.TRACES: ("home visit photo", "location track", "gps", "face image"),
}

ALLOWED = frozenset({"third party", "counterparty", "信访件编号", "民族中学"})
"""False friends, exact after normalisation."""

FALSE_FRIENDS = (
    "民族中学", "民族小学", "民族大学", "民族学院", "民族路", "民族街", "民族舞", "民族乐", "民族音乐", "中华民族",
    "定位器", "岗位定位", "职业定位", "角色定位",
)  # fmt: skip
"""Words that hold a denied word and mean something else; they are taken out of a text before it is matched."""

FALSE_PHRASES = (
    "job stability", "employment stability", "income stability", "wage stability", "financial stability",
    "stability of employment", "stability of income", "stability of work", "good faith", "customer loyalty",
    "boat race", "relay race", "race day", "third party",
)  # fmt: skip
"""The same in English, as whole words."""

SHARE = 0.2
"""A column of which so large a share of the filled cells is denied is denied."""

_DENIED_VALUES = frozenset({"中共党员", "中共预备党员", "共青团员", "民主党派", "群众", "无党派人士"})
_VALUE_CLASS = DeniedClass.PARTY
_PEOPLE = re.compile(r"[\u4e00-\u9fff]{1,5}族\Z")
_NOT_PEOPLES = frozenset({"家族", "上班族", "月光族", "工薪族", "水族馆", "打工族", "贵族", "亲族", "低头族", "夜班族"})

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _tokens(text: str) -> list[str]:
    return re.findall(r"[a-z]+|\d+", _CAMEL.sub(" ", text).lower())


def _han(text: str) -> str:
    return "".join(c for c in simplified(text) if unicodedata.category(c)[0] not in "ZPCS")


def _holds(tokens: Sequence[str], phrase: Sequence[str]) -> bool:
    size = len(phrase)
    plural = [*phrase[:-1], _plural(phrase[-1])]
    return any(list(tokens[i : i + size]) in (list(phrase), plural) for i in range(len(tokens) - size + 1))


def _plural(word: str) -> str:
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


_ENGLISH = [(denied, phrase.split()) for denied, phrases in ENGLISH.items() for phrase in phrases]


def match_header(text: str, also: Iterable[tuple[DeniedClass, str]] = ()) -> DeniedClass | None:
    """The class a column header, question name or label falls into, or ``None``.

    ``also`` lengthens the list with a federation's own words. Matching is by word, so ``third_party`` and
    ``counterparty`` pass, as do the other false friends in ``ALLOWED``.
    """
    plain = unicodedata.normalize("NFKC", text)
    tokens, han = _tokens(plain), _han(plain)
    if " ".join(tokens) in ALLOWED or han in ALLOWED:
        return None
    for friend in FALSE_FRIENDS:
        han = han.replace(friend, "")
    for denied, listed in CHINESE.items():
        if any(word in han for word in listed):
            return denied
    words = " ".join(tokens)
    for friend in FALSE_PHRASES:
        words = re.sub(rf"\b{friend}\b", "|", words)
    tokens = words.split()
    for denied, phrase in _ENGLISH:
        if _holds(tokens, phrase):
            return denied
    for denied, word in also:
        wanted = unicodedata.normalize("NFKC", word)
        if (_tokens(wanted) and _holds(tokens, _tokens(wanted))) or (not _tokens(wanted) and _han(wanted) in han):
            return denied
    return None


def value_class(text: str) -> DeniedClass | None:
    """The class a single cell or answer gives away (`中共党员`, `回族`), or ``None``."""
    plain = unicodedata.normalize("NFKC", text)
    han = _han(plain)
    if han in _DENIED_VALUES:
        return _VALUE_CLASS
    # Blanks within are how people write; a stop or a quote makes it a sentence.
    if _PEOPLE.match(han) and han not in _NOT_PEOPLES and len(han) == len("".join(plain.split())):
        return DeniedClass.ETHNICITY
    return None


def looks_denied(values: Iterable[str]) -> DeniedClass | None:
    """The class a whole column gives away: at least ``SHARE`` of its filled cells are such values. Else ``None``."""
    filled = [value for value in values if value and value.strip()]
    found = [denied for denied in map(value_class, filled) if denied]
    if not filled or len(found) < SHARE * len(filled):
        return None
    return max(set(found), key=lambda denied: (found.count(denied), denied))


def options_denied(options: Iterable[str]) -> DeniedClass | None:
    """The class an option list gives away: denied values, or any option that names religion."""
    listed = list(options)
    if any("宗教" in _han(unicodedata.normalize("NFKC", option)) for option in listed):
        return DeniedClass.RELIGION
    return looks_denied(listed)
