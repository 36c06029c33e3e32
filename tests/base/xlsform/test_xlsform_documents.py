"""Files read into documents, documents written as files: nothing is lost on the way."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.base.xlsform.conftest import form_bytes
from tests.golden import golden_path

from qiao.base.problems import Problem
from qiao.base.xlsform import FormDocument, Option, form_of, from_json, read_document, read_form, to_json, write_xlsx

#: pyxform names some rows of its own after the row they stand in, which may change.
_ROWS = re.compile(r"(reserved_name_for_field_list_labels|generated_table_list_label)_\d+")


def _same(xform: str) -> str:
    return ET.canonicalize(_ROWS.sub(r"\1", xform))


@pytest.mark.golden
def test_every_golden_form_survives_being_written() -> None:
    listed: dict[str, dict[str, Any]] = json.loads(golden_path("forms", "golden_forms.json").read_text())
    tried = 0
    for name, expected in listed.items():
        path = golden_path(expected["file"])
        if expected["pyxform"] != "ok":
            continue
        tried += 1
        document = read_document(path, name)
        written = write_xlsx(document)
        again = f"{Path(name).stem}.xlsx"
        assert read_document(written, again) == document, name
        assert from_json(json.loads(json.dumps(to_json(document)))) == document, name
        assert write_xlsx(document) == written, name
        if expected.get("odk_validate") == "ok":
            xform = _same(read_form(path, name).xform)
            assert _same(read_form(written, again).xform) == xform, name
            assert _same(form_of(document).xform) == xform, name
    assert tried >= 20


ROWS = (
    {"type": "begin repeat", "name": "person", "label::中文 (zh)": "家人", "label::English (en)": "Relative"},
    {"type": "text", "name": "who", "label::中文 (zh)": "称呼", "label::English (en)": "Who", "hint": "h"},
    {"type": "end repeat"},
    {"type": "note", "label::中文 (zh)": "谢谢", "label::English (en)": "Thanks"},
    {"type": "select_one yn or_other", "name": "s", "label::中文 (zh)": "选", "media::image::English (en)": "a.png"},
    {"type": "range", "name": "r", "label::中文 (zh)": "几分", "parameters": "start=1 end=5 step=1", "bind::x": "7"},
)  # fmt: skip


def _document() -> FormDocument:
    return read_document(form_bytes(ROWS, settings={"form_title": "T", "form_id": "t"}), "f.md")


def test_a_document_says_what_the_sheets_say() -> None:
    document = _document()
    assert document.languages == ("中文 (zh)", "English (en)")
    repeat, note, one, scale = document.items
    assert (repeat.type, repeat.items[0].name, repeat.items[0].text("hint")) == ("repeat", "who", {"default": "h"})
    assert note.name == "generated_note_name_5"
    assert (one.type, one.list, one.or_other, one.text("image")) == (
        "select_one",
        "yn",
        True,
        {"English (en)": "a.png"},
    )
    assert (scale.rule("parameters"), scale.more) == ("start=1 end=5 step=1", {"bind::x": "7"})
    assert document.settings == {"title": "T", "id_string": "t"}
    assert [node.uid for node in document.walk()] == ["n1", "n2", "n3", "n4", "n5"]
    assert document.used_files() == ["a.png"]


def test_what_xlsform_has_no_column_for_stands_in_a_sheet_of_its_own() -> None:
    document = _document()
    marked = replace(document.items[2], bank="I-night", texts={**document.items[2].texts, "alt": {"中文 (zh)": "图"}})
    lists = {**document.lists, "yn": (Option("y", {"label": {"default": "Y"}, "alt": {"default": "tick"}}),)}
    changed = replace(document, items=(*document.items[:2], marked, document.items[3]), lists=lists)
    written = write_xlsx(changed)
    assert read_document(written, "f.xlsx") == changed
    assert changed.sha256 != document.sha256
    # Form engines pass the sheet over.
    assert read_form(written, "f.xlsx").xform == form_of(changed).xform


def test_uids_stay_and_new_nodes_get_their_own() -> None:
    document = _document()
    added = replace(document, items=(*document.items, replace(document.items[1], uid="", name="again")))
    assert [node.uid for node in added.with_uids().walk()] == ["n1", "n2", "n3", "n4", "n5", "n6"]
    assert document.find("n2") == document.items[0].items[0]


def test_another_schema_is_refused() -> None:
    with pytest.raises(Problem, match="qiao-form/9"):
        from_json({**to_json(_document()), "schema": "qiao-form/9"})


def test_cells_that_look_like_formulas_are_written_as_text() -> None:
    document = read_document(form_bytes(({"type": "text", "name": "q", "label": "=1+1", "hint": "+x"},)), "f.md")
    assert read_document(write_xlsx(document), "f.xlsx").items[0].text("label") == {"default": "=1+1"}
