"""A request, its words, its files, its way through the bodies."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from qiao.base.i18n import LANGUAGES
from qiao.base.vault import EncryptedTextField, FingerprintField
from qiao.hear.window.choices import (
    ENDED,
    OPEN,
    RUNNING,
    About,
    Channel,
    Identity,
    Kind,
    LinkState,
    Outcome,
    State,
    TimeClass,
    Topic,
    Why,
    Words,
)
from qiao.org.people.models import Account, Person
from qiao.org.units.models import Unit
from qiao.org.workplaces.models import Employer

#: Purpose of the print by which an officer finds the requests of one caller.
CONTACT = "window.contact"


#: What the measures of a span of days are counted from.
_MEASURED = (
    "id", "body", "state", "channel", "due", "first_answer", "answered", "outcome", "reopened", "first_visit", "retold",
)  # fmt: skip


class Request(models.Model):
    """One matter somebody brought. Words, name and contact are sealed; an anonymous asker leaves nothing but words.

    ``body`` holds it now and is the lead body; ``handler`` works on it. ``due`` is the promised moment, ``due_rule``
    the setting it came from, kept while the clock runs. ``public_text`` and ``public_answer`` are what everybody may
    read, released by an officer.
    """

    code = models.CharField(max_length=32, unique=True)
    #: Hash of what the form was opened with: the same form sent twice is one request.
    nonce = models.CharField(max_length=64, unique=True)
    receipt = models.CharField(max_length=16, unique=True)
    #: Hash of the secret the asker holds beside the receipt number.
    secret = models.CharField(max_length=64)
    #: False while the officer who entered the request has seen it: its first use makes the asker's own.
    secret_own = models.BooleanField(default=True)
    filing_hash = models.CharField(max_length=64)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    topic = models.CharField(max_length=12, choices=Topic.choices)
    text = EncryptedTextField(bind=("code",))
    language = models.CharField(max_length=12, default=LANGUAGES[0])
    channel = models.CharField(max_length=8, choices=Channel.choices)
    identity = models.CharField(max_length=12, choices=Identity.choices)
    name = EncryptedTextField(bind=("code",), null=True)
    contact = EncryptedTextField(bind=("code",), null=True)
    contact_print = FingerprintField(null=True, purpose=CONTACT)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="requests")
    place = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    employer = models.ForeignKey(Employer, null=True, on_delete=models.PROTECT, related_name="+")
    employer_written = models.CharField(max_length=120, blank=True)
    about = models.CharField(max_length=8, choices=About.choices, blank=True)
    #: The officer a complaint names: never its handler, never its checker.
    about_account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    by_pass = models.BooleanField(default=False)
    #: The union at the workplace a by-passed request is kept from, whatever happens to it.
    kept_from = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=16, choices=State.choices, default=State.RECEIVED)
    time_class = models.CharField(max_length=8, choices=TimeClass.choices, default=TimeClass.GENERAL)
    urgent = models.BooleanField(default=False)
    desk = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    body = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=16, choices=Why.choices)
    handler = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    entered_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    #: How often a body gave it back as not its own: once at most.
    hops = models.PositiveSmallIntegerField(default=0)
    received = models.DateTimeField()
    ack_due = models.DateTimeField()
    acknowledged = models.DateTimeField(null=True)
    clock_from = models.DateTimeField()
    due = models.DateTimeField()
    due_rule = models.CharField(max_length=120)
    #: 0, 50, 80 or 100: how far the clock had run when the holder was last warned.
    warned = models.PositiveSmallIntegerField(default=0)
    first_answer = models.DateTimeField(null=True)
    answered = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    #: Whether the asker had to tell it all again (measure: solved without re-telling).
    retold = models.BooleanField(null=True)
    #: Settled at the first visit or call.
    first_visit = models.BooleanField(default=False)
    quality_checked = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    reopened = models.PositiveSmallIntegerField(default=0)
    closed = models.DateTimeField(null=True)
    updated = models.DateTimeField()
    #: Drawn for a second call-back by the body above.
    sampled = models.DateTimeField(null=True)
    #: What it came out of, such as an issue raised on an officer's visit (``V-12/1``): told of the answer.
    origin = models.CharField(max_length=40, blank=True)
    public_text = models.TextField(blank=True)
    public_answer = models.TextField(blank=True)
    published = models.DateTimeField(null=True)
    published_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="request_state_known"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="request_kind_known"),
            models.CheckConstraint(condition=Q(topic__in=Topic.values), name="request_topic_known"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="request_channel_known"),
            models.CheckConstraint(condition=Q(identity__in=Identity.values), name="request_identity_known"),
            models.CheckConstraint(condition=Q(time_class__in=TimeClass.values), name="request_time_class_known"),
            models.CheckConstraint(condition=Q(about__in=About.values), name="request_about_known"),
            models.CheckConstraint(condition=Q(outcome__in=["", *Outcome.values]), name="request_outcome_known"),
            models.CheckConstraint(condition=Q(why__in=Why.values), name="request_why_known"),
            # One hop between bodies, one free reopening.
            models.CheckConstraint(condition=Q(hops__lte=1), name="request_one_hop"),
            models.CheckConstraint(condition=Q(warned__in=[0, 50, 80, 100]), name="request_warned_at"),
            # Nothing of an anonymous asker is kept.
            models.CheckConstraint(
                condition=~Q(identity=Identity.ANONYMOUS)
                | Q(person__isnull=True, name__isnull=True, contact__isnull=True, contact_print__isnull=True),
                name="request_anonymous_is_nobody",
            ),
            models.CheckConstraint(
                condition=Q(about_account__isnull=True) | Q(handler__isnull=True) | ~Q(handler=F("about_account")),
                name="request_not_handled_by_whom_it_is_about",
            ),
            models.CheckConstraint(
                condition=Q(quality_checked__isnull=True) | Q(handler__isnull=True) | ~Q(quality_checked=F("handler")),
                name="request_checked_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CLOSED) | Q(closed__isnull=False), name="request_closed_on_a_day"
            ),
            models.CheckConstraint(
                condition=Q(published__isnull=True) | ~Q(public_text=""), name="request_published_with_text"
            ),
        ]
        indexes = [
            models.Index(fields=["body", "due"], condition=Q(state__in=OPEN), name="request_open_of_body"),
            models.Index(fields=["handler", "due"], condition=Q(state__in=OPEN), name="request_open_of_handler"),
            models.Index(fields=["due"], condition=Q(state__in=RUNNING), name="request_clocks"),
            models.Index(fields=["-received", "-id"], name="request_newest"),
            models.Index(fields=["state", "received"], name="request_by_state"),
            models.Index(fields=["-received", "-id"], condition=Q(state__in=ENDED), name="request_ended_newest"),
            # The measures of a year are counted from this alone: rows are wide with sealed words.
            models.Index(fields=["received"], include=_MEASURED, name="request_measures"),
            models.Index(fields=["contact_print"], name="request_contact"),
            models.Index(fields=["person"], condition=Q(person__isnull=False), name="request_of_person"),
            models.Index(fields=["closed"], condition=Q(state__in=ENDED), name="request_ended"),
            models.Index(fields=["topic", "received"], name="request_topics"),
            models.Index(fields=["-published"], condition=Q(published__isnull=False), name="request_public"),
            models.Index(fields=["updated", "id"], name="request_changes"),
            models.Index(fields=["body"], condition=Q(sampled__isnull=False), name="request_sampled"),
        ]

    def __str__(self) -> str:
        return self.code


class WorkOrder(models.Model):
    """One body's turn: the lead body answers for the whole, a helping one for its part. ``ended`` when it left it."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="orders")
    body = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    lead = models.BooleanField(default=True)
    handler = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    made = models.DateTimeField()
    made_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    #: What the body is asked to do, for the asker to read.
    task = models.CharField(max_length=300, blank=True)
    accepted = models.DateTimeField(null=True)
    ended = models.DateTimeField(null=True)
    returned = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(lead=True, ended__isnull=True), name="workorder_one_lead"
            ),
            models.UniqueConstraint(
                fields=["request", "body"], condition=Q(ended__isnull=True), name="workorder_one_a_body"
            ),
        ]
        indexes = [models.Index(fields=["body"], condition=Q(ended__isnull=True), name="workorder_open")]

    def __str__(self) -> str:
        return f"{self.request_id} @ {self.body_id}"


