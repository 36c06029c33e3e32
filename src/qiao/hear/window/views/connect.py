"""Other systems: keys to file with, addresses that are told, and what became of each notice."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import ActorRequest, Refused, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem
from qiao.hear.window import services
from qiao.hear.window.choices import HookState
from qiao.hear.window.forms.connect import HookForm, SystemForm
from qiao.hear.window.models import Hook
from qiao.hear.window.queries.connect import deliveries_of, hook_for, hooks_of, systems_of

CONNECT = "system.connect"
_ACTS: dict[str, Callable[..., object]] = {
    "pause": services.pause_hook,
    "resume": services.resume_hook,
    "end": services.end_hook,
    "try": services.try_hook,
}


@page(CONNECT, fresh=True)
def systems(request: ActorRequest) -> HttpResponse:
    """Keys in use, and a form for one more; a new key is shown in the answer to the form, once."""
    form, key = SystemForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        try:
            _made, key = services.issue_key(actor=request.actor, now=now(), **form.cleaned_data)
            form = SystemForm()
        except Refused:
            form.add_error("unit", _("This unit is not yours."))
        except Problem as problem:
            form.add_error(None, problem_text(problem))
    context = {"systems": systems_of(request.actor), "form": form, "key": key}
    response = render(request, "window/systems.html", context)
    response["Cache-Control"] = "no-store"
    return response


@page(CONNECT)
@require_POST
def revoke(request: ActorRequest, key: int) -> HttpResponse:
    """Take a key back."""
    try:
        services.revoke_key(actor=request.actor, now=now(), system_id=key)
    except Refused:
        raise Http404 from None
    return redirect("window:systems")


@page(CONNECT, fresh=True)
def hooks(request: ActorRequest) -> HttpResponse:
    """Addresses that are told, and a form for one more; its secret is shown once."""
    form = HookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            hook, secret = services.add_hook(actor=request.actor, now=now(), **form.cleaned_data)
        except Refused:
            form.add_error("unit", _("This unit is not yours."))
        except Problem as problem:
            form.add_error("url", problem_text(problem))
        else:
            return _shown(request, hook, secret)
    return render(request, "window/hooks.html", {"hooks": hooks_of(request.actor), "form": form})


@page(CONNECT)
def hook(request: ActorRequest, key: int) -> HttpResponse:
    """One address with its last notices."""
    return _shown(request, _found(request, key))


@page(CONNECT, fresh=True)
@require_POST
def rotate(request: ActorRequest, key: int) -> HttpResponse:
    """A new secret, shown once; for a day both sign."""
    _found(request, key)
    made, secret = services.rotate_hook(actor=request.actor, now=now(), hook_id=key)
    return _shown(request, made, secret)


@page(CONNECT)
@require_POST
def act(request: ActorRequest, key: int, what: str) -> HttpResponse:
    """Pause, resume, end, or send a notice that tells of nothing."""
    _found(request, key)
    if what not in _ACTS:
        raise Http404
    try:
        _ACTS[what](actor=request.actor, now=now(), hook_id=key)
    except Problem as problem:
        messages.error(request, problem_text(problem))
    else:
        messages.success(request, _("Done."))
    return redirect("window:hook", key)


def _shown(request: ActorRequest, hook: Hook, secret: str = "") -> HttpResponse:
    context = {
        "hook": hook, "secret": secret, "deliveries": deliveries_of(hook), "active": hook.state == HookState.ACTIVE,
        "ended": hook.state == HookState.ENDED, "disabled": hook.state == HookState.DISABLED,
    }  # fmt: skip
    response = render(request, "window/hook.html", context)
    if secret:
        response["Cache-Control"] = "no-store"
    return response


def _found(request: ActorRequest, key: int) -> Hook:
    try:
        return hook_for(request.actor, key)
    except Hook.DoesNotExist:
        raise Http404 from None
