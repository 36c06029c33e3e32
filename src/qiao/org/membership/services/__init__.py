"""Admitting members, changing their standing, importing and exporting the register."""

from __future__ import annotations

from qiao.org.membership.services.admit import admit_member

__all__ = ["admit_member"]
