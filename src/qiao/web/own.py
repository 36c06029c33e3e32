"""What signing in leaves of a person, and its erasure: devices, sessions, second factors, confirmed addresses."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qiao.base.i18n import day_text
from qiao.base.models import AuditRow, Throttle
from qiao.org.people.models import Account
from qiao.org.people.rules import OwnGroup, OwnLine
from qiao.org.retention.rules import Erased, Held, Rule
from qiao.web.audit_words import words_of
from qiao.web.models import SignIn
from qiao.web.signin import REMEMBERED

#: How long a mailed confirmation may wait, and what slowed guessing is counted.
_CONFIRMATION, _COUNTED = timedelta(days=3), timedelta(days=1)

_MOST_ACTS = 500


def own_groups(person_id: int) -> list[OwnGroup]:
    """What the audit log says of the account, sign-ins that are remembered, and what opens the account."""
    account = Account.objects.filter(person_id=person_id).first()
    if account is None:
        return []
    lines = [
        OwnLine(
            f"{row.browser or '–'} · {row.system or '–'}",
            _("ended") if row.ended else _("signed in"),
            f"{day_text(row.started)} – {day_text(row.seen)}",
        )
        for row in SignIn.objects.filter(account=account).order_by("-started")
    ]
    lines += [
        OwnLine(str(row.get_type_display()), _("opens my account"), str(day_text(row.created_at)))
        for row in Authenticator.objects.filter(user=account).order_by("pk")
    ]
    lines += [
        OwnLine(row.email, _("confirmed") if row.verified else _("not confirmed"))
        for row in EmailAddress.objects.filter(user=account).order_by("pk")
    ]
    lines += [
        OwnLine(row.provider, _("opens my account"), str(day_text(row.date_joined)))
        for row in SocialAccount.objects.filter(user=account).order_by("pk")
    ]
    acts = AuditRow.objects.filter(account_id=account.pk).order_by("-at", "-pk")[:_MOST_ACTS]
    return [
        OwnGroup(
            "acts", _("What I did on the platform"),
            tuple(OwnLine(words_of(row.action), row.code or "–", str(day_text(row.at))) for row in acts),
            _("Accountability: the audit log, the last %(number)d acts.") % {"number": _MOST_ACTS},
        ),
        OwnGroup(
            "sign-ins", _("Where I have signed in"), tuple(lines),
            _("To warn me of a device I do not know. Neither address nor place is kept; 90 days."),
        )
    ]  # fmt: skip


def forget_person(person_id: int, now: datetime) -> int:  # noqa: ARG001 - every eraser is asked alike
    """Erase sign-ins with their sessions, second factors, confirmed addresses of a person's account; how many rows."""
    accounts = list(Account.objects.filter(person_id=person_id).values_list("pk", flat=True))
    signed = SignIn.objects.filter(account_id__in=accounts)
    number = Session.objects.filter(session_key__in=list(signed.values_list("session_key", flat=True))).delete()[0]
    number += signed.delete()[0]
    number += Authenticator.objects.filter(user_id__in=accounts).delete()[0]
    number += int(EmailAddress.objects.filter(user_id__in=accounts).delete()[0])
    return int(number)


def erase_sign_ins(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase sign-ins not seen for so long that a device is strange again."""
    rows = held.leave_out(SignIn.objects.filter(seen__lt=(cutoff - REMEMBERED).date()))
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
    SignIn.objects.filter(pk__in=keys).delete()
    return Erased(tuple(f"web.signin:{key}" for key in keys))


def erase_confirmations(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase mailed confirmations that nobody used in time."""
    rows = held.leave_out(EmailConfirmation.objects.filter(created__lt=cutoff - _CONFIRMATION))
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
    EmailConfirmation.objects.filter(pk__in=keys).delete()
    return Erased(tuple(f"account.confirmation:{key}" for key in keys))


def erase_counts(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase counts of tries a day after the last one that counted."""
    due = Throttle.objects.filter(since__lt=cutoff - _COUNTED, until__lt=cutoff - _COUNTED)
    keys = list(held.leave_out(due).order_by("pk").values_list("pk", flat=True)[:limit])
    Throttle.objects.filter(pk__in=keys).delete()
    return Erased(tuple(f"base.throttle:{key}" for key in keys))


RULES = (
    Rule(
        "sign_ins", gettext_lazy("Sign-ins that are over"), erase_sign_ins,
        event=gettext_lazy("90 days after the device was last seen"),
        purpose=gettext_lazy("Warning of a device that is not known"),
    ),
    Rule(
        "confirmations", gettext_lazy("Confirmations of an address that nobody used"), erase_confirmations,
        event=gettext_lazy("3 days after they were mailed"), purpose=gettext_lazy("Making sure of an address"),
    ),
    Rule(
        "throttle", gettext_lazy("Counts of tries, as a keyed hash"), erase_counts,
        event=gettext_lazy("a day after the last try"), purpose=gettext_lazy("Slowing whoever guesses"),
    ),
)  # fmt: skip
