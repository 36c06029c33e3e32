"""What is kept of looks, messages, requests and data checks, and for how long (handbook P8)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qiao.org.appeals.choices import AppealState
from qiao.org.appeals.models import Appeal
from qiao.org.people.choices import CampaignState
from qiao.org.people.models import Campaign, Consent, DataRequest, Look, NumberChange, PersonMessage
from qiao.org.retention.rules import Erased, Held, Rule
from qiao.org.settings.choices import Kind, Setter
from qiao.org.settings.rules import Setting


def _years(key: str, label: object, default: int, lowest: int, highest: int, note: object) -> Setting[int]:
    return Setting[int](
        key, label, Kind.YEARS, default=default, lowest=lowest, highest=highest, note=note,  # type: ignore[arg-type]
        setter=Setter.FEDERATION, action="setting.protect",
    )  # fmt: skip


LOOKS = _years(
    "keep.looks", _("Who looked at whom"), 2, 1, 6, _("Counted from the look. A year at least."),
)  # fmt: skip
MESSAGES = Setting[int](
    "keep.messages", _("Messages to persons"), Kind.MONTHS,
    default=24, lowest=3, highest=72, setter=Setter.FEDERATION, action="setting.protect",
    note=_("Counted from the sending; how they were carried goes with them."),
)  # fmt: skip
REQUESTS = _years(
    "keep.data_requests", _("What was asked about data"), 6, 1, 10, _("Counted from the answer."),
)  # fmt: skip
CHECKS = _years(
    "keep.data_checks", _("Data checks"), 1, 1, 3, _("Counted from the end of the check."),
)  # fmt: skip
NUMBERS = _years(
    "keep.number_changes", _("Changes of a lost number"), 2, 1, 6, _("Counted from their end."),
)  # fmt: skip
CONSENTS = _years(
    "keep.consents", _("Consents taken back"), 6, 1, 10, _("Counted from the day one was taken back."),
)  # fmt: skip
APPEALS = _years(
    "keep.appeals", _("Appeals"), 6, 1, 10, _("Counted from the decision."),
)  # fmt: skip


def erase_looks(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase who looked at whom before ``cutoff``."""
    rows = held.leave_out(Look.objects.filter(at__lt=cutoff), path="unit_path")
    keys = list(rows.order_by("at", "pk").values_list("pk", flat=True)[:limit])
    Look.objects.filter(pk__in=keys).delete()
    return Erased(tuple(f"people.look:{key}" for key in keys))


def erase_messages(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase messages sent before ``cutoff`` with all deliveries."""
    rows = held.leave_out(PersonMessage.objects.filter(at__lt=cutoff))
    keys = list(rows.order_by("at", "pk").values_list("pk", flat=True)[:limit])
    PersonMessage.objects.filter(pk__in=keys).delete()
    return Erased(tuple(f"people.message:{key}" for key in keys))


def erase_requests(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase requests answered before ``cutoff``; an appeal that is open keeps what it is about."""
    due = DataRequest.objects.filter(decided__lt=cutoff).exclude(
        code__in=Appeal.objects.filter(state__in=[AppealState.FILED, AppealState.UNDER_REVIEW]).values("subject")
    )
    rows = held.leave_out(due, code="code", path="unit_path")
    found = list(rows.order_by("pk").values_list("pk", "code")[:limit])
    DataRequest.objects.filter(pk__in=[key for key, _code in found]).delete()
    return Erased(tuple(f"people.request:{code}" for _key, code in found))


def erase_checks(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase data checks that closed before ``cutoff``, with every link."""
    due = Campaign.objects.filter(state=CampaignState.CLOSED, closes__lt=cutoff)
    rows = held.leave_out(due, code="code", path="unit__path")
    found = list(rows.order_by("pk").values_list("pk", "code")[:limit])
    Campaign.objects.filter(pk__in=[key for key, _code in found]).delete()
    return Erased(tuple(f"people.check:{code}" for _key, code in found))


def erase_numbers(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase changes of a lost number that ended before ``cutoff``."""
    rows = held.leave_out(NumberChange.objects.filter(ended__lt=cutoff), code="code", path="unit_path")
    found = list(rows.order_by("pk").values_list("pk", "code")[:limit])
    NumberChange.objects.filter(pk__in=[key for key, _code in found]).delete()
    return Erased(tuple(f"people.number:{code}" for _key, code in found))


def erase_consents(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase consents taken back before ``cutoff``."""
    rows = held.leave_out(Consent.objects.filter(revoked__lt=cutoff), code="code")
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
    Consent.objects.filter(pk__in=keys).delete()
    return Erased(tuple(f"people.consent:{key}" for key in keys))


def erase_appeals(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase appeals decided or taken back before ``cutoff``; a first try goes only with its second."""
    ended = Q(decided__lt=cutoff) | Q(state=AppealState.WITHDRAWN, filed__lt=cutoff)
    due = Appeal.objects.filter(ended, later__isnull=True)
    rows = held.leave_out(due, code="code", path="unit_path")
    found = list(rows.order_by("pk").values_list("pk", "code")[:limit])
    Appeal.objects.filter(pk__in=[key for key, _code in found]).delete()
    return Erased(tuple(f"appeals.appeal:{code}" for _key, code in found))


RULES = (
    Rule(
        "looks", _("Who looked at whom"), erase_looks, period=LOOKS, purpose=_("Answering “who looked at me”"),
        remains=_("The rows of the audit log"),
    ),
    Rule("messages", _("Messages to persons"), erase_messages, period=MESSAGES, purpose=_("Telling back")),
    Rule(
        "data_requests", _("What was asked about data"), erase_requests, period=REQUESTS,
        purpose=_("Rights of the person"), remains=_("Nothing but the receipt's number and state."),
    ),
    Rule("data_checks", _("Data checks"), erase_checks, period=CHECKS, purpose=_("Correct data")),
    Rule(
        "number_changes", _("Changes of a lost number"), erase_numbers, period=NUMBERS,
        purpose=_("Showing who changed how a member signs in"), remains=_("The rows of the audit log"),
    ),
    Rule("consents", _("Consents taken back"), erase_consents, period=CONSENTS, purpose=_("Proof of consent")),
    Rule(
        "appeals", _("Appeals"), erase_appeals, period=APPEALS, purpose=_("A second person decides"),
        remains=_("Nothing but the receipt's number and state."),
    ),
)  # fmt: skip
