"""Writing articles, checking them by another person, publishing, confirming, ending."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import F
from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, Refused, require, require_other
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.deadlines import due
from qiao.base.problems import Problem
from qiao.hear.rights.choices import COMING, Topic, VersionState
from qiao.hear.rights.models import Article, Version
from qiao.hear.rights.rules.articles import Wording, checked_wording, require_move
from qiao.hear.rights.rules.settings import NEXT_CHECK
from qiao.org.settings.queries import span_of
from qiao.org.units.models import Unit

S = VersionState


def write_article(
    *, actor: Actor, now: datetime, unit: Unit, topic: str, wording: Wording, overrides: Article | None = None
) -> Version:
    """Draft a new article that holds at a unit and below. A second one for the same override is refused.

    Raises Refused without ``rights.write`` at the unit; Problem for an unknown topic, or an override of an article
    that does not hold here; Problems for a wording that lacks something or holds numbers of persons.
    """
    require(actor, "rights.write", unit.path)
    wording = checked_wording(wording)
    if topic not in Topic.values:
        raise Problem("The form is not complete: open the page again.")
    with atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)
        if overrides is not None:
            if overrides.unit_id == unit.pk or not unit.path.startswith(overrides.unit.path):
                raise Problem("Only an article of a unit above can be replaced for this place.")
            if Article.objects.filter(unit=unit, overrides=overrides).exists():
                raise Problem("This place has its own article already: write a new version of it.")
        article = Article.objects.create(
            code=next_code("RA"), unit=unit, topic=topic, overrides=overrides, made=now, made_by_id=actor.account_id
        )
        return _draft(actor, now, article, 1, wording)


def revise_article(*, actor: Actor, now: datetime, code: str, wording: Wording) -> Version:
    """Write the next version; one that is still being written is replaced by it.

    Raises Refused without ``rights.write`` at the unit, Problem while a checked one waits.
    """
    wording = checked_wording(wording)
    with atomic():
        article = _locked(code)
        require(actor, "rights.write", article.unit.path)
        coming = article.versions.filter(state__in=COMING).first()
        if coming is not None and coming.state == S.CHECKED:
            raise Problem("A checked version waits: publish it or send it back first.")
        if coming is not None:
            _fill(coming, wording)
            coming.drafted, coming.drafted_by_id = now, actor.account_id
            coming.save()
            _note(actor, now, coming, "right.write")
            return coming
        last = article.versions.order_by("-number").first()
        return _draft(actor, now, article, last.number + 1 if last else 1, wording)


def check_version(*, actor: Actor, now: datetime, code: str) -> Version:
    """Say that what another person wrote is right. Raises Refused without ``rights.check``, Problem for one's own."""
    with atomic():
        version = _coming(code)
        require(actor, "rights.check", version.article.unit.path)
        if version.state == S.CHECKED:
            return version
        require_move(version.state, S.CHECKED)
        require_other(actor, version.drafted_by_id, said=Problem("You wrote this: another person checks it."))
        version.state, version.checked, version.checked_by_id = S.CHECKED, now, actor.account_id
        version.save()
        _note(actor, now, version, "right.check")
    return version


def send_back_version(*, actor: Actor, now: datetime, code: str) -> Version:
    """Take a check back: it is being written again. Twice changes nothing."""
    with atomic():
        version = _coming(code)
        require(actor, "rights.check", version.article.unit.path)
        if version.state == S.DRAFTED:
            return version
        version.state, version.checked, version.checked_by = S.DRAFTED, None, None
        version.save()
        _note(actor, now, version, "right.send_back")
    return version


def publish_version(*, actor: Actor, now: datetime, code: str) -> Version:
    """Let everybody read the checked version; the one before is replaced. Twice changes nothing.

    Raises Refused without ``rights.publish`` at the unit, Problem before another person has checked it or past its end.
    """
    with atomic():
        article = _locked(code)
        require(actor, "rights.publish", article.unit.path)
        version = article.versions.filter(state__in=COMING).first()
        current = article.versions.filter(state=S.PUBLISHED).first()
        if version is None:
            if current is None:
                raise Problem("There is nothing to publish.")
            return current
        if version.state != S.CHECKED:
            raise Problem("Another person has to check it first.")
        today = localdate(now)
        if version.holds_until is not None and version.holds_until < today:
            raise Problem("It has ended already: write a version that holds.")
        if current is not None:
            current.state, current.ended = S.REPLACED, now
            current.save(update_fields=["state", "ended"])
        version.state, version.published, version.confirmed = S.PUBLISHED, now, today
        version.next_check = _next_check(article.unit.path, now)
        version.save()
        _note(actor, now, version, "right.publish")
    return version


