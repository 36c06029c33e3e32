"""The officers' inbox over all channels, and the intake by telephone, counter, paper and mail."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import ActorRequest, page
from qiao.base.clock import now
from qiao.base.i18n import LANGUAGES, problem_text
from qiao.base.problems import Problem, Problems
from qiao.hear.window import exports, services
from qiao.hear.window.choices import Channel
from qiao.hear.window.forms.officer import BulkForm, FilterForm, IntakeForm
from qiao.hear.window.models import QueueTicket
from qiao.hear.window.queries.counter import windows_of
from qiao.hear.window.queries.figures import sheet_rows
from qiao.hear.window.queries.reading import MOST_LISTED, PAGE, Filter, handlers_at, inbox, of_caller, similar_public
from qiao.hear.window.views.asking import sent
from qiao.org.people.models import Account
from qiao.org.units.models import Unit

_MOST_ROWS = 20_000
_MOST_MARKED = 100


@page("request.read")
def listed(request: ActorRequest) -> HttpResponse:
    """The inbox."""
    form = FilterForm(request.GET or None)
    wanted = _wanted(form)
    rows = inbox(actor=request.actor, wanted=wanted, now=now())
    shown = Paginator(rows[:MOST_LISTED], PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    bulk_form = BulkForm(handlers=_handlers(request)) if request.actor.may("request.take") else None
    context = {
        "form": form if form.is_bound else FilterForm(initial={"view": "open"}),
        "page": shown,
        "query": query.urlencode(),
        "now": now(),
        "capped": shown.paginator.count == MOST_LISTED,
        "bulk": bulk_form,
    }
    return render(request, "window/inbox.html", context)


@page("request.read")
def workbook(request: ActorRequest) -> HttpResponse:
    """The inbox as a workbook, as filtered: no words, no names."""
    rows = inbox(actor=request.actor, wanted=_wanted(FilterForm(request.GET or None)), now=now())[:_MOST_ROWS]
    services.note_export(actor=request.actor, now=now(), rows=len(rows))
    response = HttpResponse(
        exports.requests_workbook(sheet_rows(rows)),
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    )
    response["Content-Disposition"] = f'attachment; filename="requests-{localdate(now()).isoformat()}.xlsx"'
    return response


@page("request.take")
@require_POST
def bulk(request: ActorRequest) -> HttpResponse:
    """Give the marked requests to one officer."""
    form = BulkForm(request.POST, handlers=_handlers(request))
    codes = request.POST.getlist("code")[:_MOST_MARKED]
    if not codes:
        messages.error(request, _("Mark at least one request."))
    elif form.is_valid():
        done = services.bulk_assign(actor=request.actor, now=now(), codes=codes, handler=form.cleaned_data["handler"])
        failed = {code: why for code, why in done.items() if why}
        messages.success(request, _("%(number)d given.") % {"number": len(done) - len(failed)})
        for code, why in failed.items():
            messages.error(request, f"{code}: {why}")
    else:
        messages.error(request, _("Choose who works on them."))
    return redirect(f"{reverse('window:inbox')}?{request.POST.get('query', '')[:500]}")


@page("request.take")
def intake(request: ActorRequest) -> HttpResponse:
    """Enter what somebody brings: one page, made for the keyboard; what the caller brought before stands beside it."""
    windows = windows_of(request.actor)
    caller = request.GET.get("caller", "").strip()[:120]
    if request.method != "POST":
        channel = request.GET.get("channel", Channel.PHONE)
        form = IntakeForm(initial={"contact": caller, "channel": channel, "ticket": request.GET.get("ticket") or None})
        form.offer("")
        return _intake(request, form, windows, caller)
    form = IntakeForm(request.POST, request.FILES)
    form.offer(request.POST.get("workplace", ""))
    at = _at(request, windows)
    if not form.is_valid() or form.must_choose() or at is None:
        return _intake(request, form, windows, caller)
    given = form.cleaned_data
    place, employer, written = form.chosen()
    moment, actor = now(), request.actor
    try:
        filed = services.enter_request(
            actor=actor,
            now=moment,
            at=at,
            channel=Channel(given["channel"]),
            given=services.Given(
                nonce=given["nonce"], text=given["text"], kind=given["kind"], topic=given["topic"],
                identity=given["identity"], name=given["name"], contact=given["contact"], place=place or at,
                employer=employer, employer_written=written, about=given["about"], by_pass=given["by_pass"],
                language=get_language() or LANGUAGES[0],
            ),
        )  # fmt: skip
        for upload in given["papers"]:
            services.add_file(actor=actor, now=moment, request=filed.request, upload=upload, by_asker=False)
        if given["answer"].strip():
            services.answer_at_once(
                actor=actor, now=moment, code=filed.request.code, text=given["answer"], nonce=given["nonce"]
            )
        ticket = QueueTicket.objects.filter(pk=given["ticket"] or 0, unit=at).first()
        if ticket is not None:
            services.finish_number(actor=actor, now=moment, ticket_id=ticket.pk, served=True, request=filed.request)
    except (Problem, Problems) as problem:
        form.add_error(None, problem_text(problem))
        return _intake(request, form, windows, caller)
    filed.request.refresh_from_db()
    return sent(request, filed, answer=given["answer"])


def _intake(request: ActorRequest, form: IntakeForm, windows: Sequence[Unit], caller: str) -> HttpResponse:
    words = str(form.data.get("text", "")) if form.is_bound else ""
    context = {
        "form": form, "windows": windows, "caller": caller,
        "before": of_caller(request.actor, caller) if caller else [], "similar": similar_public(words) if words else [],
    }  # fmt: skip
    return render(request, "window/intake.html", context)


def _at(request: ActorRequest, windows: Sequence[Unit]) -> Unit | None:
    chosen = request.POST.get("at", "")
    return next((unit for unit in windows if unit.label == chosen), windows[0] if windows else None)


def _wanted(form: FilterForm) -> Filter:
    if not form.is_bound:
        return Filter()
    form.is_valid()
    return Filter(**{key: value for key, value in form.cleaned_data.items() if value})


def _handlers(request: ActorRequest) -> QuerySet[Account]:
    found = Account.objects.none()
    for unit in windows_of(request.actor)[:5]:
        found = found | handlers_at(unit)
    return found.distinct().order_by("display_name", "pk")
