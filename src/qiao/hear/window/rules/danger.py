"""Words that make a request urgent, and words after which somebody trained is called at once.

Patterns only suggest: an officer decides what is urgent. Nothing is noted of the person.
"""

from __future__ import annotations

import re

_URGENT = re.compile(
    r"受伤|工伤|事故|骨折|中毒|爆炸|起火|着火|触电|坍塌|生命危险|危及生命|住院|抢救|昏迷|拖欠(?:了|我们|我)?.{0,6}(?:工资|薪)|欠薪|"
    r"(?:工资|薪).{0,6}(?:没发|未发|不发|拖欠)|过年.{0,10}(?:工资|钱)|威胁|殴打|打人|限制人身自由|高温.{0,6}(?:晕|倒)"
    r"|\b(?:injur\w*|accident|hospital\w*|poison\w*|fire|explosion|electrocut\w*|unpaid wages?|not (?:been )?paid|"
    r"threat\w*|beaten|unconscious|life[- ]threatening|danger to life)\b",
    re.IGNORECASE,
)
_SELF_HARM = re.compile(
    r"不想活|想死|去死|自杀|轻生|寻死|活不下去|活着没(?:有)?意思|结束(?:自己的)?生命|跳楼|割腕|了结自己|遗书|一死了之"
    r"|\b(?:suicid\w*|kill myself|end my life|want to die|don.?t want to live|self[- ]harm|no reason to live)\b",
    re.IGNORECASE,
)


def sounds_urgent(text: str) -> bool:
    """Whether the words speak of injury, danger or unpaid wages."""
    return bool(_URGENT.search(text) or _SELF_HARM.search(text))


def sounds_like_self_harm(text: str) -> bool:
    """Whether the words speak of ending one's own life."""
    return bool(_SELF_HARM.search(text))
