"""Open311 GeoReport v2: discovery, services, filing, tokens, requests.

Reading is open to everybody and holds only what was made public. Filing takes a key (unless the federation lets it go
without one) and makes an anonymous or confidential request as any other: with a receipt and a secret, which are given
back beside what the standard asks for. Place by coordinates and device are read and thrown away: nothing is kept of
where somebody stands.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from qiao.base import throttle
from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.addresses import full_address
from qiao.base.clock import now
from qiao.base.i18n import LANGUAGES, problem_text
from qiao.base.problems import Problem, Problems
from qiao.hear.window import services
from qiao.hear.window.choices import Identity, Kind, Scope
from qiao.hear.window.queries import open311 as queries
from qiao.hear.window.services.steps import MOST_SIGNS
from qiao.hear.window.views.georeport import ENDINGS, Fault, answer, fault_answer
from qiao.hear.window.views.open311_asked import (
    key_of,
    nonce_of,
    number_of,
    require_here,
    slow_down,
    system_for,
    wanted_of,
)
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in

_PAGE = 100
View = Callable[..., HttpResponseBase]


def endpoint(*methods: str) -> Callable[[Callable[..., HttpResponse]], View]:
    """A page of the standard: its ending names the format, faults are told in it, no session and no form's token."""

    def decorate(view: Callable[..., HttpResponse]) -> View:
        @csrf_exempt
        @page(PUBLIC)  # type: ignore[arg-type]
        @wraps(view)
        def guarded(request: ActorRequest, ending: str = "json", **values: str) -> HttpResponse:
            try:
                if ending not in ENDINGS:
                    raise Fault(404, _("There is no such format: use json or xml."))
                if request.method not in (*methods, "HEAD"):
                    raise Fault(405, _("This address takes only %(methods)s.") % {"methods": ", ".join(methods)})
                require_here(request)
                return view(request, ending, **values)
            except throttle.TooMany as slow:
                return fault_answer(ending, Fault(429, problem_text(slow)))
            except Fault as fault:
                return fault_answer(ending, fault)

        return cast("View", guarded)

    return decorate


@endpoint("GET")
def discovery(request: ActorRequest, ending: str) -> HttpResponse:
    """Where what is (service discovery)."""
    base = full_address(reverse("window:open311_services", args=["json"])).removesuffix("/services.json")
    content = {
        "changeset": "2026-11-01T00:00:00+08:00",
        "contact": full_address(reverse("window:window")),
        "key_service": full_address(reverse("window:window")),
        "endpoints": [
            {
                "specification": "http://wiki.open311.org/GeoReport_v2",
                "url": base,
                "changeset": "2026-11-01T00:00:00+08:00",
                "type": "production",
                "formats": ["application/json", "text/xml"],
            }
        ],
    }
    return answer(ending, "discovery", content)


@endpoint("GET")
def service_list(request: ActorRequest, ending: str) -> HttpResponse:
    """What requests may be filed for."""
    return answer(ending, "services", [_service(row) for row in queries.services()])


@endpoint("GET")
def service(request: ActorRequest, ending: str, code: str) -> HttpResponse:
    """What is asked beside the words: class, by-pass of one's own union, papers to have at hand."""
    row = queries.service_by_code(code)
    if row is None:
        raise Fault(404, _("There is no service with this code."))
    kinds = [{"key": kind.value, "name": str(kind.label)} for kind in Kind]
    switch = [{"key": "true", "name": _("Yes")}, {"key": "false", "name": _("No")}]
    attributes: list[dict[str, Any]] = [
        _attribute(1, "kind", "singlevaluelist", _("What do you want?"), kinds),
        _attribute(2, "by_pass", "singlevaluelist", _("Do not let it go through the union at my workplace"), switch),
        _attribute(3, "employer", "string", _("Name of the employer"), []),
    ]
    if row.papers:
        attributes.append(_attribute(4, "papers", "string", " · ".join(row.papers), [], variable=False))
    content = {"service_code": row.code, "attributes": attributes}
    return answer(ending, "service_definition", content)


@endpoint("GET", "POST")
def requests(request: ActorRequest, ending: str) -> HttpResponse:
    """List public requests, or file one."""
    if request.method == "POST":
        return _file(request, ending)
    wanted = wanted_of(request)
    number, size = number_of(request, "page", 1, 10_000), number_of(request, "page_size", _PAGE, queries.MOST)
    rows = queries.public_list(wanted, first=(number - 1) * size, most=size)
    names = queries.names_of(queries.services())
    return answer(ending, "service_requests", [queries.told(row, names) for row in rows])


@endpoint("GET")
def one_request(request: ActorRequest, ending: str, code: str) -> HttpResponse:
    """One public request; with the key that filed it also one that is not public, without its words."""
    system = system_for(request, Scope.STATE) if key_of(request) else None
    row = queries.one_for(code, system)
    if row is None:
        raise Fault(404, _("There is no public request with this code."))
    response = answer(ending, "service_requests", [queries.told(row, queries.names_of(queries.services()))])
    if system is not None:
        response["Cache-Control"] = "no-store"
    return response


