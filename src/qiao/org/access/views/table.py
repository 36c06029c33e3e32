"""The table of roles and actions, open to everybody."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from qiao.base.access import PUBLIC, ActorRequest, page
from qiao.org.access.queries import access_table


@page(PUBLIC)
def table(request: ActorRequest) -> HttpResponse:
    """Who may do what."""
    roles, rows = access_table()
    return render(request, "access/table.html", {"roles": roles, "rows": rows})
