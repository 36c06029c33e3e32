"""The yearly table: public, computed, with files to take away."""

from __future__ import annotations

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.org.units.models import Unit
from qiao.org.units.queries import root_unit, unit_by_label
from qiao.org.yearbook import queries
from qiao.org.yearbook.choices import TableAxis
from qiao.org.yearbook.exports import table_lines, table_workbook
from qiao.org.yearbook.models import Edition
from qiao.org.yearbook.queries import TablePage
from qiao.org.yearbook.rules import FIGURES

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page(PUBLIC)
def latest(request: ActorRequest) -> HttpResponse:
    """The latest table of the whole federation."""
    root, editions = root_unit(), queries.editions()
    if root is None or not editions:
        return render(request, "yearbook/none.html")
    return redirect("yearbook:table", root.label, editions[0].year)


@page(PUBLIC)
def table(request: ActorRequest, label: str, year: int) -> HttpResponse:
    """The table of a unit and a year, by place or by sector."""
    found = _page(request, label, year)
    context = {
        "table": found,
        "unit": found.unit,
        "editions": queries.editions(),
        "share": queries.base_share(found.unit),
        "check": queries.check_of(found.edition, found.unit),
        "may_assure": request.actor.may("register.assure", found.unit.path),
    }
    return render(request, "yearbook/table.html", context)


@page(PUBLIC)
def method(request: ActorRequest) -> HttpResponse:
    """How each figure is computed."""
    return render(request, "yearbook/method.html", {"figures": FIGURES})


@page(PUBLIC)
def workbook(request: ActorRequest, label: str, year: int) -> HttpResponse:
    """The table as a workbook."""
    found = _page(request, label, year)
    return _file(table_workbook(found), XLSX, f"yearbook-{found.unit.label}-{year}.xlsx")


@page(PUBLIC)
def text(request: ActorRequest, label: str, year: int) -> HttpResponse:
    """The table as CSV."""
    found = _page(request, label, year)
    # The mark tells spreadsheets that this is UTF-8.
    content = ("\ufeff" + "".join(table_lines(found))).encode()
    return _file(content, "text/csv; charset=utf-8", f"yearbook-{found.unit.label}-{year}.csv")


@page(PUBLIC)
def edition_text(request: ActorRequest, year: int) -> StreamingHttpResponse:
    """The whole edition, byte for byte what the ledger holds the hash of."""
    response = StreamingHttpResponse(queries.edition_lines(find_edition(year)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="edition-{year}.csv"'
    return response


def _page(request: ActorRequest, label: str, year: int) -> TablePage:
    axis = request.GET.get("axis", TableAxis.PLACE)
    if axis not in TableAxis.values:
        raise Http404(_("There is no such axis."))
    return queries.table_page(find_edition(year), find_unit(label), axis)


def find_edition(year: int) -> Edition:
    """The edition of a year, or 404."""
    try:
        return queries.edition_of(year)
    except (Edition.DoesNotExist, OverflowError):
        raise Http404 from None


def find_unit(label: str) -> Unit:
    """The unit with this label, or 404."""
    try:
        return unit_by_label(label)
    except Unit.DoesNotExist:
        raise Http404 from None


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
