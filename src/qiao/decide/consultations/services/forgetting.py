"""What consultations forget of a person."""

from __future__ import annotations

from datetime import datetime

from qiao.decide.consultations.models import Opinion


def forget_person(person_id: int, now: datetime) -> int:  # noqa: ARG001 - every eraser is asked alike
    """Leave opinions as words of nobody: they were published without a name and stay so. How many."""
    return Opinion.objects.filter(person_id=person_id).update(person=None)
