"""`qiao estimate`: design-based figures from a table of answers."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qiao.base.problems import Problem
from qiao.cli.app import app
from qiao.cli.estimate.fitting import read_fit
from qiao.cli.estimate.plan import Plan, Replicates
from qiao.cli.estimate.survey import Survey
from qiao.cli.output import Format, FormatOption, located_errors, print_json, print_rows

if TYPE_CHECKING:
    from qiao_stats.estimation import Estimate


class LonelyRule(StrEnum):
    """What to do with a stratum of which only one cluster was sampled."""

    FAIL = "fail"
    ADJUST = "adjust"
    AVERAGE = "average"
    CERTAINTY = "certainty"
    REMOVE = "remove"


class DeffKind(StrEnum):
    """The simple random sample a design effect compares with."""

    SRS = "srs"
    REPLACE = "replace"


class IntervalKind(StrEnum):
    """Kinds of intervals for shares."""

    MEAN = "mean"
    LOGIT = "logit"
    ASIN = "asin"
    BETA = "beta"
    LIKELIHOOD = "likelihood"


class RepType(StrEnum):
    """How replicate weights were made, named as in R's survey."""

    JK1 = "JK1"
    JKN = "JKn"
    BRR = "BRR"
    FAY = "Fay"
    BOOTSTRAP = "bootstrap"
    OTHER = "other"


class TestForm(StrEnum):
    """Forms of the test of association, named as in R's survey, and the integrated mixture."""

    F = "F"
    CHISQ = "Chisq"
    WALD = "Wald"
    ADJ_WALD = "adjWald"
    LINCOM = "lincom"
    SADDLEPOINT = "saddlepoint"
    EXACT = "exact"


class RankName(StrEnum):
    """Scores of rank tests."""

    WILCOXON = "wilcoxon"
    WAERDEN = "waerden"
    MEDIAN = "median"


class Family(StrEnum):
    """Kinds of regression."""

    GAUSSIAN = "gaussian"
    LOGIT = "logit"


class QuantileWay(StrEnum):
    """Where a quantile's interval comes from."""

    WOODRUFF = "woodruff"
    REPLICATES = "replicates"


class QuantileKind(StrEnum):
    """Rules for weighted quantiles, named as in R's survey."""

    MATH = "math"
    SCHOOL = "school"
    HF1 = "hf1"
    HF2 = "hf2"
    HF4 = "hf4"
    HF5 = "hf5"
    HF6 = "hf6"
    HF7 = "hf7"
    HF8 = "hf8"
    HF9 = "hf9"


