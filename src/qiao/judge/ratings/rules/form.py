"""The questions of a rating: one central list with a version; a judged union adds nothing and drops nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qiao.base.i18n import Localized, localized
from qiao.base.problems import Problem
from qiao.judge.ratings.choices import Grade

VERSION = "rating-1"
#: Always asked.
FIXED = ("whole", "chair")
#: Every point that can be asked, in the order of the ballot.
POINTS: Mapping[str, Localized] = {
    "whole": localized("工会总体工作", "The union as a whole"),
    "chair": localized("工会主席述职", "The chair's report"),
    "hearing": localized("听取和答复职工意见", "Hearing and answering members"),
    "rights": localized("维护职工合法权益", "Standing up for members' rights"),
    "contract": localized("集体协商与集体合同", "Collective bargaining and contract"),
    "congress": localized("职代会与厂务公开", "Workers' congress and open affairs"),
    "safety": localized("劳动安全与职业健康", "Safety and health at work"),
    "pay": localized("推动工资与休假落实", "Pay and leave as agreed"),
    "aid": localized("困难帮扶与慰问", "Help in hardship"),
    "women": localized("女职工权益与关爱", "Rights and care of women workers"),
    "services": localized("普惠服务与文体活动", "Services and activities"),
    "skills": localized("技能提升与劳动竞赛", "Skills and contests"),
    "money": localized("经费收支公开", "Openness about money"),
}


def form_of(points: Sequence[str], *, most: int) -> dict[str, object]:
    """The form of a rating with these points, the fixed ones first. Raises Problem for unknown ones or too many."""
    chosen = [key for key in POINTS if key in FIXED or key in points]
    if unknown := set(points) - set(POINTS):
        raise Problem("There is no point “%(point)s” to ask.", point=sorted(unknown)[0])
    if len(chosen) > most:
        raise Problem("A rating asks at most %(most)d points: leave some out.", most=most)
    return {"version": VERSION, "points": [{"key": key, "text": POINTS[key]} for key in chosen]}


def keys_of(form: Mapping[str, object]) -> list[str]:
    """The points of a form, in order."""
    points = form["points"]
    return [str(point["key"]) for point in points] if isinstance(points, list) else []


def checked(form: Mapping[str, object], given: Mapping[str, str], *, whole: bool) -> dict[str, str]:
    """A ballot in its one shape. ``whole``: every point has a grade (online); on paper a point may stay unmarked.

    Raises Problem for a missing or unknown grade.
    """
    keys = keys_of(form)
    marks = {key: value for key in keys if (value := given.get(key, ""))}
    if any(value not in Grade.values for value in marks.values()):
        raise Problem("Choose one of the grades on the ballot.")
    if whole and len(marks) != len(keys):
        raise Problem("Grade every point; “Cannot say” is an answer, too.")
    return marks
