"""The row of a round, held until the end of the transaction: two officers at once wait for each other."""

from __future__ import annotations

from qiao.hear.surveys.models import Round


def locked(code: str) -> Round:
    """The round with its unit, locked; raises Round.DoesNotExist."""
    return Round.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
