"""What other systems may read: services, and requests that were made public (GeoReport v2).

Days only, never the moment somebody filed; no words but those an officer released.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Case, CharField, F, Q, QuerySet, When
from django.utils.timezone import get_default_timezone, localdate

from qiao.base.i18n import pick
from qiao.base.redaction import scan
from qiao.hear.rights.models import Offer
from qiao.hear.rights.queries import offers_for_reports
from qiao.hear.window.choices import ENDED, Topic
from qiao.hear.window.models import ApiFiling, ExternalSystem, Request

MOST = 1000


@dataclass(frozen=True, slots=True)
class Service:
    """A service requests may be filed for: a topic, or a service of the catalogue."""

    code: str
    name: str
    text: str
    group: str
    topic: str
    papers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: days (both counted), open or closed, services, codes. Empty fields do not narrow."""

    since: date | None = None
    until: date | None = None
    states: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


def services() -> list[Service]:
    """Every topic, then the services of the catalogue that take requests. One query."""
    rows = [Service(topic.value, str(topic.label), "", "", topic.value) for topic in Topic]
    return rows + [_offered(offer) for offer in offers_for_reports()]


def service_by_code(code: str) -> Service | None:
    """The service with this code, or None."""
    return next((row for row in services() if row.code == code), None)


def public_list(wanted: Wanted, *, first: int = 0, most: int = MOST) -> list[Request]:
    """Public requests, newest first; their ``service_code`` is annotated. One query."""
    found = _coded(Request.objects.filter(published__isnull=False))
    if wanted.codes:
        found = found.filter(code__in=wanted.codes)
    else:
        zone = get_default_timezone()
        if wanted.since is not None:
            found = found.filter(received__gte=datetime.combine(wanted.since, time.min, zone))
        if wanted.until is not None:
            found = found.filter(received__lte=datetime.combine(wanted.until, time.max, zone))
    if wanted.services:
        found = found.filter(service_code__in=wanted.services)  # type: ignore[misc]
    if wanted.states and set(wanted.states) != {"open", "closed"}:
        ended = Q(state__in=ENDED)
        found = found.filter(ended if wanted.states[0] == "closed" else ~ended)
    rows = found.select_related("body").order_by("-received", "-pk")[first : first + most]
    # What an officer released was scanned; what a later pattern would block is not told either (P9).
    return [row for row in rows if not (scan(row.public_text) or scan(row.public_answer))]


def one_for(code: str, system: ExternalSystem | None) -> Request | None:
    """A public request, or one this system filed itself, whose words it is not shown; None for all others."""
    mine = Q(pk__in=[])
    if system is not None:
        mine = Q(api_filing__system=system)
    found = _coded(Request.objects.filter(Q(published__isnull=False) | mine, code=code))
    row = found.select_related("body").first()
    if row is not None and row.published is not None and (scan(row.public_text) or scan(row.public_answer)):
        return None
    return row


def code_of_token(token: str) -> str | None:
    """The code of the request another system filed with this receipt number; None for all others."""
    filing = ApiFiling.objects.select_related("request").filter(request__receipt=token).first()
    return filing.request.code if filing is not None else None


def told(request: Request, names: dict[str, str]) -> dict[str, str | None]:
    """A request as the standard names its parts."""
    service = str(request.service_code)  # type: ignore[attr-defined]
    public = request.published is not None
    return {
        "service_request_id": request.code,
        "status": "closed" if request.state in ENDED else "open",
        "status_notes": request.public_answer if public else str(request.get_state_display()),
        "service_name": names.get(service, service),
        "service_code": service,
        "description": request.public_text if public else None,
        "agency_responsible": pick(request.body.name),
        "service_notice": None,
        "requested_datetime": w3c(request.received),
        "updated_datetime": w3c(request.updated),
        "expected_datetime": w3c(request.due),
        "address": None,
        "address_id": request.body.label,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def w3c(moment: datetime) -> str:
    """The day of a moment as the standard writes moments: its midnight here."""
    return datetime.combine(localdate(moment), time.min, get_default_timezone()).isoformat()


def names_of(rows: Sequence[Service]) -> dict[str, str]:
    """Names by code."""
    return {row.code: row.name for row in rows}


def _coded(rows: QuerySet[Request]) -> QuerySet[Request]:
    return rows.annotate(
        service_code=Case(
            When(api_filing__isnull=False, then=F("api_filing__service_code")),
            default=F("topic"), output_field=CharField(),
        )
    )  # fmt: skip


def _offered(offer: Offer) -> Service:
    return Service(
        offer.code, pick(offer.name), pick(offer.text), str(offer.get_topic_display()), offer.topic,
        tuple(pick(paper) for paper in offer.papers),
    )  # fmt: skip
