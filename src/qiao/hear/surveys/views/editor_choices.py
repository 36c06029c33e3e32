"""The answers of a question in the editor: their rows, pictures, and which are offered after an earlier answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from qiao.base.problems import Problem
from qiao.base.xlsform import FormDocument, Node, Option
from qiao.base.xlsform.edit import free_name, list_users, name_for

if TYPE_CHECKING:
    from qiao.hear.surveys.views.editor_page import QuestionPage

#: The column of the choices sheet that says to which earlier answer an answer belongs, where none is named yet.
COLUMN = "belongs_to"
_PLAIN = re.compile(r"(?P<column>\w+)\s*=\s*\$\{(?P<name>[^}]+)\}(?:\s+or\s+(?P=column)\s*=\s*'')?")
_TURNED = re.compile(r"\$\{(?P<name>[^}]+)\}\s*=\s*(?P<column>\w+)")


def read_filter(expression: str) -> tuple[str, str] | None:
    """The column and the earlier question of a plain filter; two empty texts for none; None where it says more."""
    text = expression.strip()
    if not text:
        return "", ""
    found = _PLAIN.fullmatch(text) or _TURNED.fullmatch(text)
    return (found["column"], found["name"]) if found else None


def write_filter(column: str, name: str) -> str:
    """Offered are the answers that belong to the earlier answer, and those that belong to none."""
    return f"{column} = ${{{name}}} or {column} = ''"


def earlier_choices(document: FormDocument, node: Node) -> list[Node]:
    """The questions with one answer that stand before this one: answers can depend on them."""
    found: list[Node] = []
    for each in document.walk():
        if each.uid == node.uid:
            break
        if each.type == "select_one" and each.list in document.lists:
            found.append(each)
    return found


def choices_of(
    post: Mapping[str, str], page: QuestionPage, wanted: str
) -> tuple[str, tuple[Option, ...], str | None]:  # fmt: skip
    """The list's name, its answers, and the filter (None: as it was) as the page's fields say. Raises Problem."""
    node, document = page.node, page.document
    chosen = post.get("list", "").strip()
    if chosen and chosen != node.list and chosen in document.lists:
        return chosen, document.lists[chosen], None
    if "choice-name-0" not in post:
        return node.list, document.lists.get(node.list, ()), None
    options = _rows(post, page)
    _check(options, wanted)
    column, filtered = COLUMN, None
    if "depends" in post:
        before = read_filter(node.rule("choice_filter")) or ("", "")
        column, name = before[0] or COLUMN, post["depends"].strip()
        if name and name not in {each.name for each in earlier_choices(document, node)}:
            raise Problem("Answers can depend on an earlier question with one answer.")
        options = tuple(_placed(option, column, name != before[1] or not name) for option in options)
        unchanged = name and name == before[1]
        filtered = node.rule("choice_filter") if unchanged else write_filter(column, name) if name else ""
    listed = node.list or free_name(set(document.lists), f"{node.name or 'q'}_list")
    shared = [each for each in list_users(document, node.list) if each.uid != node.uid] if node.list else []
    if shared and post.get("own_list"):
        listed = free_name(set(document.lists), f"{node.name}_list")
    return listed, options, filtered


def _rows(post: Mapping[str, str], page: QuestionPage) -> tuple[Option, ...]:
    node, document = page.node, page.document
    old = {option.name: option for option in document.lists.get(node.list, ())}
    column = (read_filter(node.rule("choice_filter")) or ("", ""))[0] or COLUMN
    rows: list[tuple[float, Option]] = []
    taken: set[str] = {post[key].strip() for key in post if key.startswith("choice-name-")}
    number = 0
    while f"choice-name-{number}" in post and number < 2_000:
        name = post[f"choice-name-{number}"].strip()
        said = {key: post.get(f"choice-{number}-{place}", "").strip() for place, key, _shown in page.languages}
        said = {key: text for key, text in said.items() if text}
        place = _number(post.get(f"choice-place-{number}", ""), number + 1)
        image, belongs = post.get(f"choice-image-{number}"), post.get(f"choice-of-{number}")
        number += 1
        if not name and not said:
            continue
        if not name:
            name = name_for(next((text for text in said.values() if text.isascii()), ""), taken, stem="a")
            taken.add(name)
        before = old.get(name, Option(name))
        texts = {**before.texts, "label": said}
        if image is not None:
            texts["image"] = {key: image.strip() for _place, key, _shown in page.languages} if image.strip() else {}
        columns = dict(before.columns)
        if belongs is not None:
            columns[column] = belongs.strip()
        rows.append((
            place,
            replace(
                before, texts={key: each for key, each in texts.items() if each},
                columns={key: text for key, text in columns.items() if text},
            ),
        ))  # fmt: skip
    return tuple(option for _place, option in sorted(rows, key=lambda row: row[0]))


def _placed(option: Option, column: str, anew: bool) -> Option:
    """The answer without its place under an earlier answer, where that question is another now."""
    if not anew or column not in option.columns:
        return option
    return replace(option, columns={key: text for key, text in option.columns.items() if key != column})


def _check(options: Sequence[Option], wanted: str) -> None:
    names = [option.name for option in options]
    doubled = [name for name in names if names.count(name) > 1]
    if doubled:
        raise Problem("Two choices are named “%(name)s”.", name=doubled[0], hint="Give each its own name.")
    if wanted != "select_one" and any(" " in name for name in names):
        raise Problem("A choice's name has no blank.")
    if not options:
        raise Problem("Write at least one answer to choose.")


def _number(text: str, otherwise: float) -> float:
    try:
        number = float(text)
    except ValueError:
        return otherwise
    return number if abs(number) < 1e6 else otherwise
