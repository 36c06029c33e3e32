"""From the sheets of a workbook to a document. Whether the questionnaire is right is judged elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyxform import aliases
from pyxform.parsing.sheet_headers import dealias_and_group_headers
from pyxform.question import MultipleChoiceQuestion
from pyxform.question import Option as PyxformOption
from pyxform.survey import Survey
from pyxform.xls2json import RE_BEGIN_CONTROL, RE_END_CONTROL, RE_SELECT

from qiao.base.xlsform.document import MEDIA, FormDocument, Node, Option, Texts
from qiao.base.xlsform.model import DEFAULT
from qiao.base.xlsform.workbook import Workbook

Flat = Mapping[tuple[str, ...], str]

TEXT_COLUMNS: dict[tuple[str, ...], str] = {
    ("label",): "label",
    ("hint",): "hint",
    ("guidance_hint",): "guidance_hint",
    ("bind", "jr:constraintMsg"): "constraint_message",
    ("bind", "jr:requiredMsg"): "required_message",
    **{("media", kind): kind for kind in MEDIA},
}
"""Where pyxform puts the columns that have a text for each language."""

LOGIC_COLUMNS: dict[tuple[str, ...], str] = {
    ("bind", "relevant"): "relevant",
    ("bind", "constraint"): "constraint",
    ("bind", "required"): "required",
    ("bind", "calculate"): "calculation",
    ("bind", "readonly"): "read_only",
    ("choice_filter",): "choice_filter",
    ("default",): "default",
    ("control", "appearance"): "appearance",
    ("control", "jr:count"): "repeat_count",
    ("parameters",): "parameters",
    ("trigger",): "trigger",
}
"""Where it puts the columns of one value."""

COMMANDS = {"select one": "select_one", "select all that apply": "select_multiple",
            "select one external": "select_one_external", "rank": "rank"}  # fmt: skip
_FROM_FILE = {"select_one": "select_one_from_file", "select_multiple": "select_multiple_from_file"}
EXTRA_SHEETS = ("external_choices", "entities", "osm")
NOTES_SHEET = "qiao"
"""A sheet of our own: what XLSForm has no column for. Form engines do not read it."""


def document_of(workbook: Workbook) -> FormDocument:
    """The document of a workbook whose headers pyxform accepts; raises `PyXFormError` otherwise."""
    settings = _settings(workbook)
    clean = aliases.yes_no.get(settings.get("clean_text_values", "yes"), True)
    survey = _rows(workbook, "survey", aliases.survey_header, set(MultipleChoiceQuestion.get_slot_names()), clean)
    choices = _rows(workbook, "choices", aliases.list_header, {*PyxformOption.get_slot_names(), "list name"}, False)
    notes = Notes(workbook.notes)
    items = _Survey(notes, settings).items(survey)
    settings.setdefault("id_string", str(workbook.definition.fallback_form_name or "form"))
    settings.setdefault("title", settings["id_string"])
    lists: dict[str, list[Option]] = {}
    for number, row in choices:
        listed = row.get(("list name",), "")
        if listed or row.get(("name",)):
            lists.setdefault(listed, []).append(_option(row, number, listed, notes))
    made = FormDocument(
        settings=settings,
        items=items,
        lists={name: tuple(options) for name, options in lists.items()},
        sheets={
            name: tuple({key: str(value) for key, value in row.items() if value is not None} for row in rows)
            for name in EXTRA_SHEETS
            if (rows := workbook.sheet(name))
        },
    ).with_uids()
    return FormDocument(
        made.settings, _languages([row for _number, row in (*survey, *choices)]), made.items, made.lists, made.sheets
    )


def _settings(workbook: Workbook) -> dict[str, str]:
    rows = workbook.sheet("settings")
    if not rows:
        return {}
    grouped = dealias_and_group_headers(
        sheet_name="settings", sheet_data=rows, sheet_header=workbook.sheet("settings_header"),
        header_aliases=aliases.settings_header, header_columns=set(Survey.get_slot_names()),
    )  # fmt: skip
    return {"::".join(path): value for path, value in _flatten(grouped.data[0])}


def _rows(
    workbook: Workbook, sheet: str, header_aliases: Mapping[str, Any], columns: set[str], strip: bool
) -> list[tuple[int, Flat]]:
    grouped = dealias_and_group_headers(
        sheet_name=sheet, sheet_data=workbook.sheet(sheet), sheet_header=workbook.sheet(f"{sheet}_header"),
        header_aliases=dict(header_aliases), header_columns=columns, strip_whitespace=strip, add_row_number=True,
    )  # fmt: skip
    found: list[tuple[int, Flat]] = []
    for row in grouped.data:
        cells = dict(_flatten({key: value for key, value in row.items() if key != "__row"}))
        if cells:
            found.append((int(row["__row"]), cells))
    return found


def _flatten(value: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    for key, part in value.items():
        if isinstance(part, Mapping):
            yield from _flatten(part, (*path, str(key)))
        elif part is not None and str(part) != "":
            # A column without language beside others with one comes as the language `default`.
            yield ((*path, str(key)) if str(key) != DEFAULT or not path else path), str(part)


def _split(row: Flat) -> tuple[dict[str, Texts], dict[str, str], dict[str, str]]:
    """A row's texts by field and language, its logic, and every other column by header."""
    texts: dict[str, dict[str, str]] = {}
    logic: dict[str, str] = {}
    more: dict[str, str] = {}
    for path, value in row.items():
        if path in LOGIC_COLUMNS:
            logic[LOGIC_COLUMNS[path]] = value
            continue
        for size in (len(path), len(path) - 1):
            name = TEXT_COLUMNS.get(path[:size])
            if name and size:
                texts.setdefault(name, {})[path[size] if size < len(path) else DEFAULT] = value
                break
        else:
            more["::".join(path)] = value
    return dict(texts), logic, more


