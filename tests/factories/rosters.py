"""Forty rosters as people hand them in, generated from a seed: clean ones, and every kind of dirt the field knows.

Shares follow the handbook's table of dirty data: 6 of 40 files with a column that is never stored, 10 of 40 with
full-width digits, traditional characters, merged header cells or dates as text.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from openpyxl import Workbook

HEAD = ("姓名", "就业形式", "入会日期", "工会编号", "手机号码", "身份证号")
#: Seven kinds of columns that never enter, with values.
DENIED = (
    ("民族", "汉族"),
    ("政治面貌", "群众"),
    ("宗教信仰", "无"),
    ("思想动态", "稳定"),
    ("信访重点人员", "否"),
    ("备注", "中共党员"),
)
FULL = str.maketrans("0123456789", "0123456789")
TRADITIONAL = str.maketrans("云钟叶张刘陈", "雲鍾葉張劉陳")
DIRT = ("full width", "traditional", "merged header", "dates as text")


@dataclass(frozen=True)
class Roster:
    """One file: its name, its bytes, what is wrong with it, and how many persons stand in it."""

    name: str
    content: bytes
    dirt: tuple[str, ...]
    persons: int
    denied: tuple[str, ...] = field(default=())


def identity(random: Random) -> str:
    """An identity number whose check sign is right."""
    body = f"31010119{random.randint(60, 99)}0{random.randint(1, 9)}1{random.randint(0, 9)}{random.randint(100, 999)}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(sign) * weight for sign, weight in zip(body, weights, strict=True)) % 11]


def person(random: Random) -> list[str]:
    """The cells of one clean row."""
    name = random.choice("云钟叶张刘陈江林") + random.choice("知若晓远") + random.choice("秋水明宁然乐")
    day = f"{random.randint(2001, 2023)}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}"
    kind = random.choice(("直接用工", "劳务派遣", "平台用工", "灵活就业"))
    return [name, kind, day, random.choice(("B1", "H1")), f"13{random.randint(10**8, 10**9 - 1)}", identity(random)]


def rosters(seed: int = 20260701) -> list[Roster]:
    """The forty files; the same seed gives the same bytes."""
    random = Random(seed)
    made = []
    for number in range(40):
        rows = [person(random) for _row in range(random.randint(8, 20))]
        dirt = [DIRT[number % 4]] if number < 10 else []
        head, denied = list(HEAD), []
        if 10 <= number < 16:
            title, value = DENIED[number - 10]
            head.append(title)
            rows = [[*row, value] for row in rows]
            denied.append(title)
            dirt.append("denied column")
        rows = [_soiled(row, dirt) for row in rows]
        if number % 3 == 0 and "merged header" not in dirt:
            encoding = ("gbk", "utf-16", "utf-8-sig")[number // 3 % 3]
            if "traditional" in dirt:
                encoding = "gb18030"
            text = "\r\n".join(",".join(row) for row in [head, *rows])
            made.append(Roster(f"名册{number}.csv", text.encode(encoding), (*dirt, encoding), len(rows), tuple(denied)))
        else:
            content = _workbook(head, rows, merged="merged header" in dirt)
            made.append(Roster(f"名册{number}.xlsx", content, tuple(dirt), len(rows), tuple(denied)))
    return made


def _soiled(row: list[str], dirt: Sequence[str]) -> list[str]:
    name, kind, day, unit, mobile, number, *rest = row
    if "full width" in dirt:
        day, mobile, unit = day.translate(FULL), mobile.translate(FULL), unit.replace("B", "B").translate(FULL)
    if "traditional" in dirt:
        name, kind = name.translate(TRADITIONAL), kind.replace("劳务", "勞務").replace("业", "業")
    if "dates as text" in dirt:
        year, month, date = (int(part) for part in day.split("-"))
        day = (f"{year}年{month}月{date}日", f"{year}.{month}.{date}", f"{year}/{month}/{date}")[date % 3]
    return [name, kind, day, unit, mobile, number, *rest]


def _workbook(head: Sequence[str], rows: Sequence[Sequence[str]], *, merged: bool) -> bytes:
    book = Workbook()
    page = book.active
    if merged:
        page.append(["某工会会员名册", *[""] * (len(head) - 1)])
        page.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(head))
        page.append(["基本情况", "", "", "", "联系方式", "", *[""] * (len(head) - 6)])
        page.merge_cells("A2:D2")
        page.merge_cells("E2:F2")
    page.append(list(head))
    for row in rows:
        page.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