def confirm_version(*, actor: Actor, now: datetime, code: str) -> Version:
    """Say that the published version still holds: the next check is due some months on.

    Raises Refused without ``rights.check`` at the unit, Problem where nothing is published or it is one's own text.
    """
    with atomic():
        version = _published(code)
        require(actor, "rights.check", version.article.unit.path)
        require_other(actor, version.drafted_by_id, said=Problem("You wrote this: another person checks it."))
        version.confirmed, version.next_check = localdate(now), _next_check(version.article.unit.path, now)
        version.save(update_fields=["confirmed", "next_check"])
        _note(actor, now, version, "right.confirm")
    return version


def withdraw_version(*, actor: Actor, now: datetime, code: str) -> Version:
    """Take the published article back, as where it is found wrong. Raises Problem where nothing is published."""
    with atomic():
        version = _published(code)
        require(actor, "rights.publish", version.article.unit.path)
        version.state, version.ended = S.WITHDRAWN, now
        version.save(update_fields=["state", "ended"])
        _note(actor, now, version, "right.withdraw")
    return version


def expire_due(*, actor: Actor, now: datetime) -> int:
    """End what holds no longer; how many. Run twice it ends nothing twice. Raises Refused but for the system."""
    if not actor.system:
        raise Refused("the clock is the system's")
    with atomic():
        rows = list(
            Version.objects.select_for_update(of=("self",), skip_locked=True)
            .filter(state=S.PUBLISHED, holds_until__lt=localdate(now))
            .select_related("article__unit")
            .order_by("pk")[:200]
        )
        for version in rows:
            version.state, version.ended = S.EXPIRED, now
            version.save(update_fields=["state", "ended"])
            _note(actor, now, version, "right.expire")
    return len(rows)


def note_helpful(*, code: str, helped: bool) -> None:
    """Count one yes or no to "did this help?": a number, of nobody. Unknown codes count nothing."""
    field = "helped" if helped else "not_helped"
    Article.objects.filter(code=code).update(**{field: F(field) + 1})


def _draft(actor: Actor, now: datetime, article: Article, number: int, wording: Wording) -> Version:
    version = Version(article=article, number=number, drafted=now, drafted_by_id=actor.account_id)
    _fill(version, wording)
    version.save()
    _note(actor, now, version, "right.write")
    return version


def _fill(version: Version, wording: Wording) -> None:
    version.question, version.answer = dict(wording.question), dict(wording.answer)
    version.steps, version.papers = list(wording.steps), list(wording.papers)
    version.basis = [dict(row) for row in wording.basis]
    version.words = " ".join(wording.words.split())[:300]
    version.holds_since, version.holds_until = wording.holds_since, wording.holds_until


def _locked(code: str) -> Article:
    return Article.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)


def _coming(code: str) -> Version:
    article = _locked(code)
    version = article.versions.select_related("article__unit").filter(state__in=COMING).first()
    if version is None:
        raise Problem("No version of this article is being written.")
    return version


def _published(code: str) -> Version:
    article = _locked(code)
    version = article.versions.select_related("article__unit").filter(state=S.PUBLISHED).first()
    if version is None:
        raise Problem("Nothing of this article is published.")
    return version


def _next_check(path: str, now: datetime) -> date:
    return localdate(due(now, span_of(NEXT_CHECK, path=path, on=localdate(now))))


def _note(actor: Actor, now: datetime, version: Version, action: str) -> None:
    article = version.article
    audit.record(
        actor=actor, now=now, action=action, code=article.code, unit_path=article.unit.path,
        detail={"version": version.number},
    )  # fmt: skip
