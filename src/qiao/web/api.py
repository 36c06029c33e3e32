"""The public API: what the public pages show, for programs. Read-only, no account, nothing about persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError

from qiao import __version__
from qiao.base.lineage import chain, links_among
from qiao.org.units.models import Unit
from qiao.org.units.queries import line_above, root_unit
from qiao.web.providers import stations
from qiao.web.queries import public_members
from qiao.web.threads import GATHERING

api = NinjaAPI(
    title="Qiao",
    version=__version__,
    description="What the public pages show, for programs. Small cells are null.",
    docs_url=None,
    urls_namespace="api",
)


class UnitOut(Schema):
    """One unit of the public directory."""

    label: str
    kind: str
    state: str
    name: dict[str, str]
    founded: str
    above: list[str]
    below: list[str]
    members: int | None


class StationOut(Schema):
    """One object of the loop."""

    code: str
    stage: str
    kind: str
    title: str
    state: str
    figure: str
    at: datetime | None
    due: datetime | None
    late: bool
    finished: bool
    url: str


class ThreadOut(Schema):
    """A thread: its objects, and the links (source, target) between them."""

    code: str
    stations: list[StationOut]
    links: list[tuple[str, str]]


class Missing(Schema):
    """What is asked for does not exist."""

    detail: str


@api.get(
    "/units/{label}", response={200: UnitOut, 404: Missing}, summary="One unit; “root” for the federation at the top"
)
def unit(request: HttpRequest, label: str) -> dict[str, Any]:
    """One unit with its line above, what is directly below, and its members (null when few)."""
    found = root_unit() if label == "root" else Unit.objects.filter(label=label).first()
    if found is None:
        raise HttpError(404, "no such unit")
    return {
        "label": found.label,
        "kind": found.kind,
        "state": found.state,
        "name": found.name,
        "founded": found.founded.isoformat(),
        "above": [up.label for up in line_above(found)],
        "below": list(found.children.order_by("label").values_list("label", flat=True)),
        "members": public_members(found),
    }


@api.get("/threads/{code}", response={200: ThreadOut, 404: Missing}, summary="The whole thread of one object")
def thread(request: HttpRequest, code: str) -> dict[str, Any]:
    """Everything the object came out of, and everything that came out of it."""
    line = chain(code, gathering=GATHERING)
    found = stations(line.codes)
    if not any(station.code == code for station in found):
        raise HttpError(404, "no such object")
    known = {station.code for station in found}
    return {"code": code, "stations": [_station(one) for one in found], "links": list(links_among(known))}


def _station(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in StationOut.model_fields}


@dataclass(frozen=True, slots=True)
class Route:
    """One address of the API."""

    method: str
    path: str
    summary: str


def api_routes() -> list[Route]:
    """The API's addresses, from its own description."""
    schema = api.get_openapi_schema()
    return [
        Route(method.upper(), path, str(operation.get("summary", "")))
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
    ]
