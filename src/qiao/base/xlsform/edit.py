"""Changes to a document, each a new document: adding, changing, moving, copying and taking away questions and lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from qiao.base.problems import Problem
from qiao.base.xlsform.document import LOGIC, FormDocument, Node, Option
from qiao.base.xlsform.errors import noop
from qiao.base.xlsform.grammar import REFERENCE

#: Columns that hold expressions or filled texts, in which a name may be referred to.
_WORD = re.compile(r"[^0-9a-z_]+")


def _map(items: Sequence[Node], change: Callable[[Node], Sequence[Node]]) -> tuple[Node, ...]:
    """Every node put through ``change``, the innermost first; it gives what stands in its place."""
    made: list[Node] = []
    for node in items:
        made.extend(change(replace(node, items=_map(node.items, change)) if node.items else node))
    return tuple(made)


def _there(document: FormDocument, uid: str) -> Node:
    node = document.find(uid)
    if node is None:
        raise Problem(noop("This question is not there any more."))
    return node


def holder_of(document: FormDocument, uid: str) -> tuple[Node | None, int]:
    """The group or repeat a node stands in (None: the form itself), and its place there. Raises `Problem`."""

    def look(holder: Node | None, items: Sequence[Node]) -> tuple[Node | None, int] | None:
        for place, node in enumerate(items):
            if node.uid == uid:
                return holder, place
            found = look(node, node.items)
            if found:
                return found
        return None

    found = look(None, document.items)
    if found is None:
        raise Problem(noop("This question is not there any more."))
    return found


def _with_items(document: FormDocument, holder: Node | None, items: tuple[Node, ...]) -> FormDocument:
    if holder is None:
        return replace(document, items=items)
    return replace(
        document,
        items=_map(document.items, lambda node: [replace(node, items=items) if node.uid == holder.uid else node]),
    )


def add(document: FormDocument, node: Node, *, after: str = "", inside: str = "") -> tuple[FormDocument, str]:
    """The document with a node after another, at the end inside a group, or at the end; and the node's uid."""
    known = {each.uid for each in document.walk()}
    if after:
        holder, place = holder_of(document, after)
        items = holder.items if holder else document.items
        made = _with_items(document, holder, (*items[: place + 1], node, *items[place + 1 :]))
    elif inside:
        held = _there(document, inside)
        made = _with_items(document, held, (*held.items, node))
    else:
        made = replace(document, items=(*document.items, node))
    made = made.with_uids()
    return made, next(each.uid for each in made.walk() if each.uid not in known)


def put(document: FormDocument, uid: str, node: Node) -> FormDocument:
    """The document with this node in place of the one of that uid; what it held stays; references follow its name."""
    old = _there(document, uid)
    node = replace(node, uid=uid, items=old.items)
    made = replace(document, items=_map(document.items, lambda each: [node if each.uid == uid else each]))
    return renamed(made, old.name, node.name) if old.name and node.name != old.name else made


def renamed(document: FormDocument, old: str, new: str) -> FormDocument:
    """Every ``${old}`` in conditions, calculations and texts written as ``${new}``."""

    def text(value: str) -> str:
        return REFERENCE.sub(lambda found: "${" + (found[1] or "") + new + "}" if found[2] == old else found[0], value)

    def change(node: Node) -> list[Node]:
        return [
            replace(
                node,
                list=text(node.list),
                logic={key: text(value) for key, value in node.logic.items()},
                texts={key: {one: text(said) for one, said in texts.items()} for key, texts in node.texts.items()},
            )
        ]

    return replace(document, items=_map(document.items, change))


def users_of(document: FormDocument, name: str) -> list[Node]:
    """The nodes whose conditions, calculations or texts refer to a name."""
    return [
        node
        for node in document.walk()
        if any(found[2] == name for value in _values(node) for found in REFERENCE.finditer(value))
    ]


def _values(node: Node) -> Iterator[str]:
    yield node.list
    yield from (node.rule(name) for name in LOGIC)
    for texts in node.texts.values():
        yield from texts.values()


def remove(document: FormDocument, uid: str) -> FormDocument:
    """The document without a node and what it holds. Raises `Problem` while others refer to it."""
    node = _there(document, uid)
    gone = {node.uid, *(inner.uid for inner in FormDocument(items=(node,)).walk())}
    for inner in FormDocument(items=(node,)).walk():
        users = [user for user in users_of(document, inner.name) if user.uid not in gone] if inner.name else []
        if users:
            raise Problem(
                noop("“%(name)s” cannot go: %(users)s refers to it."),
                hint=noop("Change that question first."),
                name=inner.name,
                users=", ".join(user.name for user in users),
            )
    return _tidy(replace(document, items=_map(document.items, lambda each: [] if each.uid == uid else [each])))


