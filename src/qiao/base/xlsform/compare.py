"""What changed between two documents, and whether a question still asks the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qiao.base.xlsform.document import LOGIC, FormDocument, Node, Option, canonical
from qiao.base.xlsform.model import DEFAULT


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``what``: added, removed, moved, changed. ``part``: the field that differs, with its language."""

    what: str
    name: str
    kind: str
    part: str = ""
    language: str = ""
    before: str = ""
    after: str = ""


def changes(old: FormDocument, new: FormDocument) -> list[Change]:
    """Every difference, questions in the order of the new document, then choice lists, then settings."""
    before, after = _by_name(old), _by_name(new)
    found = [Change("removed", name, node.type, before=_label(node)) for name, node in before.items()
             if name not in after]  # fmt: skip
    for name, node in after.items():
        if name not in before:
            found.append(Change("added", name, node.type, after=_label(node)))
        else:
            found.extend(_of_node(before[name], node))
    stayed = [name for name in before if name in after]
    order = [name for name in after if name in before]
    found += [Change("moved", name, after[name].type) for name in _moved(stayed, order)]
    for name in dict.fromkeys((*old.lists, *new.lists)):
        found.extend(_of_list(name, old.lists.get(name), new.lists.get(name)))
    for key in dict.fromkeys((*old.settings, *new.settings)):
        one, two = old.settings.get(key, ""), new.settings.get(key, "")
        if one != two:
            found.append(Change("changed", key, "settings", "value", before=one, after=two))
    return found


def _by_name(document: FormDocument) -> dict[str, Node]:
    return {node.name: node for node in document.walk() if node.name}


def _label(holder: Node | Option) -> str:
    return next((text for text in holder.text("label").values() if text), holder.name)


def _of_node(old: Node, new: Node) -> Iterator[Change]:
    def differing(part: str, one: str, two: str, language: str = "") -> Iterator[Change]:
        if one != two:
            yield Change("changed", new.name, new.type, part, language, one, two)

    yield from differing("type", old.type, new.type)
    yield from differing("list", old.list, new.list)
    yield from differing("or_other", "yes" if old.or_other else "", "yes" if new.or_other else "")
    yield from differing("bank", old.bank, new.bank)
    for name in dict.fromkeys((*old.texts, *new.texts)):
        one, two = old.text(name), new.text(name)
        for language in dict.fromkeys((*one, *two)):
            yield from differing(name, one.get(language, ""), two.get(language, ""), language)
    for name in LOGIC:
        yield from differing(name, old.rule(name), new.rule(name))
    for name in dict.fromkeys((*old.more, *new.more)):
        yield from differing(name, old.more.get(name, ""), new.more.get(name, ""))


def _of_list(name: str, old: Sequence[Option] | None, new: Sequence[Option] | None) -> Iterator[Change]:
    if old == new:
        return
    one, two = ({option.name: option for option in held or ()} for held in (old, new))
    for key, option in one.items():
        if key not in two:
            yield Change("removed", f"{name}/{key}", "choice", before=_label(option))
    for key, option in two.items():
        if key not in one:
            yield Change("added", f"{name}/{key}", "choice", after=_label(option))
            continue
        for part in dict.fromkeys((*one[key].texts, *option.texts)):
            was, now = one[key].text(part), option.text(part)
            for language in dict.fromkeys((*was, *now)):
                if was.get(language, "") != now.get(language, ""):
                    yield Change("changed", f"{name}/{key}", "choice", part, language, was.get(language, ""),
                                 now.get(language, ""))  # fmt: skip
    if [key for key in one if key in two] != [key for key in two if key in one]:
        yield Change("moved", name, "list")


def _moved(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The fewest names that must have moved: all that are not in the longest run that kept its order."""
    place = {name: at for at, name in enumerate(before)}
    best: list[list[str]] = []
    for name in after:
        run = max((one for one in best if place[one[-1]] < place[name]), key=len, default=[])
        best.append([*run, name])
    longest: list[str] = max(best, key=len, default=[])
    kept = set(longest)
    return [name for name in after if name not in kept]


# Whether two questions ask the same


@dataclass(frozen=True, slots=True)
class Wording:
    """What a person is asked: the kind of answer, the choices in order, and the words in each language by its code.

    A condition under which it is asked and whether it must be answered do not belong to it.
    """

    kind: str
    options: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]

    @property
    def sha256(self) -> str:
        """The hash by which one wording is told from another."""
        return hashlib.sha256(
            canonical([self.kind, list(self.options), {key: list(said) for key, said in self.words.items()}]).encode()
        ).hexdigest()

    def same(self, other: Wording) -> bool:
        """Whether answers can be compared: same kind and choices, and the same words in every language of both."""
        shared = set(self.words) & set(other.words)
        return (
            self.kind == other.kind
            and self.options == other.options
            and bool(shared)
            and all(self.words[code] == other.words[code] for code in shared)
        )


def wording_of(node: Node, options: Sequence[Option], languages: Sequence[str]) -> Wording:
    """The wording of a question with its choices."""
    kind = canonical([node.type, node.rule("parameters"), node.or_other])
    words: dict[str, tuple[str, ...]] = {}
    for language in (DEFAULT, *languages):
        if not node.text("label").get(language):
            continue
        said = [node.text("label"), node.text("hint"), *(option.text("label") for option in options)]
        words[language_code(language)] = tuple(
            " ".join((texts.get(language) or texts.get(DEFAULT, "")).split()) for texts in said
        )
    return Wording(kind, tuple(option.name for option in options), words)


def language_code(language: str) -> str:
    """The code of a language as a form names it: ``English (en)`` → ``en``; ``zh-Hans`` and ``zh`` are one."""
    name, _, rest = language.partition("(")
    code = rest.rstrip(") ").strip() or name.strip()
    return code.lower().replace("_", "-").partition("-")[0]
