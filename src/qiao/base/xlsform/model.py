"""What a questionnaire is, apart from the file it came in: frozen records that pickle, compare and never change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from qiao.base.problems import Problem

DEFAULT = "default"
"""The language of texts that name none, as pyxform calls it."""

SELECTS = frozenset({"select_one", "select_multiple", "rank"})
"""Kinds of question that draw on a choice list."""

METADATA = frozenset(
    {"start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username", "email", "audit"}
)
"""Kinds that a phone fills in unasked. The web page fills in none of them: they would tell who answered, and when."""

DEVICE = frozenset(
    {"geopoint", "geotrace", "geoshape", "image", "audio", "video", "file", "barcode", "osm", "start-geopoint",
     "background-audio", "background-geopoint"}
)  # fmt: skip
"""Kinds that need a camera, microphone or position, hence an app; the web page has none of them."""

Texts = Mapping[str, str]
"""A text by language; the key `default` holds a text without language."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a choice list. ``columns`` are the further columns of the choices sheet, which filters read."""

    name: str
    label: Texts
    columns: Mapping[str, str] = field(default_factory=dict)
    row: int | None = None
    media: Mapping[str, Texts] = field(default_factory=dict)
    alt: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """A named list of choices, in the order of the sheet."""

    name: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One row of the survey sheet that holds a value (or a note).

    ``key`` is the name of its field on a page and in a data set: the question's name where that is unique in the form,
    else its path with dots. ``type`` is one of the canonical kinds (`select_one`, `integer`, …). Expressions are kept
    as written, with ``${name}`` references; ``required`` is an expression too, ``None`` for never.
    """

    name: str
    key: str
    path: str
    type: str
    label: Texts = field(default_factory=dict)
    hint: Texts = field(default_factory=dict)
    choices: str | None = None
    relevant: str | None = None
    constraint: str | None = None
    constraint_message: Texts = field(default_factory=dict)
    required: str | None = None
    required_message: Texts = field(default_factory=dict)
    calculation: str | None = None
    default: str | None = None
    appearance: str = ""
    read_only: bool = False
    choice_filter: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    or_other: bool = False
    trigger: str | None = None
    row: int | None = None
    guidance: Texts = field(default_factory=dict)
    media: Mapping[str, Texts] = field(default_factory=dict)
    alt: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that belong together, perhaps under one condition."""

    name: str
    path: str
    items: tuple[Item, ...]
    label: Texts = field(default_factory=dict)
    hint: Texts = field(default_factory=dict)
    relevant: str | None = None
    appearance: str = ""
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Repeat:
    """Questions asked once for each of several things. ``count`` is the expression that fixes how often, if any.

    ``key`` names its list of entries on a page and in a data set, as a question's key names its value.
    """

    name: str
    path: str
    items: tuple[Item, ...]
    label: Texts = field(default_factory=dict)
    hint: Texts = field(default_factory=dict)
    relevant: str | None = None
    count: str | None = None
    appearance: str = ""
    row: int | None = None
    key: str = ""


Item = Question | Group | Repeat


@dataclass(frozen=True, slots=True)
class Counts:
    """What the XForm holds, counted in its XML: binds, binds with each property, body elements."""

    binds: int
    relevant: int
    constraint: int
    repeats: int
    groups: int
    calculate: int
    required: int
    itemsets: int
    selects: int


@dataclass(frozen=True)
class Form:
    """A questionnaire that can be asked.

    ``refused`` lists the questions and choice lists that ask for what the platform never holds; a form with any is
    valid as a form but must not be put into use. ``warnings`` are remarks, which change nothing.
    """

    id: str
    version: str
    title: str
    root: str
    languages: tuple[str, ...]
    default_language: str
    items: tuple[Item, ...]
    lists: Mapping[str, ChoiceList]
    xform: str
    counts: Counts
    warnings: tuple[str, ...] = ()
    refused: tuple[Problem, ...] = ()
    source: str = ""

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every question in order, those inside groups and repeats too."""
        return tuple(item for item in self.walk() if isinstance(item, Question))

    @cached_property
    def repeated(self) -> frozenset[str]:
        """Keys of the questions that are asked several times: they have no single value, but one in each entry."""
        inside: set[str] = set()

        def collect(items: tuple[Item, ...], within: bool) -> None:
            for item in items:
                if isinstance(item, Question):
                    if within:
                        inside.add(item.key)
                else:
                    collect(item.items, within or isinstance(item, Repeat))

        collect(self.items, False)
        return frozenset(inside)

    def walk(self) -> Iterator[Item]:
        """Every item, each group and repeat before what it holds."""
        stack = list(reversed(self.items))
        while stack:
            item = stack.pop()
            yield item
            if not isinstance(item, Question):
                stack.extend(reversed(item.items))

    def text(self, texts: Texts, language: str) -> str:
        """The text in this language; failing that in the form's own, then in any; empty when there is none."""
        for key in (language, self.default_language, DEFAULT):
            if key in texts:
                return texts[key]
        return next(iter(texts.values()), "")

    def language_for(self, code: str) -> str:
        """The form's language that best fits a code such as `zh-hans`, `en` or a name such as `English (en)`."""
        return self._languages.get(code.lower()) or self._languages.get(_primary(code)) or self.default_language

    @cached_property
    def _languages(self) -> dict[str, str]:
        known: dict[str, str] = {}
        for language in self.languages:
            name, _, rest = language.partition("(")
            code = rest.rstrip(") ").strip().lower() or _NAMED.get(name.strip().lower(), name.strip().lower())
            for key in (language.lower(), name.strip().lower(), code, _primary(code)):
                known.setdefault(key, language)
        return known


def _primary(code: str) -> str:
    return code.lower().replace("_", "-").partition("-")[0]


_NAMED = {
    "english": "en", "chinese": "zh", "mandarin": "zh", "中文": "zh", "汉语": "zh", "简体中文": "zh-hans",
    "繁體中文": "zh-hant", "繁体中文": "zh-hant", "français": "fr", "french": "fr", "spanish": "es", "español": "es",
    "arabic": "ar", "العربية": "ar", "russian": "ru", "русский": "ru", "uyghur": "ug", "ئۇيغۇرچە": "ug",
    "tibetan": "bo", "བོད་ཡིག": "bo", "mongolian": "mn", "kazakh": "kk", "portuguese": "pt", "hindi": "hi",
    "german": "de", "deutsch": "de",
}  # fmt: skip
