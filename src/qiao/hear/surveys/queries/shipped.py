"""Items and questionnaires that ship with the platform, read from ``data/bank.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from qiao.base.i18n import Localized, localized
from qiao.base.xlsform import FormDocument, Node, Option

_LOGIC = ("constraint", "parameters", "appearance")


@dataclass(frozen=True, slots=True)
class ShippedTemplate:
    """A ready-made questionnaire."""

    key: str
    title: Localized
    about: Localized
    document: FormDocument


@cache
def _data() -> Mapping[str, Any]:
    text = files("qiao.hear.surveys").joinpath("data/bank.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


def languages() -> tuple[str, ...]:
    """The languages of all that ships, as forms name them."""
    return tuple(_data()["languages"])


def _texts(pair: list[str]) -> dict[str, str]:
    return {language: text for language, text in zip(languages(), pair, strict=True) if text}


def _node(item: Mapping[str, Any]) -> Node:
    texts = {"label": _texts(item["label"])}
    if item.get("hint"):
        texts["hint"] = _texts(item["hint"])
    logic = item.get("logic", {})
    if logic.get("constraint_message"):
        texts["constraint_message"] = _texts(logic["constraint_message"])
    return Node(
        type=item["type"], name=item["key"], list=item.get("list", ""), texts=texts, bank=item["key"],
        logic={key: logic[key] for key in _LOGIC if logic.get(key)},
    )  # fmt: skip


def _options(item: Mapping[str, Any]) -> tuple[Option, ...]:
    return tuple(Option(str(name), {"label": _texts([zh, en])}) for name, zh, en in item.get("options", ()))


def shipped_items() -> list[tuple[str, str, Localized, FormDocument]]:
    """Key, topic, source and a document of the one question, of each item."""
    return [
        (
            item["key"],
            item["topic"],
            localized(*item.get("source", ["", ""])),
            FormDocument(
                languages=languages(),
                items=(_node(item),),
                lists={item["list"]: _options(item)} if item.get("list") else {},
            ),
        )
        for item in _data()["items"]
    ]


@cache
def shipped_templates() -> tuple[ShippedTemplate, ...]:
    """The ready-made questionnaires, built of items."""
    items = {item["key"]: item for item in _data()["items"]}
    made = []
    for template in _data()["templates"]:
        lists: dict[str, tuple[Option, ...]] = {}
        groups = []
        for row in template["rows"]:
            nodes = []
            for entry in row["items"]:
                wanted = {"item": entry} if isinstance(entry, str) else entry
                item = items[wanted["item"]]
                node = _node(item)
                logic = dict(node.logic)
                if wanted.get("relevant"):
                    logic["relevant"] = wanted["relevant"]
                if wanted.get("required"):
                    logic["required"] = "yes"
                nodes.append(Node(**{**node.__dict__, "logic": logic}))
                if item.get("list"):
                    lists[item["list"]] = _options(item)
            groups.append(
                Node(type="group", name=row["group"], texts={"label": _texts(row["label"])}, items=tuple(nodes))
            )
        made.append(
            ShippedTemplate(
                template["key"],
                localized(*template["title"]),
                localized(*template["about"]),
                FormDocument(
                    settings={"title": template["title"][0], "id_string": template["key"],
                              "default_language": languages()[0]},
                    languages=languages(), items=tuple(groups), lists=lists,
                ).with_uids(),
            )
        )  # fmt: skip
    return tuple(made)
