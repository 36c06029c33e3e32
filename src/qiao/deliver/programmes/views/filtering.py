"""What of the board a request asks for."""

from __future__ import annotations

from qiao.base.access import ActorRequest
from qiao.deliver.programmes.queries.board import BoardFilter
from qiao.org.units.models import Unit
from qiao.org.units.queries import unit_by_label


def chosen(request: ActorRequest) -> BoardFilter:
    """The filter in the address; what is unknown there filters nothing."""
    label = request.GET.get("unit", "")
    path = ""
    if label:
        try:
            path = unit_by_label(label).path
        except Unit.DoesNotExist:
            path = ""
    return BoardFilter(path=path, state=request.GET.get("state", ""), overdue=request.GET.get("overdue") == "on")
