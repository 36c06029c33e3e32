"""Mailing single-use links, in a job."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from qiao.base.codes import new_secret_code
from qiao.base.i18n import pick
from qiao.hear.surveys.choices import Delivery, RoundState
from qiao.hear.surveys.models import Round
from qiao.hear.surveys.services.answers import code_hash
from qiao.org.people.models import Account


def mail_links(*, code: str, site: str) -> int:
    """Mail a single-use link to every invited person with an account who got none yet; how many were mailed.

    The code is made at sending and kept only as its hash. Running again mails nobody twice.
    """
    survey = Round.objects.get(code=code)
    if survey.state != RoundState.FIELDING:
        return 0
    addresses = {
        person: (email, language)
        for person, email, language in Account.objects.filter(
            person__isnull=False, is_active=True, person_id__in=survey.invitations.values("person_id")
        ).values_list("person_id", "email", "person__language")
    }
    sent = 0
    for person, (email, language) in addresses.items():
        secret = new_secret_code()
        # Marked before sending: a job that dies in between leaves one mail unsent rather than one sent twice.
        # Only while the round is open: one closed in between has forgotten its codes, and keeps none that come later.
        claimed = survey.invitations.filter(
            person_id=person, delivery=Delivery.WAITING, answered=False, round__state=RoundState.FIELDING
        ).update(delivery=Delivery.SENT, code_hash=code_hash(secret))
        if not claimed:
            continue
        with translation.override(language):
            send_mail(
                gettext("The union asks you: %(title)s") % {"title": pick(survey.title)},
                gettext(
                    "%(link)s\n\nThis link is yours alone and works once, until %(day)s. Your answer is kept without "
                    "your name: nobody can tell which answer is yours."
                )
                % {
                    "link": site.rstrip("/") + reverse("surveys:answer", args=[secret]),
                    "day": date_format(localtime(survey.closes), "DATE_FORMAT"),
                },
                settings.DEFAULT_FROM_EMAIL,
                [email],
            )
        sent += 1
    return sent
