"""The settings of consultations (handbook C07)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qiao.org.settings.choices import Kind, Stricter
from qiao.org.settings.rules import Setting

OPEN_DAYS = Setting[int](
    "con.open_days",
    _("Days a consultation is open"),
    Kind.DAYS,
    default=15,
    lowest=1,
    highest=180,
    note=_("A shorter one is marked as short on its page. Units below may ask for longer, not for shorter."),
    lower=Stricter.HIGHER,
)
ANSWER_WITHIN = Setting[int](
    "con.answer_within",
    _("Days from the close until every opinion is answered"),
    Kind.DAYS,
    default=30,
    lowest=1,
    highest=180,
    note=_("Promised on every receipt. Units below may promise less time, not more."),
    lower=Stricter.LOWER,
)
PAPERS = Setting[int](
    "con.papers_before_meeting",
    _("Days the text is public before the meeting that decides on it"),
    Kind.DAYS,
    default=7,
    lowest=0,
    highest=60,
    source="SH-WC",
    note=_("Counted from the last version of the text. The consultation keeps what held when it was announced."),
    lower=Stricter.HIGHER,
)
HIDE_COUNTS = Setting[bool](
    "con.hide_counts_until_close",
    _("No counts of votes and opinions before the close"),
    Kind.SWITCH,
    default=True,
    note=_(
        "While a consultation is open nothing is counted, for nobody: who votes late is not led by who voted early."
    ),
    fixed=True,
)
