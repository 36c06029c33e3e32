"""What the duty of contact holds of one person: their days at the base and what they answered or confirmed."""

from __future__ import annotations

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.i18n import day_text, listed, pick
from qiao.deliver.contacts.models import Duty, Issue
from qiao.org.people.models import Account
from qiao.org.people.rules import OwnGroup, OwnLine

_MOST = 500


def own_groups(person_id: int) -> list[OwnGroup]:
    """One's own visits with their notes, visits one agreed or confirmed, issues one answered."""
    account = Account.objects.filter(person_id=person_id).order_by("pk").values_list("pk", flat=True).first()
    if account is None:
        return []
    visits = Duty.objects.filter(Q(officer=account) | Q(confirmed_by=account) | Q(attested_by=account))
    lines = [
        OwnLine(
            f"{row.code} · {pick(row.place.name)}",
            listed([str(row.get_state_display()), row.where, row.notes, row.reason])
            if row.officer_id == account
            else _("agreed to or confirmed by me"),
            str(day_text(localdate(row.starts))),
        )
        for row in visits.select_related("place").order_by("-starts", "-pk")[:_MOST]
    ]
    answered = Issue.objects.filter(answered_by=account).select_related("duty").order_by("-answered", "-pk")[:_MOST]
    return [
        OwnGroup(
            "visits", _("Days at the base"), tuple(lines),
            _("To show that officers come. What was noted is erased after a year; officer, place and day stay."),
        ),
        OwnGroup(
            "answers", _("What I answered after visits"),
            tuple(
                OwnLine(f"{row.duty.code} · {row.get_topic_display()}", row.answer, str(day_text(row.answered)))
                for row in answered
            ),
            _("Who answers for it. Erased a year after the visit."),
        ),
    ]  # fmt: skip
