"""Which header names which field, and how a list of persons is told from a list of employers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from qiao.base.han import simplified
from qiao.base.redaction import Mark, scan
from qiao.org.workplaces.choices import Field, Ownership, Sector

_KNOWN: Mapping[str, Field] = {
    word: field
    for field, words in {
        Field.NAME: (
            "nameoftheemployer", "employer", "employername", "company", "companyname", "name",
            "用人单位", "用人单位名称", "单位名称", "企业名称", "公司名称", "单位",
        ),
        Field.REG_CODE: (
            "unifiedsocialcreditcode", "creditcode", "regcode", "registrationnumber", "uscc",
            "统一社会信用代码", "社会信用代码", "信用代码", "统一信用代码",
        ),
        Field.PLACE: (
            "labelofthehubordistrict", "place", "hub", "district", "unitlabel",
            "枢纽或区的编号", "所在地", "所属枢纽", "枢纽", "区", "所属区", "街道",
        ),
        Field.SECTOR: ("sector", "industry", "行业", "产业", "所属行业"),
        Field.OWNERSHIP: ("ownership", "kindofownership", "所有制", "企业类型", "单位性质", "经济类型"),
        Field.DIRECT: (
            "employeesdirect", "employees", "headcount", "workers", "staff", "direct",
            "职工人数", "职工数", "员工人数", "员工数", "用工人数", "人数", "直接用工人数", "直接用工",
        ),
        Field.AGENCY: ("employeesfromagencies", "agency", "dispatched", "劳务派遣人数", "劳务派遣", "派遣工人数"),
        Field.PLATFORM: ("workersbyplatform", "platform", "平台用工人数", "平台用工", "新就业形态人数"),
        Field.OPENED: ("openedon", "opened", "founded", "成立日期", "开业日期", "成立时间"),
        Field.OFFICE: ("officethatanswers", "office", "switchboard", "address", "联系部门", "总机", "办公地址", "地址"),
    }.items()
    for word in words
}  # fmt: skip
_WORD = re.compile(r"[^0-9a-z\u3400-\u9fff]+")
#: Headers that speak of one person: with one of them a table is a list of persons, whatever else it holds.
_PERSON = re.compile(
    r"姓名|职工姓名|员工姓名|会员姓名|身份证|证件号|手机|移动电话|个人电话|性别|出生|年龄|工号"
    r"|\b(?:full name|first name|last name|surname|employee name|worker name|member name|identity|id card|id number"
    r"|passport|mobile|phone|cell|sex|gender|birth\w*|age|employee (?:id|no|number))\b"
)
#: Of a contact person at an employer not even the column is kept.
_CONTACT = re.compile(r"联系人|负责人|法定代表人|法人代表|contact person|legal representative|manager|in charge")


def normal_header(text: str) -> str:
    """A header without case, width, blanks, punctuation, in simplified characters."""
    return _WORD.sub("", simplified(unicodedata.normalize("NFKC", text)).lower())[:120]


def guess_field(header: str) -> Field | None:
    """The field a header names, in Chinese or English; None where it names none for certain."""
    return _KNOWN.get(normal_header(header))


def names_persons(header: str) -> bool:
    """Whether a header speaks of one person."""
    words = simplified(unicodedata.normalize("NFKC", header)).lower().replace("_", " ")
    return bool(_PERSON.search(words)) and not _CONTACT.search(words)


def names_contact(header: str) -> bool:
    """Whether a header speaks of a contact person at the employer."""
    return bool(_CONTACT.search(simplified(unicodedata.normalize("NFKC", header)).lower().replace("_", " ")))


def holds_persons(values: Iterable[str]) -> bool:
    """Whether at least a fifth of the filled cells are mobile telephones or identity numbers of persons."""
    filled = [value for value in values if value.strip()]
    found = sum(
        any(mark.mark in (Mark.PHONE, Mark.IDENTITY) for mark in scan(value, landlines=False)) for value in filled
    )
    return bool(filled) and found * 5 >= len(filled)


_SECTORS: Mapping[str, Sector] = {
    word: sector
    for sector, words in {
        Sector.A: ("制造业", "制造", "manufacturing"),
        Sector.B: ("建筑业", "建筑", "building", "construction"),
        Sector.C: ("交通运输和快递", "交通运输", "运输", "物流", "快递", "transport", "transport and delivery"),
        Sector.D: ("商贸和餐饮", "商贸", "餐饮", "批发和零售业", "trade", "trade and catering", "retail"),
        Sector.E: ("教育", "education"),
        Sector.F: ("卫生", "医疗卫生", "health"),
        Sector.G: ("机关和公用事业", "公共管理", "公用事业", "administration", "administration and utilities"),
        Sector.H: ("金融、科技和其他", "金融", "科技", "信息技术", "其他", "finance", "technology", "other"),
    }.items()
    for word in (*words, sector.value.lower(), sector.value.lower().replace("-", ""))
}  # fmt: skip
_ENGLISH: Mapping[Ownership, str] = {
    Ownership.STATE: "state-owned enterprise",
    Ownership.COLLECTIVE: "collective enterprise",
    Ownership.PRIVATE: "private enterprise",
    Ownership.SHARES: "company limited by shares",
    Ownership.FOREIGN: "foreign, hong kong, macao or taiwan investment",
    Ownership.INSTITUTION: "public institution",
    Ownership.OFFICE: "government office",
    Ownership.SOCIAL: "social organisation",
    Ownership.SOLE: "self-employed business",
}
_OWNERSHIPS: Mapping[str, Ownership] = {
    word: kind
    for kind, words in {
        Ownership.STATE: ("国有企业", "国有", "国企", "state-owned"),
        Ownership.COLLECTIVE: ("集体企业", "集体"),
        Ownership.PRIVATE: ("私营企业", "私营", "民营", "民营企业"),
        Ownership.SHARES: ("股份有限公司", "股份制", "有限责任公司", "joint stock"),
        Ownership.FOREIGN: ("港澳台及外商投资", "外商投资", "外资", "港澳台投资"),
        Ownership.INSTITUTION: ("事业单位",),
        Ownership.OFFICE: ("机关", "government"),
        Ownership.SOCIAL: ("社会组织", "社会团体", "ngo"),
        Ownership.SOLE: ("个体工商户", "个体", "self-employed"),
    }.items()
    for word in (*words, kind.value, _ENGLISH[kind])
}  # fmt: skip


def sector_named(text: str) -> Sector | None:
    """The sector a cell names; None where it names none for certain."""
    return _SECTORS.get(" ".join(simplified(unicodedata.normalize("NFKC", text)).split()).lower())


def ownership_named(text: str) -> Ownership | None:
    """The ownership a cell names; None where it names none for certain."""
    return _OWNERSHIPS.get(" ".join(simplified(unicodedata.normalize("NFKC", text)).split()).lower())


def fields_of(headers: Sequence[str]) -> list[Field | None]:
    """The fields headers are taken for; the first column that names a field has it."""
    taken: set[Field] = set()
    fields: list[Field | None] = []
    for header in headers:
        field = guess_field(header)
        fields.append(None if field in taken else field)
        if field:
            taken.add(field)
    return fields
