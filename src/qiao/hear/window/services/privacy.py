"""What is shut until somebody says why: the asker, files with others in them; what is made public; danger of life."""

from __future__ import annotations

import base64
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile

from qiao.base import audit
from qiao.base.access import Actor, Refused, require
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.hear.window.choices import ENDED, TO_CHECK, Identity
from qiao.hear.window.models import AskerLook, Attachment, Request, SafetyCall
from qiao.hear.window.rules.files import taken_in
from qiao.hear.window.rules.masking import masked
from qiao.hear.window.rules.seeing import CHECK, HANDLE, PUBLISH, READ, SAFETY, TAKE, is_handler, may, require_may
from qiao.hear.window.services.steps import clean_words, locked
from qiao.org.people.models import Person
from qiao.org.people.services import look

SHORTEST_REASON = 4


def look_at_asker(*, actor: Actor, now: datetime, code: str, reason: str) -> Request:
    """Open the asker's name and contact, for a reason the asker reads. Only for whoever needs it.

    In confidence: its handler, the window of the body that holds it, and who calls back. Raises Refused otherwise,
    Problem without a reason, or where the asker is nobody.
    """
    why = _reason(reason)
    with atomic():
        request = locked(code)
        needed = is_handler(actor, request) or may(actor, TAKE, request)
        needed = needed or (may(actor, CHECK, request) and request.state in (*TO_CHECK, *ENDED))
        if not needed:
            raise Refused("the asker is not yours to see")
        if request.identity == Identity.ANONYMOUS:
            raise Problem("The asker gave no name.")
        _log(actor, now, request, "asker", why)
        if request.person_id is not None:
            person = Person.objects.get(pk=request.person_id)
            action = next(one for one in (TAKE, HANDLE, CHECK) if actor.may(one))
            look(
                actor=actor, now=now, person=person, record="request.asker", reason=why, action=action,
                unit_path=request.body.path if actor.may(action, request.body.path) else _own(actor, action),
            )  # fmt: skip
    return request


def open_attachment(
    *, actor: Actor, now: datetime, code: str, attachment_id: int, reason: str = ""
) -> tuple[Attachment, bytes]:
    """The bytes of a file for an officer. Where others' data stand in it the redacted copy is given; the original only
    to its handler or window, for a reason, logged.

    Raises Attachment.DoesNotExist, Refused, or Problem for an original without a reason.
    """
    with atomic():
        request = locked(code)
        found = Attachment.objects.get(pk=attachment_id, request=request)
        if found.third_party:
            if not reason and found.redacted is not None:
                return found, base64.b64decode(str(found.redacted))
            if not (is_handler(actor, request) or may(actor, TAKE, request)):
                raise Refused("the original is for whoever works on it")
            _log(actor, now, request, "file", _reason(reason))
        audit.record(
            actor=actor, now=now, action="request.open_file", code=code, unit_path=request.body.path,
            detail={"file": found.pk},
        )  # fmt: skip
    return found, base64.b64decode(str(found.content))


def redact_attachment(
    *, actor: Actor, now: datetime, code: str, attachment_id: int, upload: UploadedFile[bytes] | None
) -> Attachment:
    """Mark a file as holding data of others and put a redacted copy in its place; the original is shut.

    Raises Refused for neither handler nor window, Problem for a file that is not taken.
    """
    with atomic():
        request = locked(code)
        if not is_handler(actor, request):
            require_may(actor, TAKE, request)
        found = Attachment.objects.select_for_update().get(pk=attachment_id, request=request)
        found.third_party = True
        if upload is not None:
            taken = taken_in(upload.name, upload.read())
            found.redacted = base64.b64encode(taken.content).decode()
            found.redacted_mime, found.redacted_by_id = taken.mime, actor.account_id
        found.save(update_fields=["third_party", "redacted", "redacted_mime", "redacted_by"])
        audit.record(
            actor=actor, now=now, action="request.redact", code=code, unit_path=request.body.path,
            detail={"file": found.pk, "copy": upload is not None},
        )  # fmt: skip
    return found


