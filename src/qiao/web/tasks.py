"""Jobs of the shell: signing the ledger, telling of sign-ins, forgetting old ones."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from qiao.base import jobs, throttle
from qiao.base.addresses import full_address
from qiao.base.clock import now
from qiao.base.ledger.log import sign_head
from qiao.org.people.models import Account
from qiao.org.people.queries.signing_in import mobile_of
from qiao.org.people.services.carriers import send_to
from qiao.web import signin
from qiao.web.models import SignIn


@jobs.periodic(cron="*/10 * * * *")
@jobs.task(name="ledger.sign_head", queueing_lock="ledger.sign_head", pass_context=False)
def sign_ledger_head(timestamp: int) -> None:
    """Sign the log as it stands; at one size only once, so a second run changes nothing."""
    sign_head(now=now())


@jobs.periodic(cron="17 * * * *")
@jobs.task(name="web.forget", queueing_lock="web.forget", pass_context=False)
def forget(timestamp: int) -> None:
    """Erase what slowed guessing a day ago, and sign-ins of long ago."""
    throttle.erase(now=now())
    signin.forget_old(now=now())


@jobs.task(name="web.tell_new_device")
def tell_new_device(sign_in_id: int) -> None:
    """Tell the owner that a device not seen before has signed in."""
    found = SignIn.objects.select_related("account").filter(pk=sign_in_id).first()
    if found is None:
        return
    device = f"{found.browser or '–'} · {found.system or '–'}"
    facts = {"device": device, "time": f"{localtime(found.started):%Y-%m-%d %H:%M}"}

    def told() -> tuple[str, str]:
        text = _(
            "Device: %(device)s\nTime: %(time)s\nIf this was not you, sign that device out under My things and change "
            "your password."
        )
        where = full_address(reverse("web:sessions"))
        return _("Somebody signed in on a new device"), f"{text % facts}\n{where}"

    _tell(found.account, told)


@jobs.task(name="web.tell_change")
def tell_change(account_id: int, what: str) -> None:
    """Tell the owner that the password or a second factor was changed."""
    account = Account.objects.filter(pk=account_id, is_active=True).first()

    def told() -> tuple[str, str]:
        subject = _("Your password was changed") if what == "password" else _("Your second factor was changed")
        return subject, _("If this was not you, ask your organisation officer at once.")

    if account is not None:
        _tell(account, told)


def _tell(account: Account, told: Callable[[], tuple[str, str]]) -> None:
    """Both languages in one mail or SMS: an account says nowhere which it reads."""
    parts = []
    for language in ("zh-hans", "en"):
        with override(language):
            parts.append(told())
    if account.email:
        send_mail(
            " / ".join(subject for subject, _text in parts),
            "\n\n".join(text for _subject, text in parts),
            settings.DEFAULT_FROM_EMAIL,
            [account.email],
        )
        return
    contact = mobile_of(account)
    if contact is not None:
        send_to(contact.kind, str(contact.value), "", "\n\n".join("\n".join(part) for part in parts))
