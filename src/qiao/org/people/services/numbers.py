"""A member who signs in by a mobile number alone has lost it: two officers give them another, standing untouched.

One officer, with the member before them, writes the new number down; a code sent there is read out and shows that it
is the member's. All old contacts are warned and can stop it. A second officer confirms, and only when the time to
object has passed does the new number hold; whatever was signed in by the old one is signed out. After a stop the next
change is confirmed by an officer of the unit above, so that neither who holds the old telephone nor one desk alone
keeps a member out. Rule in words: docs/algorithms/lost-number.md.
"""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import datetime, timedelta

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from qiao.base import audit, jobs
from qiao.base.access import Actor, Refused, require, require_other, require_untied
from qiao.base.addresses import full_address
from qiao.base.codes import new_secret_code, next_code
from qiao.base.db import atomic
from qiao.base.deadlines import due
from qiao.base.i18n import day_text, in_every_language
from qiao.base.problems import Problem
from qiao.org.people.choices import ContactKind, NumberState
from qiao.org.people.models import Account, Contact, NumberChange, Person
from qiao.org.people.queries.homes import home_of
from qiao.org.people.queries.numbers import confirming_path
from qiao.org.people.rules import NUMBER_WAIT, normal_contact
from qiao.org.people.services.campaigns import secret_hash
from qiao.org.people.services.carriers import NotCarried, send_to
from qiao.org.people.services.contacts import CODE_HOLDS, CODE_PAUSE, CODE_TRIES, set_contact
from qiao.org.people.services.keeping import KEEP
from qiao.org.people.services.telling import tell
from qiao.org.settings.queries import calendar_of, ruling

#: A change nobody confirms is over after this.
LEFT_AFTER = timedelta(days=30)
#: So many signs of a row are a number of a paper.
_PAPER_NUMBER = re.compile(r"\d{6}")


def ask_number(*, actor: Actor, now: datetime, person: Person, number: str, seen: str) -> NumberChange:
    """Write down the new number of a member who stands before the officer; a code goes there.

    While one change is open it is returned, with the new number in it if none was shown yet. Raises Refused without
    ``person.keep`` at the member's unit or for oneself; Problem for what is no number, without what was seen, for
    somebody without standing, or where a tie bars.
    """
    home = home_of(person.pk)
    if home is None:
        raise Problem("Only a member's number is set here.")
    require(actor, KEEP, home.path)
    if actor.concerns(person.pk):
        raise Refused("nobody sets their own number as an officer")
    require_untied(actor, home.path)
    normal, seen = normal_contact(ContactKind.MOBILE, number), " ".join(seen.split())[:200]
    if len(seen) < 4:
        raise Problem("Write what showed you that it is this member.")
    if _PAPER_NUMBER.search(seen):
        raise Problem("Write down no number of a paper: only what you have seen.")
    with atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        change = NumberChange.objects.filter(person=person, ended__isnull=True).first()
        if change is not None and change.state != NumberState.ASKED:
            return change
        if change is None:
            change = NumberChange(code=next_code("NC"), person=person, unit_path=home.path)
        elif change.value == normal and change.proof_until and change.proof_until - CODE_HOLDS + CODE_PAUSE > now:
            return change
        change.value, change.seen, change.asked, change.asked_by_id = normal, seen, now, actor.account_id
        change.proof, change.proof_until = f"{secrets.randbelow(10**6):06}", now + CODE_HOLDS
        change.proof_tries = 0
        change.save()
        _log(actor, now, change, "ask")
        jobs.defer("people.send_proof", change_id=change.pk)
    return change


def send_proof(*, actor: Actor, now: datetime, change_id: int) -> None:
    """Send the code that waits to the new number. Raises Refused but for the system, NotCarried where it fails."""
    require(actor, "people.carry")
    change = NumberChange.objects.select_related("person").filter(pk=change_id, state=NumberState.ASKED).first()
    if change is None or change.proof is None or change.proof_until is None or change.proof_until < now:
        return
    with override(change.person.language):
        text = _(
            "Your code is %(code)s. Read it to the officer who is sitting before you, and to nobody on the telephone."
        ) % {"code": change.proof}
        subject = _("Your confirmation code")
    send_to(ContactKind.MOBILE, str(change.value), subject, text)


