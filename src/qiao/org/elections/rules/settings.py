"""Settings of elections, special meetings and recalls (handbook C01)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qiao.org.settings.rules import Setting

CALL_SHARE = Setting[float](
    key="org.special_meeting_call",
    label=_("Share of the members who call a special meeting"),
    kind="share",
    default=1 / 3,
    source="TUL 17",
    lowest=0.01,
    highest=1 / 3,
)
RECALL_MAJORITY = Setting[float](
    key="org.recall_majority",
    label=_("Share of all members that a recall must pass"),
    kind="share",
    default=0.5,
    source="TUL 17, 18",
    note=_("More than this share of all members, whoever of them came."),
    fixed=True,
)
BARRED = Setting[bool](
    key="org.barred_candidates",
    label=_("Close relatives of the employer's chief stand for no post"),
    kind="switch",
    default=True,
    source="TUL 10",
    fixed=True,
)
DELEGATE_QUOTA = Setting[str](
    key="org.delegate_quota",
    label=_("Number of delegates by number of members"),
    kind="text",
    default="100-200: 30-40",
    note=_(
        "From 100 to 200 members: 30 to 40 delegates. For other numbers no default is known; "
        "add them as “201-500: 40-60”, set apart by semicolons."
    ),
)
NOTICE = Setting[int](
    key="org.election_notice",
    label=_("Notice before an election or a members' meeting"),
    kind="days",
    default=7,
    lowest=1,
    highest=90,
)
QUORUM = Setting[float](
    key="org.election_quorum",
    label=_("Share of the electors who must be present at an election"),
    kind="share",
    default=2 / 3,
    lowest=0.5,
    highest=1.0,
)
PETITION_LASTS = Setting[int](
    key="org.petition_lasts",
    label=_("How long members may sign a petition"),
    kind="days",
    default=60,
    lowest=7,
    highest=365,
)
SETTINGS = (CALL_SHARE, RECALL_MAJORITY, BARRED, DELEGATE_QUOTA, NOTICE, QUORUM, PETITION_LASTS)
