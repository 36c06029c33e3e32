"""Asking by mail and SMS, in a job: single-use links over consented channels, and reminders to those not done.

Nobody is asked twice and nobody is lost, also where the worker is killed: each row is claimed and committed as "being
sent" before its message leaves, and marked as sent after. One job at a time sends for a round (an advisory lock that
ends with its session). Rows a dead job left in between may or may not have been reached: they are marked as unsure, not
sent again by themselves, shown to the drawer, put on paper slips, and included in the next reminder.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection
from django.db.models import F
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext

from qiao.base import audit
from qiao.base.access import SYSTEM
from qiao.base.addresses import full_address
from qiao.base.db import atomic
from qiao.base.i18n import pick
from qiao.hear.surveys import rules
from qiao.hear.surveys.choices import Asked, Delivery, Mode, RoundState
from qiao.hear.surveys.models import Invitation, Round
from qiao.hear.surveys.queries.reaching import channels_of
from qiao.hear.surveys.services.answers import code_hash
from qiao.hear.surveys.services.rounds.codes import link_code
from qiao.hear.surveys.services.rounds.locking import locked
from qiao.hear.surveys.services.rounds.marking import mark_mode
from qiao.org.people.choices import Channel, ContactKind, ContactState
from qiao.org.people.models import Account, Contact, Person
from qiao.org.people.services.carriers import NotCarried, send_to

_KIND = {Channel.MAIL: ContactKind.MAIL, Channel.SMS: ContactKind.MOBILE}
#: Persons whose contacts are read at once.
_BATCH = 200
#: Tries before a carrier that keeps failing counts as not reaching.
_TRIES = 3
#: Any fixed number beside the round's key: senders of one round wait for nobody, they leave.
_LOCK = 0x53454E


def send_links(*, now: datetime, code: str) -> int:
    """Ask everybody who waits and whom a channel reaches; how many messages went out. Again asks nobody twice."""
    survey = Round.objects.get(code=code)
    if not rules.takes_answers(survey, now) or survey.asked not in {Asked.CENSUS, Asked.SAMPLE}:
        return 0
    with _alone(survey) as alone:
        if not alone:
            return 0
        _find_orphans(survey)
        waiting = dict(
            Invitation.objects.filter(round=survey, answered=False, delivery=Delivery.WAITING, person_id__gt=0)
            .order_by("pk")
            .values_list("pk", "person_id")
        )
        channels = channels_of([person for person in waiting.values() if person])
        reached = [pk for pk, person in waiting.items() if channels.get(person or 0)]
        with atomic():
            mark_mode(locked(code), reached, Mode.WEB)
        return _send_all(survey, reached, wave=0)


def remind(*, now: datetime, code: str) -> int:
    """Send the next reminder that is due, to those not done only; how many messages went out.

    A wave begins once: a second job, or the same one after it was killed, goes on with the wave that runs.
    """
    with atomic():
        survey = locked(code)
        if rules.reminder_due(survey, now):
            survey.reminded += 1
            survey.save(update_fields=["reminded"])
            audit.record(
                actor=SYSTEM, now=now, action="round.remind", code=code, unit_path=survey.unit.path,
                detail={"wave": survey.reminded},
            )  # fmt: skip
    if not survey.reminded or not rules.takes_answers(survey, now):
        return 0
    with _alone(survey) as alone:
        if not alone:
            return 0
        _find_orphans(survey)
        rows = (
            Invitation.objects.filter(
                round=survey, answered=False, delivery__in=[Delivery.SENT, Delivery.UNSURE], wave__lt=survey.reminded,
                person_id__gt=0,
            )
            .order_by("pk")
            .values_list("pk", flat=True)
        )  # fmt: skip
        return _send_all(survey, list(rows), wave=survey.reminded)


@contextmanager
def _alone(survey: Round) -> Iterator[bool]:
    """Whether this session is the only one that sends for the round; the lock ends with the session at the latest."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, survey.pk % 2**31])
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, survey.pk % 2**31])