def show_number(*, actor: Actor, now: datetime, code: str, proof: str) -> bool:
    """The member has read the code out: the number is theirs, the old contacts are warned, the time to object runs.

    False for a wrong code, which may be missed five times. Raises Refused without ``person.keep``, Problem where no
    code waits.
    """
    with atomic():
        change = _locked(code)
        require(actor, KEEP, change.unit_path)
        require_untied(actor, change.unit_path)
        if change.state != NumberState.ASKED:
            return True
        if change.proof is None or change.proof_until is None or change.proof_until < now:
            raise Problem("The code has run out: have a new one sent.")
        if change.proof_tries >= CODE_TRIES:
            raise Problem("The code was missed five times: have a new one sent.")
        digits = "".join(str(int(sign)) for sign in proof if sign.isdecimal())
        if not hmac.compare_digest(digits.encode(), str(change.proof).encode()):
            change.proof_tries += 1
            change.save(update_fields=["proof_tries"])
            return False
        rule = ruling(NUMBER_WAIT, path=change.unit_path, on=localdate(now))
        change.state, change.proof, change.proof_until = NumberState.SHOWN, None, None
        change.holds_from = due(now, NUMBER_WAIT.span(rule.value), calendar_of(change.unit_path, localdate(now)))
        change.rule = rule.origin[:120]
        change.save()
        _log(actor, now, change, "check")
        jobs.defer("people.warn_contacts", change_id=change.pk)
        tell(
            now=now, person_id=change.person_id, subject=in_every_language(_SUBJECT),
            text=in_every_language(_TOLD, day=localdate(change.holds_from)), url=f"/me/number/{change.code}/",
            once=f"number:{change.code}",
        )  # fmt: skip
    return True


def warn_contacts(*, actor: Actor, now: datetime, change_id: int) -> int:
    """Warn every contact known before, whatever was consented to: it guards the member. How many took it.

    The link in the warning stops the change. Raises Refused for anybody but the system.
    """
    require(actor, "people.carry")
    with atomic():
        change = NumberChange.objects.select_for_update(of=("self",)).select_related("person").get(pk=change_id)
        if change.ended is not None or change.holds_from is None or change.stop_hash is not None:
            return 0
        secret = new_secret_code()
        change.stop_hash = secret_hash(secret)
        change.save(update_fields=["stop_hash"])
        sent = 0
        for kind, address in _old_contacts(change):
            with override(change.person.language):
                text = _(
                    "Your union is about to set a new mobile number for you, from %(day)s. If this is not you, stop "
                    "it: %(link)s"
                ) % {"day": day_text(change.holds_from), "link": full_address(f"/me/stop/{secret}/")}
                subject = _("A new mobile number for you?")
            try:
                send_to(kind, address, subject, text)
            except NotCarried:
                # The old number may well reach nobody any more: that is why there is a change.
                continue
            sent += 1
        _log(actor, now, change, "tell", sent=sent)
    return sent


def confirm_number(*, actor: Actor, now: datetime, code: str) -> NumberChange:
    """A second officer confirms. After a stop within a year, one of the unit above.

    Raises Refused without ``person.keep`` there or for the member, Problem for who asked, a tie, or one not shown yet.
    """
    with atomic():
        change = _locked(code)
        require(actor, KEEP, confirming_path(change))
        _second(actor, change)
        if change.state == NumberState.CONFIRMED:
            return change
        if change.state != NumberState.SHOWN:
            raise Problem("It is confirmed once the code has shown that the number is the member's.")
        change.state, change.decided, change.decided_by_id = NumberState.CONFIRMED, now, actor.account_id
        change.save(update_fields=["state", "decided", "decided_by"])
        _log(actor, now, change, "confirm")
    return change


def refuse_number(*, actor: Actor, now: datetime, code: str, reason: str) -> NumberChange:
    """Refuse, with the reason the member reads. Raises as `confirm_number`; Problem without a reason."""
    reason = reason.strip()[:1000]
    with atomic():
        change = _locked(code)
        require(actor, KEEP, change.unit_path)
        _second(actor, change)
        if change.ended is not None:
            return change
        if not reason:
            raise Problem("Write the reason: the person reads it.")
        change.reason, change.decided, change.decided_by_id = reason, now, actor.account_id
        _end(actor, now, change, NumberState.REFUSED)
        tell(
            now=now, person_id=change.person_id, subject=in_every_language(_SUBJECT),
            text=in_every_language(_NOT_SET, reason=reason), url="/me/data/", once=f"number:{change.code}:end",
        )  # fmt: skip
    return change


