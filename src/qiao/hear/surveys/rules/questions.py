"""How names mark questions, and which are counted."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext_noop

from qiao.base.xlsform import Question

#: Names that begin so mark questions about the work situation: their answers make groups.
WORK_PREFIX = "ws_"
#: Names that begin so mark questions whose options are needs.
NEED_PREFIX = "need"
#: Options that are no need and no group: they say no, nothing, other, or that one does not know.
NO_GROUP = frozenset({"no", "none", "n", "0", "other", "dont_know", "dk", "na"})
#: Columns of the frozen data that no question may be called.
RESERVED = frozenset({"code", "stratum", "cluster", "employment", "mode", "weight", "population"})

#: Kinds of question whose answers are counted and published.
CLOSED_KINDS = frozenset({"select_one", "select_multiple", "range", "acknowledge"})


#: What the platform knows of a base union, and words by which a question asks for it all the same (handbook S14).
KNOWN_OF_UNIONS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (fact, re.compile(pattern, re.IGNORECASE))
    for fact, pattern in (
        (gettext_noop("its name"), r"(工会|单位|企业)(的)?(全称|名称)|name of (the|your) (union|workplace|employer)"),
        (
            gettext_noop("its members"),
            r"(会员|职工)(总)?(人)?数|(有|共有|多少)(名|个|位)?会员|(number of|how many) (members|workers)",
        ),
        (gettext_noop("its place"), r"(所在|所属)(的)?(区|街道|镇|枢纽|行业)|which (district|hub|sector) (is|does)"),
        (
            gettext_noop("when it was founded"),
            r"(成立|建会|组建)(时间|日期|年份)|(when|year).{0,20}(union )?(was )?founded",
        ),
        (
            gettext_noop("its officers"),
            r"主席(的)?姓名|(联系人|填报人|联系电话)|name of (the|your) chair|contact person",
        ),
        (gettext_noop("its codes"), r"统一社会信用代码|法人资格证|registration (code|number)"),
    )
)


def known_of_unions(words: Iterable[str]) -> str:
    """What a question to base unions asks for although the register holds it; "" for what only they can say."""
    text = "\n".join(words)
    return next((fact for fact, pattern in KNOWN_OF_UNIONS if pattern.search(text)), "")


def is_need(question: Question) -> bool:
    """Whether the options of a question are needs."""
    return question.name.startswith(NEED_PREFIX) and question.type in {"select_one", "select_multiple"}


def is_work_situation(question: Question) -> bool:
    """Whether a question's answers make groups by work situation."""
    return question.name.startswith(WORK_PREFIX) and question.type in {"select_one", "select_multiple"}
