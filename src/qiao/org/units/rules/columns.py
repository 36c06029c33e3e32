"""What the columns of a table of units mean, and how their cells are read. What is not sure is a fault, no guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from qiao.base.denylist import match_header
from qiao.base.han import simplified
from qiao.base.problems import Problem
from qiao.org.units.choices import UnitKind


class Field(models.TextChoices):
    """What a column may be taken for."""

    LABEL = "label", _("Label")
    NAME = "name", _("Name in Chinese")
    NAME_EN = "name_en", _("Name in English")
    KIND = "kind", _("Kind")
    ABOVE = "above", _("Label of the unit above")
    FOUNDED = "founded", _("Founded")
    SECTOR = "sector", _("Labels of sector unions")
    EMPLOYERS = "employers", _("Number of employers")
    HEADCOUNT = "headcount", _("Employees")
    MEMBERS = "members", _("Members")


_HEADERS: Mapping[str, Field] = {
    word: field
    for field, words in {
        Field.LABEL: ("label", "unitlabel", "code", "编号", "工会编号", "单位编号", "组织编号", "工会代码"),
        Field.NAME: (
            "name", "namezh", "nameinchinese", "unitname", "名称", "工会名称", "单位名称", "组织名称", "中文名称",
        ),
        Field.NAME_EN: ("nameen", "englishname", "nameinenglish", "英文名称", "英文名"),
        Field.KIND: ("kind", "type", "unitkind", "类别", "类型", "工会类别", "工会类型", "组织类型"),
        Field.ABOVE: (
            "above", "parent", "parentlabel", "unitabove", "labeloftheunitabove",
            "上级", "上级工会", "上级编号", "上级工会编号", "领导工会",
        ),
        Field.FOUNDED: (
            "founded", "since", "foundedon", "成立", "成立日期", "成立时间", "建会日期", "建会时间", "组建日期",
        ),
        Field.SECTOR: (
            "sector", "sectors", "sectorunion", "labelsofsectorunions", "行业工会", "产业工会", "所属行业工会",
        ),
        Field.EMPLOYERS: ("employers", "numberofemployers", "涵盖单位数", "覆盖单位数", "用人单位数", "单位数"),
        Field.HEADCOUNT: ("headcount", "employees", "职工数", "职工人数", "从业人数", "在岗职工"),
        Field.MEMBERS: ("members", "numberofmembers", "会员数", "会员人数"),
    }.items()
    for word in words
}  # fmt: skip
_KINDS: Mapping[str, UnitKind] = {
    word: kind
    for kind, words in {
        UnitKind.FEDERATION: ("federation", "总工会", "地方总工会", "市总工会"),
        UnitKind.DISTRICT: ("district", "district federation", "区级工会", "区总工会", "县总工会", "区县总工会"),
        UnitKind.INDUSTRY: ("industry", "industry union", "产业工会"),
        UnitKind.SECTOR: ("sector", "sector union", "行业工会", "行业工会联合会"),
        UnitKind.HUB: (
            "hub", "hub_unit", "hub union", "枢纽型工会", "枢纽工会", "街道工会", "镇工会", "乡镇工会", "园区工会",
        ),
        UnitKind.BASE_FEDERATION: (
            "base_federation", "base federation", "基层工会联合会", "工会联合会", "社区工会联合会", "村工会联合会",
        ),
        UnitKind.BASE: (
            "base", "base union", "primary union",
            "基层工会", "基层", "基层工会委员会", "企业工会", "机关工会", "事业单位工会",
        ),
        UnitKind.JOINT_BASE: ("joint_base", "joint base union", "joint", "联合基层工会", "联合工会", "联合基层"),
    }.items()
    for word in words
}  # fmt: skip
_SEPARATED = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]0{1,2}:00(?::00)?)?\Z")
_RUN = re.compile(r"(\d{4})(\d{2})(\d{2})\Z")
_NUMBER = re.compile(r"\d{1,9}\Z")
_WORD = re.compile(r"[^0-9a-z\u3400-\u9fff]+")
_LISTED = re.compile(r"[;,\s、；，]+")
_EARLIEST = 1900
_NAME_MOST = 120


def normal_header(text: str) -> str:
    """A header without case, width, blanks, punctuation and traditional characters: how headers are compared."""
    return _WORD.sub("", simplified(unicodedata.normalize("NFKC", text)).lower())[:120]


def guess_field(header: str) -> Field | None:
    """The field a header names; None where it names none for certain."""
    return _HEADERS.get(normal_header(header))


def is_known(header: str) -> bool:
    """Whether a cell is the name of a column as such tables have them, be it one that is dropped."""
    return guess_field(header) is not None or match_header(header) is not None


def plain(text: str) -> str:
    """A cell without width variants and needless blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def read_kind(text: str) -> UnitKind:
    """The kind a cell names. Raises Problem where it names none."""
    word = simplified(plain(text)).lower()
    if not word:
        raise Problem("The kind is missing.", hint="Write one of: federation, district, industry, sector, hub_unit, "
                      "base_federation, base, joint_base.")  # fmt: skip
    known = _KINDS.get(word)
    if known is None:
        raise Problem("“%(value)s” is no kind of unit.", hint="Write one of: federation, district, industry, sector, "
                      "hub_unit, base_federation, base, joint_base.", value=word[:60])  # fmt: skip
    return known


def read_day(text: str, *, today: date) -> date:
    """The day a cell names, year first. Raises Problem where it names none, or one to come."""
    written = plain(text)
    if not written:
        raise Problem("The day of founding is missing.", hint="Write year, month and day, such as 2021-03-05.")
    match = _SEPARATED.match(written) or _RUN.match(written)
    try:
        day = date(*(int(part) for part in match.groups())) if match else None
    except ValueError:
        day = None
    if day is None:
        raise Problem("“%(value)s” is no date.", hint="Write year, month and day, such as 2021-03-05.",
                      value=written[:60])  # fmt: skip
    if day > today:
        raise Problem("This day has not come yet: %(day)s.", day=day.isoformat())
    if day.year < _EARLIEST:
        raise Problem("The year %(year)s cannot be meant: check the date.", year=f"{day.year:04d}")
    return day


def read_number(text: str) -> int | None:
    """The whole number a cell holds, in digits of any width; None where it is empty. Raises Problem otherwise."""
    written = plain(text).replace(",", "")
    if not written:
        return None
    if not _NUMBER.match(written):
        raise Problem("“%(value)s” is no whole number.", hint="Write digits only, such as 120.", value=written[:60])
    return int(written)


def read_name(text: str) -> str:
    """A name as kept. Raises Problem for one that is too long."""
    name = plain(text)
    if len(name) > _NAME_MOST:
        raise Problem("The name of the unit is longer than %(most)d signs.", hint="Shorten it.", most=_NAME_MOST)
    return name


def read_labels(text: str) -> list[str]:
    """The labels a cell lists, set apart by semicolons or commas."""
    return [label for label in _LISTED.split(plain(text)) if label]
