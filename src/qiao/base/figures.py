"""Figures as SVG drawn on the server: Altair describes, vl-convert draws; one theme, the house's hues.

The SVG can stand inside a page under the strict content security policy: it holds presentation attributes only, no
style, no script, nothing from elsewhere. Colours refer to the page's variables with a fixed colour behind each, so
that a figure follows dark mode in a page and still has colours in a file. Title and description are inside.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from math import ceil, floor
from typing import Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext

from qiao.base.i18n import percent_text

#: Hue of each stage of the loop: variable of the stylesheet and the colour where there is none.
HUES: Mapping[str, str] = {"hear": "#2f6f8f", "decide": "#7a5a12", "deliver": "#3c6e47", "judge": "#6b4a86"}
INK, INK_2, INK_3, LINE, ACCENT = "#1d2530", "#4c5766", "#5f6b7a", "#dfe3e8", "#b3261e"
FONT = "'PingFang SC','Noto Sans CJK SC','Noto Sans SC','Microsoft YaHei',system-ui,sans-serif"
#: Natural width of a figure in pixels: read without zoom on a phone, not blown up on a desk.
WIDTH = 420
_SPACE = 30

_VARIABLES = {
    **{colour: f"var(--{stage},{colour})" for stage, colour in HUES.items()},
    INK: f"var(--ink,{INK})",
    INK_2: f"var(--ink-2,{INK_2})",
    INK_3: f"var(--ink-3,{INK_3})",
    LINE: f"var(--line,{LINE})",
    ACCENT: f"var(--accent,{ACCENT})",
}
_COLOUR = re.compile(r'(fill|stroke)="(#[0-9a-f]{6})"')
_NOISE = re.compile(
    r' (?:class|role|aria-[a-z]+|font-family|xmlns:xlink|version|pointer-events)="[^"]*"| opacity="1"'
    r'| stroke-miterlimit="10"'
)
_EMPTY = re.compile(r'<path(?: aria-hidden="true")? d=""[^>]*/>|<path d="M0,0h0v0h0Z"[^>]*/>|<g>\s*</g>|<g></g>')


@dataclass(frozen=True, slots=True)
class IntervalRow:
    """One figure with its interval: shares from 0 to 1, or plain numbers. ``strong`` rows are drawn in full hue.

    ``lower`` and ``upper`` are None where nothing is known of how sure the figure is. ``text`` stands at the right;
    left empty it is the value with its margin.
    """

    label: str
    value: float
    lower: float | None = None
    upper: float | None = None
    text: str = ""
    strong: bool = True


def share_text(value: float, lower: float | None = None, upper: float | None = None) -> str:
    """A share in words as every page writes it: ``62 % ± 4`` (half the width of the interval, in points).

    Where the interval is not even about the share, as near 0 and 1, its ends are written instead, rounded outwards:
    ``2 % (0 % – 6 %)``. Nothing below 0 or above 100 is ever said. Where all were asked, the two ends are the share
    itself, and there is no margin to be told.
    """
    if lower is None or upper is None or lower == upper:
        return percent_text(value)
    shown, half = round(100 * value), max(1, round(50 * (upper - lower)))
    lopsided = abs((upper - value) - (value - lower))
    if lopsided <= 0.01 and shown - half >= 0 and shown + half <= 100:
        return f"{percent_text(value)}\u00a0±\u00a0{half}"
    digits = 1 if 0 < min(value, 1 - value) < 0.01 else 0
    grain = 10 ** (digits + 2)
    low, high = floor(max(lower, 0.0) * grain + 1e-9) / grain, ceil(min(upper, 1.0) * grain - 1e-9) / grain
    ends = f"{percent_text(low, digits)}\u00a0–\u00a0{percent_text(high, digits)}"
    return f"{percent_text(value, digits)}\u00a0({ends})"


def points_text(difference: float, lower: float, upper: float) -> str:
    """How far apart two shares are, without its sign: ``8 % ± 3``. Its interval may well reach over 0."""
    return f"{percent_text(abs(difference))}\u00a0±\u00a0{max(1, round(50 * (upper - lower)))}"


def described(rows: Sequence[IntervalRow]) -> str:
    """All rows of a chart in one sentence, for who cannot see it: "night shift: 70 % ± 7; others: 9 % ± 2"."""
    said = [
        gettext("%(label)s: %(figure)s")
        % {"label": row.label, "figure": row.text or share_text(row.value, row.lower, row.upper)}
        for row in rows
    ]
    return reduce(lambda first, then: gettext("%(first)s; %(then)s") % {"first": first, "then": then}, said or [""])


def interval_chart(
    rows: Sequence[IntervalRow], *, title: str, description: str, stage: str = "hear", share: bool = True
) -> str:
    """Bars with their intervals, one below the other, each under its own words: legible on a phone."""
    import altair as alt

    step, hue = 46, HUES[stage]
    records: list[dict[str, Any]] = []
    for number, row in enumerate(rows):
        top = number * step
        low, high = row.lower, row.upper
        if share:
            low, high = _inside(low), _inside(high)
        text = row.text or (share_text(row.value, row.lower, row.upper) if share else f"{row.value:,.4g}")
        records.append(
            {
                "label": _shortened(row.label, WIDTH - _SPACE - 9 * len(text)),
                "text": text,
                "value": row.value,
                "low": low,
                "high": high,
                "words": top + 12,
                "top": top + 21,
                "bottom": top + 35,
                "middle": top + 28,
                "weight": 0.34 if row.strong else 0.16,
            }
        )
    height = step * max(len(records), 1)
    reach = max([r["high"] or r["value"] for r in records] + [0.0]) or 1.0
    top_value = min(1.0, (int(reach * 10 + 0.999) or 1) / 10) if share else reach * 1.05
    base = alt.Chart(alt.InlineData(values=records))

    def y(field: str) -> Any:
        return alt.Y(f"{field}:Q", scale=alt.Scale(domain=[0, height], range=[0, height]), axis=None)

    axis = alt.Axis(
        format=".0%" if share else "~s",
        tickCount=5,
        grid=True,
        gridColor=LINE,
        domain=False,
        ticks=False,
        title=None,
        labelColor=INK_3,
        labelFontSize=12,
        labelPadding=6,
    )
    x = alt.X("value:Q", scale=alt.Scale(domain=[0, top_value], nice=False), axis=axis)
    known = base.transform_filter("isValid(datum.low) && isValid(datum.high)")
    layers = alt.layer(
        base.mark_bar(color=hue).encode(
            x=x,
            x2=alt.X2Datum(0),
            y=y("top"),
            y2=alt.Y2("bottom:Q"),
            opacity=alt.Opacity("weight:Q", scale=None, legend=None),
        ),
        known.mark_rule(color=hue, strokeWidth=3).encode(x=alt.X("low:Q"), x2=alt.X2("high:Q"), y=y("middle")),
        base.mark_point(color=hue, filled=True, size=70, opacity=1).encode(x=x, y=y("middle")),
        base.mark_text(align="left", fontSize=14, color=INK).encode(x=alt.value(0), y=y("words"), text="label:N"),
        base.mark_text(align="right", fontSize=14, fontWeight=600, color=INK).encode(
            x=alt.value(WIDTH - _SPACE), y=y("words"), text="text:N"
        ),
    ).properties(width=WIDTH - _SPACE, height=height)
    return draw(layers, title=title, description=description)


def bar_chart(rows: Sequence[tuple[str, float, str]], *, title: str, description: str, stage: str = "hear") -> str:
    """Plain bars of amounts: (label, value, text at the right)."""
    return interval_chart(
        [IntervalRow(label, value, None, None, text) for label, value, text in rows],
        title=title,
        description=description,
        stage=stage,
        share=False,
    )


def line_chart(
    points: Sequence[tuple[str, str, float]],
    *,
    title: str,
    description: str,
    stage: str = "judge",
    share: bool = False,
    height: int = 180,
) -> str:
    """One or several lines over ordered labels (dates as ISO text): (label, series, value)."""
    import altair as alt

    series = list(dict.fromkeys(name for _, name, _ in points))
    # The first series carries the stage's hue, the others quieter inks and their own dash.
    colours = [HUES[stage], INK_2, INK_3, ACCENT][: len(series)] or [HUES[stage]]
    records = [{"label": label, "series": name, "value": value} for label, name, value in points]
    axis = {"labelColor": INK_3, "labelFontSize": 12, "title": None, "domain": False, "ticks": False}
    base = alt.Chart(alt.InlineData(values=records)).encode(
        x=alt.X("label:O", sort=None, axis=alt.Axis(**axis, labelAngle=0, labelOverlap=True)),
        y=alt.Y(
            "value:Q", axis=alt.Axis(**axis, grid=True, gridColor=LINE, tickCount=4, format=".0%" if share else "~s")
        ),
        color=alt.Color(
            "series:N",
            sort=series,
            scale=alt.Scale(domain=series, range=colours),
            legend=alt.Legend(orient="top", title=None, labelColor=INK, labelFontSize=13) if len(series) > 1 else None,
        ),
    )
    chart = alt.layer(
        base.mark_line(strokeWidth=2.5).encode(
            strokeDash=alt.StrokeDash("series:N", sort=series, legend=None) if len(series) > 1 else alt.Undefined
        ),
        base.mark_point(filled=True, size=55, opacity=1),
    ).properties(width=WIDTH - 60, height=height)
    return draw(chart, title=title, description=description)


def draw(chart: Any, *, title: str, description: str) -> str:
    """Draw an Altair chart in the house's theme as an SVG for a page. Drawn once per process and kept in the cache."""
    spec = chart.to_dict() if hasattr(chart, "to_dict") else dict(chart)
    spec["background"] = None
    spec["padding"] = {"left": 2, "right": 14, "top": 4, "bottom": 4}
    spec["config"] = {**spec.get("config", {}), "view": {"stroke": None}, "font": "Noto Sans CJK SC, sans-serif"}
    return _drawn(json.dumps(spec, sort_keys=True, ensure_ascii=False), title, description)


