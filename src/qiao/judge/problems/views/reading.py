"""What everybody reads: the ledger and its counts, one problem, the four indicators."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from qiao.base.access import PUBLIC, ActorRequest, Refused, page
from qiao.base.clock import now
from qiao.base.deadlines import progress
from qiao.base.problems import Problem
from qiao.judge.problems import queries
from qiao.judge.problems.choices import OPEN_STATES, PUBLIC_STATES, Source, State, Tendency
from qiao.judge.problems.forms import FilterForm
from qiao.judge.problems.models import Entry
from qiao.judge.problems.queries.persons import raisers_named
from qiao.judge.problems.rules.states import steps
from qiao.judge.problems.services.rechecking import require_third_party, voice_of
from qiao.org.settings.queries import federation_path
from qiao.org.units.models import Unit
from qiao.org.units.queries import unit_by_label


def found(request: ActorRequest, code: str) -> Entry:
    """The problem of an address as far as the visitor may see it, or 404."""
    try:
        return queries.entry_by_code(code, request.actor)
    except Entry.DoesNotExist:
        raise Http404 from None


def _unit(label: str) -> Unit | None:
    try:
        return unit_by_label(label[:40].upper()) if label else None
    except Unit.DoesNotExist:
        return None


def _clean(request: ActorRequest, key: str, most: int = 60) -> str:
    return request.GET.get(key, "").replace("\x00", "").strip()[:most]


@page(PUBLIC)
def board(request: ActorRequest) -> HttpResponse:
    """The ledger: counts and list, filtered by union, state, kind and source."""
    unit = _unit(_clean(request, "unit"))
    path = unit.path if unit else federation_path()
    here = now()
    number = _clean(request, "page", 6)
    at = max(1, min(int(number), 1000)) if number.isascii() and number.isdigit() else 1
    chosen = {key: _clean(request, key, 20) for key in ("state", "tendency", "source")}
    find = _clean(request, "find")
    rows, total = queries.listed_rows(request.actor, now=here, path=path, page=at, find=find, **chosen)
    context = {
        "unit": unit,
        "measures": queries.measures(path, now=here),
        "below": queries.counts_by_unit(path, now=here) if not find and at == 1 else [],
        "rows": rows,
        "total": total,
        "at": at,
        "more": at * queries.SHOWN < total,
        "find": find,
        "find_form": FilterForm(initial={"find": find}),
        "chosen": chosen,
        "filtered": any(chosen.values()) or bool(find),
        "states": [("open", _("Still open")), ("overdue", _("Overdue")),
                   *((one.value, str(one.label)) for one in (*PUBLIC_STATES,))],
        "tendencies": Tendency.choices,
        "sources": Source.choices,
    }  # fmt: skip
    return render(request, "problems/board.html", context)


@page(PUBLIC)
def indicators(request: ActorRequest) -> HttpResponse:
    """The four indicators of the tendencies, this year beside the one before."""
    return render(request, "problems/indicators.html", {"rows": queries.indicators(now=now())})


@page(PUBLIC)
def problem(request: ActorRequest, code: str) -> HttpResponse:
    """One problem in plain words, without persons; its officers find their next step on it."""
    entry = found(request, code)
    actor, path, here = request.actor, entry.unit.path, now()
    voice = voice_of(actor=actor, entry=entry)
    owner = actor.did(entry.owner_id)
    clock = progress(entry.clock_from, entry.due, here) if entry.due and entry.state in OPEN_STATES else None
    third = _third_party(request, entry)
    asked_out = entry.state == State.CLAIMED and entry.due is not None and here > entry.due
    office = any(actor.may(action, path) for action in queries.OFFICE) or owner
    context = {
        "entry": entry,
        "raisers": raisers_named(entry) if office else [],
        "page": queries.entry_page(entry, now=here),
        "steps": steps(entry.state),
        "clock": clock,
        "public": entry.state in PUBLIC_STATES,
        "office": office,
        "may_accept": actor.may("problem.accept", path) and entry.state == State.RAISED,
        "may_name": actor.may("problem.accept", path)
        and entry.state in (State.ACCEPTED, State.OWNED, State.RUNNING, State.REOPENED),
        "may_plan": owner and entry.state in (State.OWNED, State.REOPENED),
        "may_mend": owner and entry.state == State.RUNNING,
        "may_say": voice is not None and not owner and entry.state == State.CLAIMED and entry.recheck_from is not None
        and here >= entry.recheck_from,
        "may_recheck": third and asked_out and _silent(entry),
        "may_close": (third or (voice is not None and voice.kind == "raiser" and not owner))
        and entry.state == State.RECHECKED,
        "may_reopen": (third or voice is not None) and entry.state in (State.CLOSED, State.RECHECKED) and not owner,
        "say_url": reverse("problems:say", args=[entry.code]),
        "notes": list(entry.verdicts.exclude(note="").order_by("turn", "pk"))
        if owner or actor.may("problem.verify", path) else [],
    }  # fmt: skip
    return render(request, "problems/problem.html", context)


def _third_party(request: ActorRequest, entry: Entry) -> bool:
    try:
        require_third_party(request.actor, entry)
    except (Refused, Problem):
        return False
    return True


def _silent(entry: Entry) -> bool:
    return not entry.verdicts.filter(turn=entry.turn, voice__isnull=False).exists()
