"""How many members each unit has, kept by the database itself."""

from __future__ import annotations

from django.db import models


class MemberTally(models.Model):
    """A change of a unit's number of members by kind of employment; the sum over a span of paths is the number there.

    Triggers add a row for each unit a statement touches: nobody waits for anybody, as they would on one counter of the
    whole federation. A nightly job folds the rows of a unit into one.
    """

    unit_id = models.BigIntegerField()
    path = models.CharField(max_length=120)
    direct = models.IntegerField(default=0)
    agency = models.IntegerField(default=0)
    platform = models.IntegerField(default=0)
    freelance = models.IntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["path"], include=["direct", "agency", "platform", "freelance"], name="membertally_span"
            ),
            models.Index(fields=["unit_id"], name="membertally_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.direct + self.agency + self.platform + self.freelance:+d}"
