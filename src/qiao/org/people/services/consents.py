"""Giving a consent and taking it back."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import get_language, gettext_noop, override

from qiao.base import audit
from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.base.i18n import LANGUAGES, in_every_language
from qiao.base.problems import Problem
from qiao.org.people.choices import ConsentKind, Source
from qiao.org.people.models import Consent, Person
from qiao.org.people.rules import NOT_REVOCABLE_ALONE, current_text
from qiao.org.people.services.keeping import require_keeping
from qiao.org.people.services.telling import tell


def give_consent(
    *,
    actor: Actor,
    now: datetime,
    person: Person,
    kind: str,
    code: str = "",
    language: str = "",
    source: str = "",
    unit_path: str = "",
) -> Consent:
    """Note a consent to the newest text of its kind; the one in force stands where there is one.

    ``code`` names the case or visit it holds for. An officer may note only what the person gave on paper
    (``source`` stays "officer"). Raises Refused for anybody but the person, the system and officers with
    ``person.keep``; Problem for a kind there is not.
    """
    path = require_keeping(actor, person.pk, unit_path)
    text = current_text(kind)
    own = actor.person_id == person.pk
    with atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        before = Consent.objects.filter(person=person, kind=kind, code=code, revoked__isnull=True).first()
        if before is not None:
            return before
        consent = Consent.objects.create(
            person=person, kind=ConsentKind(kind), code=code, version=text.version,
            language=language or get_language() or LANGUAGES[0],
            source=source or (Source.SELF if own else Source.OFFICER), given=now,
        )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="consent.give", code=code, unit_path=path,
            detail={"person": person.pk, "kind": kind, "version": text.version},
        )  # fmt: skip
    return consent


def revoke_consent(*, actor: Actor, now: datetime, person: Person, kind: str, code: str = "") -> None:
    """Take a consent back, at once; without one in force nothing changes. The person is told.

    Raises Refused as `give_consent`, Problem for the consent to membership: ending that is leaving.
    """
    path = require_keeping(actor, person.pk)
    if kind in NOT_REVOCABLE_ALONE:
        raise Problem("This consent is your membership itself: to take it back, leave the union.")
    with atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        ended = Consent.objects.filter(person=person, kind=kind, code=code, revoked__isnull=True).update(revoked=now)
        if not ended:
            return
        audit.record(
            actor=actor, now=now, action="consent.revoke", code=code, unit_path=path,
            detail={"person": person.pk, "kind": kind},
        )  # fmt: skip
        label = {language: _label(kind, language) for language in LANGUAGES}
        tell(
            now=now,
            person_id=person.pk,
            subject=in_every_language(_TAKEN_BACK, consent=label),
            text=in_every_language(_TAKEN_BACK_TEXT, consent=label),
            url="/me/consents/",
        )


def _label(kind: str, language: str) -> str:
    with override(language):
        return str(ConsentKind(kind).label)


_TAKEN_BACK = gettext_noop("Taken back: %(consent)s")
_TAKEN_BACK_TEXT = gettext_noop(
    "Your consent “%(consent)s” does not hold any more, from this moment. You can give it again at any time."
)
