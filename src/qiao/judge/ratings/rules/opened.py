"""What one sealed ballot says once it is opened."""

from __future__ import annotations

from collections.abc import Mapping

from qiao.base import sealing
from qiao.base.problems import Problem
from qiao.judge.ratings.rules.form import checked


def readable(form: Mapping[str, object], box_key: str, sealed: bytes) -> dict[str, str] | None:
    """Its grades by point, by the rules every ballot passes; None for bytes that hold no ballot of this form.

    A device may send anything of the right size: what is no ballot counts for nobody and stops no count.
    """
    try:
        content = sealing.unseal(box_key, sealed)
        return checked(form, {key: str(value) for key, value in content.items()}, whole=False)
    except (sealing.WrongKey, Problem, ValueError, AttributeError):
        return None
