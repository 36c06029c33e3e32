"""Files given out: the questionnaire to start from, the sheet of codes."""

from __future__ import annotations

import io
from collections.abc import Sequence

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from qiao.base.addresses import full_address
from qiao.base.i18n import pick
from qiao.hear.surveys.exports.printing import pdf_of, qr_svg
from qiao.hear.surveys.exports.slips import Slips, slips_files
from qiao.hear.surveys.models import Round
from qiao.hear.surveys.services import CodeLine

__all__ = ["Slips", "code_sheet", "pdf_of", "qr_svg", "slips_files", "template_form"]

_ZH, _EN = "中文 (zh)", "English (en)"

#: The questionnaire to start from: type, name, Chinese, English, hints, required, relevant.
_SURVEY = (
    ("begin_group", "work", "您的工作", "Your work", "", "", "", ""),
    (
        "select_one shift", "ws_shift", "您通常上什么班？", "Which shift do you usually work?",
        "", "", "yes", "",
    ),
    (
        "select_one place", "ws_place", "您主要在哪里工作？", "Where do you mainly work?", "", "", "yes", "",
    ),
    (
        "select_one yes_no", "ws_child", "您家里有 12 岁以下的孩子吗？", "Do you have children under 12 at home?",
        "", "", "yes", "",
    ),
    ("end_group", "", "", "", "", "", "", ""),
    (
        "select_multiple needs", "need_first", "您最希望工会帮助解决哪些事？", "What should the union help with most?",
        "最多选五项。", "Choose up to five.", "yes", "",
    ),
    (
        "select_one commute", "commute", "下班后您怎样回家？", "How do you get home after work?", "", "", "", "",
    ),
    (
        "select_one yes_no", "missed", "过去三个月，您有过下班后没有车回家的情况吗？",
        "In the last three months, was there ever no bus or train home after work?", "", "", "",
        "${ws_shift} != 'day'",
    ),
    (
        "integer", "overtime", "上个月您大约加班多少小时？",
        "About how many hours of overtime did you work last month?",
        "没有就写 0。", "Write 0 for none.", "", "",
    ),
    (
        "select_one paid", "overtime_paid", "加班费付了吗？", "Was the overtime paid?", "", "", "", "${overtime} > 0",
    ),
    (
        "select_one paid", "care_cost", "假期里孩子有人照看吗？",
        "Is there somebody to look after the children in the holidays?", "", "", "", "${ws_child} = 'yes'",
    ),
    (
        "select_one known", "known", "您知道所在单位工会提供哪些服务吗？", "Do you know what your union offers?",
        "", "", "", "",
    ),
    (
        "range", "trust", "总的来说，您对工会工作满意吗？（1 很不满意，5 很满意）",
        "All in all, how satisfied are you with the union? (1 not at all, 5 very)", "", "", "", "",
    ),
    (
        "text", "words", "还有什么想对工会说？", "What else do you want to tell the union?",
        "请不要写姓名等能认出您的内容。", "Please write no names or anything that tells who you are.", "", "",
    ),
)  # fmt: skip
_CHOICES = (
    ("shift", "day", "白班", "Day shift"),
    ("shift", "night", "夜班", "Night shift"),
    ("shift", "rotating", "倒班", "Rotating shifts"),
    ("place", "indoors", "室内", "Indoors"),
    ("place", "outdoors", "室外", "Outdoors"),
    ("place", "road", "路上（驾驶、配送）", "On the road (driving, delivery)"),
    ("yes_no", "yes", "有", "Yes"),
    ("yes_no", "no", "没有", "No"),
    ("needs", "pay", "工资水平和调整", "Pay and its increase"),
    ("needs", "overtime", "少加班、按规定付加班费", "Less overtime, and paid by the rules"),
    ("needs", "insurance", "社会保险足额缴纳", "Social insurance paid in full"),
    ("needs", "health", "职业健康体检", "Occupational health checks"),
    ("needs", "training", "技能培训和晋升", "Training and promotion"),
    ("needs", "night_bus", "夜班班车", "A night bus"),
    ("needs", "childcare", "寒暑假托管班", "Holiday childcare"),
    ("needs", "heat", "高温作业保护和休息点", "Protection and rest places in the heat"),
    ("needs", "canteen", "热饭热菜", "Hot meals at work"),
    ("needs", "housing", "宿舍和住房", "Dormitories and housing"),
    ("needs", "legal", "法律帮助", "Legal help"),
    ("needs", "culture", "文体活动", "Culture and sport"),
    ("needs", "none", "没有", "Nothing"),
    ("commute", "bus", "公交或班车", "Bus or company bus"),
    ("commute", "own", "自己的车", "Own vehicle"),
    ("commute", "walk", "步行或骑车", "On foot or by bicycle"),
    ("commute", "other", "其他", "Other"),
    ("paid", "yes", "是", "Yes"),
    ("paid", "partly", "部分", "Partly"),
    ("paid", "no", "否", "No"),
    ("known", "well", "很清楚", "Well"),
    ("known", "some", "知道一些", "Some of it"),
    ("known", "none", "不知道", "No"),
)


