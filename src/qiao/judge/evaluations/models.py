"""Evaluations, the roll of those asked, sealed answers, results."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from qiao.base.i18n import pick
from qiao.base.vault import EncryptedTextField
from qiao.judge.evaluations.choices import OUT_STATES, Indicator, Mode, Outcome, State
from qiao.judge.evaluators.models import Organisation
from qiao.org.people.models import Account, Person
from qiao.org.units.models import Unit


class Evaluation(models.Model):
    """One judgment of one project by those it served, run by somebody from outside.

    ``population`` and ``asked`` are counted at the opening, ``received`` and ``root`` (Merkle root over the sealed
    answers) at the close. ``instrument`` names the version of the questions in the code.
    """

    code = models.CharField(max_length=32, unique=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    project_code = models.CharField(max_length=32)
    title = models.JSONField()
    #: Who stands for it in the terms; whoever runs evaluations of ``organisation`` may act. Without one (before there
    #: were organisations) this account alone.
    evaluator = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    commissioned_by = models.BigIntegerField(null=True)
    sample_size = models.PositiveIntegerField(null=True)
    instrument = models.CharField(max_length=32)
    #: Names of the service that count in the open question, and the composite's weights: fixed with the terms.
    names = models.JSONField(default=list)
    weights = models.JSONField(default=dict)
    #: Mystery contacts planned, on which sheet; none where it is empty. ``contacts_root`` as ``root``, at the close.
    contacts_planned = models.PositiveSmallIntegerField(default=0)
    contact_sheet = models.CharField(max_length=32, blank=True)
    contacts_received = models.PositiveIntegerField(null=True)
    contacts_root = models.CharField(max_length=64, blank=True)
    opens = models.DateTimeField()
    closes = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State.choices, default=State.TERMS)
    terms_hash = models.CharField(max_length=64)
    public_key = models.CharField(max_length=64, blank=True)
    #: The result is signed for this key; empty for evaluations from before results were signed.
    signing_key = models.CharField(max_length=64, blank=True)
    opened = models.DateTimeField(null=True)
    sheet_made = models.DateTimeField(null=True)
    population = models.PositiveIntegerField(null=True)
    asked = models.PositiveIntegerField(null=True)
    closed = models.DateTimeField(null=True)
    closed_early = models.TextField(blank=True)
    received = models.PositiveIntegerField(null=True)
    #: For how many a credential was given out in each mode, as the roll tells it at the close (`rules.modes`).
    issued_modes = models.JSONField(default=dict)
    #: Sealed answers that held no answers when they were opened: in no figure, but told.
    unreadable = models.PositiveIntegerField(default=0)
    root = models.CharField(max_length=64, blank=True)
    #: SHA-256 of the seed of the draw, known before the frame is frozen, and the seed, told afterwards.
    seed_hash = models.CharField(max_length=64, blank=True)
    seed = models.CharField(max_length=64, blank=True)
    frame_frozen = models.DateTimeField(null=True)
    frame_hash = models.CharField(max_length=64, blank=True)
    #: Since when the evaluator has the sealed answers.
    handed_out = models.DateTimeField(null=True)
    published = models.DateTimeField(null=True)
    bundle_hash = models.CharField(max_length=64, blank=True)
    finding_code = models.CharField(max_length=32, blank=True)
    response = models.JSONField(default=dict)
    response_due = models.DateField(null=True)
    responded = models.DateTimeField(null=True)
    #: From when the evaluator looks again, and until when; after a recheck that found gaps, the days of the next.
    recheck_from = models.DateField(null=True)
    recheck_due = models.DateField(null=True)
    void_reason = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="evaluation_state_known"),
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="evaluation_closes_later"),
            models.CheckConstraint(
                condition=Q(state__in=[State.TERMS, State.VOID]) | ~Q(public_key=""), name="evaluation_keyed"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[State.SEALED, *OUT_STATES])
                | Q(closed__isnull=False, received__isnull=False, population__isnull=False) & ~Q(root=""),
                name="evaluation_sealed_with_root",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=OUT_STATES)
                | Q(published__isnull=False, response_due__isnull=False, recheck_due__isnull=False)
                & ~Q(bundle_hash=""),
                name="evaluation_published_with_bundle",
            ),
            models.CheckConstraint(condition=~Q(state=State.VOID) | ~Q(void_reason={}), name="evaluation_void_reason"),
            models.UniqueConstraint(
                fields=["project_code"], condition=~Q(state=State.VOID), name="evaluation_one_of_a_project"
            ),
        ]
        indexes = [models.Index(fields=["state", "closes"])]

    def __str__(self) -> str:
        return pick(self.title)

    @property
    def evaluator_name(self) -> str:
        """Who judges, as pages and papers name them."""
        return str(self.evaluator.display_name) if self.organisation is None else pick(self.organisation.name)


class RollEntry(models.Model):
    """One member served who is asked: whether a credential was given out in their name, never what they answered.

    ``code_hash`` is the keyed hash of their single-use code, ``blinded`` the SHA-256 of the blinded number that was
    signed for them: it says whether a device asks again, and fits every credential alike. ``mode`` says whether they
    answered on a device of their own, by telephone or on paper, once a credential was given out. The roll is written
    anew in random order each hour and at the close, so that not even the order of rows on the disk tells who asked
    when.
    """

    evaluation = models.ForeignKey(Evaluation, on_delete=models.CASCADE, related_name="roll")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    code_hash = models.CharField(max_length=64, null=True, unique=True)
    invited = models.BooleanField(default=False)
    issued = models.BooleanField(default=False)
    mode = models.CharField(max_length=8, choices=Mode.choices, blank=True)
    blinded = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evaluation", "person"], name="roll_once")]
        indexes = [models.Index(fields=["person", "issued"])]

    def __str__(self) -> str:
        return f"{self.evaluation_id}: {self.person_id}"


class SealedAnswer(models.Model):
    """One sealed answer: no person, no time, a random key. Triggers refuse UPDATE and DELETE.

    ``digest`` is the SHA-256 of the sealed bytes, hex: what the receipt holds and the ledger's root is made of.
    ``prefix`` and ``credential`` show that somebody on the roll gave it: the credential is the issuer's signature of
    prefix and digest, made blindly (`qiao.base.blind`). Null where answers came in before there were credentials.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="sealed_answers")
    sealed = models.BinaryField()
    digest = models.CharField(max_length=64, unique=True)
    prefix = models.BinaryField(null=True)
    credential = models.BinaryField(null=True)

    def __str__(self) -> str:
        return self.digest


