"""What one sealed answer holds once it is opened."""

from __future__ import annotations

from qiao.base import sealing
from qiao.base.problems import Problem
from qiao.judge.evaluations.rules.instrument import Instrument, checked_answers


def readable(instrument: Instrument, private_key: str | sealing.Opener, sealed: bytes) -> dict[str, object] | None:
    """The answers in it, by the rules every answer passes; None for bytes that hold none.

    A device may send anything of the right size. What is no answer to this version of the questions counts nowhere.
    """
    try:
        content = sealing.unseal(private_key, sealed)
        if content.get("instrument") != instrument.version:
            return None
        return checked_answers(instrument, {key: str(value) for key, value in content.items()})
    except (sealing.WrongKey, Problem, ValueError, AttributeError):
        return None
