"""The questionnaire as the house keeps it: one JSON document with a versioned schema, whatever it was written in.

A document says the same as an XLSForm: every column of its sheets has its place here, so that a workbook can be read
into a document (`reading`) and written from it again (`writing`) without loss. The editor changes documents; `compile`
makes a `Form` of one, which is what pages ask.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from qiao.base.problems import Problem

SCHEMA = "qiao-form/1"
"""The schema of the JSON; a reader refuses others."""

TEXTS = (
    "label", "hint", "guidance_hint", "constraint_message", "required_message", "image", "big-image", "audio", "video",
    "alt",
)  # fmt: skip
"""Fields that have a text for each language. Media fields hold names of files; ``alt`` says what a picture shows."""

MEDIA = ("image", "big-image", "audio", "video")
"""The text fields that name files."""

LOGIC = (
    "relevant", "constraint", "required", "calculation", "choice_filter", "default", "appearance", "read_only",
    "parameters", "repeat_count", "trigger",
)  # fmt: skip
"""Fields of one value, as written in the column of that name."""

HOLDERS = frozenset({"group", "repeat", "loop"})
"""Types that hold other rows."""

Texts = Mapping[str, str]


@dataclass(frozen=True)
class Node:
    """One row of the survey sheet; a group, repeat or loop with the rows it holds.

    ``uid`` names the node while it is being edited and survives moves; ``row`` is where it stood in the file it was
    read from. Neither takes part in comparison. ``type`` is the type without its list (`select_one`, `integer`, …),
    ``list`` the choice list or file, ``more`` every other column by its header, ``bank`` the item of a question bank
    that it was taken from.
    """

    type: str
    name: str
    uid: str = field(default="", compare=False)
    list: str = ""
    or_other: bool = False
    texts: Mapping[str, Texts] = field(default_factory=dict)
    logic: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, str] = field(default_factory=dict)
    bank: str = ""
    items: tuple[Node, ...] = ()
    row: int | None = field(default=None, compare=False)

    def text(self, name: str) -> Texts:
        """The texts of one field by language."""
        return self.texts.get(name, {})

    def rule(self, name: str) -> str:
        """The value of one column of `LOGIC`; empty where there is none."""
        return self.logic.get(name, "")

    @property
    def holds(self) -> bool:
        """Whether other rows can stand in it."""
        return self.type in HOLDERS


@dataclass(frozen=True)
class Option:
    """One row of the choices sheet. ``columns`` are its further columns, which choice filters read."""

    name: str
    texts: Mapping[str, Texts] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    row: int | None = field(default=None, compare=False)

    def text(self, name: str) -> Texts:
        """The texts of one field by language."""
        return self.texts.get(name, {})


@dataclass(frozen=True)
class FormDocument:
    """A whole questionnaire. ``settings`` are the settings sheet's columns by pyxform's names (`title`, `id_string`).

    ``sheets`` are the sheets only apps read (external_choices, entities, osm), row by row as written. ``files`` are the
    media files that belong to it: name → {"sha256", "type", "size"}.
    """

    settings: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    items: tuple[Node, ...] = ()
    lists: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    sheets: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)
    files: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    def walk(self) -> Iterator[Node]:
        """Every node, each group before what it holds."""
        stack = list(reversed(self.items))
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.items))

    def find(self, uid: str) -> Node | None:
        """The node with this uid."""
        return next((node for node in self.walk() if node.uid == uid), None)

    def used_files(self) -> list[str]:
        """Names of the media files that labels and choices refer to, each once, in order."""
        holders: list[Node | Option] = [*self.walk(), *(option for held in self.lists.values() for option in held)]
        return list(
            dict.fromkeys(
                name for holder in holders for kind in MEDIA for name in holder.text(kind).values() if name.strip()
            )
        )

    def with_uids(self) -> FormDocument:
        """The same with a uid for every node that has none; those there are stay."""
        taken = {node.uid for node in self.walk()} - {""}
        number = max((int(uid[1:]) for uid in taken if uid[:1] == "n" and uid[1:].isdecimal()), default=0)

        def named(node: Node) -> Node:
            nonlocal number
            uid = node.uid
            if not uid:
                number += 1
                uid = f"n{number}"
            return replace(node, uid=uid, items=tuple(named(inner) for inner in node.items))

        return replace(self, items=tuple(named(node) for node in self.items))

    @property
    def sha256(self) -> str:
        """The hash of what it says: uids and rows do not count."""
        return hashlib.sha256(canonical(to_json(self, plain=True)).encode()).hexdigest()


def canonical(value: object) -> str:
    """JSON in one form only: sorted keys, no blanks, signs as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _filled(found: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if value not in ("", None, (), [], {}, False)}


def _node_json(node: Node, plain: bool) -> dict[str, Any]:
    return _filled(
        {
            "type": node.type,
            "name": node.name,
            "uid": "" if plain else node.uid,
            "list": node.list,
            "or_other": node.or_other,
            "texts": {key: dict(texts) for key, texts in node.texts.items()},
            "logic": dict(node.logic),
            "more": dict(node.more),
            "bank": node.bank,
            "items": [_node_json(inner, plain) for inner in node.items],
            "row": None if plain else node.row,
        }
    )


def _option_json(option: Option, plain: bool) -> dict[str, Any]:
    return _filled(
        {
            "name": option.name,
            "texts": {key: dict(texts) for key, texts in option.texts.items()},
            "columns": dict(option.columns),
            "row": None if plain else option.row,
        }
    )


def to_json(document: FormDocument, *, plain: bool = False) -> dict[str, Any]:
    """The document as JSON. ``plain`` leaves out uids and rows, which say nothing about the questionnaire itself."""
    return {
        "schema": SCHEMA,
        "settings": dict(document.settings),
        "languages": list(document.languages),
        "items": [_node_json(node, plain) for node in document.items],
        # A list of lists: JSON in the database does not keep the order of keys.
        "lists": [[name, [_option_json(option, plain) for option in held]] for name, held in document.lists.items()],
        "sheets": {name: [dict(row) for row in rows] for name, rows in document.sheets.items()},
        "files": {name: dict(facts) for name, facts in document.files.items()},
    }


def _node(found: Mapping[str, Any]) -> Node:
    return Node(
        type=found["type"],
        name=found.get("name", ""),
        uid=found.get("uid", ""),
        list=found.get("list", ""),
        or_other=found.get("or_other", False),
        texts=found.get("texts", {}),
        logic=found.get("logic", {}),
        more=found.get("more", {}),
        bank=found.get("bank", ""),
        items=tuple(_node(inner) for inner in found.get("items", ())),
        row=found.get("row"),
    )


def from_json(found: Mapping[str, Any]) -> FormDocument:
    """Read the JSON of `to_json`. Raises `Problem` for another schema."""
    if found.get("schema") != SCHEMA:
        raise Problem("The questionnaire is written in the schema %(schema)s, which is not known here.",
                      schema=str(found.get("schema")))  # fmt: skip
    return FormDocument(
        settings=found["settings"],
        languages=tuple(found["languages"]),
        items=tuple(_node(node) for node in found["items"]),
        lists={
            name: tuple(
                Option(o.get("name", ""), o.get("texts", {}), o.get("columns", {}), o.get("row")) for o in options
            )
            for name, options in found["lists"]
        },
        sheets={name: tuple(rows) for name, rows in found.get("sheets", {}).items()},
        files=found.get("files", {}),
    )
