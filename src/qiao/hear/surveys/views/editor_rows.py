"""A draft as the editor shows it: its rows, and what is wrong with them."""

from __future__ import annotations

from django.http import Http404

from qiao.base import xlsform
from qiao.base.access import ActorRequest, require
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.base.xlsform import FormDocument, Node, form_of
from qiao.base.xlsform.writing import survey_rows
from qiao.hear.surveys.models import FormDraft
from qiao.hear.surveys.queries.forms import draft_of
from qiao.hear.surveys.views.editor_page import KINDS, kind_of


def draft_for(request: ActorRequest, code: str) -> FormDraft:
    """The draft, for whoever may write questionnaires at its unit; not found otherwise."""
    try:
        draft = draft_of(code)
    except FormDraft.DoesNotExist:
        raise Http404 from None
    require(request.actor, "questionnaire.upload", draft.questionnaire.unit.path)
    return draft


def judged(document: FormDocument) -> tuple[xlsform.Form | None, list[tuple[str, str]], list[str]]:
    """The form of a draft, or what is still to be mended: the uid of the question (or "") and the fault in words."""
    rows = [uid for _row, uid in survey_rows(document)]
    try:
        return form_of(document), [], rows
    except Problem as fault:
        found = [fault]
    except Problems as several:
        found = list(several.faults)
    made = []
    for each in found:
        row = each.place.row
        known = each.place.sheet == "survey" and row is not None and 2 <= row < len(rows) + 2
        uid = rows[row - 2] if known and row is not None else ""
        made.append((uid, problem_text(_unplaced(each) if uid else each)))
    return None, made, rows


def _unplaced(fault: Problem) -> Problem:
    """The fault without its row, which an officer does not see."""
    bare = Problem(fault.message, hint=fault.hint)
    bare.params = fault.params
    return bare


def rows_of(document: FormDocument, faults: list[tuple[str, str]]) -> list[dict[str, object]]:
    """The nodes one below the other, each with its depth and faults."""
    rows: list[dict[str, object]] = []

    def put(nodes: tuple[Node, ...], depth: int) -> None:
        for place, node in enumerate(nodes):
            rows.append(
                {
                    "node": node,
                    "depth": min(depth, 4),
                    "words": words_of(node),
                    "others": [text for text in list(node.text("label").values())[1:] if text],
                    "kind": KINDS.get(kind_of(node), node.type),
                    "options": [words_of(option) for option in document.lists.get(node.list, ())][:8],
                    "shown_if": node.rule("relevant"),
                    "required": node.rule("required"),
                    "faults": [fault for uid, fault in faults if uid == node.uid],
                    "first": place == 0 and depth == 0,
                    "last": place == len(nodes) - 1 and depth == 0,
                }
            )
            put(node.items, depth + 1)

    put(document.items, 0)
    return rows


def words_of(holder: Node | xlsform.Option) -> str:
    """The first label there is, in whatever language."""
    texts = holder.text("label")
    return next((text for text in texts.values() if text), "")


def whole_number(text: str, otherwise: int) -> int:
    """A whole number typed, or what stands for one that is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else otherwise
