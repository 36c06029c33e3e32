"""Pages of the shell itself."""

from __future__ import annotations

from datetime import timedelta
from hmac import compare_digest

from django.conf import settings
from django.contrib.auth import login
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from qiao import __version__
from qiao.base import throttle
from qiao.base.access import DEMO_ONLY, PUBLIC, SIGNED_IN, ActorRequest, page
from qiao.base.audit import record
from qiao.base.clock import now
from qiao.base.ledger.log import export_lines, prove_beginning
from qiao.base.models import LedgerLeaf, TreeHead
from qiao.base.receipts import find_receipt
from qiao.org.people.models import Account
from qiao.web import providers, queries, signin, threads
from qiao.web.api import api_routes
from qiao.web.exports import AUDIT_ROWS, audit_workbook
from qiao.web.forms import AuditForm
from qiao.web.metrics import measurements
from qiao.web.source import NAME, archive


@page(PUBLIC)
def home(request: ActorRequest) -> HttpResponse:
    """What is open now, the four stations, what happened last."""
    items = providers.open_items(actor=request.actor, now=now())
    return render(request, "web/home.html", {"items": items, **queries.home()})


@page(SIGNED_IN)
def me(request: ActorRequest) -> HttpResponse:
    """A member's own page: what waits for me, what became of what I said."""
    context = {
        "items": providers.open_items(actor=request.actor, now=now()),
        "own": providers.own_items(actor=request.actor, now=now()),
        "membership": queries.membership_line(request.actor),
        "doors": providers.own_doors(actor=request.actor),
    }
    return render(request, "web/me.html", context)


@page("desk.open")
def desk(request: ActorRequest) -> HttpResponse:
    """An officer's one to-do list across all apps."""
    items = providers.desk_items(actor=request.actor, now=now())
    late = sum(1 for item in items if item.due and item.due < now())
    context = {"items": items, "late": late, "doors": queries.doors(request.actor)}
    return render(request, "web/desk.html", context)


@page(PUBLIC)
def thread(request: ActorRequest, code: str) -> HttpResponse:
    """The whole thread of one object, both ways."""
    drawn = threads.thread(code)
    if drawn is None:
        raise Http404
    return render(request, "web/thread.html", {"thread": drawn})


@page(PUBLIC)
def receipt(request: ActorRequest) -> HttpResponse:
    """Look up a receipt by its number, without signing in."""
    number = request.GET.get("number", "").strip()
    moment, address = now(), throttle.address_of(request)
    if number:
        throttle.ensure("receipt", address, now=moment)
    found = find_receipt(number) if number else None
    if number and found is None:
        throttle.failed("receipt", address, limit=20, per=timedelta(minutes=10), now=moment)
    state = providers.receipt_state(found) if found else None
    context = {"number": number, "receipt": found, "state": state}
    return render(request, "web/receipt.html", context, status=404 if number and not found else 200)


@page(PUBLIC)
def ledger(request: ActorRequest) -> HttpResponse:
    """The ledger: heads and newest entries."""
    context = queries.ledger_page(request.GET.get("before", ""), request.GET.get("find", "").strip())
    return render(request, "web/ledger.html", context)


@page(PUBLIC)
def ledger_consistency(request: ActorRequest, older: int, newer: int) -> HttpResponse:
    """The proof that the log of an older head is a beginning of a newer one's."""
    heads = [get_object_or_404(TreeHead, pk=size) for size in sorted((older, newer))]
    context = {"older": heads[0], "newer": heads[1], "path": prove_beginning(heads[0], heads[1])}
    return render(request, "web/ledger_consistency.html", context)


@page(PUBLIC)
def ledger_entry(request: ActorRequest, index: int) -> HttpResponse:
    """One entry with its proof against the newest head."""
    leaf = get_object_or_404(LedgerLeaf, pk=index)
    context = {"leaf": leaf, "threaded": queries.threaded({leaf.code}), "proof": queries.proof_of(index)}
    return render(request, "web/ledger_entry.html", context)


@page(DEMO_ONLY)
def demo(request: ActorRequest) -> HttpResponse:
    """Sign in as one of the invented people."""
    if request.method == "POST":
        chosen = request.POST.get("account", "")
        if not (chosen.isascii() and chosen.isdigit()):
            raise Http404
        account = get_object_or_404(Account, pk=int(chosen))
        login(request, account, backend=settings.AUTHENTICATION_BACKENDS[0])
        signin.begin(request, account, now())
        return HttpResponseRedirect(reverse("web:desk" if account.grants.exists() else "web:me"))
    return render(request, "web/demo.html", {"accounts": queries.demo_accounts()})


@page(DEMO_ONLY)
def outbox(request: ActorRequest) -> HttpResponse:
    """The mails the demonstration has sent."""
    return render(request, "web/outbox.html", {"mails": queries.outbox()})


@page(PUBLIC)
def health(request: ActorRequest) -> HttpResponse:
    """For a monitor: the process answers and the database does."""
    return JsonResponse({"ok": queries.database_answers()})


@page(PUBLIC)
@require_safe
def metrics(request: ActorRequest) -> HttpResponse:
    """For Prometheus: what this installation does, without a word on anybody. Opens to the token alone."""
    given = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
        raise Http404
    content, kind = measurements(now())
    return HttpResponse(content, content_type=kind)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that came back without its token: say what to do."""
    return render(request, "web/csrf.html", status=403)


@page("audit.read")
def audit(request: ActorRequest) -> HttpResponse:
    """The audit log of the auditor's subtrees."""
    form = AuditForm(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows, older = queries.audit_page(request.actor, request.GET.get("before", ""), **chosen)
    kept = urlencode({key: str(value) for key, value in chosen.items() if value})
    return render(request, "web/audit.html", {"rows": rows, "older": older, "form": form, "kept": kept})


@page("audit.read", fresh=True)
def audit_export(request: ActorRequest) -> HttpResponse:
    """The same rows as a workbook; taking them is itself written down."""
    form = AuditForm(request.GET or None)
    chosen = form.cleaned_data if form.is_valid() else {}
    content = audit_workbook(queries.audit_rows(request.actor, **chosen)[:AUDIT_ROWS])
    record(
        actor=request.actor, now=now(), action="audit.export", detail={key: str(value) for key, value in chosen.items()}
    )
    response = HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response.headers["Content-Disposition"] = 'attachment; filename="qiao-audit.xlsx"'
    return response


@page(PUBLIC)
def api_root(request: ActorRequest) -> HttpResponse:
    """What programs may ask for, for the people who write them."""
    return render(request, "web/api.html", {"routes": api_routes()})


@page(PUBLIC)
def source(request: ActorRequest) -> HttpResponse:
    """The licence's offer of the source."""
    return render(request, "web/source.html", {"version": __version__})


@page(PUBLIC)
def source_archive(request: ActorRequest) -> FileResponse:
    """The archive of the running version."""
    if not archive().exists():
        raise Http404
    return FileResponse(archive().open("rb"), as_attachment=True, filename=NAME)


@page(PUBLIC)
def ledger_export(request: ActorRequest) -> StreamingHttpResponse:
    """The whole ledger as one document, for ``qiao verify``, sent a piece at a time."""
    response = StreamingHttpResponse(export_lines(), content_type="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="qiao-ledger.json"'
    return response
