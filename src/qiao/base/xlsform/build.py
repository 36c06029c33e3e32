"""From pyxform's description of a form to our records, each with its row in the sheet."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pyxform.question_type_dictionary import QUESTION_TYPE_DICT

from qiao.base.xlsform.model import DEFAULT, Choice, ChoiceList, Group, Item, Question, Repeat, Texts

_YES = frozenset({"true()", "yes", "true"})
_NO = frozenset({"", "no", "false", "false()"})

_SELECTS = {
    "select one": "select_one",
    "select all that apply": "select_multiple",
    "select one external": "select_one_external",
    "rank": "rank",
}
_BY_BIND = {"int": "integer", "decimal": "decimal", "date": "date", "time": "time", "dateTime": "datetime"}
_BY_MEDIA = {"image": "image", "audio": "audio", "video": "video", "osm": "osm"}
_OR_OTHER = ("or_other", "or other", "or specify other")
_PRELOADS = {"start": "start", "end": "end", "today": "today"}


def kind(written: str) -> str:
    """The canonical kind of a type as pyxform names it (`select one` → `select_one`, `q string` → `text`)."""
    if written in _SELECTS:
        return _SELECTS[written]
    if written in {"range", "note", "hidden", "calculate", "audit", "osm", "start-geopoint", "background-audio",
                   "background-geopoint", "xml-external", "csv-external"}:  # fmt: skip
        return written
    entry: Mapping[str, Any] = QUESTION_TYPE_DICT.get(written, {})
    control, bind = entry.get("control", {}), entry.get("bind", {})
    if "jr:preload" in bind:
        preload = bind.get("jr:preloadParams", "")
        return _PRELOADS.get(preload) or _PRELOADS.get(str(bind["jr:preload"])) or preload.removeprefix("uri:")
    tag = control.get("tag")
    if tag == "upload":
        return _BY_MEDIA.get(str(control.get("mediatype", "")).partition("/")[0], "file")
    if tag == "trigger":
        return "acknowledge"
    bound = str(bind.get("type", "string"))
    if bound == "string" and bind.get("readonly"):
        return "note"
    if bound == "string" and tag is None:
        return "calculate" if "calculate" in written else "hidden"
    return _BY_BIND.get(bound, "text" if bound == "string" else bound)


def texts(value: object) -> Texts:
    """A label as pyxform gives it (text, or texts by language) as texts by language."""
    if isinstance(value, Mapping):
        return {str(language): str(text) for language, text in value.items() if isinstance(text, str)}
    return {} if value is None else {DEFAULT: str(value)}


def media(described: Mapping[str, Any]) -> dict[str, Texts]:
    """The files a label comes with, by kind (image, audio, …) and language."""
    return {str(kind): texts(value) for kind, value in (described.get("media") or {}).items() if value}


def build_lists(
    choices: Mapping[str, Sequence[Mapping[str, Any]]],
    rows: Iterable[Mapping[str, Any]],
    alts: Mapping[str, Texts] | None = None,
) -> dict[str, ChoiceList]:
    """The choice lists, each choice with its row in the sheet. ``alts``: texts of pictures by ``list/choice``."""
    at: dict[tuple[str, str], deque[int]] = defaultdict(deque)
    for row in rows:
        at[str(row.get("list name", "")), str(row.get("name", ""))].append(int(row["__row"]))
    built = {}
    for name, options in choices.items():
        made = []
        for option in options:
            queue = at[name, str(option.get("name", ""))]
            columns = {
                key: str(value)
                for key, value in option.items()
                if key not in {"label", "media"} and isinstance(value, str)
            }
            made.append(
                Choice(
                    str(option.get("name", "")),
                    texts(option.get("label")),
                    columns,
                    queue.popleft() if queue else None,
                    media(option),
                    (alts or {}).get(f"{name}/{option.get('name', '')}", {}),
                )
            )
        built[name] = ChoiceList(name, tuple(made))
    return built


class Builder:
    """Walks pyxform's tree once. ``rows`` are the survey sheet's rows with their numbers, in order."""

    def __init__(self, root: str, rows: Iterable[Mapping[str, Any]], alts: Mapping[str, Texts] | None = None) -> None:
        self.root = root
        self._alts = alts or {}
        self._rows: dict[str, deque[int]] = defaultdict(deque)
        self._or_other: set[int] = set()
        for row in rows:
            written = str(row.get("type", ""))
            if not written.lower().startswith("end ") and not written.lower().startswith("end_"):
                self._rows[str(row.get("name", ""))].append(int(row["__row"]))
                if written.endswith(_OR_OTHER):
                    self._or_other.add(int(row["__row"]))
        self._names: Counter[str] = Counter()
        self._keys: set[str] = set()

    def build(self, children: Sequence[Mapping[str, Any]]) -> tuple[Item, ...]:
        """The items of the form, without its `meta` block."""
        self._count(children)
        return self._items(children, f"/{self.root}", None)

    def _count(self, children: Iterable[Mapping[str, Any]]) -> None:
        for child in children:
            inner = child.get("children")
            if inner is None or child.get("type") == "repeat":
                self._names[str(child.get("name", ""))] += 1
            if inner is None:
                continue
            times = len(child["columns"]) if child.get("type") == "loop" else 1
            for _ in range(times):
                self._count(inner)

    def _row(self, name: str) -> int | None:
        queue = self._rows.get(name)
        if queue:
            return queue.popleft()
        number = name.rpartition("_")[2]
        return int(number) if name.startswith("generated_") and number.isdecimal() else None

    def _items(self, children: Iterable[Mapping[str, Any]], path: str, inherited: int | None) -> tuple[Item, ...]:
        made: list[Item] = []
        for child in children:
            name = str(child.get("name", ""))
            if child.get("control", {}).get("bodyless") or (name == "meta" and path == f"/{self.root}"):
                continue
            made.append(self._item(child, name, path, inherited))
        return tuple(made)

    def _item(self, child: Mapping[str, Any], name: str, path: str, inherited: int | None) -> Item:
        row = self._row(name)
        row = inherited if row is None else row
        below = f"{path}/{name}"
        bind = child.get("bind", {})
        written = str(child.get("type", ""))
        if written not in {"group", "repeat", "loop"}:
            return self._question(child, name, below, written, row)
        inner = child.get("children", ())
        if written == "loop":
            items: tuple[Item, ...] = tuple(self._column(inner, column, below, row) for column in child["columns"])
        else:
            items = self._items(inner, below, row if inherited else None)
        common = {
            "name": name,
            "path": below,
            "items": items,
            "label": texts(child.get("label")),
            "hint": texts(child.get("hint")),
            "relevant": bind.get("relevant"),
            "appearance": str(child.get("control", {}).get("appearance", "")),
            "row": row,
        }
        if written == "repeat":
            return Repeat(**common, count=child.get("control", {}).get("jr:count"), key=self._key(name, below))
        return Group(**common)

    def _column(
        self, inner: Sequence[Mapping[str, Any]], column: Mapping[str, Any], path: str, row: int | None
    ) -> Group:
        """One pass of a loop: its questions with the choice's name and label put in."""
        name = str(column["name"])
        labels = texts(column.get("label"))

        def fill(value: Any, language: str = DEFAULT) -> Any:
            if isinstance(value, Mapping):
                return {key: fill(part, str(key)) for key, part in value.items()}
            if not isinstance(value, str):
                return value
            return value.replace("%(name)s", name).replace(
                "%(label)s", labels.get(language) or next(iter(labels.values()), "")
            )

        below = f"{path}/{name}"
        return Group(name, below, self._items([fill(child) for child in inner], below, row), labels, row=row)

    def _key(self, name: str, path: str) -> str:
        key = name if self._names[name] == 1 else ".".join(path.split("/")[2:])
        while key in self._keys:
            key += "_"
        self._keys.add(key)
        return key

    def _question(self, child: Mapping[str, Any], name: str, path: str, written: str, row: int | None) -> Question:
        entry: Mapping[str, Any] = QUESTION_TYPE_DICT.get(written, {})
        bind = {**entry.get("bind", {}), **child.get("bind", {})}
        listed = child.get("itemset") or child.get("list_name")
        required = str(bind.get("required", "")).strip()
        parameters = child.get("parameters") or {}
        if isinstance(parameters, str):
            parameters = dict(part.split("=", 1) for part in parameters.replace(",", " ").split() if "=" in part)
        made = kind(written)
        if made == "range":
            parameters = {**entry.get("parameters", {}), **parameters}
        return Question(
            name=name,
            key=self._key(name, path),
            path=path,
            type=made,
            label=texts(child.get("label")),
            hint=texts(child.get("hint") or entry.get("hint")),
            choices=str(listed) if listed else None,
            relevant=bind.get("relevant"),
            constraint=bind.get("constraint"),
            constraint_message=texts(bind.get("jr:constraintMsg")),
            required=None if required.lower() in _NO else "true()" if required.lower() in _YES else required,
            required_message=texts(bind.get("jr:requiredMsg")),
            calculation=bind.get("calculate"),
            default=child.get("default"),
            appearance=str(child.get("control", {}).get("appearance", "")),
            read_only=str(bind.get("readonly", "")).lower() in _YES,
            choice_filter=child.get("choice_filter"),
            parameters={str(key): str(value) for key, value in parameters.items()},
            or_other=row in self._or_other,
            trigger=str(child["trigger"]) if child.get("trigger") else None,
            row=row,
            guidance=texts(child.get("guidance_hint")),
            media=media(child),
            alt=self._alts.get(name, {}),
        )
