"""Settings of the workers' congress, its proposals and open affairs (handbook C18)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qiao.decide.congress.choices import MajorityOf, Table
from qiao.org.settings.choices import Kind, Setter, Stricter
from qiao.org.settings.rules import Setting

ABOVE, HIGHER, LOWER = Setter.ABOVE, Stricter.HIGHER, Stricter.LOWER

TABLE = Setting[str](
    "wc.delegates", _("Table of the number of delegates"), Kind.CHOICE, source="SH-WC, ZJ-EM", setter=ABOVE,
    choices={row.value: row.label for row in Table}, note=_("Two tables are known; the federation chooses one."),
)  # fmt: skip
REQUIRED_AT = Setting[int](
    "wc.required_at", _("Number of workers from which delegates meet"), Kind.COUNT, default=100, lowest=20,
    highest=1000, source="SH-WC", setter=ABOVE, note=_("With fewer, all workers meet."),
)  # fmt: skip
MANAGER_SHARE = Setting[float](
    "wc.manager_share", _("Highest share of managers among the delegates"), Kind.SHARE, default=0.2, lowest=0.0,
    highest=0.5, source="SH-WC", setter=ABOVE, lower=LOWER,
)  # fmt: skip
FRONTLINE_SHARE = Setting[float](
    "wc.frontline_share", _("Lowest share of front-line workers among the delegates"), Kind.SHARE, default=0.5,
    lowest=0.0, highest=1.0, setter=ABOVE, lower=HIGHER,
)  # fmt: skip
WOMEN_PART = Setting[float](
    "wc.women_part", _("How nearly the women's share of the delegates reaches that of the workers"), Kind.SHARE,
    default=1.0, lowest=0.5, highest=1.0, setter=ABOVE, lower=HIGHER,
    note=_("100 %: as many as their share of the workers, rounded up to a whole delegate."),
)  # fmt: skip
PRESIDIUM_FRONTLINE = Setting[float](
    "wc.presidium_frontline", _("Lowest share of front-line workers in the presidium"), Kind.SHARE, default=0.5,
    lowest=0.5, highest=1.0, source="SH-WC", setter=ABOVE, lower=HIGHER,
)  # fmt: skip
TAKE_PART = Setting[float](
    "wc.delegate_turnout", _("Share of the electors who must take part when delegates are elected"), Kind.SHARE,
    default=2 / 3, lowest=0.5, highest=1.0, source="SH-WC", setter=ABOVE, lower=HIGHER,
)  # fmt: skip
DELEGATE_MAJORITY = Setting[float](
    "wc.delegate_majority",
    _("Share of votes a delegate must pass"),
    Kind.SHARE,
    default=0.5,
    source="SH-WC",
    fixed=True,
)
MAJORITY_OF = Setting[str](
    "wc.delegate_majority_of", _("Of whom a delegate needs more than half"), Kind.CHOICE,
    default=MajorityOf.ELECTORS.value, choices={row.value: row.label for row in MajorityOf}, setter=ABOVE,
)  # fmt: skip
TERM = Setting[int](
    "wc.term",
    _("Term of a workers' congress"),
    Kind.YEARS,
    default=3,
    lowest=3,
    highest=5,
    source="SH-WC",
    setter=ABOVE,
)
EXTENSION = Setting[int](
    "wc.extension", _("Longest extension of a term"), Kind.MONTHS, default=12, lowest=0, highest=12, source="SH-WC",
    setter=ABOVE, lower=LOWER,
)  # fmt: skip
MEETINGS = Setting[int](
    "wc.meetings", _("Meetings of the congress in a year"), Kind.COUNT, default=1, lowest=1, highest=12, source="SH-WC",
    setter=ABOVE, lower=HIGHER,
)  # fmt: skip
CALL_SHARE = Setting[float](
    "wc.call_share", _("Share of the delegates who call a meeting"), Kind.SHARE, default=1 / 3, lowest=0.05,
    highest=1 / 3, source="SH-WC", setter=ABOVE, lower=LOWER,
)  # fmt: skip
PAPERS = Setting[int](
    "wc.papers", _("How long before a meeting of the congress the papers are sent"), Kind.DAYS, default=7, lowest=7,
    highest=60, source="SH-WC", setter=ABOVE, lower=HIGHER,
)  # fmt: skip
QUORUM = Setting[float](
    "wc.quorum", _("Share of the delegates who must be present"), Kind.SHARE, default=2 / 3, lowest=0.5, highest=1.0,
    source="SH-WC", setter=ABOVE, lower=HIGHER,
)  # fmt: skip
MAJORITY = Setting[float](
    "wc.majority", _("Share of all delegates a resolution must pass"), Kind.SHARE, default=0.5, source="SH-WC",
    note=_("More than this share of all delegates, whoever of them came, by secret ballot."), fixed=True,
)  # fmt: skip
REPORT_UP = Setting[int](
    "wc.report_up", _("Time to report resolutions to the unit above"), Kind.WORKING_DAYS, default=7, lowest=1,
    highest=30, source="SH-WC", setter=ABOVE, lower=LOWER,
)  # fmt: skip
BREACH_MEND = Setting[int](
    "wc.breach_mend", _("Time to mend after the union's letter"), Kind.DAYS, default=90, lowest=1, highest=180,
    source="SH-WC", setter=ABOVE,
)  # fmt: skip
BREACH_AUTHORITY = Setting[int](
    "wc.breach_authority", _("Time of the authorities to act on a breach"), Kind.DAYS, default=30, lowest=1,
    highest=180, source="SH-WC", setter=ABOVE,
)  # fmt: skip
CHALLENGE = Setting[int](
    "wc.challenge_period", _("Days in which a vote of the congress may be challenged"), Kind.DAYS, default=15, lowest=5,
    highest=120, setter=ABOVE, lower=HIGHER, note=_("Then the secret papers and the marks are destroyed."),
)  # fmt: skip
PROP_CALL = Setting[int](
    "prop.call", _("How long before a meeting proposals are called for"), Kind.DAYS, default=30, lowest=7, highest=90,
    setter=ABOVE, lower=HIGHER,
)  # fmt: skip
SECONDERS = Setting[int](
    "prop.seconders",
    _("Delegates who must second a proposal"),
    Kind.COUNT,
    default=2,
    lowest=1,
    highest=20,
    setter=ABOVE,
)
JOINT_MAX = Setting[int](
    "prop.joint_max", _("Most delegates who make one proposal together"), Kind.COUNT, default=3, lowest=1, highest=10,
    setter=ABOVE,
)  # fmt: skip
REVIEW_WITHIN = Setting[int](
    "prop.review_within", _("Time to review a delegate's proposal"), Kind.WORKING_DAYS, default=10, lowest=1,
    highest=30, setter=ABOVE,
)  # fmt: skip
REPLY_WITHIN = Setting[int](
    "prop.reply_within", _("Time to reply to a filed proposal"), Kind.DAYS, default=30, lowest=5, highest=180,
    setter=ABOVE,
)  # fmt: skip
RATE_WITHIN = Setting[int](
    "prop.rate_within", _("Time of the proposer to rate the reply"), Kind.DAYS, default=15, lowest=5, highest=90,
    setter=ABOVE, note=_("After it the proposal is closed without a rating and counted so."),
)  # fmt: skip
ANSWER_WITHIN = Setting[int](
    "open.answer_within", _("Time to answer a question on open affairs"), Kind.DAYS, default=30, lowest=1, highest=60,
    source="ZJ-EM 20–23", setter=ABOVE, lower=LOWER,
)  # fmt: skip
SHOWN_FOR = Setting[int](
    "open.shown_for", _("How long open affairs stay shown, at least"), Kind.DAYS, default=15, lowest=7, highest=366,
    setter=ABOVE, lower=HIGHER, note=_("Questions may be asked as long as they are shown."),
)  # fmt: skip
SETTINGS = (
    TABLE, REQUIRED_AT, MANAGER_SHARE, FRONTLINE_SHARE, WOMEN_PART, PRESIDIUM_FRONTLINE, TAKE_PART, DELEGATE_MAJORITY,
    MAJORITY_OF, TERM, EXTENSION, MEETINGS, CALL_SHARE, PAPERS, QUORUM, MAJORITY, REPORT_UP, BREACH_MEND,
    BREACH_AUTHORITY, CHALLENGE, PROP_CALL, SECONDERS, JOINT_MAX, REVIEW_WITHIN, REPLY_WITHIN, RATE_WITHIN,
    ANSWER_WITHIN, SHOWN_FOR,
)  # fmt: skip