def _find_orphans(survey: Round) -> None:
    """What a dead job left in between: nobody else sends now, so it cannot be under way."""
    Invitation.objects.filter(round=survey, delivery=Delivery.SENDING).update(delivery=Delivery.UNSURE)


def _send_all(survey: Round, rows: list[int], *, wave: int) -> int:
    sent = 0
    for start in range(0, len(rows), _BATCH):
        batch = dict(Invitation.objects.filter(pk__in=rows[start : start + _BATCH]).values_list("pk", "person_id"))
        people = [person for person in batch.values() if person]
        channels = channels_of(people)
        addresses = _addresses(people)
        languages = dict(Person.objects.filter(pk__in=people).values_list("pk", "language"))
        for pk, person in batch.items():
            wanted = [
                (channel, addresses[person or 0, channel])
                for channel in channels.get(person or 0, [])
                if (person or 0, channel) in addresses
            ]
            if wanted:
                sent += _send_one(survey, pk, person or 0, wanted, languages.get(person or 0, ""), wave)
    return sent


def _addresses(people: list[int]) -> dict[tuple[int, Channel], str]:
    found: dict[tuple[int, Channel], str] = {}
    for person, email in Account.objects.filter(person_id__in=people, is_active=True).values_list("person_id", "email"):
        if person and email:
            found[person, Channel.MAIL] = email
    for contact in Contact.objects.filter(person_id__in=people).exclude(state=ContactState.STALE):
        channel = Channel.MAIL if contact.kind == ContactKind.MAIL else Channel.SMS
        found[contact.person_id, channel] = str(contact.value)
    return found


def _send_one(
    survey: Round, pk: int, person: int, wanted: list[tuple[Channel, str]], language: str, wave: int
) -> bool:  # fmt: skip
    """Claim the row and commit, then send; whether it went out. A reminder carries the code of the first message."""
    secret = link_code(survey, pk)
    claimed = Invitation.objects.filter(
        pk=pk, answered=False, round__state=RoundState.FIELDING, delivery__in=_before(wave), wave__lte=wave
    ).update(delivery=Delivery.SENDING, code_hash=code_hash(secret), wave=wave, tries=F("tries") + 1)
    if not claimed:
        return False
    with translation.override(language or None):
        subject, text = _text(survey, secret, again=wave > 0)
    for channel, address in wanted:
        try:
            send_to(_KIND[channel], address, subject, text)
        except NotCarried as fault:
            if fault.nobody:
                Contact.objects.filter(person_id=person, kind=_KIND[channel]).update(state=ContactState.STALE)
            continue
        _mark(pk, Delivery.SENT)
        return True
    tries = Invitation.objects.values_list("tries", flat=True).get(pk=pk)
    # A carrier that failed is tried again by the next job; one that keeps failing does not reach this person.
    # A reminder that fails takes nothing back: the first message reached them.
    _mark(pk, Delivery.SENT if wave else Delivery.UNDELIVERABLE if tries >= _TRIES else Delivery.WAITING)
    return False


def _before(wave: int) -> list[Delivery]:
    return [Delivery.SENT, Delivery.UNSURE] if wave else [Delivery.WAITING]


def _mark(pk: int, delivery: Delivery) -> None:
    Invitation.objects.filter(pk=pk, delivery=Delivery.SENDING).update(delivery=delivery)


def _text(survey: Round, secret: str, *, again: bool) -> tuple[str, str]:
    facts = {
        "title": pick(survey.title),
        "link": full_address(reverse("surveys:answer", args=[secret])),
        "day": date_format(localtime(survey.closes), "DATE_FORMAT"),
    }
    subject = gettext("Not answered yet: %(title)s") if again else gettext("The union asks you: %(title)s")
    text = gettext(
        "%(link)s\n\nThis link is yours alone and works once, until %(day)s. Your answer is kept without your name: "
        "nobody can tell which answer is yours. Open it on your own phone and not in the employer's network."
    )
    return subject % facts, text % facts
