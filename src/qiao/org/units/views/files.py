"""The tree as files."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils.timezone import localdate

from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.base.clock import now
from qiao.org.units import exports
from qiao.org.units.views.tree import asked_day


@page(PUBLIC)
def export(request: ActorRequest, form: str) -> HttpResponseBase:
    """The tree of a day on an axis, as Excel or CSV."""
    day, axis = asked_day(request)
    day = day or localdate(now())
    name = f"units-{axis.value}-{day.isoformat()}"
    if form == "csv":
        response: HttpResponseBase = StreamingHttpResponse(
            exports.tree_csv(day, axis), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return response
    if form == "xlsx":
        return FileResponse(exports.tree_workbook(day, axis), as_attachment=True, filename=f"{name}.xlsx")
    raise Http404


@page(PUBLIC)
def jsonld(request: ActorRequest) -> HttpResponseBase:
    """The public tree in the W3C organisation ontology."""
    day, _axis = asked_day(request)
    base = request.build_absolute_uri(reverse("units:directory"))
    return StreamingHttpResponse(
        exports.tree_jsonld(day or localdate(now()), base), content_type="application/ld+json; charset=utf-8"
    )