def stop_number(*, actor: Actor, now: datetime, code: str) -> None:
    """The member, still signed in somewhere, stops a change of their number. Raises Refused for anybody else's."""
    with atomic():
        change = _locked(code)
        if not actor.concerns(change.person_id):
            raise Refused("only the member stops it")
        if change.ended is None:
            _end(actor, now, change, NumberState.STOPPED)


def stop_number_by_link(*, now: datetime, secret: str) -> bool:
    """Whoever holds an old contact stops the change by the link that went there; False where it holds no more."""
    with atomic():
        change = NumberChange.objects.select_for_update().filter(stop_hash=secret_hash(secret)).first()
        if change is None or change.ended is not None:
            return False
        _end(Actor(name="link"), now, change, NumberState.STOPPED)
    return True


def set_numbers(*, actor: Actor, now: datetime) -> int:
    """Set the numbers that are confirmed and past the time to object; end those left. How many were set.

    Each in a transaction of its own; standing, rights and consents stay as they are. Raises Refused but for the system.
    """
    require(actor, "people.carry")
    done = 0
    ready = NumberChange.objects.filter(state=NumberState.CONFIRMED, holds_from__lte=now).order_by("pk")
    for key in list(ready.values_list("pk", flat=True)):
        with atomic():
            change = NumberChange.objects.select_for_update(of=("self",)).select_related("person").get(pk=key)
            if change.state != NumberState.CONFIRMED:
                continue
            set_contact(
                actor=actor, now=now, person=change.person, kind=ContactKind.MOBILE, value=str(change.value),
                unit_path=change.unit_path, confirmed=True,
            )  # fmt: skip
            _sign_out(change.person)
            _end(actor, now, change, NumberState.SET)
            done += 1
    left = NumberChange.objects.filter(ended__isnull=True).exclude(state=NumberState.CONFIRMED)
    for key in list(left.filter(asked__lt=now - LEFT_AFTER).values_list("pk", flat=True)):
        with atomic():
            change = NumberChange.objects.select_for_update().get(pk=key)
            if change.ended is None and change.state != NumberState.CONFIRMED:
                _end(actor, now, change, NumberState.EXPIRED)
    return done


def _locked(code: str) -> NumberChange:
    return NumberChange.objects.select_for_update(of=("self",)).select_related("person").get(code=code)


def _second(actor: Actor, change: NumberChange) -> None:
    if actor.concerns(change.person_id):
        raise Refused("nobody confirms their own number")
    require_other(actor, change.asked_by_id, person=True)
    require_untied(actor, change.unit_path)


def _old_contacts(change: NumberChange) -> list[tuple[str, str]]:
    """Every address known before, a mail address that signs in among them, each once; those marked stale too."""
    found = [(row.kind, str(row.value)) for row in Contact.objects.filter(person=change.person).order_by("kind")]
    account = Account.objects.filter(person=change.person).exclude(email="").first()
    if account is not None:
        found.append((ContactKind.MAIL, account.email))
    return list(dict.fromkeys(found))


def _sign_out(person: Person) -> None:
    """Whatever is signed in by the lost number is signed out: a session holds only with the account's own secret."""
    account = Account.objects.select_for_update().filter(person=person, email="").first()
    if account is not None:
        account.set_unusable_password()
        account.save(update_fields=["password"])


def _end(actor: Actor, now: datetime, change: NumberChange, state: NumberState) -> None:
    change.state, change.ended = state, now
    change.value, change.proof, change.proof_until, change.stop_hash = None, None, None, None
    change.save()
    deeds = {NumberState.SET: "set", NumberState.REFUSED: "refuse", NumberState.STOPPED: "stop"}
    _log(actor, now, change, deeds.get(state, "expire"))


def _log(actor: Actor, now: datetime, change: NumberChange, deed: str, **more: int) -> None:
    audit.record(
        actor=actor, now=now, action=f"number.{deed}", code=change.code, unit_path=change.unit_path,
        detail={"person": change.person_id, **more},
    )  # fmt: skip


_SUBJECT = gettext_noop("A new mobile number for you")
_TOLD = gettext_noop(
    "An officer who has seen you wrote down a new mobile number. It holds from %(day)s once a second officer has "
    "confirmed it. If this was not you, stop it."
)
_NOT_SET = gettext_noop("The new mobile number was not set: %(reason)s")
