"""Which words of members may be shown (handbook P7)."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from qiao.hear.needs.models import TopicText
from qiao_stats.topics import normal

#: Words that share more than this with what somebody wrote are no rewriting.
ALIKE = 0.6
#: The longest quote.
LONGEST = 200
#: The most common surnames, before the words by which people at work are called: 王师傅, 李某, 欧阳主任, 张三经理.
_SURNAMES = (
    "欧阳|上官|司马|诸葛|[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤]"
)
_CALLED = (
    "师傅|主任|经理|科长|处长|部长|班长|组长|队长|厂长|站长|店长|段长|工段长|车间主任|主管|总监|董事长|书记|主席|老师|医生|大夫|护士长"
    "|先生|女士|小姐|大姐|大哥|阿姨|同志|工程师|某某|某"
)
_NAMES = (
    re.compile(rf"(?:{_SURNAMES})[\u4e00-\u9fff]{{0,2}}?(?:{_CALLED})"),
    re.compile(rf"(?:我叫|我是|名叫|叫做|姓名[:：]?)\s?(?:{_SURNAMES})[\u4e00-\u9fff]{{1,2}}(?![\u4e00-\u9fff])"),
    re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr|Sir|Madam)\b\.?\s+[A-Z][\w'-]+"),
    re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|https?://\S+|(?:微信|[Ww]e[Cc]hat|QQ)\s?(?:号|ID|id)?\s?[:：]?\s?[\w-]{5,}"),
)


def named(text: str) -> str:
    """The first piece that looks like a person's name or address, "" where there is none.

    A sieve for what the eye slips over, not a proof: every quote is read by an analyst before it is shown.
    """
    found = (pattern.search(text) for pattern in _NAMES)
    return next((match[0] for match in found if match), "")


def may_quote_as_it_is(row: TopicText, floor: int) -> bool:
    """Whether the very words may be shown: everybody who wrote them consented, and the unit is large enough."""
    return row.may_quote and large_enough(row, floor)


def large_enough(row: TopicText, floor: int) -> bool:
    """Whether the smallest unit a text is known to come from has members enough to be quoted at all."""
    return row.members >= floor


def is_rewritten(words: str, original: str) -> bool:
    """Whether words say it anew: without a long run of the original's, and not mostly its own signs in its order."""
    ours, theirs = normal(words), normal(original)
    if not ours or not theirs:
        return bool(ours)
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    longest = matcher.find_longest_match().size
    return matcher.ratio() <= ALIKE and longest < max(8, len(ours) * 0.6)
