"""Who is acting and what a page asks of them. Which role may do what stands in ``qiao.org.access.rules``.

An `Actor` is built once per request and passed to every service and query; nothing below a view looks at the request.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from qiao.base.problems import Problem

P = ParamSpec("P")

#: Rules of a page that are no action of the table: open to everybody, to whoever is signed in, to members.
PUBLIC = "public"
SIGNED_IN = "signed_in"
MEMBER = "member"
#: For pages that exist in demo mode only.
DEMO_ONLY = "demo_only"


@dataclass(frozen=True, slots=True)
class Grant:
    """One role held in one unit: it reaches the unit's whole subtree, that is every path beginning with ``path``."""

    role: str
    unit_id: int
    path: str
    actions: frozenset[str]

    def reaches(self, path: str) -> bool:
        """Whether the grant holds at the unit with this materialised path."""
        return path.startswith(self.path)


@dataclass(frozen=True, slots=True)
class Tie:
    """A declared tie to an employer (S12): its id, its name and the paths of the unions formed at it today."""

    employer_id: int
    employer: str
    paths: tuple[str, ...] = ()

    def touches(self, path: str, employer_id: int | None = None, *, whole: bool = False) -> bool:
        """Whether a matter of the unit with this path, or of this employer, is one of the employer tied to.

        ``whole``: the matter is one of everything below the unit too, such as a list of its members.
        """
        return employer_id == self.employer_id or any(
            path.startswith(own) or (whole and own.startswith(path)) for own in self.paths
        )


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: account and person ids (None for the public), the units they are a member of, their grants."""

    account_id: int | None = None
    person_id: int | None = None
    name: str = ""
    member_paths: tuple[str, ...] = ()
    grants: tuple[Grant, ...] = field(default=())
    system: bool = False
    #: Actions of roles that wait for a second factor: the page that asks for one says so instead of refusing.
    waiting: frozenset[str] = frozenset()
    #: Employers the account declared to manage, or whose management its close kin belong to.
    ties: tuple[Tie, ...] = ()
    #: Other accounts of the same human, an office's beside their own: what one of them did, this actor did.
    accounts: frozenset[int] = frozenset()
    #: The persons behind these other accounts.
    persons: frozenset[int] = frozenset()

    def did(self, *account_ids: int | None) -> bool:
        """Whether one of these accounts is the actor's, the one signed in with or another of the same human."""
        return self.account_id is not None and any(
            one is not None and (one == self.account_id or one in self.accounts) for one in account_ids
        )

    def concerns(self, *person_ids: int | None) -> bool:
        """Whether one of these persons is the actor, by this account or by another of the same human."""
        return any(one is not None and (one == self.person_id or one in self.persons) for one in person_ids)

    @property
    def own_accounts(self) -> frozenset[int]:
        """Every account of the actor, for queries; empty for the public and the system."""
        return self.accounts | {self.account_id} if self.account_id is not None else frozenset()

    @property
    def signed_in(self) -> bool:
        """Whether an account stands behind this actor."""
        return self.account_id is not None

    @property
    def is_member(self) -> bool:
        """Whether the person has standing in any unit."""
        return bool(self.member_paths)

    @property
    def is_officer(self) -> bool:
        """Whether the account holds any role."""
        return bool(self.grants)

    def may(self, action: str, path: str | None = None) -> bool:
        """Whether a grant allows ``action`` at the unit with ``path``; without a path: anywhere at all."""
        if self.system:
            return True
        return any(action in grant.actions and (path is None or grant.reaches(path)) for grant in self.grants)

    def paths(self, action: str) -> tuple[str, ...]:
        """The subtrees in which ``action`` is allowed, outermost only; ("",) for the system."""
        if self.system:
            return ("",)
        found = sorted({grant.path for grant in self.grants if action in grant.actions})
        return tuple(path for path in found if not any(path != top and path.startswith(top) for top in found))

    def tied(self, path: str, employer_id: int | None = None, *, whole: bool = False) -> bool:
        """Whether a declared tie keeps the actor from matters of this unit (``whole``: and all below) or employer."""
        return any(tie.touches(path, employer_id, whole=whole) for tie in self.ties)

    def tied_to(self, path: str, employer: str = "") -> Q:
        """The rows whose matter a declared tie bars: ``path`` and ``employer`` name the fields that tell it."""
        barred = Q(pk__in=[])
        for tie in self.ties:
            if employer:
                barred |= Q(**{employer: tie.employer_id})
            for own in tie.paths:
                barred |= Q(**{f"{path}__startswith": own})
        return barred

    def holds(self, role: str, path: str | None = None) -> bool:
        """Whether the role is held, at ``path`` if one is given."""
        return any(grant.role == role and (path is None or grant.reaches(path)) for grant in self.grants)


