"""What the expressions of a form may refer to."""

from __future__ import annotations

import re

from qiao.base.xlsform.context import Scope
from qiao.base.xlsform.model import DEVICE, METADATA, Form, Question, Repeat

NO_FIELD = frozenset({"note", "calculate", "hidden", "xml-external", "csv-external", *METADATA, *DEVICE})
"""Kinds without a field on a page."""

_INSTANCE = re.compile(r'<instance id="([^"]+)"')


def is_heading(question: Question) -> bool:
    """The row of column heads that pyxform puts above a table of questions: it holds no answer."""
    return question.name.startswith("reserved_name_for_field_list_labels_")


def scope_of(form: Form) -> Scope:
    """The scope of a form: its paths, names, choice lists and the fields a page would show."""
    nodes: dict[str, str | None] = {f"/{form.root}": None}
    names: dict[str, str] = {"instanceID": f"/{form.root}/meta/instanceID"}
    lists: dict[str, str] = {}
    repeats = set()
    shown = set()
    for item in form.walk():
        names[item.name] = "" if item.name in names else item.path
        if isinstance(item, Question):
            nodes[item.path] = item.key
            if item.choices:
                lists[item.path] = item.choices
            if item.type not in NO_FIELD and not item.read_only and not is_heading(item):
                shown.add(item.key)
        else:
            nodes[item.path] = None
            if isinstance(item, Repeat):
                repeats.add(item.path)
                if item.count and "${" not in item.count:
                    nodes[f"{item.path}_count"] = None
                    names.setdefault(f"{item.name}_count", f"{item.path}_count")
    return Scope(
        root=form.root,
        nodes=nodes,
        names=names,
        repeats=frozenset(repeats),
        columns={
            name: tuple(
                {**choice.columns, "name": choice.name, "label": form.text(choice.label, form.default_language)}
                for choice in held.choices
            )
            for name, held in form.lists.items()
        },
        labels={name: {choice.name: choice.label for choice in held.choices} for name, held in form.lists.items()},
        lists=lists,
        client=frozenset(shown),
        instances=frozenset(_INSTANCE.findall(form.xform)) | frozenset(form.lists),
    )
