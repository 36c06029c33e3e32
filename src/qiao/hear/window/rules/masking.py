"""Taking persons out of somebody's own words before others read them (P9), by how names and numbers are written."""

from __future__ import annotations

import re

from qiao.base.redaction import scan

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻苏潘葛范彭郎鲁韦马苗方俞任袁柳鲍史唐"
    "费廉岑薛雷贺倪汤滕罗毕郝邬傅卞齐康伍余顾孟黄穆萧尹姚邵汪祁毛狄米贝明臧戴宋庞熊纪舒屈祝董梁杜阮蓝闵季"
    "贾江童颜郭梅林钟徐邱骆高夏蔡田胡凌霍虞万柯卢莫房丁邓洪左石崔吉龚程邢裴陆荣翁甄曲封靳段侯班秋仲宁仇甘武刘"
    "景龙叶司黎薄白赖卓屠蒙池乔阳郁谭姬申冉雍桑桂牛寿尚温庄晏柴瞿阎习艾古廖耿欧"
)
_TITLES = "师傅|先生|女士|小姐|同志|阿姨|大姐|大哥|大叔|工友|经理|主任|主管|组长|班长|厂长|老板|总监|主席"
_NAMES = (
    re.compile(rf"[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}(?={_TITLES})"),
    re.compile(r"(?<=名叫|叫做|我叫|我是|姓名)[:：为是]?\s*[\u4e00-\u9fff·]{2,4}(?=[，,。；;\s])"),
    re.compile(r"(?<=\b(?:Mr|Ms)\.) ?[A-Z][a-z]+|(?<=\b(?:Mr|Ms)) [A-Z][a-z]+|(?<=\bMrs) [A-Z][a-z]+"),
    re.compile(r"(?<=\bmy name is) [A-Z][a-z]+(?: [A-Z][a-z]+)?", re.IGNORECASE),
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+", re.ASCII),
)
#: What stands where something was taken out; as wide in every script.
GONE = "▇▇"


def masked(text: str) -> str:
    """The text with names before a form of address, telephone, identity and card numbers and addresses of mail out."""
    lines = text.splitlines()
    for found in sorted(scan(text), key=lambda one: (one.paragraph, -one.first)):
        line = lines[found.paragraph - 1]
        lines[found.paragraph - 1] = f"{line[: found.first - 1]}{GONE}{line[found.last :]}"
    plain = "\n".join(lines)
    for pattern in _NAMES:
        plain = pattern.sub(GONE, plain)
    return plain