def copy(document: FormDocument, uid: str) -> tuple[FormDocument, str]:
    """The document with a copy of a node after it, under names not used yet; and the copy's uid."""
    taken = {node.name for node in document.walk()}
    names: dict[str, str] = {}

    def fresh(node: Node) -> Node:
        name = free_name(taken, node.name)
        taken.add(name)
        names[node.name] = name
        return replace(node, uid="", name=name, bank="", row=None, items=tuple(fresh(inner) for inner in node.items))

    twin = fresh(_there(document, uid))
    held = FormDocument(items=(twin,))
    for old, new in names.items():
        # Within what was copied references go to the copies.
        if twin.holds:
            held = renamed(held, old, new)
    return add(document, held.items[0], after=uid)


def move(document: FormDocument, uid: str, step: int) -> FormDocument:
    """The document with a node one place up (-1) or down (1), into the group beside it and out at its ends."""
    node = _there(document, uid)
    holder, place = holder_of(document, uid)
    items = list(holder.items if holder else document.items)
    items.pop(place)
    aim = place + step
    if not 0 <= aim <= len(items):
        if holder is None:
            return document
        without = _with_items(document, holder, tuple(items))
        outer, at = holder_of(without, holder.uid)
        around = outer.items if outer else without.items
        spot = at + (1 if step > 0 else 0)
        return _with_items(without, outer, (*around[:spot], node, *around[spot:]))
    beside = items[aim if step < 0 else aim - 1]
    if beside.holds:
        without = _with_items(document, holder, tuple(items))
        inner = _there(without, beside.uid)
        return _with_items(without, inner, (*inner.items, node) if step < 0 else (node, *inner.items))
    items.insert(aim, node)
    return _with_items(document, holder, tuple(items))


def free_name(taken: set[str], wanted: str) -> str:
    """A name not taken: as wanted, or with a number."""
    stem = re.sub(r"_\d+\Z", "", wanted) or "q"
    if wanted and wanted not in taken:
        return wanted
    return next(f"{stem}_{number}" for number in range(2, 100_000) if f"{stem}_{number}" not in taken)


def name_for(text: str, taken: set[str], stem: str = "q") -> str:
    """A short name made of a label: its first English words, or the stem with a number."""
    words = [word for word in _WORD.split(text.lower()) if word and not word.isdigit()]
    made = "_".join(words[:4])[:30].strip("_")
    if not made or not made[0].isalpha():
        return next(f"{stem}{number}" for number in range(1, 100_000) if f"{stem}{number}" not in taken)
    return free_name(taken, made)


def with_list(document: FormDocument, name: str, options: Sequence[Option]) -> FormDocument:
    """The document with this choice list, new or in place of the one of that name."""
    return replace(document, lists={**document.lists, name: tuple(options)})


def list_users(document: FormDocument, name: str) -> list[Node]:
    """The questions that draw on a choice list."""
    return [node for node in document.walk() if node.list == name]


def _tidy(document: FormDocument) -> FormDocument:
    """Lists nobody draws on any more go, unless an expression looks them up."""
    used = {node.list for node in document.walk()}
    rules = " ".join(value for node in document.walk() for value in node.logic.values())
    kept = {name: held for name, held in document.lists.items() if name in used or f"instance('{name}')" in rules}
    return replace(document, lists=kept)


def with_languages(document: FormDocument, languages: Sequence[str]) -> FormDocument:
    """The document in these languages, in this order; texts of a language that goes are dropped."""
    gone = set(document.languages) - set(languages)

    def kept(texts: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
        return {key: {one: said for one, said in held.items() if one not in gone} for key, held in texts.items()}

    settings = dict(document.settings)
    if settings.get("default_language") in gone:
        settings.pop("default_language")
    return replace(
        document,
        settings=settings,
        languages=tuple(languages),
        items=_map(document.items, lambda node: [replace(node, texts=kept(node.texts))]),
        lists={
            name: tuple(replace(option, texts=kept(option.texts)) for option in held)
            for name, held in document.lists.items()
        },
    )
