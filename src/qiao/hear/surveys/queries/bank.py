"""Reading the question bank, and which answers of two rounds can be compared."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Prefetch, QuerySet

from qiao.base.xlsform import FormDocument, Node, from_json, read_document
from qiao.base.xlsform.compare import Wording, wording_of
from qiao.hear.surveys.models import BankItem, BankUse, BankWording, QuestionnaireVersion, Round
from qiao.hear.surveys.queries.rounds import round_by_code


@dataclass(frozen=True, slots=True)
class Comparable:
    """One thing asked in both rounds.

    ``item`` is the bank's key, or ``CODE:name`` for a question of one questionnaire that is in no bank. ``key_a`` and
    ``key_b`` are its variables in the data. ``same``: the wording and choices are the same, answers make one series;
    otherwise ``broken`` says where the series breaks (`kind`, `options`, `words`) and a figure must mark it.
    """

    item: str
    key_a: str
    key_b: str
    kind: str
    same: bool
    broken: str = ""


def document_of_version(version: QuestionnaireVersion) -> FormDocument:
    """The document of a version; of one stored before there were documents it is read from its file."""
    if version.document:
        return from_json(version.document)
    return read_document(bytes(version.content), version.file_name)


def comparable(round_a: str, round_b: str) -> list[Comparable]:
    """What both rounds asked, in the order of the first, and whether the answers make one series.

    A question is the same thing if it comes from the same item of the bank; or, in two versions of one questionnaire,
    bears the same name. Its answers are comparable if kind and choices are the same, and the words in every language
    that both rounds have. Raises Round.DoesNotExist for an unknown code.
    """
    asked_a, asked_b = _asked(round_by_code(round_a)), _asked(round_by_code(round_b))
    found = []
    for item, (key, wording) in asked_a.items():
        if item not in asked_b:
            continue
        other_key, other = asked_b[item]
        broken = (
            "kind"
            if wording.kind != other.kind
            else "options" if wording.options != other.options else "" if wording.same(other) else "words"
        )  # fmt: skip
        kind = wording.kind.partition('"')[2].partition('"')[0]
        found.append(Comparable(item, key, other_key, kind, not broken, broken))
    return found


def _asked(survey: Round) -> dict[str, tuple[str, Wording]]:
    version = QuestionnaireVersion.objects.select_related("questionnaire").get(pk=survey.version_id)
    document = document_of_version(version)
    made: dict[str, tuple[str, Wording]] = {}
    for node in document.walk():
        if node.holds or not node.text("label") or node.type in {"note", "calculate"}:
            continue
        wording = wording_of(node, document.lists.get(node.list, ()), document.languages)
        made.setdefault(f"{version.questionnaire.code}:{node.name}", (node.name, wording))
        if node.bank:
            made.setdefault(node.bank, (node.name, wording))
    banked = {node.name for node in document.walk() if node.bank}
    return {
        item: asked
        for item, asked in made.items()
        if asked[0] not in banked or not item.startswith(f"{version.questionnaire.code}:")
    }


def bank_items(topic: str = "", *, retired: bool = False) -> QuerySet[BankItem]:
    """Items by topic and key, with their newest wording first and how many versions use them."""
    found = BankItem.objects.select_related("unit").prefetch_related(
        Prefetch("wordings", BankWording.objects.order_by("-number"))
    )
    if not retired:
        found = found.filter(retired__isnull=True)
    if topic:
        found = found.filter(topic=topic)
    return found.annotate(used=Count("uses", distinct=True)).order_by("topic", "key")


def bank_item(key: str) -> BankItem:
    """The item of this key; raises BankItem.DoesNotExist."""
    return bank_items(retired=True).get(key=key)


@dataclass(frozen=True, slots=True)
class Usage:
    """That a round asked an item. ``wording`` is the number of the bank's wording; None for words of its own."""

    round_code: str
    title: dict[str, str]
    year: int
    key: str
    wording: int | None


def usages(item: BankItem) -> list[Usage]:
    """The rounds that asked an item, newest first, each with the wording it had."""
    numbers = {wording.sha256: wording.number for wording in item.wordings.all()}
    return [
        Usage(survey.code, survey.title, survey.opens.year, use.key, numbers.get(use.sha256))
        for use in BankUse.objects.filter(item=item).select_related("version").prefetch_related("version__rounds")
        for survey in sorted(use.version.rounds.all(), key=lambda each: each.opens, reverse=True)
    ]


def question_of(wording: BankWording) -> tuple[Node, FormDocument]:
    """A wording's question, and the document it stands in."""
    document = from_json(wording.content)
    return document.items[0], document
