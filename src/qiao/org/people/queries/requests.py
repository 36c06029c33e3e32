"""Reading what was asked about data."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from qiao.base.access import Actor
from qiao.org.people.choices import RequestKind, RequestState
from qiao.org.people.models import DataRequest

PAGE = 100


def request_by_code(code: str) -> DataRequest:
    """The request with this code; raises DataRequest.DoesNotExist."""
    return DataRequest.objects.select_related("person", "decided_by", "entered_by").get(code=code)


def requests_of(person_id: int) -> list[DataRequest]:
    """A person's own requests, newest first; next of kin's are not the person's."""
    return list(
        DataRequest.objects.filter(person_id=person_id).exclude(kind=RequestKind.KIN_ACCESS).order_by("-filed", "-pk")
    )


def waiting(actor: Actor) -> list[DataRequest]:
    """What waits for this officer's decision, what is due first on top; not what is their own, or a tie bars."""
    mine = Q(entered_by_id=actor.account_id) | actor.tied_to("unit_path")
    if actor.person_id is not None:
        mine |= Q(person_id=actor.person_id)
    return list(_of(actor).filter(state=RequestState.FILED).exclude(mine).order_by("due", "pk")[:PAGE])


def decided(actor: Actor) -> list[DataRequest]:
    """What was decided lately among what the officer may see."""
    return list(_of(actor).exclude(state=RequestState.FILED).order_by("-filed", "-pk")[:30])


def overdue_count(actor: Actor, now: datetime) -> int:
    """How many of those that wait are past their clock."""
    return _of(actor).filter(state=RequestState.FILED, due__lt=now).count()


def _of(actor: Actor) -> QuerySet[DataRequest]:
    condition = Q(pk__in=[])
    for path in actor.paths("data_request.decide"):
        condition |= ~Q(kind=RequestKind.CORRECTION) & Q(unit_path__startswith=path)
    for path in actor.paths("person.keep"):
        condition |= Q(kind=RequestKind.CORRECTION, unit_path__startswith=path)
    return DataRequest.objects.filter(condition).select_related("person")
