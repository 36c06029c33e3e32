"""GeoReport v2 answers in JSON and XML, faults included (wiki.open311.org/GeoReport_v2)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from django.http import HttpResponse

ENDINGS = ("json", "xml")
_TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
#: What one piece of a list is called inside the element of the list.
_PIECES = {
    "services": "service", "service_requests": "request", "errors": "error", "attributes": "attribute",
    "values": "value", "endpoints": "endpoint", "formats": "format", "changesets": "changeset", "papers": "paper",
}  # fmt: skip
# What XML 1.0 cannot hold.
_BARRED = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Fault(Exception):
    """A request that cannot be answered: HTTP status and what is wrong with it."""

    def __init__(self, status: int, *descriptions: str) -> None:
        super().__init__(*descriptions)
        self.status, self.descriptions = status, descriptions


def answer(ending: str, root: str, content: Sequence[Any] | Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """A list or an object as JSON, or as XML under an element named ``root``."""
    if ending == "json":
        text = json.dumps(content, ensure_ascii=False)
        response = HttpResponse(text, content_type=_TYPES["json"], status=status)
    else:
        top = ET.Element(root)
        _fill(top, content)
        body = ET.tostring(top, encoding="utf-8", xml_declaration=True)
        response = HttpResponse(body, content_type=_TYPES["xml"], status=status)
    response["Access-Control-Allow-Origin"] = "*"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def fault_answer(ending: str, fault: Fault) -> HttpResponse:
    """A fault: a list of code and description, as the standard has it."""
    rows = [{"code": fault.status, "description": text} for text in fault.descriptions]
    response = answer(ending if ending in ENDINGS else "json", "errors", rows, status=fault.status)
    response["Cache-Control"] = "no-store"
    return response


def _fill(element: ET.Element, content: Any) -> None:
    if isinstance(content, Mapping):
        for key, value in content.items():
            _fill(ET.SubElement(element, key), value)
    elif isinstance(content, list | tuple):
        for value in content:
            _fill(ET.SubElement(element, _PIECES.get(str(element.tag), "item")), value)
    elif isinstance(content, bool):
        element.text = "true" if content else "false"
    elif content is not None:
        element.text = _BARRED.sub("\ufffd", str(content))
