"""Other systems: their keys, what they filed, the addresses notices go to, and what became of each notice."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from qiao.base.vault import EncryptedTextField
from qiao.hear.window.choices import DeliveryState, HookState
from qiao.hear.window.models.requests import Request
from qiao.org.people.models import Account
from qiao.org.units.models import Unit


class ExternalSystem(models.Model):
    """A system that may file requests for people. Of its key only a hash is kept; it is shown once."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    key_hash = models.CharField(max_length=64, unique=True)
    #: The first signs of the key, to tell one from another.
    hint = models.CharField(max_length=8)
    scopes = models.JSONField(default=list)
    hourly = models.PositiveIntegerField(default=60)
    made = models.DateTimeField()
    made_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    used = models.DateField(null=True)
    revoked = models.DateTimeField(null=True)

    class Meta:
        ordering = ["unit", "pk"]

    def __str__(self) -> str:
        return self.name


class ApiFiling(models.Model):
    """That a request came from another system, and under which service."""

    request = models.OneToOneField(Request, on_delete=models.CASCADE, related_name="api_filing")
    system = models.ForeignKey(ExternalSystem, null=True, on_delete=models.PROTECT, related_name="+")
    service_code = models.CharField(max_length=32)

    def __str__(self) -> str:
        return f"{self.request_id} {self.service_code}"


class Hook(models.Model):
    """An address that is told of the steps of requests at a unit and below. The secret signs; it is sealed.

    During a change the ``former`` secret signs too, until ``former_until``.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    url = models.CharField(max_length=500)
    events = models.JSONField(default=list)
    secret = EncryptedTextField(bind=("key",))
    former = EncryptedTextField(bind=("key",), null=True)
    former_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=HookState.choices, default=HookState.ACTIVE)
    #: Tries in vain since the last that came through.
    failures = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    made_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["unit", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=HookState.values), name="hook_state_known"),
            models.UniqueConstraint(
                fields=["unit", "url"], condition=~Q(state=HookState.ENDED), name="hook_once_a_unit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.pk}"


class Delivery(models.Model):
    """One notice to one address. ``key`` goes along: a receiver that has seen it does nothing twice.

    Written in the transaction of the step it tells of, so that neither is there without the other. ``due`` is when it
    is tried next; whoever tries it puts this ahead first, so that a killed worker's notice is tried again.
    """

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="deliveries")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.CharField(max_length=40)
    #: The very text that is signed and sent.
    body = models.TextField()
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    made = models.DateTimeField()
    due = models.DateTimeField()
    delivered = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)
    fault = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-made", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="hookdelivery_state_known"),
        ]
        indexes = [
            models.Index(fields=["due"], condition=Q(state=DeliveryState.WAITING), name="hookdelivery_waiting"),
            models.Index(fields=["hook", "-made"], name="hookdelivery_of_hook"),
        ]

    def __str__(self) -> str:
        return f"{self.key}"
