"""Which value holds where and when, and where it comes from."""

from __future__ import annotations

from qiao.org.settings.queries.ruling import (
    calendar_of,
    federation_path,
    ruling,
    rulings,
    span_of,
    value_of,
    values_at,
)
from qiao.org.settings.queries.shell import desk_doors, unit_doors, unit_panels

__all__ = [
    "calendar_of",
    "desk_doors",
    "federation_path",
    "ruling",
    "rulings",
    "span_of",
    "unit_doors",
    "unit_panels",
    "value_of",
    "values_at",
]
