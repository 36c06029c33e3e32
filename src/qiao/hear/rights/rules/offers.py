"""The catalogue as a table: one row for each service and body."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from qiao.base.i18n import Localized, localized
from qiao.base.problems import Place, Problem, Problems
from qiao.base.tables import place
from qiao.hear.rights.choices import Topic

#: Columns of the table in their order: key, Chinese head. Both are read.
COLUMNS = (
    ("service", "服务编号"), ("unit", "主管单位"), ("topic", "类别"), ("name_zh", "名称"), ("name_en", "英文名称"),
    ("papers_zh", "所需材料"), ("papers_en", "英文材料"), ("body", "办理单位"), ("address_zh", "地址"),
    ("address_en", "英文地址"), ("hours_zh", "时间"), ("hours_en", "英文时间"), ("phone", "电话"), ("posts", "岗位数"),
)  # fmt: skip
_PHONE = re.compile(r"^[0-9+()（）转\s–-]{3,40}$")
#: Several papers stand in one cell, set apart by these.
_APART = re.compile(r"[;；\n]")


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One row of the table."""

    service: str
    unit: str
    topic: str
    name: Localized
    papers: list[Localized]
    body: str
    address: Localized
    hours: Localized
    phone: str
    posts: int
    row: int


def clean_phone(text: str) -> str:
    """A telephone number of an office. Raises Problem for what is none."""
    plain = " ".join(text.split())
    if plain and not _PHONE.match(plain):
        raise Problem("This is no telephone number.")
    return plain


def read_offers(table: pa.Table) -> list[OfferRow]:
    """The rows of a table. Raises Problems with every faulty cell."""
    heads = {name.strip().lower(): name for name in table.column_names}
    columns = {key: heads[one] for key, zh in COLUMNS for one in (key, zh) if one in heads}
    missing = [key for key in ("unit", "topic", "name_zh") if key not in columns]
    if missing:
        raise Problem(
            "These columns are missing: %(missing)s.", place=place(table),
            hint="Take the workbook out first and write into it.",
            missing=", ".join(f"{key} / {dict(COLUMNS)[key]}" for key in missing),
        )  # fmt: skip
    values = {key: [str(cell or "").strip() for cell in table[name].to_pylist()] for key, name in columns.items()}
    topics = {str(value).lower(): value for value in Topic.values}
    found, faults = [], []
    for index in range(table.num_rows):
        cells = {key: column[index] for key, column in values.items()}
        if not any(cells.values()):
            continue
        try:
            found.append(_row(table, index, cells, topics, columns))
        except Problem as problem:
            faults.append(problem)
    if faults:
        raise Problems(faults)
    return found


def _row(
    table: pa.Table, index: int, cells: dict[str, str], topics: dict[str, str], columns: dict[str, str]
) -> OfferRow:
    def at(key: str) -> Place:
        return place(table, index=index, column=columns.get(key, key))

    topic = topics.get(cells["topic"].lower())
    if topic is None:
        raise Problem(
            "“%(text)s” is no topic.",
            place=at("topic"),
            hint="Write one of: %(known)s.",
            text=cells["topic"][:40],
            known=", ".join(topics),
        )
    for key in ("unit", "name_zh"):
        if not cells[key]:
            raise Problem("This cell is empty.", place=at(key))
    posts = cells.get("posts", "") or "1"
    if not posts.isdecimal() or not 0 <= int(posts) <= 1000:
        raise Problem(
            "“%(text)s” is no number of posts.",
            place=at("posts"),
            hint="Write a whole number from 0 to 1000.",
            text=posts[:40],
        )
    try:
        phone = clean_phone(cells.get("phone", ""))
    except Problem as problem:
        raise Problem(problem.message, place=at("phone")) from None
    return OfferRow(
        service=cells.get("service", "").upper(), unit=cells["unit"].upper(), topic=topic,
        name=localized(cells["name_zh"], cells.get("name_en", "")),
        papers=_papers(cells.get("papers_zh", ""), cells.get("papers_en", "")),
        body=cells.get("body", "").upper(), address=localized(cells.get("address_zh", ""), cells.get("address_en", "")),
        hours=localized(cells.get("hours_zh", ""), cells.get("hours_en", "")), phone=phone, posts=int(posts),
        row=index,
    )  # fmt: skip


def _papers(zh: str, en: str) -> list[Localized]:
    """Papers one by one; English is kept only where there is one for each."""
    first, second = _pieces(zh), _pieces(en)
    if len(second) != len(first):
        second = [""] * len(first)
    return [localized(one, other) for one, other in zip(first, second, strict=True)]


def _pieces(text: str) -> Sequence[str]:
    return [piece.strip() for piece in _APART.split(text) if piece.strip()]
