"""One request as an officer works on it."""

from __future__ import annotations

from contextlib import suppress

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import ActorRequest, page
from qiao.base.addresses import full_address
from qiao.base.clock import now
from qiao.base.deadlines import progress
from qiao.base.i18n import pick, problem_text
from qiao.base.problems import Problem, Problems
from qiao.hear.rights.queries import articles_at, suggested
from qiao.hear.window import services
from qiao.hear.window.choices import AT_DESK, RUNNING, State
from qiao.hear.window.forms.officer import LookForm, RedactForm, values_of
from qiao.hear.window.models import AnswerTemplate, Attachment, Request, SafetyCall
from qiao.hear.window.queries.reading import (
    attachments_of,
    conversation,
    handlers_at,
    request_for,
    safety_calls,
    similar_open,
    templates_for,
    transitions_of,
)
from qiao.hear.window.rules.seeing import TAKE, is_handler, may
from qiao.hear.window.rules.states import steps
from qiao.hear.window.rules.templates import filled
from qiao.hear.window.views.acts import ACTS, BY_KEY, Act, form_of

#: Behind which act prepared answers of which state stand.
_PREPARED = {
    "at_once": State.ANSWERED_AT_ONCE, "answer": State.ANSWERED, "extend": State.EXTENDED, "return": State.RETURNED,
    "hand_over": State.HANDED_OVER, "write": State.IN_HAND,
}  # fmt: skip
#: The field a prepared answer is written into.
_INTO = {"extend": "reason", "return": "reason", "hand_over": "why"}


@page("request.read")
def request_page(request: ActorRequest, code: str) -> HttpResponse:
    """What was asked, why it came here, how far its clock has run, and what can be done now."""
    return _page(request, _found(request, code))


@page("request.read")
@require_POST
def act(request: ActorRequest, code: str, key: str) -> HttpResponse:
    """Do one of the acts; a form with faults stands open on the page again."""
    found = _found(request, code)
    chosen = BY_KEY.get(key)
    if chosen is None:
        raise Http404
    form = form_of(chosen, found, request.POST, request.FILES)
    if chosen.key == "assign" and isinstance(form.fields["handler"], forms.ModelChoiceField):
        body = form.fields["body"]
        with suppress(forms.ValidationError):
            form.fields["handler"].queryset = handlers_at(body.clean(request.POST.get("body", "")))
    if form.is_valid():
        try:
            chosen.run(request.actor, now(), found, form)
        except (Problem, Problems) as problem:
            form.add_error(None, problem_text(problem))
        except Request.DoesNotExist:
            form.add_error(None, _("There is no request with this code."))
    if not form.is_valid():
        return _page(request, found, failed=(chosen, form))
    messages.success(request, _("Done: %(act)s.") % {"act": chosen.label})
    return redirect("window:request", code)


@page("request.read")
@require_POST
def asker(request: ActorRequest, code: str) -> HttpResponse:
    """Name and contact, for a reason that is logged; shown in the answer to the form only."""
    found = _found(request, code)
    form = LookForm(request.POST, auto_id="look_%s")
    if form.is_valid():
        try:
            services.look_at_asker(actor=request.actor, now=now(), code=code, reason=form.cleaned_data["reason"])
        except Problem as problem:
            form.add_error(None, problem_text(problem))
        else:
            response = _page(request, found, shown=True)
            response["Cache-Control"] = "no-store"
            return response
    return _page(request, found, look=form)


@page("request.read")
@require_POST
def attachment(request: ActorRequest, code: str, key: int) -> HttpResponse:
    """A file: the redacted copy where there is one, the original for a reason."""
    _found(request, code)
    try:
        found, content = services.open_attachment(
            actor=request.actor, now=now(), code=code, attachment_id=key, reason=request.POST.get("reason", "")
        )
    except Attachment.DoesNotExist:
        raise Http404 from None
    except Problem as problem:
        messages.error(request, problem_text(problem))
        return redirect("window:request", code)
    copy = found.redacted is not None and not request.POST.get("reason")
    response = HttpResponse(content, content_type=found.redacted_mime if copy else found.mime)
    name = f"{found.request_id}-{found.pk}.{found.file.rpartition('.')[2]}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@page("request.read")
@require_POST
def redact(request: ActorRequest, code: str, key: int) -> HttpResponse:
    """Shut a file and put a redacted copy in its place."""
    _found(request, code)
    form = RedactForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.redact_attachment(
                actor=request.actor, now=now(), code=code, attachment_id=key,
                upload=next(iter(form.cleaned_data["copy"]), None),
            )  # fmt: skip
            messages.success(request, _("The original is shut now."))
        except Attachment.DoesNotExist:
            raise Http404 from None
        except Problem as problem:
            messages.error(request, problem_text(problem))
    else:
        messages.error(request, " ".join(str(fault) for faults in form.errors.values() for fault in faults))
    return redirect("window:request", code)


