"""Tests, covariances, weights and replicate weights against R 4.2.2, package survey 4.1-1."""

from __future__ import annotations

import csv
import gzip
import json
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from tests.golden import golden_path

from qiao_stats.estimation import Design, make_design, make_groups, means_together
from qiao_stats.inference import ASSOCIATION_TESTS, Test, association_test, rank_test, t_test
from qiao_stats.weighting import Weighting, calibrate, make_replicates, poststratify, rake, trim

pytestmark = pytest.mark.golden

Table = dict[str, list[str | None]]
DESIGNS: dict[str, tuple[str, dict[str, Any]]] = {
    "apisrs_fpc": ("apisrs", {"fpc": ["fpc"]}),
    "apisrs_nofpc": ("apisrs", {"weights": "pw"}),
    "apistrat_fpc": ("apistrat", {"strata": "stype", "weights": "pw", "fpc": ["fpc"]}),
    "apistrat_nofpc": ("apistrat", {"strata": "stype", "weights": "pw"}),
    "apiclus1_fpc": ("apiclus1", {"clusters": ["dnum"], "weights": "pw", "fpc": ["fpc"]}),
    "apiclus1_nofpc": ("apiclus1", {"clusters": ["dnum"], "weights": "pw"}),
    "apiclus2_fpc": ("apiclus2", {"clusters": ["dnum", "snum"], "fpc": ["fpc1", "fpc2"]}),
    "apiclus2_wr": ("apiclus2", {"clusters": ["dnum", "snum"], "weights": "pw"}),
    "nhanes": ("nhanes", {"weights": "WTMEC2YR", "strata": "SDMVSTRA", "clusters": ["SDMVPSU"]}),
}
API = [name for name in DESIGNS if name != "nhanes"]
TYPES, WIDE = {"E": 4421, "H": 755, "M": 1018}, {"No": 1072, "Yes": 5122}


