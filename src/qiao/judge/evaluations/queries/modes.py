"""How those who answered were asked, in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from qiao.base.i18n import listed
from qiao.judge.evaluations.choices import Mode


def modes_text(told: Mapping[str, int | None]) -> str:
    """“on a device of their own 120, by telephone 34”; a number that is not told is said to be small."""
    parts = []
    for mode in Mode:
        count = told.get(mode.value, 0)
        if count is None:
            parts.append(_("%(mode)s a few") % {"mode": mode.label})
        elif count:
            parts.append(_("%(mode)s %(count)d") % {"mode": mode.label, "count": count})
    return listed(parts)
