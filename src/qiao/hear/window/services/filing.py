"""Filing a request: by whoever has it, or entered for them by an officer (S6). One form is one request (S1)."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError
from django.utils.timezone import localdate

from qiao.base import audit, jobs, vault
from qiao.base.access import ANONYMOUS, Actor, require
from qiao.base.codes import ALPHABET, next_code, normal_secret_code
from qiao.base.db import atomic
from qiao.base.i18n import LANGUAGES
from qiao.base.ledger.text import canonical
from qiao.base.problems import Problem
from qiao.base.receipts import give_receipt
from qiao.hear.window.choices import ASSISTED, ENDED, About, Channel, Identity, Kind, TimeClass, Topic
from qiao.hear.window.models import Attachment, Request, SafetyCall
from qiao.hear.window.models.requests import CONTACT
from qiao.hear.window.queries.routing import Route, route
from qiao.hear.window.rules.clocks import clock_of
from qiao.hear.window.rules.contacts import clean_contact
from qiao.hear.window.rules.danger import sounds_like_self_harm, sounds_urgent
from qiao.hear.window.rules.files import MOST, TakenFile, taken_in
from qiao.hear.window.services.steps import clean_words, print_of, write_step
from qiao.org.units.models import Unit
from qiao.org.workplaces.models import Employer

_SECRET = "window.secret"  # noqa: S105 - the purpose of a keyed hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What an asker says. Nothing else is asked, and only ``text`` is needed; ``nonce`` names the form."""

    nonce: str
    text: str
    kind: str = Kind.QUESTION
    topic: str = Topic.OTHER
    identity: str = Identity.ANONYMOUS
    name: str = ""
    contact: str = ""
    place: Unit | None = None
    employer: Employer | None = None
    employer_written: str = ""
    about: str = About.NOBODY
    by_pass: bool = False
    language: str = LANGUAGES[0]


@dataclass(frozen=True, slots=True)
class Filed:
    """The request and the secret its asker holds: shown once, kept as a hash only. ``again``: the form was known."""

    request: Request
    secret: str
    again: bool = False


def file_request(*, actor: Actor, now: datetime, given: Given, channel: Channel = Channel.WEB) -> Filed:
    """File one's own request, with or without an account. The same form sent again gives the same receipt and secret.

    Of an anonymous asker nothing is kept, not even that somebody was signed in. Raises Problem for no words, or a
    contact that is none.
    """
    who = ANONYMOUS if given.identity == Identity.ANONYMOUS else actor
    return _file(who, now, given, channel, entered_by=None, person_id=who.person_id)


def enter_request(
    *, actor: Actor, now: datetime, given: Given, channel: Channel, at: Unit, person_id: int | None = None
) -> Filed:
    """Enter a request somebody brought by telephone, to the counter, on paper or by mail.

    Raises Refused without ``request.take`` at ``at``, Problem as `file_request`.
    """
    require(actor, "request.take", at.path)
    if channel not in ASSISTED:
        raise Problem("Say how the request came in.")
    if given.identity == Identity.ANONYMOUS:
        person_id = None
    filed = _file(actor, now, given, channel, entered_by=actor.account_id, person_id=person_id, at=at)
    # What goes to the asker's own contact, or is the asker's own by now, is not for the eyes of whoever wrote it down.
    hidden = filed.request.secret_own or filed.request.contact is not None
    return replace(filed, secret="") if hidden else filed


def file_from_visit(*, actor: Actor, now: datetime, given: Given, origin: str) -> Request:
    """File what was raised with an officer at the base, by nobody named; ``origin`` is told of the answer.

    The receipt those who raised it hold is the one of the visit. Raises Refused without ``contact.log``.
    """
    require(actor, "contact.log")
    nobody = replace(given, identity=Identity.ANONYMOUS, name="", contact="")
    return _file(actor, now, nobody, Channel.VISIT, entered_by=actor.account_id, person_id=None, origin=origin).request


def add_file(
    *, actor: Actor, now: datetime, request: Request, upload: UploadedFile[bytes], by_asker: bool
) -> Attachment:
    """Add a file to a request; the same bytes twice are one file. The caller knows the asker or officer.

    Raises Problem located at the file, or where the request has enough files already, or is closed.
    """
    taken = taken_in(upload.name, upload.read())
    with atomic():
        held = Request.objects.select_for_update().get(pk=request.pk)
        return _keep(actor, now, held, taken, by_asker=by_asker)


def secret_of(nonce: str) -> str:
    """The secret that belongs to a form: made from its token and the installation's key, so that a form sent twice
    shows the same one. Of the token only a hash is kept, so it cannot be made again from the database."""
    value = int.from_bytes(vault.fingerprint(nonce, purpose=_SECRET), "big")
    signs = []
    for _place in range(12):
        value, place = divmod(value, len(ALPHABET))
        signs.append(ALPHABET[place])
    body = "".join(signs)
    return f"{body[:4]}-{body[4:8]}-{body[8:]}"


def secret_fits(request: Request, secret: str) -> bool:
    """Whether this is the secret of the request, however it was typed."""
    return request.secret == secret_print(request.receipt, secret)


def filing_text(request: Request) -> str:
    """What the filing hash is over: anybody who holds the proof hashes it again."""
    return _content(request.code, request.received, request.kind, str(request.text), request.nonce)


