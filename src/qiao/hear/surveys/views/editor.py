"""Writing a questionnaire in the browser: every act is a POST, so that it works without script."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext

from qiao.base import xlsform
from qiao.base.access import ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import pick, problem_text
from qiao.base.problems import Problem, Problems
from qiao.base.xlsform import FormDocument, Node, Runtime, edit, from_json
from qiao.hear.surveys.choices import DraftAct
from qiao.hear.surveys.models import BankItem, FormDraft, Questionnaire
from qiao.hear.surveys.queries import bank as bank_queries
from qiao.hear.surveys.queries.forms import draft_of, draft_steps, media_addresses, questionnaire_by_code
from qiao.hear.surveys.queries.shipped import shipped_templates
from qiao.hear.surveys.services import drafts
from qiao.hear.surveys.services.questionnaires import with_files
from qiao.hear.surveys.views.editor_page import KINDS, QuestionPage, kind_of
from qiao.hear.surveys.views.editor_reading import read_page
from qiao.hear.surveys.views.editor_rows import draft_for, judged, rows_of, whole_number, words_of
from qiao.hear.surveys.views.questionnaire_forms import WriteForm
from qiao.org.units.queries import units_at, upper_units

#: Languages that can be added with one press; any other is typed.
OFFERED = ("中文 (zh)", "English (en)", "ئۇيغۇرچە (ug)", "བོད་སྐད (bo)", "Монгол (mn)", "Қазақша (kk)")


@page("questionnaire.upload")
def write(request: ActorRequest) -> HttpResponse:
    """Beginning a questionnaire: empty, or from a ready-made one."""
    paths = request.actor.paths("questionnaire.upload")
    form = WriteForm(request.POST or None, units=upper_units(paths) or units_at(paths), templates=shipped_templates())
    if request.method == "POST" and form.is_valid():
        try:
            draft = drafts.begin_questionnaire(
                actor=request.actor, now=now(), unit=form.cleaned_data["unit"], title=form.cleaned_data["title"],
                template=form.cleaned_data["template"],
            )  # fmt: skip
        except (Problem, Problems) as fault:
            form.add_error(None, problem_text(fault))
        else:
            return HttpResponseRedirect(reverse("surveys:editor", args=[draft.questionnaire.code]))
    return render(request, "surveys/editor_new.html", {"form": form}, status=422 if form.errors else 200)


@page("questionnaire.upload")
def begin(request: ActorRequest, code: str) -> HttpResponse:
    """Going on with the draft of a questionnaire, or beginning one from its newest version."""
    try:
        found = questionnaire_by_code(code)
    except Questionnaire.DoesNotExist:
        raise Http404 from None
    require(request.actor, "questionnaire.upload", found.unit.path)
    if request.method != "POST":
        return HttpResponseRedirect(reverse("surveys:questionnaire", args=[code]))
    drafts.begin_draft(actor=request.actor, now=now(), code=code)
    return HttpResponseRedirect(reverse("surveys:editor", args=[code]))


@page("questionnaire.upload")
def editor(request: ActorRequest, code: str) -> HttpResponse:
    """The questions of a draft, what can be done with each, and what is still to be mended."""
    draft = draft_for(request, code)
    said: list[str] = []
    status = 200
    if request.method == "POST":
        try:
            target = _act(request, draft)
        except (Problem, Problems) as fault:
            said, status = problem_text(fault).split("\n"), 409 if isinstance(fault, drafts.StaleDraft) else 422
            try:
                draft = draft_of(code)
            except FormDraft.DoesNotExist:
                messages.warning(request, said[0])
                return HttpResponseRedirect(reverse("surveys:questionnaire", args=[code]))
        except BankItem.DoesNotExist:
            raise Http404 from None
        else:
            return HttpResponseRedirect(target)
    document = from_json(draft.document)
    _form, faults, _rows = judged(document)
    context = {
        "draft": draft,
        "questionnaire": draft.questionnaire,
        "title": pick(draft.questionnaire.title),
        "rows": rows_of(document, faults),
        "others": [fault for uid, fault in faults if not uid],
        "kinds": list(KINDS.items()),
        "languages": document.languages,
        "offered": [each for each in OFFERED if each not in document.languages],
        "said": said,
        "questions": sum(1 for node in document.walk() if not node.holds),
    }
    return render(request, "surveys/editor.html", context, status=status)


def _act(request: ActorRequest, draft: FormDraft) -> str:
    """One act on the list of questions; where to go afterwards."""
    post, code = request.POST, draft.questionnaire.code
    here = reverse("surveys:editor", args=[code])
    act, uid = post.get("act", ""), post.get("uid", "")
    revision = whole_number(post.get("revision", ""), draft.revision)
    change = partial(drafts.change_draft, actor=request.actor, now=now(), code=code, revision=revision)
    name = next((node.name for node in from_json(draft.document).walk() if node.uid == uid), "")
    if act == "add":
        kind = post.get("kind", "")
        if kind not in KINDS:
            raise Problem("Choose what kind of question it is.")
        made: list[str] = []

        def grow(document: FormDocument) -> FormDocument:
            taken = {node.name for node in document.walk()}
            stem = "part" if kind in {"group", "repeat"} else "q"
            node = Node(type=kind, name=edit.name_for("", taken, stem=stem))
            after = post.get("after", "")
            held = document.find(after)
            if held is not None and held.holds:
                grown, new = edit.add(document, node, inside=after)
            else:
                grown, new = edit.add(document, node, after=after if held else "")
            made.append(new)
            return grown

        change(act=DraftAct.ADD, change=grow)
        return reverse("surveys:editor_question", args=[code, made[-1]])
    if act in {"up", "down"}:
        step = -1 if act == "up" else 1
        change(act=DraftAct.MOVE, about=name, change=lambda document: edit.move(document, uid, step))
    elif act == "copy":
        change(act=DraftAct.COPY, about=name, change=lambda document: edit.copy(document, uid)[0])
    elif act == "remove":
        change(act=DraftAct.REMOVE, about=name, uid=uid, change=lambda document: edit.remove(document, uid))
        messages.success(request, gettext("“%(name)s” is gone. It can be brought back below.") % {"name": name})
        return here
    elif act == "bank":
        _changed, new = drafts.insert_item(
            actor=request.actor,
            now=now(),
            code=code,
            revision=revision,
            key=post.get("item", ""),
            after=post.get("after", ""),
        )
        messages.success(request, gettext("The question is in the questionnaire."))
        return f"{here}#{new}"
    elif act == "undo":
        drafts.undo_draft(actor=request.actor, now=now(), code=code, to=whole_number(post.get("to", ""), 0))
        messages.success(request, gettext("The earlier state is back."))
        return here
    elif act == "languages":
        _languages(request, draft, revision)
        return here
    elif act == "drop":
        drafts.drop_draft(actor=request.actor, now=now(), code=code)
        messages.success(request, gettext("The draft is thrown away."))
        return reverse("surveys:questionnaires")
    elif act == "store":
        version = drafts.store_draft(actor=request.actor, now=now(), code=code)
        messages.success(request, gettext("Version %(number)d is stored.") % {"number": version.number})
        return reverse("surveys:questionnaire", args=[code])
    else:
        raise Problem("This is not something the page can do.")
    return f"{here}#{uid}"


def _languages(request: ActorRequest, draft: FormDraft, revision: int) -> None:
    more, less = request.POST.get("more", "").strip(), request.POST.get("less", "")
    if more and (len(more) > 60 or ":" in more):
        raise Problem("A language is written as its name and its code, such as English (en).")

    def change(document: FormDocument) -> FormDocument:
        kept = [each for each in document.languages if each != less]
        return edit.with_languages(document, list(dict.fromkeys([*kept, more] if more else kept)))

    drafts.change_draft(
        actor=request.actor, now=now(), code=draft.questionnaire.code, revision=revision, act=DraftAct.SETTINGS,
        about=more or less, uid="settings", change=change,
    )  # fmt: skip


@page("questionnaire.upload")
def question(request: ActorRequest, code: str, uid: str) -> HttpResponse:
    """One question: its words in each language, its answers, when it is shown, what fits."""
    draft = draft_for(request, code)
    document = from_json(draft.document)
    node = document.find(uid)
    if node is None:
        messages.warning(request, gettext("This question is not there any more."))
        return HttpResponseRedirect(reverse("surveys:editor", args=[code]))
    said: list[str] = []
    theirs: Node | None = None
    shown = QuestionPage(document, node, document.lists.get(node.list, ()))
    status = 200
    quiet = bool(request.POST.get("autosave"))
    if request.method == "POST":
        revision = whole_number(request.POST.get("revision", ""), draft.revision)
        try:
            typed, listed, options = read_page(request.POST.dict(), document, node)
            shown = QuestionPage(document, typed, options)

            def change(current: FormDocument) -> FormDocument:
                made = edit.put(current, uid, typed)
                return edit.with_list(made, listed, options) if listed else made

            draft = drafts.change_draft(
                actor=request.actor, now=now(), code=code, revision=revision, act=DraftAct.CHANGE, change=change,
                about=node.name, uid=uid,
            )  # fmt: skip
        except drafts.StaleDraft as stale:
            said, status, theirs = problem_text(stale).split("\n"), 409, node
            draft = stale.draft
        except (Problem, Problems) as fault:
            said, status = problem_text(fault).split("\n"), 422
        else:
            if quiet:
                return JsonResponse({"revision": draft.revision, "said": gettext("Saved")})
            if request.POST.get("more"):
                stored = from_json(draft.document)
                shown = QuestionPage(stored, stored.find(uid) or typed, options, spare=8)
            else:
                return HttpResponseRedirect(f"{reverse('surveys:editor', args=[code])}#{uid}")
        if quiet and status != 200:
            return JsonResponse({"said": " ".join(said), "stale": status == 409}, status=status)
    shown.files = sorted(draft.questionnaire.files.values_list("name", flat=True).distinct())
    context = {
        "draft": draft,
        "questionnaire": draft.questionnaire,
        "page": shown,
        "uid": uid,
        "said": said,
        "theirs": QuestionPage(document, theirs, document.lists.get(theirs.list, ())) if theirs else None,
        "title": words_of(node) or node.name,
    }
    return render(request, "surveys/editor_question.html", context, status=status)


@page("questionnaire.upload")
def preview(request: ActorRequest, code: str) -> HttpResponse:
    """The draft as those who are asked will see it, in each language; nothing is sent."""
    draft = draft_for(request, code)
    document = with_files(draft.questionnaire, from_json(draft.document))
    form, faults, _rows = judged(document)
    context: dict[str, object] = {
        "questionnaire": draft.questionnaire,
        "title": pick(draft.questionnaire.title),
        "faults": [fault for _uid, fault in faults],
    }
    if form is not None:
        runtime = Runtime(form, partial=True, media=media_addresses(document.files))
        languages = list(form.languages) or [form.default_language]
        asked = request.GET.get("language", "")
        language = asked if asked in languages else form.language_for(request.LANGUAGE_CODE)
        context |= {
            "languages": languages if len(languages) > 1 else [],
            "language": language,
            "left_out": [problem_text(fault) for fault in runtime.left_out],
            "questions": xlsform.render(runtime, language=language, now=localtime(now()), translate=gettext),
        }
    return render(request, "surveys/editor_preview.html", context)


@page("questionnaire.upload")
def history(request: ActorRequest, code: str) -> HttpResponse:
    """What was done to a draft; each state can be brought back."""
    draft = draft_for(request, code)
    context = {
        "draft": draft,
        "questionnaire": draft.questionnaire,
        "steps": draft_steps(draft)[:100],
        "title": pick(draft.questionnaire.title),
    }
    return render(request, "surveys/editor_history.html", context)


@page("questionnaire.upload")
def pick_item(request: ActorRequest, code: str) -> HttpResponse:
    """Choosing an item of the question bank for a draft."""
    draft = draft_for(request, code)
    taken = {node.bank for node in from_json(draft.document).walk() if node.bank}
    items = [
        (item, *bank_queries.question_of(item.wordings.all()[0]), item.key in taken)
        for item in bank_queries.bank_items(request.GET.get("topic", ""))
        if item.wordings.all()
    ]
    context = {
        "draft": draft,
        "questionnaire": draft.questionnaire,
        "after": request.GET.get("after", ""),
        "items": [
            {"item": item, "words": words_of(node), "kind": KINDS.get(kind_of(node), node.type), "taken": there,
             "options": [words_of(option) for option in document.lists.get(node.list, ())]}
            for item, node, document, there in items
        ],
    }  # fmt: skip
    return render(request, "surveys/editor_bank.html", context)