class SealedContact(models.Model):
    """One mystery contact, sealed like an answer: no day, no person. Triggers refuse UPDATE and DELETE."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="sealed_contacts")
    sealed = models.BinaryField()
    digest = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return self.digest


class IssuerKey(models.Model):
    """The key that signs credentials of one evaluation: made when it opens, its private half destroyed at the close.

    The public half stands in the ledger before anybody is asked; the private one is sealed by the vault while it lasts.
    """

    evaluation = models.OneToOneField(Evaluation, on_delete=models.PROTECT, related_name="issuer")
    public = models.TextField()
    private = EncryptedTextField(bind=("evaluation_id",), null=True)

    def __str__(self) -> str:
        return f"{self.evaluation_id}"


class Figure(models.Model):
    """One published figure. Triggers refuse UPDATE and DELETE.

    ``base`` counts the valid answers behind it; where it is too small the figure is withheld and all others are null.
    """

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="figures")
    indicator = models.CharField(max_length=16, choices=Indicator.choices)
    base = models.PositiveIntegerField(null=True)
    estimate = models.FloatField(null=True)
    lower = models.FloatField(null=True)
    upper = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(indicator__in=Indicator.values), name="figure_indicator_known"),
            models.CheckConstraint(
                condition=Q(estimate__isnull=True, lower__isnull=True, upper__isnull=True, base__isnull=True)
                | Q(estimate__gte=F("lower"), estimate__lte=F("upper"), lower__gte=0, upper__lte=1, base__isnull=False),
                name="figure_inside_its_interval",
            ),
            models.UniqueConstraint(fields=["evaluation", "indicator"], name="figure_once"),
        ]

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.indicator}"


class BundleFile(models.Model):
    """One file of the open bundle, as published. Triggers refuse UPDATE and DELETE."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="bundle")
    name = models.CharField(max_length=64)
    content = models.TextField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evaluation", "name"], name="bundle_file_once")]

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.name}"


class Promise(models.Model):
    """One thing the union promised in its response: what, who answers for it, until when. Never changed.

    ``owner_name`` as it was then: the public reads it, whoever holds the post later.
    """

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="promises")
    position = models.PositiveSmallIntegerField()
    text = models.JSONField()
    owner = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    owner_name = models.CharField(max_length=120)
    until = models.DateField()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["evaluation", "position"], name="promise_once")]

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.position}"


class Recheck(models.Model):
    """One time the evaluator looked again, with what was found. Triggers refuse UPDATE and DELETE."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="rechecks")
    turn = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    text = models.JSONField()

    class Meta:
        ordering = ["turn"]
        constraints = [models.UniqueConstraint(fields=["evaluation", "turn"], name="recheck_once_a_turn")]

    def __str__(self) -> str:
        return f"{self.evaluation_id} {self.turn}"


class PromiseCheck(models.Model):
    """What one recheck found of one promise. Triggers refuse UPDATE and DELETE."""

    recheck = models.ForeignKey(Recheck, on_delete=models.PROTECT, related_name="checks")
    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="checks")
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    note = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="promisecheck_outcome_known"),
            models.CheckConstraint(condition=Q(outcome=Outcome.KEPT) | ~Q(note={}), name="promisecheck_gap_says_what"),
            models.UniqueConstraint(fields=["recheck", "promise"], name="promisecheck_once"),
        ]

    def __str__(self) -> str:
        return f"{self.promise_id} {self.outcome}"
