"""Reading single requests and lists of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from qiao.base import vault
from qiao.base.access import Actor
from qiao.base.alike import most_alike
from qiao.base.problems import Problem
from qiao.hear.window.choices import (
    AT_DESK,
    ENDED,
    OPEN,
    RUNNING,
    TO_CHECK,
    WORKED,
    Channel,
    Kind,
    Outcome,
    State,
    TimeClass,
    Topic,
    Words,
)
from qiao.hear.window.models import (
    AnswerTemplate,
    Attachment,
    CallBack,
    Message,
    Rating,
    Request,
    SafetyCall,
    Transition,
)
from qiao.hear.window.models.requests import CONTACT
from qiao.hear.window.rules.contacts import clean_contact
from qiao.hear.window.rules.seeing import OPENING, SAFETY, may_see, seen_by
from qiao.org.access.choices import Action
from qiao.org.access.models import RoleGrant
from qiao.org.access.rules import ROLES_BY_ACTION
from qiao.org.people.models import Account
from qiao.org.units.models import Unit

PAGE = 40
#: How many the inbox lists: who has more looks for them by the form above.
MOST_LISTED = 2000
#: How many public requests a new one is held against.
_COMPARED = 2000
#: So many bodies are looked for by their keys; a path no longer than this is the whole federation.
_FEW_BODIES, _TOP = 3000, 5
#: Steps taken by whoever works on a request.
_HANDS = (
    State.ACCEPTED, State.IN_HAND, State.EXTENDED, State.ANSWERED, State.ANSWERED_AT_ONCE, State.HANDED_OVER,
)  # fmt: skip
RELATED = ("body", "desk", "place", "employer", "handler")


def request_by_code(code: str) -> Request:
    """The request with this code; raises Request.DoesNotExist."""
    return Request.objects.select_related(*RELATED).get(code=code)


def request_by_receipt(receipt: str) -> Request:
    """The request with this receipt (normal form); raises Request.DoesNotExist."""
    return Request.objects.select_related(*RELATED).get(receipt=receipt)


def request_for(actor: Actor, code: str) -> Request:
    """The request for an officer; raises Request.DoesNotExist for whom it is not open."""
    found = request_by_code(code)
    if not may_see(actor, found):
        raise Request.DoesNotExist
    return found


@dataclass(frozen=True, slots=True)
class Filter:
    """What an officer looks for. Empty fields do not narrow."""

    view: str = ""
    state: str = ""
    topic: str = ""
    kind: str = ""
    channel: str = ""
    time_class: str = ""
    clock: str = ""
    unit: str = ""
    text: str = ""


#: The views of the inbox: what waits for a desk, what is worked on, to be called back, late, ended.
VIEWS: Mapping[str, Q] = {
    "open": Q(state__in=OPEN),
    "desk": Q(state__in=AT_DESK),
    "work": Q(state__in=WORKED),
    "check": Q(state__in=TO_CHECK),
    "late": Q(state__in=RUNNING),
    "ended": Q(state__in=ENDED),
    "sample": Q(state=State.CLOSED, sampled__isnull=False)
    & Q(~Exists(CallBack.objects.filter(request=OuterRef("pk"), sample=True))),
}


def inbox(*, actor: Actor, wanted: Filter, now: datetime) -> QuerySet[Request]:
    """The requests open to an officer: urgent ones first, then by the promised day; ended ones newest first."""
    found = Request.objects.filter(seen_by(actor) & _near(actor)).select_related(*RELATED)
    if wanted.view == "mine":
        found = found.filter(VIEWS["open"], handler__in=actor.own_accounts)
    elif not wanted.text or wanted.view in VIEWS:
        found = found.filter(VIEWS.get(wanted.view, VIEWS["open"]))
    if wanted.view == "late" or wanted.clock == "late":
        found = found.filter(state__in=RUNNING, due__lt=now)
    elif wanted.clock == "soon":
        found = found.filter(state__in=RUNNING, due__gte=now, due__lt=now + timedelta(days=3))
    for field, values in (
        ("state", State.values), ("topic", Topic.values), ("kind", Kind.values), ("channel", Channel.values),
        ("time_class", TimeClass.values),
    ):  # fmt: skip
        value = getattr(wanted, field)
        if value in values:
            found = found.filter(**{field: value})
    if wanted.unit:
        path = Unit.objects.filter(label__iexact=wanted.unit).values_list("path", flat=True).order_by("pk").first()
        found = found.filter(body__path__startswith=path) if path else found.none()
    if wanted.text:
        found = found.filter(_written(wanted.text))
    if wanted.view == "ended":
        return found.order_by("-received", "-pk")
    return found.order_by("-urgent", "due", "pk")


def _near(actor: Actor) -> Q:
    """The bodies of an officer by their keys, where they are few: what `seen_by` says, as an index is searched by.

    Who answers for a few of thousands of bodies would else have everybody's requests walked through for a page of
    their own. One query, none for the whole federation.
    """
    paths = {path for action in OPENING for path in actor.paths(action)}
    if actor.system or not paths or any(len(path) <= _TOP for path in paths):
        return Q()
    below = reduce(or_, (Q(path__startswith=path) for path in sorted(paths)))
    bodies = list(Unit.objects.filter(below).values_list("pk", flat=True)[: _FEW_BODIES + 1])
    return Q() if len(bodies) > _FEW_BODIES else Q(body__in=bodies) | Q(handler__in=actor.own_accounts)


def _written(text: str) -> Q:
    """A code, a receipt number, or the contact of a caller."""
    plain = text.strip()
    found = Q(code__iexact=plain) | Q(receipt__iexact=plain)
    try:
        _kind, contact = clean_contact(plain)
    except Problem:
        return found
    return found | Q(contact_print__in=vault.fingerprints(contact, purpose=CONTACT)) if contact else found


def of_caller(actor: Actor, contact: str) -> list[Request]:
    """Requests of one caller by telephone number or mail address, newest first; only those open to the officer."""
    try:
        _kind, plain = clean_contact(contact)
    except Problem:
        return []
    if not plain:
        return []
    rows = Request.objects.filter(seen_by(actor), contact_print__in=vault.fingerprints(plain, purpose=CONTACT))
    return list(rows.select_related(*RELATED).order_by("-received", "-pk")[:20])


def transitions_of(request: Request) -> list[Transition]:
    """The steps of a request in their order."""
    return list(request.transitions.select_related("unit").order_by("serial"))


def former_handlers(request: Request) -> frozenset[int]:
    """Accounts that worked on a request before it was reopened the last time; none where it never was. One query."""
    if not request.reopened:
        return frozenset()
    turns: list[set[int]] = [set()]
    for after, account_id in request.transitions.order_by("serial").values_list("after", "account_id"):
        if after == State.REOPENED:
            turns.append(set())
        elif after in _HANDS and account_id is not None:
            turns[-1].add(account_id)
    return frozenset().union(*turns[:-1])


def all_handlers(request: Request) -> frozenset[int]:
    """Accounts that ever worked on a request: none of them calls back, mends or closes it. One query."""
    rows = request.transitions.filter(after__in=_HANDS).order_by("serial").values_list("account_id", flat=True)
    return frozenset(one for one in [request.handler_id, *rows] if one is not None)


def conversation(request: Request, *, notes: bool) -> list[Message]:
    """What was written to and fro, oldest first; notes of the office only for officers."""
    rows = request.messages.select_related("account").order_by("at", "pk")
    found = rows if notes else rows.exclude(words=Words.NOTE)
    # What a call-back brought is kept as a note for its token alone: it stands under the call-backs.
    return [one for one in found if one.words != Words.NOTE or str(one.text) not in Outcome.values]


def attachments_of(request: Request) -> list[Attachment]:
    """The files of a request without their contents."""
    return list(request.attachments.defer("content", "redacted").order_by("pk"))


def handlers_at(body: Unit) -> QuerySet[Account]:
    """Officers of a body itself who may work on requests."""
    roles = [role.value for role in ROLES_BY_ACTION[Action.REQUEST_HANDLE]]
    rows = RoleGrant.objects.filter(until__isnull=True, role__in=roles, unit=body)
    found = Account.objects.filter(Exists(rows.filter(account=OuterRef("pk"))), is_active=True)
    return found.order_by("display_name", "pk")


def templates_for(body: Unit, state: str, topic: str) -> list[AnswerTemplate]:
    """Prepared answers for a step at a body: its own and those of the bodies above, for the topic first."""
    line = [body.path[:end] for end in range(5, len(body.path) + 1, 5)]
    rows = AnswerTemplate.objects.filter(
        unit__path__in=line, state=state, topic__in=["", topic], ended__isnull=True
    ).select_related("unit")
    return sorted(rows, key=lambda one: (one.topic == "", -len(one.unit.path), one.pk))


def public_requests(*, topic: str = "") -> QuerySet[Request]:
    """What was asked and answered in public, newest first."""
    found = Request.objects.filter(published__isnull=False).select_related("body")
    if topic in Topic.values:
        found = found.filter(topic=topic)
    return found.order_by("-published", "-pk")


def similar_public(text: str, *, most: int = 3) -> list[Request]:
    """Public requests that say the same, best first: shown before anybody files. Two queries."""
    rows = list(
        Request.objects.filter(published__isnull=False)
        .order_by("-published", "-pk")
        .values_list("pk", "public_text")[:_COMPARED]
    )
    hits = most_alike(text, [words for _pk, words in rows], most=most)
    found = Request.objects.select_related("body").in_bulk([rows[hit.place][0] for hit in hits])
    return [found[rows[hit.place][0]] for hit in hits]


def similar_open(actor: Actor, request: Request, *, most: int = 5) -> list[Request]:
    """Other requests of the same topic and employer or place that say the same, for the desk: maybe one matter."""
    near = Q(employer=request.employer_id) if request.employer_id else Q(place=request.place_id, body=request.body_id)
    rows = list(
        Request.objects.filter(near, seen_by(actor), topic=request.topic)
        .exclude(pk=request.pk)
        .exclude(state=State.LINKED)
        .select_related(*RELATED)
        .order_by("-received", "-pk")[:100]
    )
    hits = most_alike(str(request.text), [str(row.text) for row in rows], most=most)
    return [rows[hit.place] for hit in hits]


def safety_calls(actor: Actor) -> list[SafetyCall]:
    """Calls that wait for somebody trained, oldest first; empty for whoever is not."""
    found = Q(pk__in=[])
    for path in actor.paths(SAFETY):
        found |= Q(request__body__path__startswith=path) | Q(request__desk__path__startswith=path)
    rows = SafetyCall.objects.filter(found, done__isnull=True).select_related("request__body", "taken_by")
    lines = {grant.path[:end] for grant in actor.grants for end in range(5, len(grant.path) + 1, 5)}
    rows = rows.exclude(request__kept_from__in=sorted(lines))
    return list(rows.order_by("raised", "pk")[:50])


def bad_ratings(actor: Actor) -> QuerySet[Rating]:
    """Bad ratings that have to be mended, soonest due first."""
    own = Request.objects.filter(seen_by(actor))
    rows = Rating.objects.filter(mend_due__isnull=False, mended__isnull=True, request__in=own)
    return rows.select_related("request__body").order_by(F("mend_due"), "pk")
