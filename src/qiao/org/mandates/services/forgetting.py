"""What is forgotten of posts when a person is erased."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from qiao.org.mandates.models import Mandate


def forget_person(person_id: int, now: datetime) -> int:  # noqa: ARG001 - every eraser is asked alike
    """Leave of ended posts name and dates, which are the union's record; channels and references go. How many."""
    rows = Mandate.objects.filter(Q(person_id=person_id) | Q(account__person_id=person_id), until__isnull=False)
    return rows.update(
        person=None, account=None, office_phone="", office_mail="", office_place={}, office_hours={},
        own_channel_agreed=None,
    )  # fmt: skip
