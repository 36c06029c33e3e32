"""Our say in allauth: who comes in, how often one may try, what is kept and what is told."""

from __future__ import annotations

import secrets
from base64 import b64decode, b64encode
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qiao.base import jobs, throttle
from qiao.base.access import SYSTEM, is_fresh
from qiao.base.clock import now
from qiao.base.vault import seal, unseal
from qiao.org.people import services as people
from qiao.org.people.models import Account
from qiao.web import signin
from qiao.web.factors import SEALED_FOR as _SEALED
from qiao.web.models import SignIn

_SLOWED = gettext_lazy("Too many tries. Wait a while; each further try makes the wait longer.")


def _beside(named: str, request: HttpRequest) -> str:
    return f"{named} {throttle.address_of(request)}"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are opened by the organisation or by joining, not by a bare sign-up form."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _SLOWED,
        "email_password_mismatch": gettext_lazy("This address and this password do not belong together."),
        "incorrect_password": gettext_lazy("This is not your password."),
        "incorrect_code": gettext_lazy("This is not the code, or it has run out."),
        "rate_limited": _SLOWED,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an account belongs to a person of the register or to an office."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try for the account and for the address, known account or not: the answer tells neither."""
        named = str(credentials.get("email") or credentials.get("phone") or "").strip().lower()
        try:
            throttle.check(
                "sign-in address", throttle.address_of(request), limit=30, per=timedelta(minutes=10), now=now()
            )
            if named:
                # By account and address first: a stranger who guesses does not shut the owner out, who is elsewhere.
                per = timedelta(minutes=5)
                throttle.check("sign-in account", _beside(named, request), limit=6, per=per, now=now())
                throttle.check("sign-in everywhere", named, limit=60, per=per, now=now())
        except throttle.TooMany as problem:
            raise self.validation_error("too_many_login_attempts") from problem
        super().pre_authenticate(request, **credentials)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        found = super().authenticate(request, **credentials)
        if found is not None:
            named = str(credentials.get("email") or "").strip().lower()
            throttle.forgive("sign-in account", _beside(named, request))
        return found

    def generate_phone_verification_code(self, *, user: Any, phone: str) -> str:
        return f"{secrets.randbelow(10**6):06}"

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **_kwargs: Any) -> None:
        """By a job. What the library takes for the number is the contact's key (see qiao.web.forms)."""
        people.send_sign_in_code(actor=SYSTEM, now=now(), contact_id=int(phone), code=code)

    def send_unknown_account_sms(self, phone: str, **_kwargs: Any) -> None:
        """Nothing is sent, and the page takes as long and says the same."""
        people.send_sign_in_code(actor=SYSTEM, now=now(), contact_id=0, code="000000")

    def set_phone_verified(self, user: Any, phone: str) -> None:
        people.code_came_back(actor=SYSTEM, now=now(), contact_id=int(phone))

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        signin.begin(request, user, now())

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """As everywhere here: after a while, not right after signing in."""
        return context.request is None or not is_fresh(context.request)

    def set_password(self, user: Any, password: str) -> None:
        """A new password signs out everywhere else."""
        super().set_password(user, password)
        kept = context.request.session.session_key if context.request else None
        others = SignIn.objects.filter(account=user, ended__isnull=True).exclude(session_key=kept)
        Session.objects.filter(session_key__in=list(others.values_list("session_key", flat=True))).delete()
        others.update(ended=now())
        jobs.defer("web.tell_change", account_id=user.pk, what="password")

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Our own words, or none: the pages themselves tell the rest."""
        said = {
            "account/messages/password_changed.txt": _("Your password is changed. Every other device is signed out."),
            "account/messages/password_set.txt": _("Your password is set."),
            "mfa/messages/totp_activated.txt": _("The authenticator app is set up."),
            "mfa/messages/totp_deactivated.txt": _("The authenticator app is taken off."),
            "mfa/messages/recovery_codes_generated.txt": _("Keep the recovery codes where only you find them."),
            "mfa/messages/webauthn_added.txt": _("The passkey is added."),
            "mfa/messages/webauthn_removed.txt": _("The passkey is taken off."),
            "socialaccount/messages/account_connected.txt": _("Connected."),
            "socialaccount/messages/account_disconnected.txt": _("Disconnected."),
        }.get(message_template or "")
        if said:
            messages.info(request, said)

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        """Tell of a changed second factor; a job looks the address up."""
        if template_prefix.startswith("mfa/"):
            jobs.defer("web.tell_change", account_id=user.pk, what="factor")


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors: what is kept of them is sealed."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This is not the code, or it has run out."),
        "unverified_email": gettext_lazy("Confirm your mail address first."),
    }

    def get_totp_issuer(self) -> str:
        return str(_("Qiao"))

    def encrypt(self, text: str) -> str:
        return b64encode(seal(text, context=_SEALED)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(b64decode(encrypted_text), context=_SEALED)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002
        return str(_("This device"))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Qiao"}


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Sign-in at another organisation: it recognises known accounts and opens none."""

    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "connected_other": gettext_lazy("This sign-in is connected to another account."),
    }

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def authenticate_by_email(self, sociallogin: Any) -> Any:
        """The account with a mail address the provider has verified.

        The library would take such an account's password away, lest somebody had opened it in another's name; here
        accounts are opened by the organisation, never by a form, and the address comes back empty to keep it.
        """
        found = super().authenticate_by_email(sociallogin)
        return (found[0], "") if found else None

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """A closed account stays closed, whoever vouches for it; what the provider told of the person is not kept."""
        account = sociallogin.user
        sociallogin.account.extra_data = {}
        if sociallogin.account.pk:
            sociallogin.account.save(update_fields=["extra_data"])
        if isinstance(account, Account) and account.pk and not account.is_active:
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_inactive")))