class Transition(models.Model):
    """One step of a request (S3): never changed, and gone only with the request itself.

    ``digest`` chains each step to the one before, so that a step left out or put in later shows.
    """

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="transitions")
    serial = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    before = models.CharField(max_length=16, blank=True)
    after = models.CharField(max_length=16, choices=State.choices)
    account_id = models.BigIntegerField(null=True)
    by = models.CharField(max_length=160, blank=True)
    role = models.CharField(max_length=16, blank=True)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    #: Why, in words the asker may read.
    ground = models.TextField(blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["request", "serial"]
        constraints = [
            models.UniqueConstraint(fields=["request", "serial"], name="transition_serial_once"),
            models.CheckConstraint(condition=Q(after__in=State.values), name="transition_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.before} → {self.after}"


class Message(models.Model):
    """One piece of the conversation, sealed. ``nonce``: the same form sent twice is one message."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="messages")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    nonce = models.CharField(max_length=64)
    at = models.DateTimeField()
    words = models.CharField(max_length=8, choices=Words.choices)
    by_asker = models.BooleanField(default=False)
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    text = EncryptedTextField(bind=("key",))

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "nonce"], name="message_once"),
            models.CheckConstraint(condition=Q(words__in=Words.values), name="message_words_known"),
            models.CheckConstraint(condition=Q(by_asker=False) | Q(account__isnull=True), name="message_asker_is_none"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.words}"


class Attachment(models.Model):
    """One file, sealed. Where it holds data of others a redacted copy stands in for it: the original then stays shut
    for everybody but the handler, who says why each time."""

    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="attachments")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.CharField(max_length=200)
    mime = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    #: The bytes in base64, sealed.
    content = EncryptedTextField(bind=("key",))
    at = models.DateTimeField()
    by_asker = models.BooleanField()
    third_party = models.BooleanField(default=False)
    redacted = EncryptedTextField(bind=("key",), null=True)
    redacted_mime = models.CharField(max_length=80, blank=True)
    redacted_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["request", "sha256"], name="attachment_once")]

    def __str__(self) -> str:
        return f"{self.request_id} {self.pk}"


class RequestLink(models.Model):
    """Two requests about one matter: the later one is joined to the earlier, and both askers are told."""

    request = models.OneToOneField(Request, on_delete=models.CASCADE, related_name="joined_to")
    other = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="joined")
    state = models.CharField(max_length=12, choices=LinkState.choices, default=LinkState.DUPLICATE)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(request=F("other")), name="requestlink_not_to_itself"),
            models.CheckConstraint(condition=Q(state__in=LinkState.values), name="requestlink_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} = {self.other_id}"


class DaySeal(models.Model):
    """The hashes of a day's filings and of the steps of what ended that day, under one entry of the ledger.

    By the day and not one by one: the moment somebody filed stands in no public log.
    """

    day = models.DateField(unique=True)
    filings = models.JSONField(default=list)
    endings = models.JSONField(default=list)
    ledger_index = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.day}"
