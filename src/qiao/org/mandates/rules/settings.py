"""Settings of committees, terms and mandates (handbook C01, C03)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qiao.org.settings.rules import Setting

TERM_BASE = Setting[int](
    key="org.term_base",
    label=_("Length of a term of a base union"),
    kind="years",
    default=3,
    source="TUL 16",
    note=_("Three or five years by law; which of the two is the members' choice."),
    lowest=1,
    highest=5,
)
TERM_FEDERATION = Setting[int](
    key="org.term_federation",
    label=_("Length of a term of a federation"),
    kind="years",
    default=5,
    source="TUL",
    lowest=1,
    highest=5,
)
TERM_LEAD = Setting[int](
    key="org.term_due_lead",
    label=_("How long before its end a term counts as due"),
    kind="days",
    default=180,
    lowest=1,
    highest=730,
)
CHAIR_VACANCY = Setting[int](
    key="org.chair_vacancy_max",
    label=_("Longest vacancy of the chair"),
    kind="months",
    default=3,
    source="CQ-TU",
    lowest=1,
    highest=24,
)
FULLTIME_CHAIR_AT = Setting[int](
    key="org.fulltime_chair_at",
    label=_("Employees from which a full-time chair is possible"),
    kind="count",
    default=200,
    source="TUL 14",
    lowest=1,
)
HELP_NEW_EMPLOYER = Setting[int](
    key="org.help_new_employer",
    label=_("Time after opening in which an employer's union is helped into being"),
    kind="months",
    default=6,
    source="SH-TU",
    lowest=1,
)
TEST_SAMPLE = Setting[float](
    key="cov.test_call_sample",
    label=_("Share of unions whose channel is tested each year"),
    kind="share",
    default=0.05,
    lowest=0.01,
    highest=1.0,
)
SETTINGS = (
    TERM_BASE,
    TERM_FEDERATION,
    TERM_LEAD,
    CHAIR_VACANCY,
    FULLTIME_CHAIR_AT,
    HELP_NEW_EMPLOYER,
    TEST_SAMPLE,
)
