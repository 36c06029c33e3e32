"""Answers collected with an app: XForm instances read into the values of a round, as OpenRosa has it.

What an app sends was checked by its own engine against the same form; here it is held against the form's structure,
the kinds of its questions and its rules, so that nothing is stored that the form does not ask. What a phone fills in
unasked (device, user, times) is dropped.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import PurePath
from typing import cast

from django.db import connection
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext
from lxml import etree

from qiao.base import vault
from qiao.base.codes import normal_secret_code
from qiao.base.db import atomic
from qiao.base.problems import Place, Problem
from qiao.base.xlsform import Form, Group, Question, Repeat, Runtime
from qiao.base.xlsform.again import check_again
from qiao.base.xlsform.model import METADATA, Item
from qiao.hear.surveys.choices import Asked
from qiao.hear.surveys.models import Round
from qiao.hear.surveys.services import sealed
from qiao.hear.surveys.services.answers import look_up, take_answer

#: The field that asks for the single-use code in a form given to an app.
CODE_FIELD = "qiao_code"
#: Largest instance, largest single file, largest sending, in bytes.
MAX_XML, MAX_FILE, MAX_SENDING = 2_000_000, 8_000_000, 20_000_000
_FILES = frozenset({"image", "audio", "video", "file", "background-audio"})


@dataclass(frozen=True)
class Instance:
    """One filled form: its own number, the code if it has one, the values, and which file each file question names.

    ``filled`` is the day on which it was filled in, where the phone tells; it is never stored.
    """

    number: str
    code: str
    values: dict[str, object]
    files: Mapping[str, str] = field(default_factory=dict)
    filled: date | None = None


def read_instance(form: Form, xml: bytes, *, source: str = "xml_submission_file") -> Instance:
    """Read one instance of a form. Raises Problem with the path of the element at fault.

    ``values`` have the shape of a web answer: a list of names for several choices, a list of objects for a repeat.
    """
    root = _parse(xml, source)
    if _local(root) != form.root or (root.get("id") or form.id) != form.id:
        raise Problem(
            "This is an answer to another form than this round asks.", place=Place(source, row=root.sourceline)
        )
    number = next((text.strip() for text in _meta(root, "instanceID") if text and text.strip()), "")
    if not number or len(number) > 200:
        raise Problem("The answer has no instanceID.", place=Place(source))
    code = "".join(child.text or "" for child in _elements(root) if _local(child) == CODE_FIELD)
    reader = _Reader(form, source)
    values = reader.values(form.items, root, frozenset({"meta", CODE_FIELD}))
    return Instance(number, normal_secret_code(code), values, reader.files, reader.day())


def _parse(xml: bytes, source: str) -> etree._Element:
    if len(xml) > MAX_XML:
        raise Problem("The answer is larger than %(most)d bytes.", place=Place(source), most=MAX_XML)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        raise Problem("This is no XML: %(fault)s", place=Place(source), fault=str(fault)[:200]) from None
    if root.getroottree().docinfo.doctype:
        raise Problem("An answer declares no document type.", place=Place(source))
    return root


def _elements(parent: etree._Element) -> list[etree._Element]:
    return [child for child in parent if isinstance(child.tag, str)]


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def _meta(root: etree._Element, name: str) -> list[str | None]:
    return [
        part.text
        for meta in _elements(root)
        if _local(meta) == "meta"
        for part in _elements(meta)
        if _local(part) == name
    ]


class _Reader:
    """Walks the form and the instance side by side."""

    def __init__(self, form: Form, source: str) -> None:
        self.form = form
        self.source = source
        self.files: dict[str, str] = {}
        self.times: dict[str, str] = {}

    def day(self) -> date | None:
        """The day on which the form was filled in, by the phone's own calendar, where it tells one and only one."""
        days = {self.times.get(kind, "")[:10] for kind in ("start", "end", "today")} - {""}
        try:
            return date.fromisoformat(days.pop()) if len(days) == 1 else None
        except ValueError:
            return None

    def values(
        self, items: Sequence[Item], parent: etree._Element, others: frozenset[str] = frozenset()
    ) -> dict[str, object]:
        """What the elements below ``parent`` say of these items."""
        found: dict[str, object] = {}
        children: dict[str, list[etree._Element]] = {}
        for child in _elements(parent):
            children.setdefault(_local(child), []).append(child)
        names = {item.name for item in items}
        for name, strangers in children.items():
            # How often a repeat stands there is told by the platform's count of its entries.
            if name not in names and name not in others and not name.endswith("_count"):
                raise self._fault(strangers[0], "The form asks nothing called %(name)s.", name=name)
        for item in items:
            here = children.get(item.name, [])
            if isinstance(item, Repeat):
                entries = [self.values(item.items, one) for one in here if not _is_template(one)]
                kept = [entry for entry in entries if entry]
                if kept:
                    found[item.key or item.name] = kept
                continue
            if len(here) > 1:
                raise self._fault(here[1], "%(name)s stands twice.", name=item.name)
            if not here:
                continue
            if isinstance(item, Group):
                found.update(self.values(item.items, here[0]))
            else:
                value = self._value(item, here[0])
                if value is not None:
                    found[item.key] = value
        return found

    def _value(self, question: Question, element: etree._Element) -> object:
        text = (element.text or "").strip()
        if _elements(element):
            raise self._fault(element, "%(name)s holds elements, not a value.", name=question.name)
        if not text or question.type in METADATA or question.type == "note":
            self.times[question.type] = text
            return None
        if len(text) > 10_000:
            raise self._fault(element, "%(name)s is too long.", name=question.name)
        try:
            return self._typed(question, text)
        except ValueError:
            raise self._fault(
                element, "%(name)s: %(text)s is no answer of the kind %(kind)s.",
                name=question.name, text=text[:60], kind=question.type,
            ) from None  # fmt: skip

    def _typed(self, question: Question, text: str) -> object:
        kind = question.type
        if kind == "integer":
            return int(text)
        if kind in {"decimal", "range"}:
            value = float(text)
            if value != value or value in {float("inf"), float("-inf")}:
                raise ValueError(text)
            return int(value) if kind == "range" and value.is_integer() else value
        if kind == "date":
            return date.fromisoformat(text[:10]).isoformat()
        if kind == "time":
            time.fromisoformat(text)
            return text
        if kind == "datetime":
            datetime.fromisoformat(text)
            return text
        if kind == "select_multiple":
            return [self._chosen(question, name) for name in text.split()]
        if kind == "rank":
            # Older engines ask a ranking as free text: what somebody wrote there is kept as it stands, and not counted.
            try:
                return [self._chosen(question, name) for name in text.split()]
            except ValueError:
                return text
        if kind == "select_one":
            return self._chosen(question, text)
        if kind in _FILES:
            name = PurePath(text.replace("\\", "/")).name
            self.files[name] = question.key
            return f"name:{name}"
        return text

    def _chosen(self, question: Question, name: str) -> str:
        """A choice of the list. Lists in files, and lists made of answers, are not known here."""
        listed = self.form.lists.get(question.choices or "")
        if listed is not None and listed.choices and name not in {choice.name for choice in listed.choices}:
            raise ValueError(name)
        return name

    def _fault(self, element: etree._Element, message: str, **params: str) -> Problem:
        path = element.getroottree().getelementpath(element)
        return Problem(message, place=Place(f"{self.source} {path}", row=element.sourceline), **params)


