"""Every published need is answered: by an action, or by "no, because". Who follows it is told."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_noop as noop

from qiao.base import audit
from qiao.base.access import Actor, Refused, require
from qiao.base.db import atomic
from qiao.base.i18n import Localized, in_every_language, localized
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.hear.needs import rules
from qiao.hear.needs.choices import NeedState
from qiao.hear.needs.models import Follower, Need
from qiao.hear.needs.services.wording import locked
from qiao.hear.surveys import services as surveys
from qiao.hear.surveys.queries import find_round
from qiao.org.people.services import tell
from qiao.publish.services import announce


def answer_need(*, actor: Actor, now: datetime, code: str, answer: Localized) -> Need:
    """Say that the union will not act on a need, and why. Twice with the same words is harmless.

    Raises Refused without ``need.answer`` at the unit, Problem without a reason or for a need that is not published.
    """
    require_clean({"answer": answer})
    with atomic():
        need = locked(code)
        require(actor, "need.answer", need.unit.path)
        if not answer:
            raise Problem("Say why: a need is not answered by silence.")
        if need.state == NeedState.ANSWERED and need.answer == answer:
            return need
        if not rules.may_answer(need):
            raise Problem("Only a published need that was not answered yet can be answered.")
        need.state, need.answer, need.answered = NeedState.ANSWERED, answer, now
        need.save(update_fields=["state", "answer", "answered"])
        audit.record(actor=actor, now=now, action="need.answer", code=code, unit_path=need.unit.path)
        announce(
            actor=actor, now=now, unit=need.unit, code=code, url=reverse("needs:need", args=[code]), body=answer,
            title=localized(
                f"对需求的答复：{need.title.get('zh-hans', '')}",
                f"Answer to a need: {need.title.get('en', '') or code}",
            ),
        )  # fmt: skip
        tell_followers(need, now, noop("“%(need)s” is answered: it will not be done. The reason: %(what)s"), answer)
        link_round(now=now, source_code=need.source_code)
    return need


def take_up_need(*, actor: Actor, now: datetime, code: str, action_code: str, what: Localized) -> Need:
    """Note that something is done about a published need: ``action_code`` is a proposal, a project or another act.

    Called by the app that acts, which has asked for its own permission; nobody else has anything to take up with.
    A need that was taken up or answered before keeps what came first. Raises Problem for one that is not published.
    """
    with atomic():
        need = locked(code)
        if need.state not in rules.PUBLIC:
            raise Problem("%(code)s is no published need: choose one from the board of needs.", code=code)
        if need.state != NeedState.PUBLISHED:
            return need
        need.state, need.action_code, need.taken_up = NeedState.TAKEN_UP, action_code, now
        need.save(update_fields=["state", "action_code", "taken_up"])
        audit.record(
            actor=actor, now=now, action="need.take_up", code=code, unit_path=need.unit.path,
            detail={"action": action_code},
        )  # fmt: skip
        tell_followers(need, now, noop("“%(need)s” is taken up: %(what)s"), what, mark=f"{need.state}:{action_code}")
        link_round(now=now, source_code=need.source_code)
    return need


def follow_need(*, actor: Actor, now: datetime, code: str) -> None:
    """Be told what becomes of a need. Twice is harmless. Raises Refused without an account, or for a draft."""
    need = Need.objects.get(code=code)
    if actor.account_id is None or need.state not in rules.PUBLIC:
        raise Refused("only published needs are followed, by who is signed in")
    with atomic():
        Follower.objects.get_or_create(need=need, account_id=actor.account_id, defaults={"since": now})
        audit.record(actor=actor, now=now, action="need.follow", code=code)


def unfollow_need(*, actor: Actor, now: datetime, code: str) -> None:
    """Be told no more. Twice is harmless."""
    with atomic():
        gone, _rows = Follower.objects.filter(need__code=code, account_id=actor.account_id or 0).delete()
        if gone:
            audit.record(actor=actor, now=now, action="need.unfollow", code=code)


def link_round(*, now: datetime, source_code: str) -> bool:
    """Mark a survey round as linked once each of its published needs has an action or an answer; whether it is.

    Drafts do not hold it up: only what was published was promised an answer.
    """
    if not source_code.startswith("S-"):
        return False
    needs = Need.objects.filter(source_code=source_code, state__in=rules.PUBLIC)
    published, waiting = needs.count(), needs.filter(state=NeedState.PUBLISHED).count()
    if not published or waiting or find_round(source_code) is None:
        return False
    surveys.link_round(now=now, code=source_code, answered=published, needs=published)
    return True


def tell_followers(need: Need, now: datetime, template: str, what: Localized, *, mark: str = "") -> None:
    """Tell who follows a need; each ``mark`` (the state where empty) is told once.

    Messages are sealed and queued in this transaction; they leave by each person's channels after it.
    """
    text = in_every_language(template, need=need.title, what=what)
    for account in Follower.objects.filter(need=need).order_by("pk").values_list("account_id", flat=True):
        tell(
            now=now, subject=need.title, text=text, account_id=account, url=reverse("needs:need", args=[need.code]),
            once=f"need:{need.code}:{mark or need.state}:{account}",
        )  # fmt: skip
