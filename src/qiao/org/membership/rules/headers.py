"""Which header names which field, and which columns the register has no use for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from qiao.org.membership.choices import Field

_KNOWN: Mapping[str, Field] = {
    word: field
    for field, words in {
        Field.NAME: ("name", "fullname", "membername", "姓名", "会员姓名", "职工姓名", "名字", "會員姓名"),
        Field.EMPLOYMENT: (
            "employment", "kindofemployment", "employmentkind", "employmenttype",
            "就业形式", "就业形态", "用工形式", "用工性质", "用工方式", "就業形式",
        ),
        Field.SINCE: (
            "since", "membersince", "joined", "joindate", "dateofjoining",
            "入会日期", "入会时间", "加入工会日期", "加入工会时间", "入會日期",
        ),
        Field.UNIT: (
            "unit", "unitlabel", "unitcode", "union",
            "单位", "单位编号", "工会", "工会编号", "所属工会", "基层工会", "單位",
        ),
    }.items()
    for word in words
}  # fmt: skip
_NOT_NEEDED: Mapping[str, re.Pattern[str]] = {
    "identity": re.compile(
        r"身份证|身份證|证件号|护照|idcard|idnumber|identitynumber|identitycard|passport|nationalid"
    ),
    "contact": re.compile(
        r"手机|手機|电话|電話|联系方式|住址|地址|微信|邮箱|phone|mobile|telephone|address|wechat|e?mail"
    ),
    "bank": re.compile(r"银行|銀行|账号|帐号|卡号|bank|iban|account(?:no|number)"),
    "body": re.compile(
        r"性别|性別|年龄|年齡|出生|生日|健康|残疾|殘疾|婚姻|子女|籍贯|户籍|\b(?:sex|gender|age|birth\w*|health|disability)\b"
    ),
}
_WORD = re.compile(r"[^0-9a-z\u3400-\u9fff]+")


def normal_header(text: str) -> str:
    """A header without case, width, blanks and punctuation: how headers are compared and remembered."""
    return _WORD.sub("", unicodedata.normalize("NFKC", text).lower())[:120]


def guess_field(header: str) -> Field | None:
    """The field a header names, in Chinese or English; None where it names none for certain."""
    return _KNOWN.get(normal_header(header))


def not_needed(header: str) -> str | None:
    """The kind of a column that holds more about a person than the register needs; None for all others."""
    if guess_field(header) is not None:
        return None
    words = unicodedata.normalize("NFKC", header).lower().replace("_", " ")
    joined = normal_header(header)
    return next((kind for kind, hint in _NOT_NEEDED.items() if hint.search(words) or hint.search(joined)), None)
