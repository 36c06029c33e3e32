"""The report of a round: what stands in it, before any file is made of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.i18n import percent_text, pick
from qiao.hear.surveys.choices import Asked, Mode, WeightMethod
from qiao.hear.surveys.models import Round
from qiao.hear.surveys.queries import ShownQuestion, margin_now, response_rate, shown_results

#: How the report looks on paper.
PRINT = """\
/* The report on paper: the same fonts as on the page, wherever one of them is installed. */
@page { size: A4; margin: 20mm 18mm; @bottom-center { content: counter(page) "/" counter(pages); font-size: 8pt; } }
body { font-family: "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei", "DejaVu Sans", sans-serif;
  font-size: 10pt; line-height: 1.45; color: #1d2530; }
h1 { font-size: 20pt; margin: 0 0 2mm; }
h2 { font-size: 14pt; margin: 8mm 0 2mm; }
h3 { font-size: 11.5pt; margin: 6mm 0 1mm; }
h2, h3, caption { break-after: avoid; }
.meta { color: #4c5766; }
.flag { border-inline-start: 3px solid #b3261e; padding-inline-start: 3mm; font-weight: 600; }
table { border-collapse: collapse; width: 100%; margin: 2mm 0 3mm; font-size: 8.5pt; }
caption { text-align: start; font-weight: 600; padding: 1mm 0; }
th, td { border-bottom: .4pt solid #c8ced6; padding: 1mm 1.5mm; text-align: start; vertical-align: top; }
thead th { border-bottom: 1pt solid #1d2530; }
td.n, th.n { text-align: end; }
tbody th { min-width: 24mm; }
table, tr, figure { break-inside: avoid; }
figure { margin: 1mm 0; }
figcaption { color: #4c5766; font-size: 9pt; }
"""
_VARIABLE = re.compile(r"var\(--[a-z0-9-]+,\s*(#[0-9a-fA-F]{3,8})\)")


@dataclass(frozen=True, slots=True)
class Report:
    """Title, lines of how the figures came about (label, text), what has to be said first, the questions."""

    code: str
    title: str
    unit: str
    purpose: str
    warning: str
    facts: tuple[tuple[str, str], ...]
    weighting: tuple[tuple[str, str], ...]
    questions: tuple[ShownQuestion, ...]
    full: bool


def report_of(survey: Round, *, full: bool = False) -> Report:
    """The report in the language of the request. The full one says in addition how the weights came about."""
    return Report(
        code=survey.code,
        title=pick(survey.title),
        unit=pick(survey.unit.name),
        purpose=pick(survey.purpose),
        warning=_("Volunteers, not representative: the figures hold for those who answered, not for all members.")
        if survey.asked == Asked.VOLUNTEERS
        else "",
        facts=tuple(facts_lines(survey)),
        weighting=tuple(weighting_lines(survey)) if full else (),
        questions=tuple(shown_results(survey)),
        full=full,
    )


def facts_lines(survey: Round) -> list[tuple[str, str]]:
    """What every figure of the round has to be read with: n, population, rate, mode, margin."""
    volunteers = survey.asked == Asked.VOLUNTEERS
    lines = [(_("Valid answers"), f"{survey.answered:,}")]
    if not volunteers:
        lines.append((_("Population"), f"{survey.population:,}"))
        lines.append((_("Asked"), f"{survey.invited:,}"))
        rate = response_rate(survey)
        if rate is not None:
            lines.append((_("Response rate"), percent_text(rate, 1)))
    modes = survey.results.get("modes", [])
    answered = sum(number for _mode, number in modes)
    if answered and any(mode for mode, _number in modes):
        unknown = _("way not told apart")
        shares = [
            _("%(label)s: %(figure)s")
            % {"label": Mode(mode).label if mode else unknown, "figure": percent_text(number / answered)}
            for mode, number in modes
        ]
        lines.append((_("How it was answered"), "; ".join(shares)))
    margin = None if volunteers else margin_now(survey)
    if margin is not None:
        lines.append((_("Margin of a share of one half"), f"±{percent_text(margin.margin, 1)}"))
    if survey.opened and survey.closed:
        days = [date_format(localdate(day), "DATE_FORMAT") for day in (survey.opened, survey.closed)]
        lines.append((_("In the field"), " – ".join(days)))
    if volunteers and survey.flagged:
        lines.append((_("Of them in bursts from one address"), f"{survey.flagged:,}"))
    lines.append(
        (
            _("Hidden"),
            _("figures that would tell of fewer than %(n)d people, and others from which they could be computed")
            % {"n": survey.small_cell},
        )
    )
    return lines


def weighting_lines(survey: Round) -> list[tuple[str, str]]:
    """What was done to the weights, and what it cost."""
    plan = survey.weighting
    if not plan or plan.get("volunteers"):
        return [(_("Weights"), _("none: volunteers stand for nobody but themselves"))]
    lines = [(_("Fitted to totals of the register"), str(WeightMethod(plan["method"]).label))]
    if plan.get("margins"):
        lines.append((_("Totals taken from a file"), f"{plan['margins']['file']} · {plan['margins']['sha256'][:12]}"))
    if plan["joined"]:
        lines.append((_("Strata joined, because few answered"), f"{len(plan['joined']):,}"))
    before, after = plan["before"], plan["after"]
    lines += [
        (_("Effective answers before and after the fit"), f"{before['n_eff']:,.0f} → {after['n_eff']:,.0f}"),
        (_("Design effect of the weights"), f"{before['deff']:.3f} → {after['deff']:.3f}"),
        (_("Smallest, median and largest weight"),
         f"{after['minimum']:,.3g} · {after['median']:,.3g} · {after['maximum']:,.3g}"),
        (_("Trimmed at %(cap)g times the median") % {"cap": plan["cap"]},
         _("%(n)d answers") % {"n": after["trimmed"]} if after["trimmed"] else _("none")),
    ]  # fmt: skip
    if plan["gap"] > 1e-9:
        lines.append((_("After trimming a total is off by at most"), percent_text(plan["gap"], 2)))
    return lines


def fixed_colours(svg: str) -> str:
    """A figure with plain colours, for programs that know no variables."""
    return _VARIABLE.sub(r"\1", svg)


def png_of(svg: str) -> bytes:
    """A figure as PNG at twice its size."""
    import vl_convert

    return bytes(vl_convert.svg_to_png(fixed_colours(svg), scale=2))
