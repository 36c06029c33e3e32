"""Computing coverage of a day for every unit at once."""

from __future__ import annotations

from qiao.org.coverage.services.refresh.day import refresh_coverage, refresh_nightly

__all__ = ["refresh_coverage", "refresh_nightly"]