def publish_request(*, actor: Actor, now: datetime, code: str, text: str, answer: str) -> Request:
    """Let everybody read a question and its answer, rewritten so that nobody is recognised (P9).

    Raises Refused without ``request.publish``, Problems naming the place of numbers, Problem for the asker's own words,
    names, or before it is answered. Publishing again replaces the texts.
    """
    text, answer = clean_words(text), clean_words(answer)
    require_clean({"text": text, "answer": answer}, landlines=True)
    if masked(text) != text or masked(answer) != answer:
        raise Problem("This reads like somebody's name or address.", hint="Write what was asked, not who asked it.")
    with atomic():
        request = locked(code)
        require_may(actor, PUBLISH, request)
        if request.state not in (*ENDED, *TO_CHECK):
            raise Problem("It is not answered yet.")
        if text == str(request.text).strip() and len(text) > 60:
            raise Problem("These are the asker's own words: write the matter anew, so that nobody is recognised.")
        request.public_text, request.public_answer = text, answer
        request.published = request.published or now
        request.published_by_id, request.updated = actor.account_id, now
        request.save(update_fields=["public_text", "public_answer", "published", "published_by", "updated"])
        audit.record(actor=actor, now=now, action="request.publish", code=code, unit_path=request.body.path)
    return request


def withdraw_publication(*, actor: Actor, now: datetime, code: str) -> Request:
    """Take a public request back, as where somebody feels recognised. Twice changes nothing."""
    with atomic():
        request = locked(code)
        require_may(actor, PUBLISH, request)
        if request.published is None:
            return request
        request.public_text, request.public_answer = "", ""
        request.published, request.published_by, request.updated = None, None, now
        request.save(update_fields=["public_text", "public_answer", "published", "published_by", "updated"])
        audit.record(actor=actor, now=now, action="request.withdraw", code=code, unit_path=request.body.path)
    return request


def take_safety_call(*, actor: Actor, now: datetime, call_id: int) -> SafetyCall:
    """Take a call on. Raises Refused for whoever is not trained (``request.safety``). Twice is harmless."""
    with atomic():
        call = _call(actor, call_id)
        if call.taken is None:
            call.taken, call.taken_by_id = now, actor.account_id
            call.save(update_fields=["taken", "taken_by"])
            audit.record(actor=actor, now=now, action="safety.take", unit_path=call.request.body.path)
    return call


def end_safety_call(*, actor: Actor, now: datetime, call_id: int) -> None:
    """Say that somebody spoke with them, or that it was none. The row goes: nothing stays of the person."""
    with atomic():
        call = _call(actor, call_id)
        audit.record(actor=actor, now=now, action="safety.end", unit_path=call.request.body.path)
        call.delete()


def note_export(*, actor: Actor, now: datetime, rows: int) -> None:
    """Write that an officer took the list of requests away: how many rows. It holds no words and no names."""
    require(actor, READ)
    with atomic():
        audit.record(actor=actor, now=now, action="request.export", detail={"rows": rows})


def _call(actor: Actor, call_id: int) -> SafetyCall:
    call = SafetyCall.objects.select_for_update(of=("self",)).select_related("request__body").get(pk=call_id)
    if not actor.may(SAFETY, call.request.body.path):
        raise Refused(SAFETY)
    return call


def _log(actor: Actor, now: datetime, request: Request, what: str, reason: str) -> None:
    AskerLook.objects.create(
        request=request, at=now, account_id=actor.account_id, looker=actor.name[:120], what=what, reason=reason
    )
    audit.record(
        actor=actor, now=now, action="request.look", code=request.code, unit_path=request.body.path,
        detail={"what": what},
    )  # fmt: skip


def _own(actor: Actor, action: str) -> str:
    return next(iter(actor.paths(action)), "")


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if len(reason) < SHORTEST_REASON:
        raise Problem("Write why you look: the person will read it.")
    return reason[:300]