def _languages(rows: Iterable[Flat]) -> tuple[str, ...]:
    """The languages that texts name, in the order in which they first appear."""
    found: dict[str, None] = {}
    for row in rows:
        for path in row:
            if path[:-1] in TEXT_COLUMNS:
                found.setdefault(path[-1])
    return tuple(found)


class _Survey:
    """One walk over the survey sheet."""

    def __init__(self, notes: Notes, settings: dict[str, str]) -> None:
        self.notes = notes
        self.settings = settings

    def items(self, rows: Iterable[tuple[int, Flat]]) -> tuple[Node, ...]:
        """The rows as a tree. Groups that are never ended end with the sheet; what ends nothing is passed over."""
        held: list[list[Node]] = [[]]
        begun: list[Node] = []

        def close() -> None:
            node, inner = begun.pop(), held.pop()
            held[-1].append(Node(**{**node.__dict__, "items": tuple(inner)}))

        for number, row in rows:
            written = row.get(("type",), "").strip()
            written = aliases._type_alias_map.get(written, written)
            if not written or aliases.yes_no.get(row.get(("disabled",), "no"), False):
                continue
            if RE_END_CONTROL.search(written):
                if begun:
                    close()
                continue
            setting = aliases.settings_header.get(written)
            if setting:
                self.settings[setting] = row.get(("name",), "")
                continue
            node = self._node(row, written, number)
            if node.holds:
                begun.append(node)
                held.append([])
            else:
                held[-1].append(node)
        while begun:
            close()
        return tuple(held[0])

    def _node(self, row: Flat, written: str, number: int) -> Node:
        texts, logic, more = _split(
            {path: value for path, value in row.items() if path not in {("type",), ("name",), ("disabled",)}}
        )
        kind, listed, other = split_type(written)
        name = row.get(("name",), "")
        if not name and kind in {"note", "audit"}:
            # pyxform names a note by its row; a note that moves must keep its name.
            name = "audit" if kind == "audit" else f"generated_note_name_{number}"
        return Node(
            type=kind, name=name, list=listed, or_other=other, logic=logic, more=more, row=number,
            texts=self.notes.added("survey", name, texts), bank=self.notes.bank(name),
        )  # fmt: skip


def split_type(written: str) -> tuple[str, str, bool]:
    """A type as written, as kind, list and whether "other" can be written in: ``select_one LIST or_other``."""
    begins = RE_BEGIN_CONTROL.search(written)
    if begins:
        return aliases.control[begins["type"]], begins["list_name"] or "", False
    select = RE_SELECT.search(written)
    if select:
        command = COMMANDS[aliases.select[select["select_command"]]]
        if select["select_command"] in aliases.select_from_file:
            command = _FROM_FILE[command]
        return command, select["list_name"], bool(select["specify_other"])
    if written.startswith("osm "):
        return "osm", written.removeprefix("osm ").strip(), False
    return written, "", False


def _option(row: Flat, number: int, listed: str, notes: Notes) -> Option:
    texts, logic, more = _split({path: value for path, value in row.items() if path not in {("list name",), ("name",)}})
    name = row.get(("name",), "")
    return Option(name, notes.added("choices", f"{listed}/{name}", texts), {**more, **logic}, number)


class Notes:
    """The rows of our own sheet: alternative texts of pictures and where a question was taken from."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        self._texts: dict[tuple[str, str], dict[str, dict[str, str]]] = {}
        self._banks: dict[str, str] = {}
        for row in rows:
            about, name, column = (row.get(key, "").strip() for key in ("sheet", "name", "column"))
            value = row.get("value", "").strip()
            if column == "bank" and about == "survey":
                self._banks[name] = value
            elif column == "alt" and value:
                held = self._texts.setdefault((about, name), {}).setdefault(column, {})
                held[row.get("language", "").strip() or DEFAULT] = value

    def added(self, about: str, name: str, texts: dict[str, Texts]) -> dict[str, Texts]:
        """Texts with what stands here of the same row."""
        return {**texts, **self._texts.get((about, name), {})}

    def alts(self, about: str) -> dict[str, Texts]:
        """What pictures show, by the name of the question or of the choice in its list."""
        return {name: texts["alt"] for (sheet, name), texts in self._texts.items() if sheet == about}

    def bank(self, name: str) -> str:
        """The bank item a question was taken from."""
        return self._banks.get(name, "")
