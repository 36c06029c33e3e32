"""Raising a problem, and following it: by receipt without signing in, or signed in."""

from __future__ import annotations

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qiao.base import throttle
from qiao.base.access import ANONYMOUS, PUBLIC, SIGNED_IN, Actor, ActorRequest, Refused, page
from qiao.base.clock import now
from qiao.base.codes import normal_receipt_number
from qiao.base.i18n import LANGUAGES, Localized, problem_text
from qiao.base.problems import Problem, Problems
from qiao.judge.problems import services
from qiao.judge.problems.choices import Say, Source, State, Tendency
from qiao.judge.problems.forms import AppealForm, OfficeForm, RaiseForm, ReceiptForm, ReopenForm, SayForm
from qiao.judge.problems.models import Entry, Voice
from qiao.judge.problems.queries import entry_page
from qiao.judge.problems.rules.states import steps

_TRIES, _PER = 10, timedelta(minutes=10)


def _in_language(text: str) -> Localized:
    """What was written, under the language of the page it was written on."""
    code = (get_language() or LANGUAGES[0]).lower()
    return {code if code in LANGUAGES else LANGUAGES[0]: text}


@page(PUBLIC)
def new(request: ActorRequest) -> HttpResponse:
    """Raise a problem, signed in or not. An office says how it came to light."""
    actor, here = request.actor, now()
    initial = {"unit": request.GET.get("unit", "").replace("\x00", "")[:40]}
    form = (
        OfficeForm(request.POST or None, signed_in=True, initial=initial)
        if actor.may("problem.record")
        else RaiseForm(request.POST or None, signed_in=actor.signed_in, initial=initial)
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            if not actor.signed_in:
                throttle.check("problems.raise", throttle.address_of(request), limit=_TRIES, per=_PER, now=here)
            raised = services.raise_problem(
                actor=actor, now=here,
                given=services.Given(
                    nonce=given["nonce"], unit=given["unit"], title=_in_language(given["title"]),
                    text=_in_language(given["text"]), tendency=Tendency(given["tendency"]),
                    shielded=given.get("shielded", True), about_officer=given["about_officer"],
                    source=Source(given.get("source") or Source.MEMBERS), source_code=given.get("source_code", ""),
                ),
            )  # fmt: skip
        except (Problem, Problems) as fault:
            form.add_error(None, problem_text(fault))
        else:
            return render(request, "problems/raised.html", {"entry": raised.entry, "receipt": raised.receipt})
    context = {"form": form}
    return render(request, "problems/new.html", context, status=422 if form.errors else 200)


@page(PUBLIC)
def mine(request: ActorRequest) -> HttpResponse:
    """Follow a problem by its receipt. Every act comes with the receipt: no session, nothing in the address."""
    if request.method != "POST":
        number = normal_receipt_number(request.GET.get("number", "")) or ""
        return render(request, "problems/receipt.html", {"form": ReceiptForm(initial={"number": number})})
    form = ReceiptForm(request.POST)
    number = normal_receipt_number(request.POST.get("number", "")) or ""
    voice = Voice.objects.select_related("entry__unit").filter(receipt=number).first() if number else None
    if voice is None:
        form.is_valid()
        try:
            throttle.check("problems.receipt", throttle.address_of(request), limit=_TRIES, per=_PER, now=now())
        except Problem as fault:
            form.add_error(None, problem_text(fault))
        else:
            form.add_error(None, _("No problem was raised under this receipt."))
        return render(request, "problems/receipt.html", {"form": form}, status=422)
    return _page(request, voice.entry, receipt=number, actor=ANONYMOUS)


@page(SIGNED_IN)
def say(request: ActorRequest, code: str) -> HttpResponse:
    """A problem one raised or was drawn for, signed in."""
    entry = Entry.objects.select_related("unit").filter(code=code).first()
    if entry is None or services.voice_of(actor=request.actor, entry=entry) is None:
        raise Http404
    return _page(request, entry, receipt="", actor=request.actor)


def _page(request: ActorRequest, entry: Entry, *, receipt: str, actor: Actor) -> HttpResponse:
    here = now()
    act = request.POST.get("act", "") if request.method == "POST" else ""
    forms = {"say": SayForm(), "reopen": ReopenForm(), "appeal": AppealForm()}
    done = ""
    if act in forms:
        form = type(forms[act])(request.POST)
        forms[act] = form
        if form.is_valid():
            given = form.cleaned_data
            try:
                if act == "say":
                    services.say_whether_mended(
                        actor=actor, now=here, code=entry.code, say=Say(given["say"]), note_text=given["note"],
                        receipt=receipt,
                    )  # fmt: skip
                    done = _("Your word is in.")
                elif act == "reopen":
                    services.reopen_problem(
                        actor=actor, now=here, code=entry.code, reason=_in_language(given["text"]), receipt=receipt
                    )
                    done = _("The problem is open again.")
                else:
                    voice = services.voice_of(actor=request.actor, entry=entry, receipt=receipt)
                    appeal = services.appeal_decline(
                        now=here, receipt=receipt or (voice.receipt or "" if voice else ""), ground=given["text"],
                        actor=request.actor,
                    )  # fmt: skip
                    done = _("Your appeal %(code)s is in. Its receipt: %(receipt)s") % {
                        "code": appeal.code, "receipt": appeal.receipt,
                    }  # fmt: skip
            except (Problem, Problems) as fault:
                form.add_error(None, problem_text(fault))
            except Refused:
                form.add_error(None, _("Whoever mends it does not say whether it is mended."))
            entry.refresh_from_db()
    open_now = entry.recheck_from is not None and here >= entry.recheck_from
    context = {
        "entry": entry, "page": entry_page(entry, now=here), "steps": steps(entry.state), "receipt": receipt,
        "forms": forms, "done": done,
        "may_say": entry.state == State.CLAIMED and open_now,
        "waits": entry.state == State.CLAIMED and not open_now,
        "may_reopen": entry.state in (State.CLOSED, State.RECHECKED),
        "may_appeal": entry.state == State.DECLINED and not done,
    }  # fmt: skip
    faulty = any(form.errors for form in forms.values())
    return render(request, "problems/mine.html", context, status=422 if faulty else 200)