@page("request.safety")
def safety(request: ActorRequest) -> HttpResponse:
    """Those whose life may be in danger: for the few who are trained."""
    if request.method == "POST":
        try:
            call_id = int(request.POST.get("call", ""))
            if request.POST.get("act") == "end":
                services.end_safety_call(actor=request.actor, now=now(), call_id=call_id)
            else:
                services.take_safety_call(actor=request.actor, now=now(), call_id=call_id)
        except (ValueError, SafetyCall.DoesNotExist):
            pass
        return redirect("window:safety")
    return render(request, "window/safety.html", {"calls": safety_calls(request.actor)})


def _found(request: ActorRequest, code: str) -> Request:
    try:
        return request_for(request.actor, code)
    except Request.DoesNotExist:
        raise Http404 from None


def _page(
    request: ActorRequest,
    found: Request,
    *,
    failed: tuple[Act, forms.Form] | None = None,
    look: forms.Form | None = None,
    shown: bool = False,
) -> HttpResponse:
    actor, moment = request.actor, now()
    offered = [one for one in ACTS if one.offered(actor, found)]
    rows = []
    for one in offered:
        bad = failed is not None and failed[0].key == one.key
        form = failed[1] if failed is not None and bad else _prefilled(request, found, one)
        rows.append({"act": one, "form": form, "open": bad, "prepared": _prepared(found, one)})
    context = {
        "request_": found,
        "steps": steps(found),
        "progress": progress(found.clock_from, found.due, moment) if found.state in RUNNING else None,
        "overdue": found.state in RUNNING and found.due < moment,
        "conversation": conversation(found, notes=True),
        "transitions": transitions_of(found),
        "files": attachments_of(found),
        "orders": list(found.orders.select_related("body", "handler").order_by("made", "pk")),
        "call_backs": list(found.call_backs.select_related("by", "unit").order_by("serial")),
        "ratings": list(found.ratings.order_by("turn")),
        "similar": similar_open(actor, found) if found.state in AT_DESK and may(actor, TAKE, found) else [],
        "main": [row for row, act in zip(rows, offered, strict=True) if act.main],
        "others": [row for row, act in zip(rows, offered, strict=True) if not act.main],
        "may_look": found.identity != "anonymous" and (is_handler(actor, found) or offered),
        "may_redact": is_handler(actor, found) or may(actor, TAKE, found),
        "look": look or LookForm(auto_id="look_%s"),
        "shown": shown,
        "intact": services.digest_holds(found),
        "chosen": request.GET.get("with", ""),
    }
    return render(request, "window/request.html", context)


def _prefilled(request: ActorRequest, found: Request, act: Act) -> forms.Form:
    """The form, filled with the prepared answer chosen by a link (``?with=`` its number)."""
    initial: dict[str, object] = {}
    key = request.GET.get("with", "")
    if act.key == "at_once" and key.startswith("RA-"):
        initial["text"] = _article_words(found, key)
    elif act.key in _PREPARED and key.isdecimal() and len(key) < 18:
        row = AnswerTemplate.objects.filter(pk=int(key), state=_PREPARED[act.key], ended__isnull=True).first()
        if row is not None:
            day = date_format(localdate(found.due), "DATE_FORMAT")
            values = values_of(found, request.actor.name, found.body, day)
            initial[_INTO.get(act.key, "text")] = filled(pick(row.text, found.language), values)
    return form_of(act, found, **initial)


def _prepared(found: Request, act: Act) -> list[tuple[str, str]]:
    """Prepared answers as (what the link names, title): the window's own, then articles of the rights library."""
    if act.key not in _PREPARED:
        return []
    rows = [(str(one.pk), pick(one.title)) for one in templates_for(found.body, _PREPARED[act.key], found.topic)]
    if act.key == "at_once":
        hits = suggested(str(found.text), found.body.path, localdate(now()))
        rows += [(hit.code, pick(hit.version.question)) for hit in hits]
    return rows


def _article_words(found: Request, code: str) -> str:
    """An article that holds at the body, as an answer with its address; "" where there is none."""
    hits = [one for one in articles_at(found.body.path, localdate(now())) if one.code == code]
    if not hits:
        return ""
    version, language = hits[0].version, found.language
    lines = [pick(version.answer, language), *(f"{n}. {pick(one, language)}" for n, one in enumerate(version.steps, 1))]
    lines += [f"· {pick(one, language)}" for one in version.papers]
    lines += [full_address(reverse("rights:article", args=[code]))]
    return "\n".join(lines)
