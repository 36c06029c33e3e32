"""The evaluator's report in plain words: made from the figures alone, so that anybody can make it again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from qiao.judge.evaluations.choices import Indicator, Mode
from qiao.judge.evaluations.rules.instrument import Instrument
from qiao.judge.evaluations.rules.results import Row, is_anomalous, is_poor

#: Chinese and English name of each figure, and whom it speaks of. Both languages stand in one file.
_WORDS: Mapping[Indicator, tuple[str, str, str, str]] = {
    Indicator.UNPROMPTED: ("知晓度（未提示）", "Awareness, unprompted", "作答者", "who answered"),
    Indicator.AWARENESS: ("知晓度", "Awareness", "作答者", "who answered"),
    Indicator.PARTICIPATION: ("参与度", "Participation", "作答者", "who answered"),
    Indicator.SATISFACTION: ("满意度（仅使用者）", "Satisfaction among users", "使用者", "users"),
    Indicator.TOP_BOX: ("其中满意", "Of these fully satisfied", "使用者", "users"),
    Indicator.SOLVED: ("困难已解决", "Need solved", "有此困难者", "who had the need"),
    Indicator.COMPOSITE: ("综合", "Composite", "作答者", "who answered"),
}
#: How somebody answered.
_MODES: Mapping[Mode, tuple[str, str]] = {
    Mode.DEVICE: ("自己的设备", "on a device of their own"),
    Mode.PHONE: ("电话", "by telephone"),
    Mode.PAPER: ("纸质", "on paper"),
}


def report_text(instrument: Instrument, terms: Mapping[str, object], rows: Sequence[Row]) -> str:
    """Markdown, Chinese then English: what was asked of whom, every figure with its base and interval, what to note."""
    title = terms["title"]
    names = title if isinstance(title, Mapping) else {}
    by_indicator = {row.indicator: row for row in rows}
    satisfaction = by_indicator[Indicator.SATISFACTION].estimate
    counts = {key: terms[key] for key in ("served", "asked", "answers", "unreadable")}
    chinese, english = str(names.get("zh-hans") or names.get("en")), str(names.get("en") or names.get("zh-hans"))
    lines = [
        f"# {chinese}",
        "",
        f"评估 {terms['evaluation']}，项目 {terms['project']}，{instrument.title['zh-hans']}。"
        f"服务对象 {counts['served']} 人，受邀 {counts['asked']} 人，有效答卷 {counts['answers']} 份，"
        f"无法读取 {counts['unreadable']} 份。95 % 区间，已按服务对象人数校正；未作答者的看法可能不同。",
        *_how(terms, chinese=True),
        *_found(terms, chinese=True),
        "",
        *(_line(row, chinese=True) for row in rows),
        *(["", "使用者中满意的不足六成：结果已转回“听”。"] if is_poor(satisfaction) else []),
        *(["", "满意率达到 98 % 以上，较为罕见：请先复查询问方式。"] if is_anomalous(satisfaction) else []),
        "",
        f"# {english}",
        "",
        f"Evaluation {terms['evaluation']} of project {terms['project']}, {instrument.title['en']}. "
        f"Served: {counts['served']}, asked: {counts['asked']}, answers: {counts['answers']}, "
        f"unreadable: {counts['unreadable']}. 95 % intervals, corrected for the number served. Those who did not "
        "answer may think otherwise.",
        *_how(terms, chinese=False),
        *_found(terms, chinese=False),
        "",
        *(_line(row, chinese=False) for row in rows),
        *(
            ["", "Fewer than 60 % of users are satisfied: the result goes back to Hear."]
            if is_poor(satisfaction) else []
        ),
        *(
            ["", "98 % or more are satisfied. So high a share is rare: look again at how people were asked."]
            if is_anomalous(satisfaction) else []
        ),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _how(terms: Mapping[str, object], *, chinese: bool) -> list[str]:
    """How those who answered were asked; nothing in bundles from before it was told."""
    told = terms.get("modes")
    if not isinstance(told, Mapping):
        return []
    parts = []
    for mode, (zh, en) in _MODES.items():
        count = told[mode.value]
        if count != 0:
            number = ("少数" if chinese else "a few") if count is None else str(count)
            parts.append(f"{zh} {number}" if chinese else f"{en} {number}")
    return ["", f"作答方式：{'、'.join(parts)}。" if chinese else f"How they answered: {', '.join(parts)}."]


def _found(terms: Mapping[str, object], *, chinese: bool) -> list[str]:
    """What mystery contacts found; nothing where none were planned."""
    told = terms.get("contacts")
    if not isinstance(told, Mapping):
        return []
    number, score = told["number"], told["score"]
    if score is None:
        return [
            "",
            f"暗访 {number} 次：太少，不公布。" if chinese else f"Mystery contacts: {number}, too few to be told.",
        ]
    share, bounds = f"{100 * score[0]:.1f} %", f"{100 * score[1]:.1f}–{100 * score[2]:.1f} %"
    return [
        "",
        f"暗访 {number} 次，适用项达标 {share}（{bounds}），与会员的评价分开计算。"
        if chinese
        else f"Mystery contacts: {number}; {share} of what applied was met ({bounds}), apart from what members say.",
    ]


def _line(row: Row, *, chinese: bool) -> str:
    zh, en, whom_zh, whom_en = _WORDS[row.indicator]
    if row.estimate is None or row.lower is None or row.upper is None:
        return f"- {zh}：人数太少，不公布" if chinese else f"- {en}: withheld, too few"
    share = f"{100 * row.estimate:.1f} %"
    bounds = f"{100 * row.lower:.1f}–{100 * row.upper:.1f} %"
    return (
        f"- {zh}：{share}（{bounds}），{whom_zh} {row.base}"
        if chinese
        else (f"- {en}: {share} ({bounds}), {row.base} {whom_en}")
    )