@lru_cache(maxsize=256)
def _drawn(spec: str, title: str, description: str) -> str:
    from django.core.cache import cache

    digest = hashlib.sha256("\0".join((spec, title, description)).encode()).hexdigest()
    key = f"figure-1-{digest[:40]}"
    kept = cache.get(key)
    if isinstance(kept, str):
        return kept
    import vl_convert

    svg = house_style(vl_convert.vegalite_to_svg(json.loads(spec)), title, description, digest[:10])
    cache.set(key, svg, timeout=30 * 86_400)
    return svg


def house_style(svg: str, title: str, description: str, ident: str) -> str:
    """Turn a drawn SVG into one of ours: roles and words for a screen reader, colours by variable, no noise."""
    body = svg[svg.index(">") + 1 :]
    size = re.search(r'width="([\d.]+)" height="([\d.]+)"', svg)
    width, height = (size[1], size[2]) if size else (str(WIDTH), "100")
    body = _NOISE.sub("", body)
    for _round in range(3):
        body = _EMPTY.sub("", body)
    body = _COLOUR.sub(lambda found: f'{found[1]}="{_VARIABLES.get(found[2], found[2])}"', body)
    names = f"{escape(title)}", f"{escape(description)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'role="img" aria-labelledby="t{ident} d{ident}" font-family="{FONT}">'
        f'<title id="t{ident}">{names[0]}</title><desc id="d{ident}">{names[1]}</desc>{body}'
    )


def _inside(value: float | None) -> float | None:
    return None if value is None else min(1.0, max(0.0, value))


def _shortened(label: str, room: int) -> str:
    """Labels are cut where they would run into the figure at the right; ``room`` in pixels, guessed from the signs."""
    width = 0
    for position, sign in enumerate(label):
        width += 14 if ord(sign) > 0x2E7F else 8
        if width > room:
            return label[: position - 1] + "…"
    return label
