"""What a federation may set about papers upward and the register of reports."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qiao.org.settings.rules import Setting

ANSWER_WITHIN = Setting[int](
    "up.answer_within",
    _("Days for the written answer to a request from below"),
    "days",
    default=15,
    lowest=1,
    highest=90,
    note=_("Set by the side that answers. Where time runs out the request goes one level up."),
)
ANSWER_WITHIN_CHAIR = Setting[int](
    "up.answer_within_chair",
    _("Days for the answer to a request to move or dismiss a chair"),
    "days",
    default=15,
    source="SH-TU 38",
    lowest=1,
    highest=60,
)
CHAIR_SILENCE_CONSENTS = Setting[bool](
    "up.chair_silence_consents",
    _("Silence on moving or dismissing a chair means consent"),
    "switch",
    default=True,
    source="SH-TU 38",
)
REPORT_NOTICE = Setting[int](
    "prog.report_notice",
    _("Days of notice before a new form or report is asked of the base"),
    "days",
    default=7,
    lowest=7,
    highest=90,
)
REPORT_LIFE = Setting[int](
    "prog.report_life",
    _("Months after which a form or report ends by itself"),
    "months",
    default=12,
    lowest=1,
    highest=24,
)
SETTINGS = (ANSWER_WITHIN, ANSWER_WITHIN_CHAIR, CHAIR_SILENCE_CONSENTS, REPORT_NOTICE, REPORT_LIFE)
