"""Periods that several apps share."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qiao.org.settings.choices import Kind, Setter
from qiao.org.settings.rules import Setting

#: How long a table that was handed in may lie between its upload and the second person.
STAGING = Setting[int](
    "keep.import_staging",
    _("Staged rows of imports"),
    Kind.DAYS,
    default=7,
    lowest=1,
    highest=30,
    note=_("Counted from the upload. What was not confirmed by then is discarded."),
    setter=Setter.FEDERATION,
    action="setting.protect",
)
