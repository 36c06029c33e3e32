"""Signing in safely: where one is signed in, second factors, saying again who one is."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginByCodeStage
from allauth.account.views import RequestLoginCodeView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from qiao.base import throttle
from qiao.base.access import SIGNED_IN, SYSTEM, ActorRequest, is_fresh, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.org.people import services
from qiao.org.people.models import Account
from qiao.org.people.queries.signing_in import mobile_of
from qiao.web import signin

_CODE = "qiao_confirm"


@never_cache
@page(SIGNED_IN)
def sessions(request: ActorRequest) -> HttpResponse:
    """Where one is signed in."""
    rows = signin.open_sign_ins(request.actor.account_id or 0)
    context = {"rows": rows, "here": request.session.session_key}
    return render(request, "web/sessions.html", context)


@require_POST
@page(SIGNED_IN)
def end_session(request: ActorRequest, sign_in_id: int) -> HttpResponse:
    """End one of them."""
    rows = [one for one in signin.open_sign_ins(request.actor.account_id or 0) if one.pk == sign_in_id]
    signin.end(actor=request.actor, now=now(), sign_ins=rows)
    return redirect("web:sessions")


@require_POST
@page(SIGNED_IN)
def end_sessions(request: ActorRequest) -> HttpResponse:
    """End all but this one."""
    rows = signin.open_sign_ins(request.actor.account_id or 0)
    others = [one for one in rows if one.session_key != request.session.session_key]
    signin.end(actor=request.actor, now=now(), sign_ins=others)
    messages.info(request, _("Signed out everywhere else."))
    return redirect("web:sessions")


@never_cache
@page(SIGNED_IN)
def factor(request: ActorRequest) -> HttpResponse:
    """Why a role's actions wait, and how they stop waiting."""
    account = request.user
    flows = get_reauthentication_flows(account)
    context = {
        "roles": signin.roles_that_wait(request.actor),
        "ways": [flow["id"] for flow in flows if flow["id"] != "reauthenticate"],
        "next": _target(request),
    }
    return render(request, "web/factor.html", context)


@never_cache
@page(SIGNED_IN)
def confirm(request: ActorRequest) -> HttpResponse:
    """Say again who one is, before something sensitive: by what the account has, else by a mailed code."""
    account, target = Account.objects.get(pk=request.actor.account_id or 0), _target(request)
    flows = [flow["id"] for flow in get_reauthentication_flows(account)]
    error = ""
    if request.method == "POST" and not flows:
        try:
            throttle.check("confirm", str(account.pk), limit=6, per=timedelta(minutes=5), now=now())
        except throttle.TooMany as problem:
            error = problem_text(problem)
        else:
            if "code" not in request.POST:
                _send_code(request, account)
            elif _is_code(request, request.POST["code"]):
                throttle.forgive("confirm", str(account.pk))
                record_authentication(request, account, method="code", reauthenticated=True)
                return HttpResponseRedirect(target)
            else:
                error = _("This is not the code, or it has run out.")
    context = {"flows": flows, "next": target, "sent": _CODE in request.session, "error": error}
    return render(request, "web/confirm.html", context, status=422 if error else 200)


def _send_code(request: HttpRequest, account: Account) -> None:
    code = f"{secrets.randbelow(10**6):06}"
    request.session[_CODE] = {"hash": _hash(code), "until": (now() + timedelta(minutes=10)).timestamp()}
    if not account.email:
        contact = mobile_of(account)
        services.send_sign_in_code(actor=SYSTEM, now=now(), contact_id=contact.pk if contact else 0, code=code)
        return
    send_mail(
        _("Your code"),
        _("Code to confirm that it is you: %(code)s\nIt is good for ten minutes. If you asked for none, change your "
          "password.") % {"code": code},
        settings.DEFAULT_FROM_EMAIL,
        [account.email],
    )  # fmt: skip


def _is_code(request: HttpRequest, code: str) -> bool:
    kept = request.session.get(_CODE)
    if not kept or kept["until"] < now().timestamp():
        return False
    if not constant_time_compare(kept["hash"], _hash(code.strip())):
        return False
    del request.session[_CODE]
    return True


def _hash(code: str) -> str:
    return salted_hmac("qiao.confirm", code, algorithm="sha256").hexdigest()


def _target(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse("web:me")


class _Fresh:
    """Asks who is there before a second factor is added, also of accounts that have none and no password."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not is_fresh(request):
            return HttpResponseRedirect(f"{reverse('web:confirm')}?{urlencode({'next': request.path})}")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc,no-any-return]

    def form_valid(self, form: Any) -> HttpResponse:
        """Who has just set a factor up has shown it."""
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        request: HttpRequest = self.request  # type: ignore[attr-defined]
        record_authentication(request, request.user, method="mfa", reauthenticated=True)
        return response


class ActivateTOTP(_Fresh, ActivateTOTPView):  # type: ignore[misc]
    """Setting up the authenticator app."""


class AddPasskey(_Fresh, AddWebAuthnView):  # type: ignore[misc]
    """Adding a passkey."""


class AskForCode(RequestLoginCodeView):  # type: ignore[misc]
    """Asking for a sign-in code. Whoever comes back mistyped the address or waits for a code in vain: they ask anew."""

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> HttpResponseRedirect | None:
        if stage.key == LoginByCodeStage.key:
            clear_login(request)
            return None
        found: HttpResponseRedirect | None = super()._redirect_to_pending_stage(request, stage)
        return found


request_code = AskForCode.as_view()
activate_totp = ActivateTOTP.as_view()
add_passkey = AddPasskey.as_view()
