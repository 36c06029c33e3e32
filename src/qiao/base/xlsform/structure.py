"""Faults of the sheets themselves: types, names, lists, groups, references. All of them, each with its row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pyxform import aliases
from pyxform.parsing.expression import is_xml_tag
from pyxform.question_type_dictionary import QUESTION_TYPE_DICT
from pyxform.xls2json import RE_BEGIN_CONTROL, RE_END_CONTROL, RE_OSM, RE_SELECT

from qiao.base.problems import Place, Problem
from qiao.base.xlsform.errors import ExpressionError, noop
from qiao.base.xlsform.faults import expression_fault
from qiao.base.xlsform.grammar import REFERENCE, parse
from qiao.base.xlsform.sheets import Sheets

_FILES = (".csv", ".xml", ".geojson")
_COLUMNS = {
    ("bind", "relevant"): "relevant",
    ("bind", "constraint"): "constraint",
    ("bind", "calculate"): "calculation",
    ("choice_filter",): "choice_filter",
    ("control", "jr:count"): "repeat_count",
}


def structure_faults(sheets: Sheets) -> list[Problem]:
    """Every fault of the sheets themselves. Only asked when pyxform refused the form: it is the judge of validity."""
    return [*_Survey(sheets).faults(), *_choice_faults(sheets)]


def _at(row: Mapping[str, Any], *keys: str) -> Any:
    value: Any = row
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


class _Survey:
    """One walk over the survey sheet."""

    def __init__(self, sheets: Sheets) -> None:
        self.sheets = sheets
        self.lists = {str(row.get("list name", "")) for row in sheets.choices}
        self.names = {str(row["name"]) for row in sheets.survey if row.get("name") is not None} | {"instanceID"}
        self.found: list[Problem] = []

    def _fault(
        self, row: Mapping[str, Any], column: str, message: str, hint: str | None = None, **params: object
    ) -> None:
        place = Place(self.sheets.source, "survey", int(row["__row"]), column)
        self.found.append(Problem(message, place=place, hint=hint, **params))

    def faults(self) -> list[Problem]:
        """Walk the rows and return what was found."""
        if not any(row.get("type") for row in self.sheets.survey):
            return []  # the column is missing: pyxform says so, and nothing else can be judged
        open_groups: list[tuple[str, Mapping[str, Any], dict[str, int]]] = []
        seen: dict[str, int] = {}
        for row in self.sheets.survey:
            if aliases.yes_no.get(row.get("disabled", "no"), False):
                continue
            written = str(row.get("type") or "").strip()
            written = aliases._type_alias_map.get(written, written)
            if not written:
                if row.get("name") or row.get("label"):
                    self._fault(
                        row,
                        "type",
                        noop("The row has no type."),
                        noop("Write what kind of question it is, such as text."),
                    )
                continue
            ends, begins = RE_END_CONTROL.search(written), RE_BEGIN_CONTROL.search(written)
            if ends:
                wanted = aliases.control[ends["type"]]
                if not open_groups or open_groups[-1][0] != wanted:
                    self._fault(row, "type", noop("This ends a %(what)s that was not begun."), what=wanted)
                else:
                    open_groups.pop()
                continue
            if aliases.settings_header.get(written):
                continue
            self._name(row, written, open_groups[-1][2] if open_groups else seen)
            self._expressions(row)
            if begins:
                open_groups.append((aliases.control[begins["type"]], row, {}))
            else:
                self._type(row, written)
                self._label(row, written)
        for what, row, _ in open_groups:
            self._fault(
                row,
                "type",
                noop("This %(what)s is never ended."),
                noop("Add a row with the type end %(what)s."),
                what=what,
            )
        return self.found

    def _name(self, row: Mapping[str, Any], written: str, seen: dict[str, int]) -> None:
        name = row.get("name")
        if name is None or name == "":
            if written not in {"note", "audit"}:
                self._fault(
                    row, "name", noop("The row has no name."), noop("Give it a short name of letters and digits.")
                )
            return
        if not is_xml_tag(str(name)):
            self._fault(
                row, "name", noop("'%(name)s' cannot be a name."),
                noop("Begin with a letter or underscore; use letters, digits, _, - and . only."), name=name,
            )  # fmt: skip
        if str(name) in seen:
            self._fault(
                row,
                "name",
                noop("The name '%(name)s' is already used in row %(first)d."),
                name=name,
                first=seen[str(name)],
            )
        seen.setdefault(str(name), int(row["__row"]))

    def _type(self, row: Mapping[str, Any], written: str) -> None:
        select = RE_SELECT.search(written)
        if select:
            wanted = select["list_name"]
            external = "external" in select["select_command"] or wanted.endswith(_FILES) or "${" in wanted
            if wanted not in self.lists and not external:
                close = get_close_matches(wanted, self.lists, 1)
                hint = noop("Did you mean %(close)s?") if close else noop("Add it to the sheet choices.")
                self._fault(
                    row,
                    "type",
                    noop("There is no choice list '%(wanted)s'."),
                    hint,
                    wanted=wanted,
                    close="".join(close),
                )
            return
        if RE_OSM.search(written) or written in QUESTION_TYPE_DICT:
            return
        if written in aliases.select:
            self._fault(
                row,
                "type",
                noop("'%(written)s' names no choice list."),
                noop("Write %(written)s LIST."),
                written=written,
            )
            return
        close = get_close_matches(
            written.lower(), [*QUESTION_TYPE_DICT, "select_one LIST", "select_multiple LIST", "begin group"], 1
        )
        hint = noop("Did you mean %(close)s?") if close else noop("See the list of question types at xlsform.org.")
        self._fault(
            row, "type", noop("There is no question type '%(written)s'."), hint, written=written, close="".join(close)
        )

    def _label(self, row: Mapping[str, Any], written: str) -> None:
        control = QUESTION_TYPE_DICT.get(written, {}).get("control")
        asked = bool(RE_SELECT.search(written)) or (control is not None and control.get("tag") not in {None, "action"})
        silent = any(_at(row, *keys) for keys in (("bind", "calculate"), ("trigger",), ("default",)))
        if asked and not silent and not any(row.get(key) for key in ("label", "hint", "guidance_hint", "media")):
            self._fault(row, "label", noop("The question has neither label nor hint."), noop("Write what is asked."))

    def _expressions(self, row: Mapping[str, Any]) -> None:
        unknown: set[str] = set()
        for column, source in _strings(row):
            for found in REFERENCE.finditer(source):
                if found[2] not in self.names and found[2] not in unknown:
                    unknown.add(found[2])
                    close = get_close_matches(found[2], self.names, 1)
                    self._fault(
                        row, column, noop("There is no question named '%(name)s'."),
                        noop("Did you mean ${%(close)s}?") if close else None, name=found[2], close="".join(close),
                    )  # fmt: skip
        for keys, column in _COLUMNS.items():
            source = _at(row, *keys)
            if isinstance(source, str) and source.strip() and not aliases.yes_no.get(source.strip()):
                try:
                    parse(REFERENCE.sub(" /x/y ", source).strip())
                except ExpressionError as fault:
                    place = Place(self.sheets.source, "survey", int(row["__row"]), column)
                    self.found.append(expression_fault(place, fault, source))


def _strings(value: Any, column: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield column, value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            if key not in {"name", "__row"}:
                yield from _strings(part, _COLUMNS.get((column, str(key)), f"{column}::{key}") if column else str(key))


_SPACE = re.compile(r"\s")


def _choice_faults(sheets: Sheets) -> list[Problem]:
    multiple = {
        found["list_name"]
        for row in sheets.survey
        if (found := RE_SELECT.search(str(row.get("type") or "")))
        and aliases.select[found["select_command"]] != "select one"
    }
    faults: list[Problem] = []
    seen: dict[tuple[str, str], int] = {}
    for row in sheets.choices:
        listed, name, number = row.get("list name"), row.get("name"), int(row["__row"])
        place = Place(sheets.source, "choices", number, "name")
        if not listed and not name:
            continue
        if not listed:
            faults.append(
                Problem("The choice belongs to no list.", place=Place(sheets.source, "choices", number, "list_name"))
            )
            continue
        if name is None or name == "":
            faults.append(Problem("The choice has no name.", place=place, hint="Give it a short name or number."))
            continue
        key = (str(listed), str(name))
        if key in seen:
            faults.append(
                Problem(
                    "The choice '%(name)s' is already in row %(first)d of its list.",
                    place=place,
                    name=name,
                    first=seen[key],
                )
            )
        seen.setdefault(key, number)
        if str(listed) in multiple and _SPACE.search(str(name)):
            faults.append(
                Problem(
                    "'%(name)s' has a space in it.",
                    place=place,
                    hint="Write it without, as in %(good)s.",
                    name=name,
                    good=_SPACE.sub("_", str(name)),
                )
            )
    return faults


def name_faults(sheets: Sheets) -> list[Problem]:
    """Columns of the choices sheet whose header cannot be a name; pyxform makes elements of them unseen."""
    headers = dict.fromkeys(key for row in sheets.choices for key in row)
    return [
        Problem(
            "The column '%(header)s' cannot be a name.",
            place=Place(sheets.source, "choices", 1, header),
            hint="Begin with a letter or underscore; use letters, digits, _, - and . only.",
            header=header,
        )
        for header in headers
        if header not in {"__row", "list name"} and not is_xml_tag(header.partition("::")[0])
    ]
