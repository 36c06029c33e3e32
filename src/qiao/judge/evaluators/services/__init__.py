"""Acts on organisations and seats."""

from __future__ import annotations

from qiao.judge.evaluators.services.admission import admit
from qiao.judge.evaluators.services.seating import end_seat, give_seat, require_seat

__all__ = ["admit", "end_seat", "give_seat", "require_seat"]
