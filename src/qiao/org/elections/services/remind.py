"""Telling members that an election is called, and officers that one is due."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from qiao.base.db import atomic
from qiao.base.i18n import day_text, pick
from qiao.base.jobs import defer
from qiao.org.access.choices import Role
from qiao.org.access.models import RoleGrant
from qiao.org.elections.models import Election, Reminder
from qiao.org.mandates.models import Term
from qiao.org.mandates.queries import running_terms
from qiao.org.membership.queries import active_members
from qiao.org.people.models import Account

#: Whom a reminder of a term reaches: the unit's own officers, and the organisation office above.
_OWN = (Role.BASE_OFFICER, Role.BASE_CHAIR)
_MOST = 2000


def mail_called(*, code: str) -> int:
    """Mail the members who have an account that an election is called; how many mails."""
    election = Election.objects.select_related("unit").get(code=code)
    accounts = (
        Account.objects.filter(person__memberships__in=active_members(election.unit.path), is_active=True)
        .select_related("person")
        .distinct()
        .order_by("pk")
    )
    number = 0
    for account in accounts.iterator():
        with override(account.person.language if account.person else settings.LANGUAGE_CODE):
            text = _(
                "On %(day)s the members of %(unit)s elect their committee (%(code)s) by secret ballot.\n"
                "Where: %(place)s\nCandidates and times stand on the page of your union."
            ) % {
                "day": day_text(election.day),
                "unit": pick(election.unit.name),
                "code": election.code,
                "place": pick(election.place) or "–",
            }
            send_mail(_("Election of your union's committee"), text, None, [account.email])
        number += 1
    return number


def remind_terms(*, now: datetime) -> int:
    """Queue reminders of terms that became due or overdue, each once; how many."""
    today = localdate(now)
    number = 0
    for kind, condition in (("due", Q(due_from__lte=today, until__gt=today)), ("overdue", Q(until__lte=today))):
        terms = running_terms().filter(condition).exclude(pk__in=Reminder.objects.filter(kind=kind).values("term_id"))
        for key in terms.values_list("pk", flat=True)[:_MOST]:
            with atomic():
                _reminder, made = Reminder.objects.get_or_create(term_id=key, kind=kind, defaults={"sent": now})
                if made:
                    defer("elections.mail_reminder", term_id=key, kind=kind)
                    number += 1
    return number


def mail_reminder(*, term_id: int, kind: str) -> int:
    """Mail the officers of a unit, and the office above once it is overdue, that it has to elect; how many mails."""
    term = Term.objects.select_related("committee__unit").get(pk=term_id)
    unit = term.committee.unit
    condition = Q(unit=unit, role__in=_OWN)
    if kind == "overdue" and unit.parent_id:
        condition |= Q(unit_id=unit.parent_id, role__in=[Role.ORG_OFFICER, Role.HUB_ORGANISER])
    grants = RoleGrant.objects.filter(condition, account__is_active=True).filter(
        Q(until__isnull=True) | Q(until__gt=term.due_from)
    )
    accounts = {grant.account_id: grant.account for grant in grants.select_related("account__person").order_by("pk")}
    for account in accounts.values():
        with override(account.person.language if account.person else settings.LANGUAGE_CODE):
            given = {"unit": pick(unit.name), "day": day_text(term.until)}
            if kind == "overdue":
                subject = _("Election overdue: %(unit)s") % given
                text = _("The term of the committee of %(unit)s was over on %(day)s and nobody is elected yet.") % given
            else:
                subject = _("Election due: %(unit)s") % given
                text = _("The term of the committee of %(unit)s ends on %(day)s: plan the election.") % given
            send_mail(subject, f"{text}\n{reverse('elections:elections', args=[unit.label])}", None, [account.email])
    return len(accounts)
