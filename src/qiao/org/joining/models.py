"""Applications to join: what a worker wrote, who looks at it, what was decided."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.base.i18n import LANGUAGES
from qiao.base.vault import EncryptedTextField, FingerprintField
from qiao.org.joining.choices import OPEN, AgencySide, ContactKind, Identity, State, Why
from qiao.org.membership.choices import Confirmation, Employment
from qiao.org.membership.models import Membership
from qiao.org.people.models import Account, Person
from qiao.org.units.models import Unit
from qiao.org.workplaces.models import Employer

#: Purposes of the prints by which an application is found again.
CONTACT = "joining.contact"
IDENTITY = "joining.identity"


class Application(models.Model):
    """One worker's application. Contact and identity number are sealed and found by a keyed print only.

    ``due`` is the promised day; ``rule`` the setting it came from, kept while the clock runs. After the decision and
    its time of keeping a refused application is erased.
    """

    code = models.CharField(max_length=16, unique=True)
    #: Made when the form was opened: the same form sent twice is one application.
    nonce = models.CharField(max_length=32, unique=True)
    receipt = models.CharField(max_length=16, unique=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.APPLIED)
    name = models.CharField(max_length=80)
    language = models.CharField(max_length=12, default=LANGUAGES[0])
    contact_kind = models.CharField(max_length=8, choices=ContactKind.choices, blank=True)
    contact = EncryptedTextField(null=True, bind=("code",))
    contact_print = FingerprintField(null=True, purpose=CONTACT)
    identity_number = EncryptedTextField(null=True, bind=("code",))
    identity_print = FingerprintField(null=True, purpose=IDENTITY)
    identity = models.CharField(max_length=8, choices=Identity.choices, default=Identity.OPEN)
    employment = models.CharField(max_length=12, choices=Employment.choices)
    agency_side = models.CharField(max_length=8, choices=AgencySide.choices, blank=True)
    employer = models.ForeignKey(Employer, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    #: What the worker wrote where we do not know the employer: for the hub to find out.
    employer_written = models.CharField(max_length=120, blank=True)
    place = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="applications")
    why = models.CharField(max_length=12, choices=Why.choices)
    bypass = models.BooleanField(default=False)
    #: Kinds of consent given, each by its own tick.
    consents = models.JSONField(default=list)
    entered_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_how = models.CharField(max_length=12, choices=Confirmation.choices, blank=True)
    confirm_code = models.CharField(max_length=64, blank=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="applications")
    applied = models.DateTimeField()
    due = models.DateTimeField()
    rule = models.CharField(max_length=80)
    #: A returned application stands still since then; the promised day moves by that time.
    paused = models.DateTimeField(null=True)
    question = models.CharField(max_length=500, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    decided = models.DateTimeField(null=True)
    membership = models.OneToOneField(Membership, null=True, on_delete=models.PROTECT, related_name="application")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="application_state_known"),
            models.CheckConstraint(condition=Q(employment__in=Employment.values), name="application_employment_known"),
            models.CheckConstraint(condition=Q(contact_kind__in=ContactKind.values), name="application_contact_known"),
            models.CheckConstraint(condition=Q(identity__in=Identity.values), name="application_identity_known"),
            models.CheckConstraint(condition=Q(why__in=Why.values), name="application_why_known"),
            # Nobody enters an application and decides on it.
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(entered_by__isnull=True) | ~Q(decided_by=F("entered_by")),
                name="application_second_person",
            ),
            # Only what a worker has confirmed ever goes further (fixed: mem.voluntary).
            models.CheckConstraint(
                condition=Q(state__in=[State.UNCONFIRMED, State.WITHDRAWN]) | ~Q(confirmed_how=""),
                name="application_by_the_worker",
            ),
            models.CheckConstraint(
                condition=Q(state=State.ACTIVE, membership__isnull=False, person__isnull=False)
                | (~Q(state=State.ACTIVE) & Q(membership__isnull=True)),
                name="application_active_is_member",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.REFUSED) | ~Q(reason=""), name="application_refused_with_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "due"], condition=Q(state__in=OPEN), name="application_open"),
            models.Index(fields=["unit", "-decided"], name="application_decided"),
            models.Index(fields=["contact_print"], name="application_contact"),
            models.Index(fields=["identity_print"], name="application_identity"),
        ]

    def __str__(self) -> str:
        return self.code
