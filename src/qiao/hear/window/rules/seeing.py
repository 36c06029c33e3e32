"""Who may see a request and who may do what with it. Views, lists and services ask the same rules."""

from __future__ import annotations

from django.db.models import Q

from qiao.base.access import Actor, Refused, require_untied
from qiao.base.problems import Problem
from qiao.hear.window.models import Request

TAKE, HANDLE, CHECK, SETTLE = "request.take", "request.handle", "request.check", "request.settle"
PUBLISH, SAFETY, READ = "request.publish", "request.safety", "request.read"
#: With one of these at the body that holds a request its page is open.
OPENING = (TAKE, CHECK, SETTLE)


def is_kept_from(actor: Actor, request: Request) -> bool:
    """Whether the request is about the actor, their employer's management, or by-passes the union they act for."""
    if actor.did(request.about_account_id):
        return True
    place = request.place.path if request.place is not None else ""
    if any(tie.touches(place or "-", request.employer_id) for tie in actor.ties):
        return True
    if not request.kept_from:
        return False
    return any(grant.path.startswith(request.kept_from) for grant in actor.grants)


def may(actor: Actor, action: str, request: Request) -> bool:
    """Whether the actor may do ``action`` with this request, whatever its state."""
    if actor.system:
        return True
    if is_kept_from(actor, request):
        return False
    return actor.may(action, request.body.path)


def is_handler(actor: Actor, request: Request) -> bool:
    """Whether the request was given to the actor, and nothing keeps them from it now."""
    return actor.did(request.handler_id) and actor.may(HANDLE) and not is_kept_from(actor, request)


def may_see(actor: Actor, request: Request) -> bool:
    """Whether the request's page is open to the actor as an officer."""
    return any(may(actor, action, request) for action in OPENING) or is_handler(actor, request)


def require_may(actor: Actor, action: str, request: Request) -> None:
    """Raise Problem where a declared tie keeps the actor off, Refused where they may not do this here."""
    require_untied(actor, request.place.path if request.place is not None else "-", request.employer_id)
    if actor.did(request.about_account_id):
        raise Problem("This complaint is about you: somebody else deals with it.")
    if not may(actor, action, request):
        raise Refused(f"{action} is not yours here")


def require_handler(actor: Actor, request: Request) -> None:
    """Raise unless the request was given to the actor: a case handler works on assigned cases only."""
    require_untied(actor, request.place.path if request.place is not None else "-", request.employer_id)
    if not actor.system and not is_handler(actor, request):
        raise Refused("this request was given to somebody else")


def seen_by(actor: Actor) -> Q:
    """The requests whose page is open to the actor, as a condition for lists."""
    if actor.system:
        return Q()
    found = Q(pk__in=[])
    for path in sorted({path for action in OPENING for path in actor.paths(action)}):
        found |= Q(body__path__startswith=path)
    if actor.account_id is not None and actor.may(HANDLE):
        found |= Q(handler__in=actor.own_accounts)
    if actor.account_id is not None:
        found &= ~Q(about_account__in=actor.own_accounts) | Q(about_account__isnull=True)
    lines = {grant.path[:end] for grant in actor.grants for end in range(5, len(grant.path) + 1, 5)}
    found &= ~Q(kept_from__in=sorted(lines))
    for tie in actor.ties:
        found &= ~Q(employer=tie.employer_id) | Q(employer__isnull=True)
        for path in tie.paths:
            found &= ~Q(place__path__startswith=path) | Q(place__isnull=True)
    return found
