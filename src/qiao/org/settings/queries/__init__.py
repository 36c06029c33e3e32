"""Which value holds where and when, and where it comes from."""

from __future__ import annotations

from qiao.org.settings.queries.ruling import calendar_of, federation_path, ruling, rulings, span_of, value_of

__all__ = ["calendar_of", "federation_path", "ruling", "rulings", "span_of", "value_of"]