#: What the names of questions say to the platform; a sheet of the template that no form engine reads.
_CONVENTIONS = (
    (
        "ws_…", "按工作情况分组：名称以 ws_ 开头的题目，每个选项是一个组（no、none、other、dont_know 除外）。"
        "Work situation: of questions whose name begins with ws_ every option makes a group, except no, none, other, "
        "dont_know.",
    ),
    (
        "need…", "需求题：名称以 need 开头的单选或多选题，每个选项是一项需求（none、other 除外）。"
        "Needs: of select questions whose name begins with need every option is a need, except none and other.",
    ),
    (
        "code, stratum, employment, weight, population", "平台数据列使用的名称，题目不能使用。"
        "Names of the platform's own columns: no question may bear them.",
    ),
    (
        "label::中文 (zh), label::English (en)", "每种语言一列。One column for each language.",
    ),
)  # fmt: skip


def template_form() -> bytes:
    """A questionnaire of twelve questions in Chinese and English (XLSForm), with the conventions of names explained."""
    book = Workbook()
    survey = book.active
    survey.title = "survey"
    survey.append(
        ["type", "name", f"label::{_ZH}", f"label::{_EN}", f"hint::{_ZH}", f"hint::{_EN}", "required", "relevant",
         "constraint", f"constraint_message::{_ZH}", f"constraint_message::{_EN}", "parameters"]
    )  # fmt: skip
    extra = {
        "need_first": ("count-selected(.) <= 5", "最多选五项。", "Choose five at most.", ""),
        "overtime": (". >= 0 and . <= 300", "请写 0 到 300 之间的小时数。", "Write hours from 0 to 300.", ""),
        "trust": ("", "", "", "start=1 end=5 step=1"),
    }
    for row in _SURVEY:
        survey.append([*row, *extra.get(row[1], ("", "", "", ""))])
    choices = book.create_sheet("choices")
    choices.append(["list_name", "name", f"label::{_ZH}", f"label::{_EN}"])
    for choice in _CHOICES:
        choices.append(list(choice))
    settings = book.create_sheet("settings")
    settings.append(["form_title", "form_id", "version", "default_language"])
    settings.append(["职工需求调查", "needs_survey", "1", _ZH])
    notes = book.create_sheet("conventions")
    notes.append(["名称 name", "含义 meaning"])
    for note in _CONVENTIONS:
        notes.append(list(note))
    for sheet in book.worksheets:
        _legible(sheet)
    return _bytes(book)


def code_sheet(survey: Round, lines: Sequence[CodeLine], *, path: str) -> bytes:
    """The codes for printed letters: one line for each numbered slip, and no name. Names stand in a list of their own.

    ``path`` is the address of an answer with ``CODE`` in place of the code.
    """
    book = Workbook()
    sheet = book.active
    sheet.title = survey.code
    sheet.append([_("Slip"), _("Code"), _("Link"), _("Survey"), _("Until")])
    for line in lines:
        sheet.append(
            [line.slip, line.code, full_address(path.replace("CODE", line.code)), _plain(pick(survey.title)),
             survey.closes.date().isoformat()]
        )  # fmt: skip
    _legible(sheet)
    return _bytes(book)


def _plain(text: str) -> str:
    """A text no spreadsheet program takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text


def _legible(sheet: object) -> None:
    for cell in sheet[1]:  # type: ignore[index]
        cell.font = Font(bold=True)
    for column in sheet.columns:  # type: ignore[attr-defined]
        width = max(sum(2 if ord(sign) > 0x2E7F else 1 for sign in str(cell.value or "")) for cell in column)
        sheet.column_dimensions[column[0].column_letter].width = min(60, max(10, width + 2))  # type: ignore[attr-defined]
        for cell in column:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
    sheet.freeze_panes = "A2"  # type: ignore[attr-defined]


def _bytes(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
