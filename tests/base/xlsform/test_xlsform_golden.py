"""Every sample form against what pyxform and ODK Validate make of it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest
from tests.golden import golden_path

from qiao.base.problems import Problem, Problems
from qiao.base.xlsform import Repeat, Runtime, codebook, read_form

pytestmark = pytest.mark.golden

COUNTED = ("binds", "relevant", "constraint", "repeats", "calculate", "required", "itemsets")


def _golden() -> dict[str, dict[str, Any]]:
    return json.loads(golden_path("forms", "golden_forms.json").read_text())  # type: ignore[no-any-return]


def test_every_form_is_judged_as_pyxform_and_odk_validate_judge_it() -> None:
    for name, expected in _golden().items():
        path = golden_path(expected["file"])
        valid = expected["pyxform"] == "ok" and expected.get("odk_validate") == "ok"
        if not valid:
            with pytest.raises((Problem, Problems)):
                read_form(path, name)
            continue
        form = read_form(path, name)
        counts = asdict(form.counts)
        assert {key: counts[key] for key in COUNTED} == {key: expected[key] for key in COUNTED}, name
        assert list(form.languages) == expected["languages"], name
        assert len(form.xform.encode()) == expected["xml_bytes"], name
        assert form.refused == (), name


def test_every_question_knows_its_row_and_has_a_key_of_its_own() -> None:
    for name, expected in _golden().items():
        if expected["pyxform"] != "ok":
            continue
        form = read_form(golden_path(expected["file"]), name)
        keys = [question.key for question in form.questions]
        assert len(keys) == len(set(keys)), name
        # Only what pyxform adds of itself stands in no row: "other" fields, repeat counters, table heads.
        for question in form.questions:
            added = question.name.endswith(("_other", "_count")) or question.name.startswith("reserved_name_for_")
            assert question.row or added, (name, question.name)
        keys += [item.key for item in form.walk() if isinstance(item, Repeat)]
        assert {row["variable"] for row in codebook(form)} <= set(keys)


def test_a_form_can_be_asked_on_a_page_or_says_row_by_row_why_not() -> None:
    asked = 0
    for name, expected in _golden().items():
        if expected["pyxform"] != "ok":
            continue
        form = read_form(golden_path(expected["file"]), name)
        refused: tuple[Problem, ...] = ()
        try:
            Runtime(form)
            asked += 1
        except Problems as refusal:
            refused = refusal.faults
        assert all(fault.place.row for fault in refused), name
    assert asked >= 10
