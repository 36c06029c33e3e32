"""The table of roles and actions, open to everybody."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from qiao.base.access import PUBLIC, SIGNED_IN, ActorRequest, page
from qiao.base.clock import now
from qiao.org.access.queries import access_table, bar_rows, own_grants, role_rows


@page(PUBLIC)
def table(request: ActorRequest) -> HttpResponse:
    """Who may do what."""
    roles, rows = access_table()
    context = {
        "roles": roles,
        "rows": rows,
        "by_role": role_rows(settings.SECOND_FACTOR_ROLES),
        "bars": bar_rows(),
    }
    return render(request, "access/table.html", context)


@page(SIGNED_IN)
def mine(request: ActorRequest) -> HttpResponse:
    """The roles one holds, will hold and has held."""
    return render(
        request,
        "access/mine.html",
        {"grants": own_grants(request.actor.account_id or 0), "today": localdate(now())},
    )
