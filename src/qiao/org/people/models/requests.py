"""What a person, or their next of kin, asks to have done with what is stored about the person."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from qiao.base.vault import EncryptedTextField
from qiao.org.people.choices import RefusalGround, RequestKind, RequestState
from qiao.org.people.models.person import Account, Person


class DataRequest(models.Model):
    """One request with its clock: ``due`` and the rule it came from stay as they were when it was filed."""

    code = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=12, choices=RequestKind.choices)
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.FILED)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="data_requests")
    unit_path = models.CharField(max_length=255, blank=True)
    #: For a correction what is wrong ("name", "identity", "other"); empty for the rest.
    field = models.CharField(max_length=12, blank=True)
    text = EncryptedTextField(bind=("code",))
    #: For next of kin: who asks and how they are reached.
    asker = EncryptedTextField(bind=("code",), null=True)
    receipt = models.CharField(max_length=16, blank=True)
    filed = models.DateTimeField()
    due = models.DateTimeField()
    rule = models.CharField(max_length=120)
    #: For next of kin: the officer who wrote it down; nobody who wrote it down decides it.
    entered_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    decided = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    ground = models.CharField(max_length=12, choices=RefusalGround.choices, blank=True)
    reason = EncryptedTextField(bind=("code",), null=True)
    carried_out = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=RequestKind.values), name="datarequest_kind_known"),
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="datarequest_state_known"),
            models.CheckConstraint(
                condition=~Q(state=RequestState.REFUSED) | Q(ground__in=RefusalGround.values),
                name="datarequest_refused_on_a_ground",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "field"],
                condition=Q(state=RequestState.FILED, person__isnull=False) & ~Q(kind=RequestKind.KIN_ACCESS),
                name="datarequest_one_open",
            ),
        ]
        indexes = [models.Index(fields=["state", "due"])]

    def __str__(self) -> str:
        return self.code
