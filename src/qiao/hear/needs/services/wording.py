"""Needs get their words from one analyst, their check from another, and are published with a clock."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, require, require_other
from qiao.base.db import atomic
from qiao.base.deadlines import due
from qiao.base.i18n import Localized
from qiao.base.lineage import link
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.hear.needs import rules
from qiao.hear.needs.choices import NeedState
from qiao.hear.needs.models import Need
from qiao.org.settings.queries import calendar_of, ruling


def word_need(*, actor: Actor, now: datetime, code: str, title: Localized, detail: Localized | None = None) -> Need:
    """Word a drafted need as people would say it. A need that was checked has to be checked again.

    Raises Refused, Problem for one that is published already, Problems for personal data.
    """
    require_clean({"title": title, "text": detail or {}})
    with atomic():
        need = locked(code)
        require(actor, "need.publish", need.unit.path)
        if not rules.may_word(need):
            raise Problem("A published need keeps its words.")
        need.title, need.detail, need.state = title, detail or {}, NeedState.DRAFTED
        need.worded_by, need.checked_by = actor.account_id, None
        need.save(update_fields=["title", "detail", "state", "worded_by", "checked_by"])
        audit.record(actor=actor, now=now, action="need.word", code=code, unit_path=need.unit.path)
    return need


def check_need(*, actor: Actor, now: datetime, code: str) -> Need:
    """Confirm, as a second analyst, that words and figures of a need agree. Twice is harmless.

    Raises Refused, Problem for one nobody has worded or that the actor worded.
    """
    with atomic():
        need = locked(code)
        require(actor, "need.publish", need.unit.path)
        if need.state == NeedState.CHECKED or need.state in rules.PUBLIC:
            return need
        if not rules.is_worded(need):
            raise Problem("Read and word the need first: then another analyst can check it.")
        require_other(actor, need.worded_by)
        need.state, need.checked_by = NeedState.CHECKED, actor.account_id
        need.save(update_fields=["state", "checked_by"])
        audit.record(actor=actor, now=now, action="need.check", code=code, unit_path=need.unit.path)
    return need


def publish_need(*, actor: Actor, now: datetime, code: str) -> Need:
    """Publish a checked need; from then on it has a thread and a clock. Twice is harmless.

    Raises Refused, Problem before a second analyst has checked it.
    """
    with atomic():
        need = locked(code)
        require(actor, "need.publish", need.unit.path)
        if need.state in rules.PUBLIC:
            return need
        if not rules.may_publish(need):
            raise Problem("A second analyst has to check the need first: then it can be published.")
        need.state, need.published = NeedState.PUBLISHED, now
        start_clock(need, now)
        need.save(update_fields=["state", "published", "holder", "due", "due_rule"])
        link(source=need.source_code, target=need.code, now=now)
        audit.record(actor=actor, now=now, action="need.publish", code=code, unit_path=need.unit.path)
    return need


def start_clock(need: Need, now: datetime) -> None:
    """Set until when the executive of the need's unit has to act on it or answer; the caller saves."""
    path, day = need.unit.path, localdate(now)
    ruled = ruling(rules.ANSWER_WITHIN, path=path, on=day)
    need.holder, need.due_rule = need.unit, ruled.origin[:80]
    need.due = due(now, rules.ANSWER_WITHIN.span(ruled.value), calendar_of(path, day))


def drop_need(*, actor: Actor, now: datetime, code: str) -> None:
    """Take a need that was never published off the list, for example one that says the same as another."""
    with atomic():
        need = locked(code)
        require(actor, "need.publish", need.unit.path)
        if not rules.may_word(need):
            raise Problem("A published need is answered, not dropped.")
        audit.record(
            actor=actor, now=now, action="need.drop", code=code, unit_path=need.unit.path,
            detail={"source": need.source_code, "item": need.item, "group": need.group_key},
        )  # fmt: skip
        need.delete()


def locked(code: str) -> Need:
    """The need with its row locked, for use inside a transaction."""
    return Need.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