def read(name: str) -> Table:
    with golden_path("survey", f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {column: [row[column] or None for row in rows] for column in rows[0]}


def numbers(column: list[str | None]) -> npt.NDArray[np.float64]:
    return np.array([np.nan if cell is None else float(cell) for cell in column])


def built(name: str) -> tuple[Table, Design]:
    source, plan = DESIGNS[name]
    table = read(source)
    return table, make_design(
        weights=numbers(table[plan["weights"]]) if "weights" in plan else None,
        strata=table[plan["strata"]] if "strata" in plan else None,
        clusters=[table[column] for column in plan.get("clusters", [])],
        fpc=[numbers(table[column]) for column in plan.get("fpc", [])],
    )


def golden_tests() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(golden_path("survey", "golden", "tests.json").read_text(encoding="utf-8"))
    return found


def single(value: Any) -> float:
    return float(np.ravel(value)[0])


def check_association(expected: dict[str, Any], design: Design, a: Any, b: Any, form: Any) -> None:
    found = association_test(design, a, b, form=form)
    assert found.statistic == pytest.approx(single(expected["statistic"]), rel=1e-9)
    assert found.p == pytest.approx(single(expected["p"]), rel=1e-3 if form in ("lincom", "saddlepoint") else 1e-6)
    parameter = expected["parameter"]
    if parameter:
        assert found.ndf == pytest.approx(parameter.get("ndf", parameter.get("df")), rel=1e-9)
    if "ddf" in (parameter or {}):
        assert found.ddf == pytest.approx(parameter["ddf"], rel=1e-9)


def check_t(expected: dict[str, Any], found: Test) -> None:
    assert found.statistic == pytest.approx(expected["t"], rel=1e-9)
    assert found.df == expected["df"]
    assert found.p == pytest.approx(expected["p"], rel=1e-6)
    if "ci" in expected:
        assert found.estimate == pytest.approx(expected.get("diff", expected.get("est")), rel=1e-9)
        assert [found.lower, found.upper] == pytest.approx(expected["ci"], rel=1e-9)


@pytest.mark.parametrize("name", API)
def test_tests_and_covariances(name: str) -> None:
    expected = golden_tests()
    table, design = built(name)
    score = numbers(table["api00"])
    for form in ASSOCIATION_TESTS[:6]:
        check_association(expected[f"{name}|svychisq|{form}"], design, table["sch.wide"], table["stype"], form)
    check_t(expected[f"{name}|svyttest api00~sch.wide"], t_test(design, score, table["sch.wide"]))
    gain = score - numbers(table["api99"])
    check_t(expected[f"{name}|svyttest one-sample api00-api99"], t_test(design, gain))
    check_t(expected[f"{name}|svyranktest wilcoxon api00~sch.wide"], rank_test(design, score, table["sch.wide"]))
    by = make_groups({"stype": table["stype"]}, rows=design.rows)
    together = means_together(design, {"api00": score}, by=by)
    wanted = expected[f"{name}|vcov mean api00 by stype"]
    assert list(together.names) == wanted["names"]
    np.testing.assert_allclose(together.covariance, wanted["vcov"], rtol=1e-9, atol=1e-9)
    meta = expected[f"{name}|meta"]
    assert (design.rows, design.degrees_of_freedom()) == (meta["n"], meta["degf"])
    assert design.weights.sum() == pytest.approx(meta["sumw"], rel=1e-12)


@pytest.mark.parametrize("form", ASSOCIATION_TESTS[:6])
def test_association_of_answers_of_which_some_are_missing(form: Any) -> None:
    expected = golden_tests()
    table, design = built("nhanes")
    check_association(expected[f"nhanes|svychisq hc x race {form}"], design, table["HI_CHOL"], table["race"], form)
    check_association(expected[f"nhanes|svychisq race x age {form}"], design, table["race"], table["agecat"], form)


def test_difference_of_shares_of_which_some_are_missing() -> None:
    table, design = built("nhanes")
    check_t(golden_tests()["nhanes|svyttest HI_CHOL~sex"], t_test(design, numbers(table["HI_CHOL"]), table["RIAGENDR"]))


def golden_weights(name: str) -> dict[str, npt.NDArray[np.float64]]:
    with golden_path("survey", "golden", f"weights_{name}.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {column: np.array([float(row[column]) for row in rows]) for column in rows[0] if column != "cds"}


@pytest.mark.parametrize("name", ["apisrs_fpc", "apiclus1_fpc", "apiclus1_nofpc", "apistrat_fpc"])
def test_fitted_and_trimmed_weights(name: str) -> None:
    table, design = built(name)
    expected = golden_weights(name)
    w = design.weights
    columns = {"stype": table["stype"], "sch.wide": table["sch.wide"], "api99": numbers(table["api99"])}
    both: dict[str, Any] = {"margins": {"stype": TYPES}, "totals": {"api99": 3914069}}
    raked = rake(w, columns, {"stype": TYPES, "sch.wide": WIDE})
    found: dict[str, Weighting] = {
        "poststrat_stype": poststratify(w, {"stype": table["stype"]}, TYPES),
        "rake_stype_schwide": raked,
        "cal_linear_stype": calibrate(w, columns, margins={"stype": TYPES}),
        "cal_linear_stype_api99": calibrate(w, columns, **both),
        "cal_raking_stype_api99": calibrate(w, columns, **both, method="raking"),
        "cal_logit_stype_api99": calibrate(w, columns, **both, method="logit", bounds=(0.5, 2.0)),
    }
    np.testing.assert_allclose(w, expected["base"], rtol=1e-9)
    for column, fit in found.items():
        np.testing.assert_allclose(fit.weights, expected[column], rtol=1e-9, err_msg=column)
    trimmed = trim(raked.weights, bounds=(0.5, 1.2), relative=True, strict=False)
    np.testing.assert_allclose(trimmed.weights, expected["rake_then_trim"], rtol=1e-9)


def test_raking_to_three_margins() -> None:
    table, design = built("apiclus2_wr")
    margins = dict(zip(("stype", "sch.wide", "comp.imp"), golden_tests()["margins rake3"], strict=True))
    found = rake(design.weights, {name: table[name] for name in margins}, margins)
    np.testing.assert_allclose(found.weights, golden_weights("apiclus2_rake3")["rake3"], rtol=1e-9)


@pytest.mark.parametrize(
    ("name", "source", "kind"),
    [
        ("apiclus1_JK1", "apiclus1_nofpc", "JK1"),
        ("apiclus1_JK1_fpc", "apiclus1_fpc", "JK1"),
        ("apistrat_JKn", "apistrat_nofpc", "JKn"),
        ("apistrat_JKn_fpc", "apistrat_fpc", "JKn"),
        ("nhanes_JKn", "nhanes", "JKn"),
    ],
)
def test_jackknife_weights(name: str, source: str, kind: Any) -> None:
    _, design = built(source)
    found = make_replicates(design, kind)
    with gzip.open(golden_path("survey", "golden", f"repw_{name}.csv.gz"), "rt", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    expected = np.array([[float(row[column]) for column in row if column != "base"] for row in rows])
    # The order of replicates is nobody's business.
    mine, theirs = (matrix[:, np.lexsort(matrix.round(6))] for matrix in (found.replicates, expected))
    np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-9)
    scales = golden_tests()[f"{name}|scale"]
    np.testing.assert_allclose(
        np.sort(found.coefficients), np.sort(scales["scale"] * np.array(scales["rscales"])), rtol=1e-12
    )
    assert found.degrees_of_freedom() == scales["degf"]