@app.command()
def estimate(
    data: Annotated[Path, typer.Argument(help="CSV file or spreadsheet; the first row holds the column names.")],
    weights: Annotated[
        str | None, typer.Option(metavar="W", help="Column of weights. Without it: from --fpc, else all 1.")
    ] = None,
    strata: Annotated[str | None, typer.Option(metavar="S", help="Column of first-stage strata.")] = None,
    clusters: Annotated[
        str | None, typer.Option(metavar="C[,C2]", help="Cluster columns, first stage first. Without: rows.")
    ] = None,
    fpc: Annotated[
        str | None,
        typer.Option(
            metavar="F[,F2]", help="Per stage: clusters in the population of the stratum, or fraction sampled."
        ),
    ] = None,
    mean: Annotated[
        list[str] | None, typer.Option(metavar="V", help="Mean of a column of numbers; repeatable.")
    ] = None,
    total: Annotated[
        list[str] | None,
        typer.Option(metavar="V", help="Population total; of a column of words: the number at each level."),
    ] = None,
    count: Annotated[
        list[str] | None, typer.Option(metavar="V", help="Number in the population at each level of a column.")
    ] = None,
    ratio: Annotated[list[str] | None, typer.Option(metavar="NUM:DEN", help="Ratio of two totals; repeatable.")] = None,
    proportion: Annotated[
        list[str] | None, typer.Option(metavar="V", help="Share of each level of a column; repeatable.")
    ] = None,
    quantile: Annotated[
        list[str] | None, typer.Option(metavar="V:P[,P2]", help="Quantiles at probabilities, as in pay:0.5.")
    ] = None,
    variance: Annotated[
        list[str] | None, typer.Option(metavar="V", help="Variance of a column in the population.")
    ] = None,
    contrast: Annotated[
        list[str] | None, typer.Option(metavar="V~G:X-Y", help="Difference of the means of two groups.")
    ] = None,
    test: Annotated[
        list[str] | None,
        typer.Option(metavar="A*B|V~G|V", help="Association of two questions; two means; a mean against 0."),
    ] = None,
    test_form: Annotated[TestForm, typer.Option(help="Form of the test of association.")] = TestForm.F,
    ranks: Annotated[
        RankName | None, typer.Option(help="For --test V~G: compare ranks, of any number of groups.")
    ] = None,
    regress: Annotated[list[str] | None, typer.Option(metavar="Y~A+B", help="Regression; repeatable.")] = None,
    family: Annotated[Family, typer.Option(help="Kind of --regress.")] = Family.GAUSSIAN,
    poststratify: Annotated[
        str | None, typer.Option(metavar="A[,B]", help="Fit the weights to the cells of these columns first.")
    ] = None,
    rake: Annotated[str | None, typer.Option(metavar="A,B", help="Fit the weights to each of these columns.")] = None,
    calibrate: Annotated[
        str | None, typer.Option(metavar="linear|raking|logit", help="Fit the weights to all margins and known totals.")
    ] = None,
    margin: Annotated[
        list[str] | None, typer.Option(metavar="A:x=N,y=N", help="Population totals of a column's categories.")
    ] = None,
    margins: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The same as a table: variable, category, total.")
    ] = None,
    known: Annotated[
        list[str] | None, typer.Option(metavar="V=T", help="Population total of a column of numbers.")
    ] = None,
    bounds: Annotated[
        str | None, typer.Option(metavar="L,U", help="For --calibrate: new weight over old weight.")
    ] = None,
    by: Annotated[
        list[str] | None, typer.Option(metavar="G[,G2]", help="Groups; intervals use the whole design's df.")
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(metavar="G=x", help="Only these rows (=, !=, <, <=, >, >=; repeat for and), with their own df."),
    ] = None,
    lonely: Annotated[
        LonelyRule, typer.Option(help="What to do with a stratum of one sampled cluster.")
    ] = LonelyRule.FAIL,
    repweights: Annotated[
        str | None,
        typer.Option(
            metavar="R*", help="Columns of replicate weights, instead of strata and clusters: a pattern or list."
        ),
    ] = None,
    rep_type: Annotated[RepType | None, typer.Option(help="How the replicates were made; it gives the scale.")] = None,
    rep_scale: Annotated[
        float | None, typer.Option(help="Scale of the replicates' variance, if not the usual.")
    ] = None,
    rep_rscales: Annotated[
        str | None,
        typer.Option(metavar="X[,X2]", help="One factor per replicate (needed for JKn); one number: for all."),
    ] = None,
    fay: Annotated[float, typer.Option(help="Fay's factor, for --rep-type Fay.")] = 0.0,
    mse: Annotated[
        bool, typer.Option("--mse", help="Measure replicates from the estimate instead of their mean.")
    ] = False,
    nest: Annotated[
        bool, typer.Option("--nest/--no-nest", help="Same cluster name in two strata: two clusters, or an error.")
    ] = True,
    listwise: Annotated[
        bool, typer.Option("--listwise", help="For --mean: leave out rows that lack any of the variables.")
    ] = False,
    deff: Annotated[
        DeffKind, typer.Option(help="Design effect against simple sampling without (srs) or with replacement.")
    ] = DeffKind.SRS,
    quantile_rule: Annotated[QuantileKind, typer.Option(help="How quantiles are read off.")] = QuantileKind.MATH,
    quantile_interval: Annotated[
        QuantileWay, typer.Option(help="Interval of a quantile: Woodruff's or, not for the jackknife, by replicates.")
    ] = QuantileWay.WOODRUFF,
    interval: Annotated[
        IntervalKind,
        typer.Option(help="Interval of a --proportion: symmetric (mean) or one that stays within 0 and 1."),
    ] = IntervalKind.MEAN,
    confidence: Annotated[float, typer.Option(help="Level of the intervals, between 0 and 1.")] = 0.95,
    form: FormatOption = Format.TABLE,
) -> None:
    """Estimate figures from a survey, and test them, with standard errors of its design."""
    with located_errors():
        fit = read_fit(poststratify, rake, calibrate, margin or [], margins, known or [], bounds)
        asked = any((mean, total, count, ratio, proportion, quantile, variance, contrast, test, regress))
        if not asked:
            raise Problem(
                "Nothing to estimate.",
                hint="Give at least one of --mean, --total, --count, --ratio, --proportion, --quantile, --variance, "
                "--contrast, --test, --regress.",
            )
        if not 0 < confidence < 1:
            raise Problem(
                "The confidence level %(value)s is not between 0 and 1.",
                hint="Write --confidence 0.95 for 95 %%.",
                value=confidence,
            )
        plan: Plan | Replicates = Plan(weights, strata, clusters, fpc, lonely.value, nest)
        if repweights:
            if strata or clusters or fpc:
                raise Problem(
                    "Replicate weights already stand for strata, clusters and --fpc.", hint="Leave those out."
                )
            kind = rep_type.value if rep_type else ""
            plan = Replicates(weights, repweights, kind, rep_scale, rep_rscales, fay, mse)
        survey = Survey(data, plan, where or [], by or [], fit)
        options: dict[str, Any] = {"confidence": confidence}
        figures = [
            *survey.means(mean or [], listwise, {**options, "deff": deff.value}),
            *survey.totals(total or [], count or [], {**options, "deff": deff.value}),
            *survey.ratios(ratio or [], {**options, "deff": deff.value}),
            *survey.proportions(proportion or [], {**options, "deff": deff.value, "interval": interval.value}),
            *survey.quantiles(
                quantile or [], {**options, "rule": quantile_rule.value, "interval": quantile_interval.value}
            ),
            *survey.variances(variance or [], options),
            *survey.contrasts(contrast or [], options),
        ]
        tests = list(survey.tests(test or [], test_form.value, ranks.value if ranks else "", confidence))
        terms = list(survey.regressions(regress or [], family.value, confidence))
        if form is Format.JSON:
            print_json(
                {
                    "design": survey.describe() | {"confidence": confidence},
                    "estimates": [{**asdict(figure), "by": dict(figure.by)} for figure in figures],
                    **({"tests": tests} if test else {}),
                    **({"regressions": terms} if regress else {}),
                }
            )
        else:
            for rows in ([_flat(figure) for figure in figures], tests, terms):
                print_rows(rows, form)


def _flat(figure: Estimate) -> dict[str, object]:
    row = asdict(figure)
    row.pop("by")
    head = {name: row.pop(name) for name in ("statistic", "variable", "level")}
    taken = {*head, *row}
    groups = {f"by:{name}" if name in taken else name: value for name, value in figure.by.items()}
    return {**head, **groups, **row}
