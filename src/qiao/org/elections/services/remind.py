"""Telling members that an election is called, and officers that one is due (mechanism S8)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext, gettext_noop, override

from qiao.base.db import atomic
from qiao.base.i18n import LANGUAGES, day_text, pick
from qiao.base.jobs import defer
from qiao.org.access.choices import Role
from qiao.org.access.models import RoleGrant
from qiao.org.elections.models import Election, Reminder
from qiao.org.mandates.models import Term
from qiao.org.mandates.queries import running_terms
from qiao.org.membership.queries import active_members
from qiao.org.people.services import tell

#: Whom a reminder of a term reaches: the unit's own officers, and the organisation office above.
_OWN = (Role.BASE_OFFICER, Role.BASE_CHAIR)
_MOST = 2000
_CALLED = gettext_noop("Election of your union's committee")
_CALLED_TEXT = gettext_noop(
    "On %(day)s the members of %(unit)s elect their committee (%(code)s) by secret ballot.\n"
    "Where: %(place)s\nCandidates and times stand on the page of your union."
)
_OVERDUE = gettext_noop("Election overdue: %(unit)s")
_OVERDUE_TEXT = gettext_noop("The term of the committee of %(unit)s was over on %(day)s and nobody is elected yet.")
_DUE = gettext_noop("Election due: %(unit)s")
_DUE_TEXT = gettext_noop("The term of the committee of %(unit)s ends on %(day)s: plan the election.")


def tell_called(*, code: str, now: datetime) -> int:
    """Tell the members, by the channels each chose, that an election is called; how many. Twice tells once."""
    election = Election.objects.select_related("unit").get(code=code)
    url = reverse("elections:elections", args=[election.unit.label])
    subject, text = {}, {}
    for language in LANGUAGES:
        with override(language):
            subject[language] = gettext(_CALLED)
            text[language] = gettext(_CALLED_TEXT) % {
                "day": day_text(election.day), "unit": pick(election.unit.name), "code": election.code,
                "place": pick(election.place) or "–",
            }  # fmt: skip
    number = 0
    persons = active_members(election.unit.path).order_by("person_id").values_list("person_id", flat=True)
    for person in persons.iterator(chunk_size=2000):
        tell(now=now, subject=subject, text=text, person_id=person, url=url, once=f"election:{code}:{person}")
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
                    defer("elections.tell_reminder", term_id=key, kind=kind)
                    number += 1
    return number


def tell_reminder(*, term_id: int, kind: str, now: datetime) -> int:
    """Tell the officers of a unit, and the office above once it is overdue, that it has to elect; how many."""
    term = Term.objects.select_related("committee__unit").get(pk=term_id)
    unit = term.committee.unit
    condition = Q(unit=unit, role__in=_OWN)
    if kind == "overdue" and unit.parent_id:
        condition |= Q(unit_id=unit.parent_id, role__in=[Role.ORG_OFFICER, Role.HUB_ORGANISER])
    grants = RoleGrant.objects.filter(condition, account__is_active=True).filter(
        Q(until__isnull=True) | Q(until__gt=localdate(now))
    )
    accounts = sorted(set(grants.values_list("account_id", flat=True)))
    subject, text = {}, {}
    for language in LANGUAGES:
        with override(language):
            given = {"unit": pick(unit.name), "day": day_text(term.until)}
            subject[language] = gettext(_OVERDUE if kind == "overdue" else _DUE) % given
            text[language] = gettext(_OVERDUE_TEXT if kind == "overdue" else _DUE_TEXT) % given
    url = reverse("elections:elections", args=[unit.label])
    for account in accounts:
        tell(
            now=now, subject=subject, text=text, account_id=account, url=url,
            once=f"term:{term_id}:{kind}:{account}",
        )  # fmt: skip
    return len(accounts)
