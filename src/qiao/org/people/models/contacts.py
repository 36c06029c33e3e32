"""How a person is reached, how it is known who they are, and what they said of themselves."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from qiao.base.vault import EncryptedTextField, FingerprintField
from qiao.org.people.choices import CheckWay, ContactKind, ContactState, Sex, Source
from qiao.org.people.models.person import Account, Person

#: Purposes of the keyed hashes. Changing one loses every value stored under it.
CONTACT_PURPOSE = "people.contact"
IDENTITY_PURPOSE = "people.identity"


class Contact(models.Model):
    """One way to reach a person, one of each kind. ``checked``: the day somebody last made sure of it (S15)."""

    # Found by person and kind, below.
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contacts", db_index=False)
    kind = models.CharField(max_length=8, choices=ContactKind.choices)
    value = EncryptedTextField(bind=("person_id", "kind"))
    found_by = FingerprintField(purpose=CONTACT_PURPOSE, db_index=True)
    state = models.CharField(max_length=12, choices=ContactState.choices, default=ContactState.UNCONFIRMED)
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.OFFICER)
    entered = models.DateField()
    checked = models.DateField(null=True)
    #: While the person shows that the contact is theirs: the code sent there, until when, and how often it was missed.
    code = EncryptedTextField(bind=("person_id", "kind"), null=True)
    code_until = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ContactKind.values), name="contact_kind_known"),
            models.CheckConstraint(condition=Q(state__in=ContactState.values), name="contact_state_known"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="contact_source_known"),
            models.UniqueConstraint(fields=["person", "kind"], name="contact_one_of_a_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"


class IdentityCheck(models.Model):
    """That somebody made sure who the person is. Of a number only a keyed hash and the last four signs are kept."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="identity")
    way = models.CharField(max_length=8, choices=CheckWay.choices)
    found_by = FingerprintField(purpose=IDENTITY_PURPOSE, null=True, db_index=True)
    last_four = models.CharField(max_length=4, blank=True)
    checked = models.DateField()
    checked_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(way=CheckWay.NUMBER, found_by__isnull=False)
                | Q(way=CheckWay.PAPER, found_by__isnull=True, last_four=""),
                name="identitycheck_number_or_paper",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.way}"


class Declaration(models.Model):
    """What a person said of themselves, each only if they wanted to (handbook P2b). Nobody else enters it."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="declaration")
    sex = models.CharField(max_length=8, choices=Sex.choices, blank=True)
    self_declared_migrant = models.BooleanField(null=True)
    said = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(sex__in=["", *Sex.values]), name="declaration_sex_known")]

    def __str__(self) -> str:
        return f"{self.person_id}"
