"""Settings of founding units (handbook C01)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qiao.org.settings.choices import Kind, Setter
from qiao.org.settings.rules import Setting

COMMITTEE_REQUIRED_AT = Setting[int](
    "org.committee_required_at", _("Members from which a unit has a committee of its own"), Kind.COUNT,
    default=25, source="TUL 11", lowest=3, highest=200, setter=Setter.ABOVE,
    note=_("Below this number: a committee of its own, one joint with other employers, or one elected organiser."),
)  # fmt: skip
ANSWER_WITHIN = Setting[int](
    "org.approve_within", _("Time to answer the proposal of a unit, and to approve it once it is prepared"), Kind.DAYS,
    default=15, lowest=1, highest=60, setter=Setter.ABOVE,
    note=_("To approve is a legal duty: a refusal needs a reason and may be appealed against."),
)  # fmt: skip
CLOSING_WITHIN = Setting[int](
    "org.closing_within", _("Time to decide about the end of a unit"), Kind.DAYS,
    default=30, lowest=1, highest=90, setter=Setter.ABOVE,
)  # fmt: skip
