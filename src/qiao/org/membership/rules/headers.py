"""Which header names which field, and which columns the register has no use for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from qiao.base.denylist import match_header
from qiao.base.han import simplified
from qiao.org.membership.choices import Field

_KNOWN: Mapping[str, Field] = {
    word: field
    for field, words in {
        Field.NAME: ("name", "fullname", "membername", "姓名", "会员姓名", "职工姓名", "名字"),
        Field.EMPLOYMENT: (
            "employment", "kindofemployment", "employmentkind", "employmenttype",
            "就业形式", "就业形态", "用工形式", "用工性质", "用工方式", "就业方式",
        ),
        Field.SINCE: (
            "since", "membersince", "joined", "joindate", "dateofjoining", "joinedon",
            "入会日期", "入会时间", "加入工会日期", "加入工会时间", "入会年月日", "会籍起始日期",
        ),
        Field.UNTIL: (
            "until", "memberuntil", "left", "dateofleaving", "退会日期", "退会时间", "离会日期", "会籍终止日期",
        ),
        Field.UNIT: (
            "unit", "unitlabel", "unitcode", "union",
            "单位", "单位编号", "工会", "工会编号", "所属工会", "基层工会", "工会组织",
        ),
        Field.EMPLOYER: (
            "employer", "employercode", "company", "registrationcode", "creditcode",
            "用人单位", "用工单位", "工作单位", "企业名称", "单位名称", "所在企业",
            "统一社会信用代码", "信用代码", "社会信用代码", "用人单位代码",
        ),
        Field.CONSENT: (
            "consent", "consents", "agrees", "applicationsigned",
            "本人同意", "是否同意入会", "同意入会", "入会意愿", "入会申请书", "本人申请", "是否自愿",
        ),
        Field.MOBILE: (
            "mobile", "phone", "mobilenumber", "phonenumber", "telephone", "cell",
            "手机", "手机号", "手机号码", "联系电话", "电话", "电话号码", "联系方式", "移动电话",
        ),
        Field.MAIL: ("mail", "email", "emailaddress", "邮箱", "电子邮箱", "电子邮件", "邮件地址"),
        Field.IDENTITY: (
            "identity", "identitynumber", "idnumber", "idcard", "identitycard", "idcardnumber", "nationalid",
            "身份证", "身份证号", "身份证号码", "证件号", "证件号码", "公民身份号码", "居民身份证号",
        ),
    }.items()
    for word in words
}  # fmt: skip
_NOT_NEEDED: Mapping[str, re.Pattern[str]] = {
    "address": re.compile(r"住址|地址|微信|护照|紧急联系|wechat|\baddress\b|homeaddress|postaladdress|passport|qq号"),
    "bank": re.compile(r"银行|账号|帐号|卡号|bank|iban|account(?:no|number)|工资|薪|salary|\bwages?\b"),
    "body": re.compile(
        r"性别|年龄|出生|生日|健康|残疾|婚姻|子女|籍贯|户籍|户口|农民工|学历|血型"
        r"|\b(?:sex|gender|age|birth\w*|health|disability|migrant|marital|education)\b"
    ),
}
#: Columns by which one knows the staff list of an employer; a day of hiring is no day of joining the union.
_STAFF = re.compile(
    r"入职|到岗|参加工作|工号|员工编号|岗位|职务|部门|合同(?:期限|到期|类型)|试用期|绩效|考勤"
    r"|hired?\b|hiredate|dateofhire|staffn|employeen|payroll|department|jobtitle|position"
)
_WORD = re.compile(r"[^0-9a-z\u3400-\u9fff]+")


def normal_header(text: str) -> str:
    """A header without case, width, blanks, punctuation, traditional characters: how headers are compared and kept."""
    return _WORD.sub("", simplified(unicodedata.normalize("NFKC", text)).lower())[:120]


def guess_field(header: str) -> Field | None:
    """The field a header names, in Chinese or English; None where it names none for certain."""
    return _KNOWN.get(normal_header(header))


def not_needed(header: str) -> str | None:
    """The kind of a column that holds more about a person than the register needs; None for all others."""
    if guess_field(header) is not None:
        return None
    words = simplified(unicodedata.normalize("NFKC", header)).lower().replace("_", " ")
    joined = normal_header(header)
    return next((kind for kind, hint in _NOT_NEEDED.items() if hint.search(words) or hint.search(joined)), None)


def is_known(header: str) -> bool:
    """Whether a cell is the name of a column as such tables have them: kept, dropped or denied."""
    return (
        guess_field(header) is not None
        or (len(header) <= 20 and (not_needed(header) is not None or is_staff(header)))
        or match_header(header) is not None
    )


def is_staff(header: str) -> bool:
    """Whether a column belongs to an employer's staff list, not to a union's register."""
    return _STAFF.search(normal_header(header)) is not None
