"""Jobs of evaluations: mail invitations, open what is due, close what is over."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from qiao.base import jobs
from qiao.base.access import SYSTEM
from qiao.base.clock import now
from qiao.base.problems import Problem
from qiao.judge.evaluations import queries, services
from qiao.judge.evaluations.models import Evaluation


@jobs.task(name="evaluations.invite")
def invite(evaluation_id: int, address: str) -> None:
    """Mail single-use codes to everybody on the roll who has an account and none yet. ``address`` begins links."""
    evaluation = Evaluation.objects.get(pk=evaluation_id)
    while batch := services.make_invitations(actor=SYSTEM, now=now(), evaluation_id=evaluation_id):
        for invitation in batch:
            mail_invitation(evaluation, invitation, address)


def mail_invitation(evaluation: Evaluation, invitation: services.Invitation, address: str) -> None:
    """Send one invitation in the member's language."""
    link = address + reverse("evaluations:answer_by_code", args=[evaluation.code, invitation.secret_code])
    with override(invitation.language):
        # Its first question is asked before the service is named: the mail does not name it either.
        send_mail(
            subject=_("Your judgment is asked (%(code)s)") % {"code": evaluation.code},
            message=_(
                "A third party asks you to judge a service of your union. Six questions, one minute, until "
                "%(closes)s.\n\n"
                "%(link)s\n\n"
                "The link works once and is yours alone: please do not pass it on. Your answer is sealed as it "
                "arrives; the union and its administrators cannot read it."
            )
            % {"closes": f"{localtime(evaluation.closes):%F}", "link": link},
            from_email=settings.DEFAULT_FROM_EMAIL,
            recipient_list=[invitation.email],
        )


@jobs.periodic(cron="23 * * * *")
@jobs.task(name="evaluations.stir_rolls", queueing_lock="evaluations.stir_rolls")
def stir_rolls(timestamp: int) -> None:
    """Write the rolls of open evaluations anew in random order, so that nothing orders who took a credential."""
    for code in queries.open_rounds(now()).values_list("code", flat=True):
        services.stir_roll(code=code)


@jobs.periodic(cron="*/5 * * * *")
@jobs.task(name="evaluations.close_due", queueing_lock="evaluations.close_due")
def close_due(timestamp: int) -> None:
    """Close evaluations whose time is over."""
    moment = now()
    for code in queries.codes_over(moment):
        try:
            services.close_evaluation(actor=SYSTEM, now=moment, code=code)
        except Problem:
            # Closed or declared void by its evaluator in the meantime.
            continue