def hold_back(actor: Actor, roles: Collection[str]) -> Actor:
    """The actor without the actions of these roles, which wait until a second factor has been given."""
    held = [grant for grant in actor.grants if grant.role in roles]
    if not held:
        return actor
    grants = tuple(replace(grant, actions=frozenset()) if grant in held else grant for grant in actor.grants)
    return replace(actor, grants=grants, waiting=frozenset().union(*(grant.actions for grant in held)))


def require_other(actor: Actor, *others: int | None, said: Problem | None = None, person: bool = False) -> None:
    """Raise Problem where the actor is one of ``others`` (account ids): who did one step does not do the next.

    The second half of P5, asked at the act and at the object: who proposed does not approve, who wrote does not
    release, who owns does not verify. Two accounts of one human are one. ``said`` says it in the words of the matter.
    ``person``: a named person takes the step, never the system.
    """
    if actor.did(*others) if actor.account_id is not None else person:
        raise said or Problem("You took the step before this one: somebody else has to take this one.")


def require_untied(actor: Actor, path: str, employer_id: int | None = None, *, whole: bool = False) -> None:
    """Raise Problem where the actor declared a tie to the employer the matter concerns (S12): another decides.

    ``whole``: the matter is one of everything below the unit too, such as a list of its members.
    """
    for tie in actor.ties:
        if tie.touches(path, employer_id, whole=whole):
            raise Problem(
                "You declared a tie to the management of %(employer)s: somebody else decides what concerns it.",
                employer=tie.employer,
            )


ANONYMOUS = Actor()
#: Jobs and the seed act as the system; every use is written to the audit log as such.
SYSTEM = Actor(name="system", system=True)


class Refused(PermissionDenied):
    """The actor may not do this here. The message says what would be needed, never what exists."""


def require(actor: Actor, action: str, path: str | None = None) -> None:
    """Raise `Refused` unless the actor may do ``action`` at ``path``."""
    if not actor.may(action, path):
        raise Refused(f"{action} is not yours here")


def require_member(actor: Actor, path: str) -> int:
    """The person id of a member of the unit at ``path`` or below it; raises `Refused` for everybody else."""
    if actor.person_id is None or not any(own.startswith(path) for own in actor.member_paths):
        raise Refused("only members of this unit take part")
    return actor.person_id


class ActorRequest(HttpRequest):
    """A request after the actor middleware: what views are typed with."""

    actor: Actor


View = Callable[Concatenate[ActorRequest, P], HttpResponseBase]


def page(
    rule: str, *, fresh: bool = False
) -> Callable[[View[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """Declare and enforce who may open a page: PUBLIC, SIGNED_IN, MEMBER, DEMO_ONLY or an action of the table.

    A view without this decorator fails the test that walks every address. An action here is only the door:
    the service asks again, at the unit concerned. ``fresh`` pages ask who is there again where the sign-in or the last
    confirmation lies more than ``settings.FRESH_SECONDS`` back: granting roles, exports, keys.
    """

    def decorate(view: View[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            actor = getattr(request, "actor", ANONYMOUS)
            if rule == PUBLIC:
                return view(request, *args, **kwargs)  # type: ignore[arg-type]
            if rule == DEMO_ONLY:
                return _demo_only(view, request, *args, **kwargs)
            if not actor.signed_in:
                return _to_sign_in(request)
            allowed = rule == SIGNED_IN or (actor.is_member if rule == MEMBER else actor.may(rule))
            if not allowed and rule in actor.waiting:
                return HttpResponseRedirect(f"{reverse('web:factor')}?{urlencode({'next': request.get_full_path()})}")
            if not allowed:
                raise Refused(rule)
            if fresh and not is_fresh(request):
                return HttpResponseRedirect(f"{reverse('web:confirm')}?{urlencode({'next': request.get_full_path()})}")
            return view(request, *args, **kwargs)  # type: ignore[arg-type]

        guarded.access_rule = rule  # type: ignore[attr-defined]
        return cast("Callable[Concatenate[HttpRequest, P], HttpResponseBase]", guarded)

    return decorate


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person signed in or confirmed themselves a short while ago (records of the sign-in library)."""
    from django.conf import settings

    if not settings.FRESH_SECONDS:
        return True
    records = request.session.get("account_authentication_methods") or [{}]
    return bool(time.time() - max(record.get("at", 0) for record in records) < settings.FRESH_SECONDS)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    from django.contrib.auth.views import redirect_to_login

    return redirect_to_login(request.get_full_path())


def _demo_only(view: View[P], request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
    from django.conf import settings
    from django.http import Http404

    if not settings.DEMO:
        raise Http404
    return view(request, *args, **kwargs)  # type: ignore[arg-type]