@endpoint("GET")
def token(request: ActorRequest, ending: str, token: str) -> HttpResponse:
    """The code of a request from its token, which is its receipt number."""
    code = queries.code_of_token(token.upper())
    if code is None:
        raise Fault(404, _("There is no request with this token."))
    return answer(ending, "service_requests", [{"service_request_id": code, "token": token.upper()}])


def _file(request: ActorRequest, ending: str) -> HttpResponse:
    system = system_for(request, Scope.POST)
    given = request.POST
    faults = []
    row = queries.service_by_code(given.get("service_code", ""))
    if not given.get("service_code"):
        faults.append(_("service_code is missing."))
    elif row is None:
        raise Fault(404, _("There is no service with this code."))
    text = given.get("description", "").strip()
    if not text:
        faults.append(_("description is missing: a few words are needed."))
    elif len(text) > MOST_SIGNS:
        faults.append(_("description is longer than %(most)d signs.") % {"most": MOST_SIGNS})
    faults += _place_faults(request)
    kind = given.get("attribute[kind]", Kind.QUESTION)
    if kind not in Kind.values:
        faults.append(_("attribute[kind] is none of those offered."))
    if faults or row is None:
        raise Fault(400, *faults)
    unit = Unit.objects.filter(label__iexact=given.get("address_id", "")[:40]).order_by("pk").first()
    if given.get("address_id") and (unit is None or not takes_in(unit)):
        raise Fault(400, _("address_id names no unit: leave it out, or use the label of one."))
    contact = given.get("phone", "").strip() or given.get("email", "").strip()
    name = " ".join(filter(None, (given.get("last_name", "").strip(), given.get("first_name", "").strip())))
    words = [text]
    if given.get("address_string", "").strip():
        words.append(_("Place: %(place)s") % {"place": given["address_string"].strip()[:200]})
    if given.get("media_url", "").strip():
        # Named, never fetched: what lies there is opened by a person who decides to.
        words.append(_("Picture: %(address)s") % {"address": given["media_url"].strip()[:300]})
    try:
        slow_down(request, system)
        filed = services.file_by_system(
            now=now(), system=system, service_code=row.code,
            given=services.Given(
                nonce=nonce_of(request, system), text="\n".join(words)[:MOST_SIGNS], kind=kind, topic=row.topic,
                identity=Identity.CONFIDENTIAL if contact or name else Identity.ANONYMOUS, name=name[:80],
                contact=contact[:120], place=unit,
                employer_written=given.get("attribute[employer]", "")[:120],
                by_pass=given.get("attribute[by_pass]", "").lower() in ("true", "1", "yes"),
                language=get_language() or LANGUAGES[0],
            ),
        )  # fmt: skip
    except throttle.TooMany:
        raise
    except (Problem, Problems) as problem:
        raise Fault(400, problem_text(problem)) from None
    notice = _("Receipt %(receipt)s, secret %(secret)s: see what becomes of it at %(page)s") % {
        "receipt": filed.request.receipt, "secret": filed.secret, "page": full_address(reverse("window:state")),
    }  # fmt: skip
    made = {
        "service_request_id": filed.request.code,
        "service_notice": notice,
        "account_id": None,
        # Beyond the standard: what the asker needs to answer and to be answered.
        "receipt": filed.request.receipt,
        "secret": filed.secret,
        "expected_datetime": queries.w3c(filed.request.due),
    }
    response = answer(ending, "service_requests", [made], status=200 if filed.again else 201)
    response["Cache-Control"] = "no-store"
    return response


def _place_faults(request: ActorRequest) -> list[str]:
    """The standard wants a place: coordinates (both), an address, or the id of one."""
    given, faults = request.POST, []
    pair = [given.get("lat", "").strip(), given.get("long", "").strip()]
    if any(pair):
        try:
            lat, long = (float(one) for one in pair)
            if not (-90 <= lat <= 90 and -180 <= long <= 180):
                raise ValueError
        except ValueError:
            faults.append(_("lat and long go together, in degrees of WGS84."))
    elif not given.get("address_string", "").strip() and not given.get("address_id", "").strip():
        faults.append(_("A place is missing: lat and long, address_string or address_id."))
    return faults


def _service(row: queries.Service) -> dict[str, Any]:
    return {
        "service_code": row.code, "service_name": row.name, "description": row.text, "metadata": True,
        "type": "realtime", "keywords": row.topic, "group": row.group,
    }  # fmt: skip


def _attribute(
    order: int, code: str, datatype: str, text: str, values: list[dict[str, str]], *, variable: bool = True
) -> dict[str, Any]:
    return {
        "variable": variable, "code": code, "datatype": datatype, "required": False, "datatype_description": "",
        "order": order, "description": text, "values": values,
    }  # fmt: skip
