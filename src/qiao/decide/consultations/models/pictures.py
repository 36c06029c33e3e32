"""Worked out of the votes while a consultation is open: what to ask next, and the map where it is shown live."""

from __future__ import annotations

from django.db import models

from qiao.decide.consultations.models.texts import Consultation


class StatementWeights(models.Model):
    """How much each statement would teach, by which the next one is drawn. Shown to nobody."""

    consultation = models.OneToOneField(Consultation, on_delete=models.CASCADE, related_name="weights")
    worked = models.DateTimeField()
    #: Statement number (as text) to weight.
    weights = models.JSONField()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"weights of {self.consultation_id}"


class MapPicture(models.Model):
    """The opinion map as it was shown at one moment: areas and words, no number of people.

    ``voters`` says how many had voted, so that the next picture waits for enough new ones; it is not shown.
    """

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="pictures")
    taken = models.DateTimeField()
    voters = models.PositiveIntegerField()
    content = models.JSONField()

    class Meta:
        ordering = ["consultation", "taken"]
        constraints = [models.UniqueConstraint(fields=["consultation", "taken"], name="picture_of_a_moment_once")]

    def __str__(self) -> str:
        return f"map of {self.consultation_id}, {self.taken}"