def _file(
    actor: Actor, now: datetime, given: Given, channel: Channel, *, entered_by: int | None, person_id: int | None,
    at: Unit | None = None, origin: str = "",
) -> Filed:  # fmt: skip
    nonce = print_of(given.nonce)
    known = Request.objects.filter(nonce=nonce).first()
    if known is None:
        text = clean_words(given.text)
        _kind, contact = clean_contact("" if given.identity == Identity.ANONYMOUS else given.contact)
        _require_known(given)
        found = route(
            place=given.place, employer=given.employer, topic=given.topic, by_pass=given.by_pass, about=given.about,
            on=localdate(now),
        )  # fmt: skip
        if found is None:
            raise Problem("No unit can take anything in yet. Please ask the federation.")
        try:
            with atomic():
                made = _store(
                    actor, now, given, channel, found, text, contact, nonce, entered_by=entered_by, person_id=person_id,
                    at=at, origin=origin,
                )  # fmt: skip
            return Filed(made, secret_of(given.nonce))
        except IntegrityError:
            # The same form came twice at the same moment: the other one stands.
            known = Request.objects.filter(nonce=nonce).first()
            if known is None:
                raise
    return Filed(known, secret_of(given.nonce), again=True)


def _require_known(given: Given) -> None:
    for value, values in (
        (given.kind, Kind.values), (given.topic, Topic.values), (given.identity, Identity.values),
        (given.about, About.values),
    ):  # fmt: skip
        if value not in values:
            raise Problem("The form is not complete: open the page again.")


def _store(
    actor: Actor, now: datetime, given: Given, channel: Channel, found: Route, text: str, contact: str, nonce: str,
    *, entered_by: int | None, person_id: int | None, at: Unit | None, origin: str,
) -> Request:  # fmt: skip
    code = next_code("H")
    urgent = sounds_urgent(text)
    clock = clock_of(path=found.unit.path, start=now, time_class=TimeClass.GENERAL, urgent=urgent)
    content = _content(code, now, given.kind, text, nonce)
    receipt = give_receipt(kind="request", code=code, now=now, content=content, promised=localdate(clock.due))
    anonymous = given.identity == Identity.ANONYMOUS
    name = "" if anonymous else " ".join(given.name.split())[:80]
    request = Request.objects.create(
        code=code,
        nonce=nonce,
        receipt=receipt.number,
        secret=secret_print(receipt.number, secret_of(given.nonce)),
        filing_hash=receipt.content_hash,
        kind=given.kind,
        topic=given.topic,
        text=text,
        language=given.language if given.language in LANGUAGES else LANGUAGES[0],
        channel=channel,
        identity=given.identity,
        name=name or None,
        contact=contact or None,
        contact_print=vault.fingerprint(contact, purpose=CONTACT) if contact else None,
        person_id=None if anonymous else person_id,
        place=given.place,
        employer=given.employer,
        employer_written="" if given.employer else " ".join(given.employer_written.split())[:120],
        about=given.about,
        by_pass=bool(found.kept_from),
        kept_from=found.kept_from,
        urgent=urgent,
        desk=at or found.unit,
        body=found.unit,
        why=found.why,
        entered_by_id=entered_by,
        secret_own=entered_by is None,
        origin=origin,
        received=now,
        ack_due=clock.ack_due,
        clock_from=now,
        due=clock.due,
        due_rule=clock.rule,
        updated=now,
    )
    write_step(request, actor=actor, now=now, before="", ground="")
    audit.record(
        actor=actor, now=now, action="request.file", code=code, unit_path=found.unit.path,
        detail={"channel": str(channel), "why": str(found.why)},
    )  # fmt: skip
    if sounds_like_self_harm(text):
        # A row of its own, for the few who are trained; nothing on the request or the person says so.
        call = SafetyCall.objects.create(request=request, raised=now)
        jobs.defer("window.safety", call_id=call.pk)
    jobs.defer("window.tell", request_id=request.pk, what="received", serial=1)
    if entered_by is not None and contact:
        jobs.defer("window.secret", request_id=request.pk)
    return request


def _keep(actor: Actor, now: datetime, request: Request, taken: TakenFile, *, by_asker: bool) -> Attachment:
    digest = hashlib.sha256(taken.content).hexdigest()
    found = request.attachments.filter(sha256=digest).first()
    if found is not None:
        return found
    if request.state in ENDED:
        raise Problem("The request is closed: reopen it first.")
    if request.attachments.count() >= 2 * MOST:
        raise Problem("There are %(most)d files already: that is all one request holds.", most=2 * MOST)
    made = Attachment.objects.create(
        request=request, file=taken.name, mime=taken.mime, size=len(taken.content), sha256=digest,
        content=base64.b64encode(taken.content).decode(), at=now, by_asker=by_asker,
    )  # fmt: skip
    audit.record(
        actor=ANONYMOUS if by_asker else actor, now=now, action="request.attach", code=request.code,
        detail={"file": made.pk},
    )  # fmt: skip
    return made


def _content(code: str, received: datetime, kind: str, text: str, salt: str) -> str:
    day = localdate(received).isoformat()
    return canonical({"code": code, "day": day, "kind": str(kind), "salt": salt, "text": text})


def secret_print(receipt: str, secret: str) -> str:
    """What is kept of a secret: its hash with the receipt number."""
    return hashlib.sha256(f"{receipt} {normal_secret_code(secret)}".encode()).hexdigest()
