"""The fields of one question's page as a question again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from qiao.base.problems import Problem
from qiao.base.xlsform import FormDocument, Node, Option, plain
from qiao.base.xlsform.edit import name_for
from qiao.base.xlsform.model import DEFAULT
from qiao.hear.surveys.views.editor_choices import choices_of
from qiao.hear.surveys.views.editor_page import SELECTS, TESTS, QuestionPage, kind_of


def read_page(post: Mapping[str, str], document: FormDocument, node: Node) -> tuple[Node, str, tuple[Option, ...]]:
    """The node as the page's fields say, and its choice list with its name ("" for none). Raises Problem."""
    page = QuestionPage(document, node)
    wanted = post.get("type", node.type) or node.type
    typed = node.type if wanted == kind_of(node) else wanted
    texts = dict(node.texts)
    for name, stem in (("label", "label"), ("hint", "hint"), ("guidance_hint", "guidance"),
                       ("constraint_message", "message"), ("alt", "alt")):  # fmt: skip
        if f"{stem}-0" in post:
            texts[name] = _said(post, page, stem, node.text(name))
    if "image" in post:
        picture = post["image"].strip()
        texts["image"] = {key: picture for _number, key, _shown in page.languages} if picture else {}
    logic = dict(node.logic)
    for name in ("default", "calculation", "choice_filter", "repeat_count", "appearance"):
        if name in post:
            logic[name] = post[name].strip()
    if "required-there" in post:
        logic["required"] = ("yes" if not page.required else logic["required"]) if post.get("required") else ""
    if "multiline-there" in post:
        words = [word for word in logic.get("appearance", "").split() if word != "multiline"]
        logic["appearance"] = " ".join([*words, "multiline"] if post.get("multiline") else words)
    logic["relevant"] = _condition(post, document, node)
    logic["constraint"] = _limits(post, node)
    if wanted == "range":
        given = {
            name: post.get(name, page.scale[name]).strip() or page.scale[name] for name in ("start", "end", "step")
        }
        logic["parameters"] = " ".join(f"{name}={value}" for name, value in given.items())
    elif kind_of(node) == "range":
        logic["parameters"] = ""
    listed, options, filtered = choices_of(post, page, wanted) if wanted in SELECTS else ("", (), None)
    if filtered is not None:
        logic["choice_filter"] = filtered
    taken = {each.name for each in document.walk() if each.uid != node.uid}
    name = post.get("name", node.name).strip() or name_for(_english(texts.get("label", {})), taken)
    made = replace(
        node,
        type=typed,
        name=name,
        list=listed if wanted in SELECTS else ("" if kind_of(node) in SELECTS else node.list),
        or_other=bool(post.get("or_other")) if wanted in {"select_one", "select_multiple"} else False,
        texts={key: said for key, said in texts.items() if said},
        logic={key: value for key, value in logic.items() if value},
    )
    return made, made.list if wanted in SELECTS else "", options


def _english(texts: Mapping[str, str]) -> str:
    return next((text for text in texts.values() if text.isascii()), "")


def _said(post: Mapping[str, str], page: QuestionPage, stem: str, before: Mapping[str, str]) -> dict[str, str]:
    """The texts of one field by language; what stood without language goes into the first."""
    shown = {key for _number, key, _name in page.languages}
    kept = {key: text for key, text in before.items() if key not in shown and key != DEFAULT}
    for number, key, _name in page.languages:
        text = post.get(f"{stem}-{number}", "").replace("\r\n", "\n").strip()
        if text:
            kept[key] = text
    return kept


def _condition(post: Mapping[str, str], document: FormDocument, node: Node) -> str:
    if "relevant" in post:
        return post["relevant"].strip()
    if "when-name-0" not in post:
        return node.rule("relevant")
    multiple = frozenset(each.name for each in document.walk() if kind_of(each) == "select_multiple")
    clauses = []
    number = 0
    while f"when-name-{number}" in post and number < 50:
        name = post[f"when-name-{number}"].strip()
        test, value = post.get(f"when-test-{number}", "is"), post.get(f"when-value-{number}", "").strip()
        number += 1
        if not name:
            continue
        if test not in TESTS:
            continue
        if not value and test not in plain.WITHOUT_VALUE:
            raise Problem("Say what the answer to “%(name)s” is compared with.", name=name)
        clauses.append(plain.Clause(name, test, value))
    written = plain.write(clauses, post.get("joiner", "and"), multiple=multiple)
    before = plain.read(node.rule("relevant"))
    # An expression that says the same stays as it was written.
    return node.rule("relevant") if before and plain.read(written) == before else written


def _limits(post: Mapping[str, str], node: Node) -> str:
    if "constraint" in post:
        return post["constraint"].strip()
    if not any(f"limit-{name}" in post for name in plain.LIMITS):
        return node.rule("constraint")
    limits = {name: post.get(f"limit-{name}", "").strip() for name in plain.LIMITS}
    limits = {name: value for name, value in limits.items() if value}
    if plain.read_limits(node.rule("constraint")) == limits:
        return node.rule("constraint")
    written = plain.write_limits(limits)
    if plain.read_limits(written) != limits:
        raise Problem("A limit is a number in digits, or a day such as 2026-01-31.")
    return written
