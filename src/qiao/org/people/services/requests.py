"""What is asked about one's data, decided on a ground, with a clock and an appeal."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext_noop

from qiao.base import audit
from qiao.base.access import Actor, Refused, require, require_untied
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.deadlines import due
from qiao.base.i18n import in_every_language
from qiao.base.problems import Problem
from qiao.base.receipts import give_receipt
from qiao.org.appeals.models import Appeal
from qiao.org.appeals.services import file_appeal
from qiao.org.people.choices import RefusalGround, RequestKind, RequestState
from qiao.org.people.models import DataRequest, IdentityCheck, Person
from qiao.org.people.rules import ANSWER_WITHIN, bars_of
from qiao.org.people.services.erasing import erase_person
from qiao.org.people.services.keeping import KEEP, path_of
from qiao.org.people.services.telling import tell
from qiao.org.settings.queries import calendar_of, ruling

DECIDE = "data_request.decide"
APPEAL_KIND = "data_request"
_MOST_SIGNS = 4000


def file_request(*, actor: Actor, now: datetime, kind: str, text: str, field: str = "") -> DataRequest:
    """Ask for a correction that an officer must check, or for erasure; the same while one is open returns that one.

    Raises Problem without a person of the register, or for a correction that does not say what is right.
    """
    if actor.person_id is None:
        raise Problem("This account belongs to nobody of the register.")
    if kind not in (RequestKind.CORRECTION, RequestKind.ERASURE):
        raise Problem("This cannot be asked here.")
    text = text.strip()[:_MOST_SIGNS]
    if kind == RequestKind.CORRECTION and (not text or field not in ("name", "identity", "other")):
        raise Problem("Write what it should be.")
    if field == "name" and (len(text) > 80 or "\n" in text):
        raise Problem("Write the name alone, in at most 80 signs.")
    with atomic():
        Person.objects.select_for_update().get(pk=actor.person_id)
        running = DataRequest.objects.filter(
            person_id=actor.person_id, kind=kind, field=field, state=RequestState.FILED
        ).first()
        if running is not None:
            return running
        return _file(actor, now, kind=kind, person_id=actor.person_id, text=text, field=field)


def file_kin_request(*, actor: Actor, now: datetime, person: Person, asker: str, text: str) -> DataRequest:
    """Write down that next of kin of a person who has died ask for access (PIPL 49), from a letter.

    Raises Refused without ``data_request.decide`` or ``person.keep`` at the person's unit; Problem without asker,
    or without what shows the kinship and the death.
    """
    path = path_of(person.pk)
    if not actor.may(DECIDE, path):
        require(actor, KEEP, path)
    if not asker.strip() or not text.strip():
        raise Problem("Write who asks and what shows it.")
    with atomic():
        return _file(
            actor, now, kind=RequestKind.KIN_ACCESS, person_id=person.pk, text=text.strip()[:_MOST_SIGNS],
            asker=asker.strip()[:_MOST_SIGNS],
        )  # fmt: skip


def _file(
    actor: Actor, now: datetime, *, kind: str, person_id: int, text: str, field: str = "", asker: str | None = None
) -> DataRequest:
    path, today = path_of(person_id), localdate(now)
    rule = ruling(ANSWER_WITHIN, path=path, on=today)
    ends = due(now, ANSWER_WITHIN.span(rule.value), calendar_of(path, today))
    code = next_code("DR")
    receipt = give_receipt(kind=APPEAL_KIND, code=code, now=now, reference=code, content=text, promised=localdate(ends))
    made = DataRequest.objects.create(
        code=code, kind=kind, person_id=person_id, unit_path=path, field=field, text=text, asker=asker,
        receipt=receipt.number, filed=now, due=ends, rule=rule.origin[:120],
        entered_by_id=actor.account_id if asker else None,
    )  # fmt: skip
    audit.record(actor=actor, now=now, action="data_request.file", code=code, unit_path=path, detail={"kind": kind})
    return made


def withdraw_request(*, actor: Actor, now: datetime, code: str) -> None:
    """Take one's own request back while it is open. Raises Refused for anybody else's."""
    with atomic():
        request = DataRequest.objects.select_for_update().get(code=code)
        if actor.person_id is None or request.person_id != actor.person_id:
            raise Refused("only who asked takes it back")
        if request.state != RequestState.FILED:
            return
        request.state = RequestState.WITHDRAWN
        request.save(update_fields=["state"])
        audit.record(actor=actor, now=now, action="data_request.withdraw", code=code, unit_path=request.unit_path)


def decide_request(
    *, actor: Actor, now: datetime, code: str, grant: bool, ground: str = "", reason: str
) -> DataRequest:
    """Grant a request, which is carried out at once, or refuse it on a ground with a written reason.

    Corrections are decided by officers with ``person.keep`` at the person's unit, all else with
    ``data_request.decide``; nobody decides their own, nor what they wrote down for somebody. A second decision changes
    nothing. Raises Refused otherwise; Problem without a reason, or for an erasure that something bars.
    """
    reason = reason.strip()[:_MOST_SIGNS]
    with atomic():
        request = DataRequest.objects.select_for_update(of=("self",)).select_related("person").get(code=code)
        require_deciding(actor, request)
        if request.state != RequestState.FILED:
            return request
        if not reason:
            raise Problem("Write the reason: the person reads it.")
        if not grant and ground not in RefusalGround.values:
            raise Problem("Say on which ground it is refused.")
        request.state = RequestState.GRANTED if grant else RequestState.REFUSED
        request.ground = "" if grant else ground
        request.reason, request.decided, request.decided_by_id = reason, now, actor.account_id
        person_id = request.person_id
        if grant:
            _carry_out(request, actor, now)
        request.save()
        audit.record(
            actor=actor, now=now, action="data_request.decide", code=code, unit_path=request.unit_path,
            detail={"granted": grant, "ground": request.ground},
        )  # fmt: skip
        if person_id is not None and request.kind != RequestKind.KIN_ACCESS and not (
            grant and request.kind == RequestKind.ERASURE
        ):  # fmt: skip
            tell(
                now=now, person_id=person_id, subject=in_every_language(_DECIDED),
                text=in_every_language(_GRANTED if grant else _REFUSED, code=code),
                url=f"/me/requests/{code}/", once=f"data_request:{code}",
            )  # fmt: skip
    return request


def may_decide(actor: Actor, request: DataRequest) -> bool:
    """Whether the actor may decide this request."""
    action = KEEP if request.kind == RequestKind.CORRECTION else DECIDE
    own = actor.concerns(request.person_id)
    wrote = actor.did(request.entered_by_id)
    return not own and not wrote and actor.may(action, request.unit_path)


def require_deciding(actor: Actor, request: DataRequest) -> None:
    """Raise Refused unless the actor may decide this request, Problem where a declared tie keeps them from it."""
    if not may_decide(actor, request):
        raise Refused("deciding this request is not yours")
    require_untied(actor, request.unit_path)


def object_to_refusal(*, actor: Actor, now: datetime, code: str, ground: str) -> Appeal:
    """Appeal against the refusal of one's own request. Raises Refused for anybody else's, Problem as `file_appeal`."""
    request = DataRequest.objects.get(code=code)
    if actor.person_id is None or request.person_id != actor.person_id:
        raise Refused("only who asked objects")
    if request.state != RequestState.REFUSED or request.decided is None:
        raise Problem("Only a refusal can be appealed against.")
    return file_appeal(
        now=now, kind=APPEAL_KIND, code=code, unit_path=request.unit_path, first_decider_unit_path=request.unit_path,
        first_decider_account_id=request.decided_by_id, ground=ground, person_id=request.person_id, actor=actor,
        refused=request.decided,
    )  # fmt: skip


def carry_out_upheld(appeal: Appeal, actor: Actor, now: datetime) -> None:
    """An upheld appeal: the request is granted and carried out. Raises Problem where something still bars erasure."""
    with atomic():
        request = DataRequest.objects.select_for_update(of=("self",)).select_related("person").get(code=appeal.subject)
        if request.state != RequestState.REFUSED:
            return
        request.state, request.ground = RequestState.GRANTED, ""
        _carry_out(request, actor, now)
        request.save()
        audit.record(actor=actor, now=now, action="data_request.upheld", code=request.code, unit_path=request.unit_path)


def _carry_out(request: DataRequest, actor: Actor, now: datetime) -> None:
    person = request.person
    if person is None:
        raise Problem("The person of this request is gone already.")
    if request.kind == RequestKind.ERASURE:
        bars = bars_of(person.pk, now)
        if bars:
            raise Problem(
                "It cannot be erased yet: %(bars)s", bars=" ".join(bar.text for bar in bars),
                hint="Refuse on this ground, or wait until it is gone.",
            )  # fmt: skip
        erase_person(actor=actor, now=now, person=person, code=request.code)
    elif request.kind == RequestKind.CORRECTION and request.field == "name":
        Person.objects.filter(pk=person.pk).update(name=str(request.text))
    elif request.kind == RequestKind.CORRECTION and request.field == "identity":
        IdentityCheck.objects.filter(person=person).delete()
    request.carried_out = now


_DECIDED = gettext_noop("Decided: what you asked about your data")
_GRANTED = gettext_noop("What you asked (%(code)s) is granted and done.")
_REFUSED = gettext_noop("What you asked (%(code)s) is refused. The reason, and how to appeal, stand on the platform.")
