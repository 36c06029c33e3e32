"""The question bank: what can be asked again, in which wordings, and where it was."""

from __future__ import annotations

from dataclasses import replace

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from qiao.base.access import ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.base.xlsform import FormDocument, from_json
from qiao.hear.surveys.choices import DraftAct, Topic
from qiao.hear.surveys.models import BankItem, FormDraft
from qiao.hear.surveys.queries import bank as queries
from qiao.hear.surveys.queries.forms import draft_of
from qiao.hear.surveys.services import bank, drafts
from qiao.hear.surveys.views.editor_page import KINDS, kind_of
from qiao.hear.surveys.views.questionnaire_forms import BankForm


@page("questionnaire.upload")
def listing(request: ActorRequest) -> HttpResponse:
    """Every item, by topic."""
    if request.method == "POST":
        new = bank.load_bank(actor=request.actor, now=now())
        messages.success(
            request, gettext("%(number)d items and wordings are new.") % {"number": new} if new else
            gettext("All that ships with the platform is here already.")
        )  # fmt: skip
        return HttpResponseRedirect(reverse("surveys:bank"))
    topic = request.GET.get("topic", "")
    rows = []
    for item in queries.bank_items(topic if topic in Topic.values else ""):
        wordings = item.wordings.all()
        if wordings:
            node, _document = queries.question_of(wordings[0])
            rows.append({"item": item, "words": node.text("label"), "kind": KINDS.get(kind_of(node), node.type),
                         "wordings": len(wordings)})  # fmt: skip
    return render(request, "surveys/bank.html", {"rows": rows, "topics": Topic.choices, "topic": topic})


@page("questionnaire.upload")
def item(request: ActorRequest, key: str) -> HttpResponse:
    """One item: its wordings, newest first, and the rounds that asked it."""
    try:
        found = queries.bank_item(key)
    except BankItem.DoesNotExist:
        raise Http404 from None
    if request.method == "POST":
        if found.unit is not None:
            require(request.actor, "questionnaire.upload", found.unit.path)
        try:
            bank.retire_item(actor=request.actor, now=now(), key=key)
        except Problem as fault:
            messages.warning(request, problem_text(fault))
        else:
            messages.success(request, gettext("The item is not offered any more."))
        return HttpResponseRedirect(reverse("surveys:bank_item", args=[key]))
    wordings = [
        {"wording": wording, "node": node, "options": document.lists.get(node.list, ()),
         "kind": KINDS.get(kind_of(node), node.type)}
        for wording in found.wordings.all()
        for node, document in [queries.question_of(wording)]
    ]  # fmt: skip
    context = {
        "item": found,
        "wordings": wordings,
        "usages": queries.usages(found),
        "own": found.unit is not None and request.actor.may("questionnaire.upload", found.unit.path),
    }
    return render(request, "surveys/bank_item.html", context)


@page("questionnaire.upload")
def save(request: ActorRequest, code: str, uid: str) -> HttpResponse:
    """Putting a question of a draft into the bank, as a new item or as the next wording of its own."""
    try:
        draft = draft_of(code)
    except FormDraft.DoesNotExist:
        raise Http404 from None
    require(request.actor, "questionnaire.upload", draft.questionnaire.unit.path)
    document = from_json(draft.document)
    node = document.find(uid)
    if node is None or node.holds:
        raise Http404
    form = BankForm(request.POST or None, initial={"key": node.bank or node.name.lower()})
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["key"].strip()
        alone = FormDocument(
            languages=document.languages,
            # Where it is shown belongs to the questionnaire, not to the item.
            items=(replace(node, logic={k: v for k, v in node.logic.items() if k not in {"relevant", "required"}}),),
            lists={node.list: document.lists[node.list]} if node.list in document.lists else {},
        )
        try:
            bank.save_item(
                actor=request.actor, now=now(), unit=draft.questionnaire.unit, key=key,
                topic=form.cleaned_data["topic"], source=form.cleaned_data["source"], document=alone,
            )  # fmt: skip
            drafts.change_draft(
                actor=request.actor, now=now(), code=code, revision=draft.revision, act=DraftAct.BANK, about=key,
                change=lambda current: _marked(current, uid, key),
            )  # fmt: skip
        except (Problem, Problems) as fault:
            form.add_error(None, problem_text(fault))
        else:
            messages.success(request, gettext("The question is in the bank."))
            return HttpResponseRedirect(reverse("surveys:bank_item", args=[key]))
    context = {"form": form, "draft": draft, "words": next(iter(node.text("label").values()), node.name)}
    return render(request, "surveys/bank_save.html", context, status=422 if form.errors else 200)


def _marked(document: FormDocument, uid: str, key: str) -> FormDocument:
    from qiao.base.xlsform import edit

    node = document.find(uid)
    if node is None:
        raise Problem("This question is not there any more.")
    return edit.put(document, uid, replace(node, bank=key))
