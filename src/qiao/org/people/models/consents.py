"""Consents: who agreed to what, when, to which text, and until when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from qiao.org.people.choices import ConsentKind, Source
from qiao.org.people.models.person import Person


class Consent(models.Model):
    """One consent to the text of one version. Taken back it stays as a dated row; given again it is another."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=20, choices=ConsentKind.choices)
    #: What it is about where the kind alone does not say it: a case, one visit. Empty for the rest.
    code = models.CharField(max_length=32, blank=True)
    version = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=12)
    source = models.CharField(max_length=8, choices=Source.choices)
    given = models.DateTimeField()
    revoked = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ConsentKind.values), name="consent_kind_known"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="consent_source_known"),
            models.CheckConstraint(
                condition=Q(revoked__isnull=True) | Q(revoked__gte=F("given")), name="consent_ends_after_start"
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "code"], condition=Q(revoked__isnull=True), name="consent_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"
