"""What every act on a request shares: the locked row, the step that stays, the word to the asker."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from qiao.base import audit, jobs
from qiao.base.access import Actor
from qiao.base.ledger.text import canonical
from qiao.base.models import Receipt
from qiao.base.problems import Problem
from qiao.hear.window.choices import State, Words
from qiao.hear.window.models import Message, Request, Transition
from qiao.hear.window.queries.reading import RELATED, former_handlers
from qiao.hear.window.rules.origins import tell_origin
from qiao.hear.window.rules.states import require_move
from qiao.hear.window.services.hooks import tell_systems

MOST_SIGNS = 4000
_ANSWERING = (State.ANSWERED, State.ANSWERED_AT_ONCE, State.HANDED_OVER, State.LINKED)


def locked(code: str) -> Request:
    """The request with its row locked and what belongs to it loaded, for use inside a transaction."""
    return Request.objects.select_for_update(of=("self",)).select_related(*RELATED).get(code=code)


def step(
    request: Request, *, actor: Actor, now: datetime, after: State, ground: str = "", action: str, tell: str = "",
    fields: tuple[str, ...] = (),
) -> Transition:  # fmt: skip
    """Pass to a state: the step is written, the row saved, the act audited, the asker told after commit.

    Raises Problem where the state does not let it happen.
    """
    require_move(request, after)
    before, request.state, request.updated = request.state, after, now
    request.save(update_fields=["state", "updated", *fields])
    made = write_step(request, actor=actor, now=now, before=before, ground=ground)
    audit.record(
        actor=actor, now=now, action=action, code=request.code, unit_path=request.body.path,
        detail={"from": before, "to": str(after)},
    )  # fmt: skip
    if request.origin and after in _ANSWERING:
        tell_origin(request.origin, _answer(request), actor, now)
    if tell:
        jobs.defer("window.tell", request_id=request.pk, what=tell, serial=made.serial)
    return made


def require_fresh(actor: Actor, request: Request) -> None:
    """Raise Problem for whoever worked on a request before it was reopened: then fresh eyes look at it."""
    if actor.did(*former_handlers(request)):
        raise Problem(
            "Whoever worked on it before it was reopened does not take it again.",
            hint="Choose another officer, or the body above.",
        )


def _answer(request: Request) -> str:
    """The last answer in words; of a joined request where its answer will stand."""
    said = request.messages.filter(words=Words.ANSWER).order_by("-at", "-pk").first()
    if request.state != State.LINKED and said is not None:
        return str(said.text)
    with override(request.language):
        return _("The same matter was brought before: it is answered there.")


def write_step(request: Request, *, actor: Actor, now: datetime, before: str, ground: str) -> Transition:
    """Write one step, chained to the one before by its digest (S3), and the notices of it to other systems."""
    last = request.transitions.order_by("-serial").first()
    serial = last.serial + 1 if last else 1
    role, unit_id = _office(actor, request)
    link = canonical(
        {
            "after": str(request.state), "at": now.isoformat(), "before": before, "by": actor.account_id,
            "ground": hashlib.sha256(ground.encode()).hexdigest(), "last": last.digest if last else request.filing_hash,
            "serial": serial, "unit": unit_id,
        }
    )  # fmt: skip
    made = Transition.objects.create(
        request=request, serial=serial, at=now, before=before, after=request.state, account_id=actor.account_id,
        by=actor.name if actor.is_officer or actor.system else "", role=role, unit_id=unit_id, ground=ground,
        digest=hashlib.sha256(link.encode()).hexdigest(),
    )  # fmt: skip
    tell_systems(request, made, now)
    return made


def digest_holds(request: Request) -> bool:
    """Whether every step is the one that was written: the chain leads from the filing to the last digest."""
    last = request.filing_hash
    for made in request.transitions.order_by("serial"):
        link = canonical(
            {
                "after": made.after, "at": made.at.isoformat(), "before": made.before, "by": made.account_id,
                "ground": hashlib.sha256(made.ground.encode()).hexdigest(), "last": last, "serial": made.serial,
                "unit": made.unit_id,
            }
        )  # fmt: skip
        if hashlib.sha256(link.encode()).hexdigest() != made.digest:
            return False
        last = made.digest
    return True


def say(
    request: Request,
    *,
    now: datetime,
    nonce: str,
    words: Words,
    text: str,
    account_id: int | None,
    by_asker: bool = False,
) -> Message:
    """Add a piece to the conversation; the same form sent twice is one piece. Raises Problem for no words, too many."""
    plain = clean_words(text)
    found = Message.objects.filter(nonce=print_of(nonce), request=request).first()
    if found is not None:
        return found
    return Message.objects.create(
        request=request, nonce=print_of(nonce), at=now, words=words, by_asker=by_asker,
        account_id=None if by_asker else account_id, text=plain,
    )  # fmt: skip


def said_before(request: Request, nonce: str) -> bool:
    """Whether the form with this token was sent already."""
    return Message.objects.filter(nonce=print_of(nonce), request=request).exists()


def print_of(nonce: str) -> str:
    """What is kept of a form's token: its hash, from which no secret can be made again. Raises Problem for none."""
    if not 8 <= len(nonce) <= 64:
        raise Problem("The form is not complete: open the page again.")
    return hashlib.sha256(f"window {nonce}".encode()).hexdigest()


def clean_words(text: str) -> str:
    """Somebody's words without what cannot be kept. Raises Problem for none or too many."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()
    if not plain:
        raise Problem("Write a few words.")
    if len(plain) > MOST_SIGNS:
        raise Problem("At most %(most)d signs are taken.", most=MOST_SIGNS)
    return plain


def clean_ground(text: str) -> str:
    """A reason the asker will read. Raises Problem for none."""
    plain = clean_words(text)
    if len(plain) > 500:
        raise Problem("At most %(most)d signs are taken.", most=500)
    return plain


def promise(request: Request) -> None:
    """Write the promised day on the receipt as well."""
    Receipt.objects.filter(number=request.receipt).update(promised=localdate(request.due))


def _office(actor: Actor, request: Request) -> tuple[str, int | None]:
    """Role and unit in which an officer acts on a request: the grant nearest to the body."""
    grants = [grant for grant in actor.grants if grant.reaches(request.body.path) and grant.actions]
    grant = max(grants, key=lambda one: len(one.path), default=None)
    return (grant.role, grant.unit_id) if grant else ("", None)