def _is_template(element: etree._Element) -> bool:
    return any(etree.QName(name).localname == "template" for name in element.attrib)


def take_submission(
    *, now: datetime, survey: Round, runtime: Runtime, xml: bytes, files: Mapping[str, bytes], flagged: bool = False
) -> str:
    """Store one answer of an open round as an app sent it, with its files; returns the receipt's number.

    Sent again, whole or with further files, it changes nothing of what is there. Raises Problem for what is no answer
    to this form or breaks its rules, for a file the answer does not name, for a code that is not of this round or has
    answered otherwise.
    """
    found = read_instance(runtime.form, xml)
    told = _checked(runtime, found, now)
    by_code = survey.asked != Asked.VOLUNTEERS
    if by_code:
        ticket = look_up(code=found.code, now=now) if found.code else None
        if ticket is None or ticket.round_id != survey.pk:
            raise Problem("This round has no such code.", place=Place(CODE_FIELD), hint="Compare it with the letter.")
    for name, content in files.items():
        if PurePath(name).name not in found.files:
            raise Problem("The answer names no file called %(name)s.", place=Place("files"), name=name)
        if len(content) > MAX_FILE:
            raise Problem("%(name)s is larger than %(most)d bytes.", place=Place("files"), name=name, most=MAX_FILE)
    keys = {name: _file_key(survey.pk, found.number, name) for name in found.files}
    values = _named(told, keys)
    with atomic():
        number = take_answer(
            now=now, round_id=survey.pk, values=values, flagged=flagged,
            **({"code": found.code} if by_code else {"token": found.number}),  # type: ignore[arg-type]
        )  # fmt: skip
        if number is None:
            raise Problem("This code has answered already, or the round takes no answers now.", place=Place(CODE_FIELD))
        _keep_files(survey, {keys[PurePath(name).name]: (name, content) for name, content in files.items()})
    return number


def _checked(runtime: Runtime, found: Instance, now: datetime) -> dict[str, object]:
    """The values that apply. Raises Problem with the question for one that is required or breaks its constraint."""
    form = runtime.form
    language = form.language_for(get_language() or "")
    moment = datetime.combine(found.filled, time(12)) if found.filled else localtime(now)
    done = check_again(
        runtime, found.values, language=language, now=moment, dated=found.filled is not None, translate=gettext
    )
    for key, why in done.errors.items():
        question = next(item for item in form.questions if item.key == key)
        name = form.text(question.label, language) or question.name
        raise Problem("“%(question)s”: %(why)s", place=Place(question.path), question=name[:120], why=why)
    return done.values


def _file_key(round_id: int, number: str, name: str) -> uuid.UUID:
    text = f"{round_id}|{number}|{name}"
    return uuid.UUID(bytes=vault.fingerprint(text, purpose="surveys.file")[2:18])


def _named(value: object, keys: Mapping[str, uuid.UUID]) -> dict[str, object]:
    """The values with each file named by its key."""

    def one(part: object) -> object:
        if isinstance(part, dict):
            return {key: one(inner) for key, inner in part.items()}
        if isinstance(part, list):
            return [one(inner) for inner in part]
        if isinstance(part, str) and part.startswith("name:") and part[5:] in keys:
            return f"file:{keys[part[5:]]}"
        return part

    return cast("dict[str, object]", one(value))


def _keep_files(survey: Round, files: Mapping[uuid.UUID, tuple[str, bytes]]) -> None:
    key = sealed.key_of(survey.pk) if files else None
    if key is None:
        return
    with connection.cursor() as cursor:
        for row, (name, content) in files.items():
            cursor.execute(
                "INSERT INTO surveys_answerfile (id, round_id, ending, sealed, content) VALUES (%s, %s, %s, true, %s) "
                "ON CONFLICT (id) DO NOTHING",
                [row, survey.pk, PurePath(name).suffix.lower()[:10], sealed.seal_bytes(key, row, content)],
            )
