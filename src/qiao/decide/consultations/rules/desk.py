"""Settings and limits of statements, of the live map and of the answering desk."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qiao.org.settings.choices import Kind, Stricter
from qiao.org.settings.rules import Setting

#: Signs of a statement a member writes: one claim, no essay.
SHORTEST, LONGEST = 6, 140
#: Statements one member may write in one consultation.
MOST_SUBMISSIONS = 5
#: Free text of a group or table below this is not told (handbook P7).
SMALLEST = 5
#: The live map is drawn from so many voters on, anew when so many more have voted, of groups no smaller than that.
LIVE_VOTERS, LIVE_MORE, LIVE_GROUP = 30, 10, 10

MODERATE_WITHIN = Setting[int](
    "con.moderate_within",
    _("Working days until a member's statement is put to the vote or refused"),
    Kind.WORKING_DAYS,
    default=2,
    lowest=1,
    highest=10,
    note=_("Promised on the receipt. What is not moderated by the close becomes an opinion and is answered."),
    lower=Stricter.LOWER,
)
LIVE_MAP = Setting[bool](
    "con.live_map",
    _("Show the opinion map while a consultation is open"),
    Kind.SWITCH,
    default=False,
    note=_(
        "Areas and words only, no number; from 30 voters on. Off, nobody sees anything of the votes "
        "before the close. The value on the day of the announcement holds."
    ),
)
DRAFT_WITHIN = Setting[int](
    "con.draft_within",
    _("Days an office has to prepare an answer given to it"),
    Kind.DAYS,
    default=10,
    lowest=1,
    highest=60,
    note=_("Never beyond the day the answers are due."),
    lower=Stricter.LOWER,
)
SETTINGS = (MODERATE_WITHIN, LIVE_MAP, DRAFT_WITHIN)
