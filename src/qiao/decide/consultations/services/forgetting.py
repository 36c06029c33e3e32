"""What consultations forget of a person."""

from __future__ import annotations

from datetime import datetime

from qiao.decide.consultations.models import Opinion, Submission


def forget_person(person_id: int, now: datetime) -> int:  # noqa: ARG001 - every eraser is asked alike
    """Leave opinions and statements as words of nobody: they were published without a name and stay so. How many."""
    statements = Submission.objects.filter(person_id=person_id).update(person=None)
    return statements + Opinion.objects.filter(person_id=person_id).update(person=None)
