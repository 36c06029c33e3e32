"""A log is of the officer: no worker's name, opinion or belief stands in it.

Names are looked for by how they are written (a surname before a form of address, "named …"), never by asking the
register: an answer from there would tell who is a member.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from qiao.base.problems import Problem
from qiao.base.redaction import require_clean

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻苏潘葛范彭郎鲁韦马苗方俞任袁柳鲍史唐"
    "费廉岑薛雷贺倪汤滕罗毕郝邬傅卞齐康伍余顾孟黄穆萧尹姚邵汪祁毛狄米贝明臧戴宋庞熊纪舒屈祝董梁杜阮蓝闵季"
    "贾江童颜郭梅林钟徐邱骆高夏蔡田胡凌霍虞万柯卢莫房丁邓洪左石崔吉龚程邢裴陆荣翁甄曲封靳段侯班秋仲宁仇甘武刘"
    "景龙叶司黎薄白赖卓屠蒙池乔阳郁谭姬申冉雍桑桂牛寿尚温庄晏柴瞿阎习艾古廖耿欧"
)
_ADDRESS = "师傅|先生|女士|小姐|同志|阿姨|大姐|大哥|大叔|工友|姐|哥"
_NAMES = (
    re.compile(rf"[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}(?:{_ADDRESS})"),
    re.compile(r"(?:名叫|叫做|名字是|姓名[:：为])\s*[\u4e00-\u9fff·]{2,6}"),
    re.compile(r"\b(?:Mr|Mrs|Ms|Miss)\.? ?[A-Z][a-z]+"),
    re.compile(r"\b(?:named|called) [A-Z][a-z]+(?: [A-Z][a-z]+)?"),
)
_REMARKS = re.compile(
    r"思想动态|思想状况|政治面貌|政治表现|政治立场|现实表现|意识形态|宗教|信教|信仰|党员|团员|民族成[份分]|少数民族|维稳|稳控|上访|重点人员|风险等级"
    r"|\b(?:religio(?:n|us)|political (?:view|opinion|status)|ideolog\w+|ethnic\w*|party member\w*|petitioner\w*"
    r"|loyalty|agitator\w*)\b",
    re.IGNORECASE,
)


def require_no_person(texts: Mapping[str, str]) -> None:
    """Raise Problem where a text names a worker or remarks on opinion or belief, Problems for numbers (P9)."""
    for text in texts.values():
        for pattern in _NAMES:
            if pattern.search(text):
                raise Problem(
                    "This reads like a worker's name. The log is about your days, never about persons.",
                    hint="Write what was raised, not who raised it. Who wants an answer of their own files a request.",
                )
        found = _REMARKS.search(text)
        if found:
            raise Problem(
                "“%(word)s” has no place here: no remark on opinion, belief or origin enters the log.",
                hint="Write what is to be done about work and pay.",
                word=found[0],
            )
    require_clean(texts)
