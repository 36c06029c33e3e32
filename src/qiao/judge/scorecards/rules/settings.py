"""Within which time an ended task is judged."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qiao.org.settings.choices import Kind, Setter
from qiao.org.settings.rules import Setting

JUDGE_WITHIN = Setting[int](
    "eval.judge_within",
    _("A task that is done is judged by those it was for within"),
    Kind.DAYS,
    default=180,
    lowest=30,
    highest=730,
    setter=Setter.FEDERATION,
    note=_("Counted from the day another office verified that it is done."),
)
