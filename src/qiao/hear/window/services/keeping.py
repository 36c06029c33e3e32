"""Where requests go and what is answered to them: rules of receivers and prepared answers, kept by officers."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.hear.window.choices import State, Topic
from qiao.hear.window.models import AnswerTemplate, ReceiverRule
from qiao.hear.window.rules.templates import require_known_places
from qiao.org.units.models import Unit
from qiao.org.units.rules import takes_in
from qiao.org.workplaces.models import Employer

#: Steps a prepared answer may stand behind.
TEMPLATE_STATES = (
    State.ANSWERED_AT_ONCE, State.ANSWERED, State.EXTENDED, State.RETURNED, State.HANDED_OVER, State.IN_HAND,
)  # fmt: skip


def set_receiver(
    *, actor: Actor, now: datetime, place: Unit, body: Unit, topic: str = "", employer: Employer | None = None
) -> ReceiverRule:
    """Requests of a place (and topic, and employer) go to a body from today; an earlier rule for the same ends.

    Raises Refused without ``request.settle`` at the place, Problem for a closed body.
    """
    require(actor, "request.settle", place.path)
    if topic not in ("", *Topic.values):
        raise Problem("The form is not complete: open the page again.")
    if not takes_in(body):
        raise Problem("%(unit)s is closed.", unit=body.label)
    with atomic():
        Unit.objects.select_for_update().get(pk=place.pk)
        day = localdate(now)
        running = ReceiverRule.objects.filter(place=place, topic=topic, employer=employer, until__isnull=True)
        same = running.filter(body=body).first()
        if same is not None:
            return same
        running.update(until=day)
        made = ReceiverRule.objects.create(
            place=place, topic=topic, employer=employer, body=body, since=day, made_by_id=actor.account_id
        )
        audit.record(actor=actor, now=now, action="receiver.set", unit_path=place.path, detail={"rule": made.pk})
    return made


def end_receiver(*, actor: Actor, now: datetime, rule_id: int) -> ReceiverRule:
    """End a rule today. Twice changes nothing."""
    with atomic():
        rule = ReceiverRule.objects.select_for_update(of=("self",)).select_related("place").get(pk=rule_id)
        require(actor, "request.settle", rule.place.path)
        if rule.until is None:
            rule.until = localdate(now)
            rule.save(update_fields=["until"])
            audit.record(
                actor=actor, now=now, action="receiver.end", unit_path=rule.place.path, detail={"rule": rule.pk}
            )
    return rule


def keep_template(
    *, actor: Actor, now: datetime, unit: Unit, state: str, title: Localized, text: Localized, topic: str = ""
) -> AnswerTemplate:
    """Keep a prepared answer for one step. Raises Problem for a place nobody fills, Problems for numbers of persons."""
    require(actor, "request.settle", unit.path)
    if state not in TEMPLATE_STATES or topic not in ("", *Topic.values):
        raise Problem("The form is not complete: open the page again.")
    require_known_places(text)
    require_clean({"title": title, "text": text})
    with atomic():
        found = AnswerTemplate.objects.filter(unit=unit, state=state, topic=topic, title=title, ended__isnull=True)
        known = found.select_for_update().first()
        if known is not None:
            known.text = text
            known.save(update_fields=["text"])
        else:
            known = AnswerTemplate.objects.create(
                unit=unit, state=state, topic=topic, title=title, text=text, made=now, made_by_id=actor.account_id
            )
        audit.record(actor=actor, now=now, action="template.keep", unit_path=unit.path, detail={"template": known.pk})
    return known


def end_template(*, actor: Actor, now: datetime, template_id: int) -> AnswerTemplate:
    """Use a prepared answer no more. Twice changes nothing."""
    with atomic():
        found = AnswerTemplate.objects.select_for_update(of=("self",)).select_related("unit").get(pk=template_id)
        require(actor, "request.settle", found.unit.path)
        if found.ended is None:
            found.ended = now
            found.save(update_fields=["ended"])
            audit.record(
                actor=actor, now=now, action="template.end", unit_path=found.unit.path, detail={"template": found.pk}
            )
    return found
