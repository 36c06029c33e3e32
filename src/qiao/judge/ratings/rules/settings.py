"""Settings of ratings (handbook C23)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from qiao.org.settings.choices import Kind, Setter, Stricter
from qiao.org.settings.rules import Setting

MIN_TURNOUT = Setting[float](
    "rate.min_turnout", _("Turnout below which a rating is void"), Kind.SHARE, default=0.60, lowest=0.3, highest=0.9,
    note=_("60 % in the rules of one enterprise group's union; another practice asks for 30 % with 60 % front-line."),
    setter=Setter.ABOVE,
)  # fmt: skip
MIN_FRONTLINE = Setting[float](
    "rate.min_frontline", _("Front-line members among those who voted, below which a rating is void"), Kind.SHARE,
    default=0.0, lowest=0.0, highest=0.9,
    note=_("Known from the roll, never from a ballot: members without an office in the union or a tie to management."),
    setter=Setter.ABOVE,
)  # fmt: skip
POOR_BELOW = Setting[float](
    "rate.poor_below", _("Satisfied members below which a point is poor"), Kind.SHARE, default=0.60, lowest=0.3,
    highest=0.9, note=_("A poor point becomes a finding and needs a remedy."), setter=Setter.ABOVE,
)  # fmt: skip
PETITION_SHARE = Setting[float](
    "rate.petition_share", _("Part of the members that can call a rating"), Kind.SHARE, default=1 / 3, lowest=0.05,
    highest=1 / 3, note=_("After the third of members who can call a congress (Trade Union Law, article 17)."),
    setter=Setter.ABOVE,
)  # fmt: skip
PETITION_DAYS = Setting[int](
    "rate.petition_days", _("Days in which a petition for a rating can be signed"), Kind.DAYS, default=90, lowest=14,
    highest=365, setter=Setter.ABOVE,
)  # fmt: skip
CADENCE = Setting[int](
    "rate.cadence", _("Months after which members rate their union again"), Kind.MONTHS, default=12, lowest=3,
    highest=36, note=_("Yearly in the forms that are known."), setter=Setter.ABOVE,
)  # fmt: skip
DIMENSIONS = Setting[int](
    "rate.dimensions", _("Points a rating asks at most"), Kind.COUNT, default=13, lowest=2, highest=13,
    note=_("13 in one form that is known."), setter=Setter.ABOVE,
)  # fmt: skip
RERUN_DAYS = Setting[int](
    "rate.rerun", _("Days in which a void rating is run again, once"), Kind.DAYS, default=60, lowest=14, highest=180,
    setter=Setter.ABOVE,
)  # fmt: skip
OBJECTION_DAYS = Setting[int](
    "rate.objection_days", _("Days in which members may object to the roll"), Kind.DAYS, default=10, lowest=3,
    highest=60, note=_("Units below may give more time, not less."), setter=Setter.ABOVE, lower=Stricter.HIGHER,
)  # fmt: skip
OPEN_DAYS = Setting[int](
    "rate.open_days", _("Days a rating called by members stays open"), Kind.DAYS, default=14, lowest=5, highest=60,
    setter=Setter.ABOVE,
)  # fmt: skip
KEYS_NEEDED = Setting[int](
    "rate.keys_needed", _("Count officers who open the box together"), Kind.COUNT, default=2, lowest=2, highest=3,
    note=_("Of those named; all of them come from outside the union judged."), setter=Setter.ABOVE,
)  # fmt: skip
CHALLENGE_PERIOD = Setting[int](
    "rate.challenge_period", _("Days in which a rating may be challenged"), Kind.DAYS, default=15, lowest=5,
    highest=120, note=_("Ballots and roll are destroyed after it."), setter=Setter.ABOVE, lower=Stricter.HIGHER,
)  # fmt: skip
RESPONSE_DAYS = Setting[int](
    "rate.response_days", _("Days in which the union rated answers the result"), Kind.DAYS, default=30, lowest=5,
    highest=90, note=_("The result is public before."), setter=Setter.ABOVE,
)  # fmt: skip
PLAN_DAYS = Setting[int](
    "rate.plan_days", _("Days in which the union rated says what it will mend"), Kind.DAYS, default=45, lowest=10,
    highest=120, note=_("Afterwards the union above sets the plan."), setter=Setter.ABOVE,
)  # fmt: skip
RECHECK_MONTHS = Setting[int](
    "rate.recheck", _("Months after the plan in which remedies are rechecked"), Kind.MONTHS, default=6, lowest=1,
    highest=18, setter=Setter.ABOVE,
)  # fmt: skip
#: What upper unions' own sheets demand: shown beside, never mixed into what members said.
MUST_DUES = Setting[float](
    "rate.must_pass.dues", _("Upper union's sheet: dues paid on time"), Kind.SHARE, default=1.0, setter=Setter.ABOVE,
    note=_("From the sheets of one area; shown beside the members' result, never mixed into it."),
)  # fmt: skip
MUST_CONTRACT = Setting[float](
    "rate.must_pass.contract_satisfaction",
    _("Upper union's sheet: satisfied with how the collective contract is kept"),
    Kind.SHARE, default=0.90, setter=Setter.ABOVE,
    note=_("From the sheets of one area; shown beside the members' result, never mixed into it."),
)  # fmt: skip
MUST_SIGNED = Setting[float](
    "rate.must_pass.contract_signed", _("Upper union's sheet: contracts signed"), Kind.SHARE, default=0.95,
    setter=Setter.ABOVE, note=_("From the sheets of one area; shown beside the members' result, never mixed into it."),
)  # fmt: skip
MUST_MEMBERS = Setting[float](
    "rate.must_pass.membership", _("Upper union's sheet: employees who are members"), Kind.SHARE, default=0.90,
    setter=Setter.ABOVE, note=_("From another area; shown beside the members' result, never mixed into it."),
)  # fmt: skip
MUST_PASS = {"dues": MUST_DUES, "contract_satisfaction": MUST_CONTRACT, "contract_signed": MUST_SIGNED,
             "membership": MUST_MEMBERS}  # fmt: skip
ALL: tuple[Setting[Any], ...] = (
    MIN_TURNOUT, MIN_FRONTLINE, POOR_BELOW, PETITION_SHARE, PETITION_DAYS, CADENCE, DIMENSIONS, RERUN_DAYS,
    OBJECTION_DAYS, OPEN_DAYS, KEYS_NEEDED, CHALLENGE_PERIOD, RESPONSE_DAYS, PLAN_DAYS, RECHECK_MONTHS,
    *MUST_PASS.values(),
)  # fmt: skip
