"""One question as a page of fields, and the fields of that page as a question again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qiao.base.xlsform import FormDocument, Node, Option, plain
from qiao.base.xlsform.build import kind
from qiao.base.xlsform.edit import list_users
from qiao.base.xlsform.model import DEFAULT
from qiao.hear.surveys.views.editor_choices import earlier_choices, read_filter

SELECTS = frozenset({"select_one", "select_multiple", "rank"})
#: What can be asked, in the words of those who ask.
KINDS = {
    "select_one": _("One of several answers"),
    "select_multiple": _("Several answers"),
    "rank": _("Putting in order"),
    "range": _("A scale"),
    "text": _("Written words"),
    "integer": _("A whole number"),
    "decimal": _("A number with decimals"),
    "date": _("A day"),
    "time": _("A time of day"),
    "datetime": _("A day and time"),
    "acknowledge": _("A tick to confirm"),
    "note": _("Words without a question"),
    "calculate": _("A computed value"),
    "group": _("A part with a heading"),
    "repeat": _("A part asked several times"),
}
TESTS = {
    "is": pgettext_lazy("condition", "is"),
    "is_not": pgettext_lazy("condition", "is not"),
    "more": _("is more than"),
    "at_least": _("is at least"),
    "less": _("is less than"),
    "at_most": _("is at most"),
    "answered": _("was given"),
    "unanswered": _("was not given"),
}
#: Rows of choices and conditions that stand empty for more.
SPARE_CHOICES, SPARE_CLAUSES = 3, 1


def kind_of(node: Node) -> str:
    """The kind of a node as the editor calls it: imported files write `int`, `string` and so on."""
    if node.holds or node.type in KINDS or node.type.startswith("select"):
        return node.type
    return kind(node.type)


@dataclass
class QuestionPage:
    """What the page of one question shows: the node as it stands or as it was just typed in."""

    document: FormDocument
    node: Node
    options: Sequence[Option] = ()
    spare: int = SPARE_CHOICES
    files: Sequence[str] = ()
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def languages(self) -> list[tuple[int, str, str]]:
        """Number, key and name of each language; the first of a form without any has no name."""
        names = self.document.languages or (DEFAULT,)
        return [(number, name, "" if name == DEFAULT else name) for number, name in enumerate(names)]

    def texts(self, name: str, holder: Node | Option | None = None) -> list[tuple[int, str, str, str]]:
        """Number, language, its text, its code of the field ``name``; a text without language stands with the first."""
        said = (holder or self.node).text(name)
        return [
            (number, shown, said.get(key) or (said.get(DEFAULT, "") if number == 0 else ""), _code(shown))
            for number, key, shown in self.languages
        ]

    @property
    def labels(self) -> list[tuple[int, str, str, str]]:
        """The words of the question."""
        return self.texts("label")

    @property
    def hints(self) -> list[tuple[int, str, str, str]]:
        """The hints."""
        return self.texts("hint")

    @property
    def guidance(self) -> list[tuple[int, str, str, str]]:
        """The longer help."""
        return self.texts("guidance_hint")

    @property
    def messages(self) -> list[tuple[int, str, str, str]]:
        """What is said of an answer that does not fit."""
        return self.texts("constraint_message")

    @property
    def alts(self) -> list[tuple[int, str, str, str]]:
        """What the picture shows."""
        return self.texts("alt")

    @property
    def image(self) -> str:
        """The picture beside the words."""
        return next((name for name in self.node.text("image").values() if name), "")

    @property
    def kind(self) -> str:
        """The kind."""
        return kind_of(self.node)

    @property
    def kinds(self) -> list[tuple[str, object]]:
        """Kinds it can become: a part stays a part, a question a question."""
        held = {"group", "repeat"}
        listed: list[tuple[str, object]] = [
            (key, label) for key, label in KINDS.items() if (key in held) == self.node.holds
        ]
        return listed if self.kind in dict(listed) else [*listed, (self.kind, self.kind)]

    @property
    def selects(self) -> bool:
        """Whether it has choices."""
        return self.kind in SELECTS

    @property
    def choices(self) -> list[dict[str, object]]:
        """The rows of choices, with empty ones for more."""
        column = (self.filter or ("", ""))[0]
        rows: list[dict[str, object]] = [
            {
                "number": number, "place": number + 1, "name": option.name, "texts": self.texts("label", option),
                "image": next((name for name in option.text("image").values() if name), ""),
                "of": option.columns.get(column, ""),
            }
            for number, option in enumerate(self.options)
        ]  # fmt: skip
        empty = Option("")
        return rows + [
            {"number": len(rows) + more, "place": "", "name": "", "texts": self.texts("label", empty)}
            for more in range(self.spare)
        ]

    @property
    def filter(self) -> tuple[str, str] | None:
        """The column and the earlier question on which the answers depend; None where the filter says more."""
        return read_filter(self.node.rule("choice_filter"))

    @property
    def before(self) -> list[tuple[str, str]]:
        """Earlier questions on which the answers can depend: name and words."""
        return [(node.name, _first(node)) for node in earlier_choices(self.document, self.node)]

    @property
    def belongs(self) -> list[tuple[str, str]]:
        """The answers of the earlier question on which these depend: name and words."""
        name = (self.filter or ("", ""))[1]
        for node in earlier_choices(self.document, self.node):
            if node.name == name:
                return [(option.name, _first(option)) for option in self.document.lists[node.list]]
        return []

    @property
    def shared(self) -> list[Node]:
        """Other questions with the same choices, which change with them."""
        if not self.node.list:
            return []
        return [node for node in list_users(self.document, self.node.list) if node.uid != self.node.uid]

    @property
    def lists(self) -> list[str]:
        """Choice lists there are."""
        return list(self.document.lists)

    @property
    def condition(self) -> tuple[list[plain.Clause], str] | None:
        """The condition in plain words; None where it was written by hand and says more."""
        return plain.read(self.node.rule("relevant"))

    @property
    def clauses(self) -> list[dict[str, object]]:
        """The rows of the condition, with an empty one for more."""
        found = self.condition
        clauses = list(found[0]) if found else []
        clauses += [plain.Clause("", "is")] * SPARE_CLAUSES
        same = {"chosen": "is", "not_chosen": "is_not"}
        return [
            {"number": number, "name": each.name, "test": same.get(each.test, each.test), "value": each.value}
            for number, each in enumerate(clauses)
        ]

    @property
    def joiner(self) -> str:
        """What joins the clauses."""
        found = self.condition
        return found[1] if found else "and"

    @property
    def tests(self) -> list[tuple[str, object]]:
        """What can be said of an answer."""
        return list(TESTS.items())

    @property
    def earlier(self) -> list[tuple[str, str, str]]:
        """Questions the condition may speak of: name, words, and what can be answered."""
        found = []
        for node in self.document.walk():
            if node.uid == self.node.uid:
                break
            if node.holds or kind_of(node) in {"note"}:
                continue
            words = _first(node)
            values = "; ".join(
                f"{option.name} = {_first(option)}" for option in self.document.lists.get(node.list, ())[:30]
            )
            found.append((node.name, words, values))
        return found

    @property
    def values(self) -> list[tuple[str, str]]:
        """Every choice of earlier questions, offered where a condition's value is typed."""
        offered: dict[str, str] = {}
        for name, _words, _values in self.earlier:
            node = next(each for each in self.document.walk() if each.name == name)
            for option in self.document.lists.get(node.list, ()):
                offered.setdefault(option.name, _first(option))
        return list(offered.items())[:200]

    @property
    def limits(self) -> dict[str, str] | None:
        """The limits of the answer; None where the constraint says more."""
        return plain.read_limits(self.node.rule("constraint"))

    @property
    def scale(self) -> dict[str, str]:
        """Start, end and step of a scale."""
        told = dict(
            part.split("=", 1) for part in self.node.rule("parameters").replace(",", " ").split() if "=" in part
        )
        return {"start": "1", "end": "5", "step": "1", **told}

    @property
    def required(self) -> bool:
        """Whether it must be answered."""
        return self.node.rule("required").strip().lower() not in {"", "no", "false", "false()"}

    @property
    def multiline(self) -> bool:
        """Whether there is room for several lines."""
        return "multiline" in self.node.rule("appearance").split()


def _first(holder: Node | Option) -> str:
    return next((text for text in holder.text("label").values() if text), holder.name)


def _code(language: str) -> str:
    code = language.partition("(")[2].rstrip(") ").strip()
    return "zh-Hans" if code.lower().startswith("zh") else code
