"""What the platform tells a person (mechanism S8), and how it got there."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from qiao.base.vault import EncryptedTextField
from qiao.org.people.choices import Channel, DeliveryState
from qiao.org.people.models.person import Account, Person


class PersonMessage(models.Model):
    """One message, sealed. It stays on the platform until its period ends, whatever other channel carried it."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="messages")
    #: Officers without a person of the register are told by their account.
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="messages")
    at = models.DateTimeField()
    subject = EncryptedTextField(bind=("key",))
    text = EncryptedTextField(bind=("key",))
    url = models.CharField(max_length=200, blank=True)
    #: Once under this key: telling twice is harmless.
    once = models.CharField(max_length=80, null=True, unique=True)
    read = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(account__isnull=False), name="personmessage_to_somebody"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-at"], name="message_of_person"),
            models.Index(fields=["account", "-at"], name="message_of_account"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class Delivery(models.Model):
    """One attempt to carry a message on one channel; ``fault`` is a short key, never what an address or text held."""

    message = models.ForeignKey(PersonMessage, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    place = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=32, blank=True)
    changed = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="delivery_channel_known"),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_known"),
            models.UniqueConstraint(fields=["message", "channel"], name="delivery_once"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.channel} {self.state}"


class ChannelOrder(models.Model):
    """In which order a person wants to be told; without a row the order of the rules holds."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="channel_order")
    channels = ArrayField(models.CharField(max_length=8, choices=Channel.choices))

    def __str__(self) -> str:
        return f"{self.person_id}"
