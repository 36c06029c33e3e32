"""Writing, releasing and correcting news. Who writes never releases; every text is scanned before it is kept (P9)."""

from __future__ import annotations

from datetime import datetime

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.org.units.models import Unit
from qiao.publish.choices import WRITTEN, Kind, State
from qiao.publish.models import Article, Correction
from qiao.publish.rules import needs_expiry


def announce(
    *, actor: Actor, now: datetime, unit: Unit, title: Localized, body: Localized, code: str = "", url: str = ""
) -> Article:
    """Publish a plain record of the loop (results are out, a consultation opens …) in the caller's transaction.

    The caller has asked for its own permission and writes its own audit row: an announcement is no act of its own.
    """
    return Article.objects.create(
        unit=unit,
        kind=Kind.ANNOUNCEMENT,
        title=title,
        body=body,
        code=code,
        url=url,
        state=State.PUBLISHED,
        published=now,
        written_by=actor.account_id,
    )


def write_article(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    kind: str,
    title: Localized,
    body: Localized,
    expires: datetime | None = None,
    code: str = "",
) -> Article:
    """Keep a new draft signed by ``unit``.

    Raises Refused without ``article.write`` there, Problem(s) for personal data or a notice without expiry.
    """
    require(actor, "article.write", unit.path)
    _check(now=now, kind=kind, title=title, body=body, expires=expires)
    with atomic():
        article = Article.objects.create(
            unit=unit,
            kind=kind,
            title=title,
            body=body,
            expires=expires,
            code=code,
            state=State.DRAFT,
            written_by=actor.account_id,
            changed=now,
        )
        _audit(actor, now, "article.write", article)
    return article


def edit_article(
    *,
    actor: Actor,
    now: datetime,
    article_id: int,
    seen_version: int,
    kind: str,
    title: Localized,
    body: Localized,
    expires: datetime | None = None,
) -> Article:
    """Change a draft. Raises Problem where somebody else changed it after ``seen_version`` was shown."""
    with atomic():
        article = _locked(article_id)
        require(actor, "article.write", article.unit.path)
        if article.state != State.DRAFT:
            raise Problem("Only a draft can be changed: a published text is corrected, an awaited one sent back first.")
        if article.version != seen_version:
            raise Problem(
                "Somebody else changed this draft after you opened it. Nothing was saved: "
                "copy your text, open the draft again and put it in."
            )
        _check(now=now, kind=kind, title=title, body=body, expires=expires)
        article.kind, article.title, article.body, article.expires = kind, title, body, expires
        article.changed, article.version = now, article.version + 1
        # Whoever wrote last is the writer: they may not release it either.
        article.written_by = actor.account_id
        article.save()
        _audit(actor, now, "article.edit", article)
    return article


def submit_article(*, actor: Actor, now: datetime, article_id: int) -> Article:
    """Hand a draft to the publisher. Doing it twice changes nothing."""
    with atomic():
        article = _locked(article_id)
        require(actor, "article.write", article.unit.path)
        if article.state == State.SUBMITTED:
            return article
        if article.state != State.DRAFT:
            raise Problem("Only a draft can be handed over for release.")
        article.state, article.changed, article.remark = State.SUBMITTED, now, ""
        article.version += 1
        article.save()
        _audit(actor, now, "article.submit", article)
    return article


def return_article(*, actor: Actor, now: datetime, article_id: int, remark: str) -> Article:
    """Send a text back to its writer with what is to be mended."""
    if not remark.strip():
        raise Problem("Say what is to be mended.")
    with atomic():
        article = _locked(article_id)
        require(actor, "article.release", article.unit.path)
        if article.state != State.SUBMITTED:
            raise Problem("This text does not await release.")
        article.state, article.changed, article.remark = State.DRAFT, now, remark.strip()[:400]
        article.version += 1
        article.save()
        _audit(actor, now, "article.return", article)
    return article


def release_article(*, actor: Actor, now: datetime, article_id: int, publish_at: datetime | None = None) -> Article:
    """Release a text, now or for later. Doing it twice changes nothing.

    Raises Refused without ``article.release``, Problem for one's own text or where the scanner blocks.
    """
    with atomic():
        article = _locked(article_id)
        require(actor, "article.release", article.unit.path)
        if article.state in (State.PUBLISHED, State.CORRECTED):
            return article
        if article.state != State.SUBMITTED:
            raise Problem("This text does not await release.")
        if actor.did(article.written_by):
            raise Problem("You wrote this text: somebody else has to release it.")
        moment = max(publish_at or now, now)
        _check(now=moment, kind=article.kind, title=article.title, body=article.body, expires=article.expires)
        article.state, article.published, article.released_by = State.PUBLISHED, moment, actor.account_id
        article.changed = now
        article.version += 1
        article.save()
        _audit(actor, now, "article.release", article)
    return article


def propose_correction(
    *, actor: Actor, now: datetime, article_id: int, title: Localized, body: Localized, reason: Localized
) -> Correction:
    """Write a correction of a published text; it shows once another person releases it."""
    if not reason:
        raise Problem("Say why the text is corrected: readers see it.")
    with atomic():
        article = _locked(article_id)
        require(actor, "article.write", article.unit.path)
        if article.state not in (State.PUBLISHED, State.CORRECTED):
            raise Problem("Only a published text is corrected; a draft is simply changed.")
        if article.corrections.filter(released__isnull=True).exists():
            raise Problem("A correction of this text awaits release already.")
        if (title, body) == (article.title, article.body):
            raise Problem("Nothing was changed in the text.")
        require_clean({"title": title, "text": body, "reason": reason}, landlines=article.kind == Kind.NOTICE)
        correction = Correction.objects.create(
            article=article, title=title, body=body, reason=reason, written_by=actor.account_id, written=now
        )
        _audit(actor, now, "article.correct", article)
    return correction


def release_correction(*, actor: Actor, now: datetime, article_id: int) -> Article:
    """Put the awaited correction in force; the text before it stays to be read. Twice is harmless."""
    with atomic():
        article = _locked(article_id)
        require(actor, "article.release", article.unit.path)
        correction = article.corrections.select_for_update().filter(released__isnull=True).first()
        if correction is None:
            return article
        if actor.did(correction.written_by):
            raise Problem("You wrote this correction: somebody else has to release it.")
        correction.old_title, correction.old_body = article.title, article.body
        correction.released, correction.released_by = now, actor.account_id
        correction.save()
        article.title, article.body, article.state = correction.title, correction.body, State.CORRECTED
        # Announcements of the loop had no workshop life before: from now on the editors see them there.
        article.changed = now
        article.version += 1
        article.save()
        _audit(actor, now, "article.release_correction", article)
    return article


def _locked(article_id: int) -> Article:
    return Article.objects.select_for_update(of=("self",)).select_related("unit").get(pk=article_id)


def _check(*, now: datetime, kind: str, title: Localized, body: Localized, expires: datetime | None) -> None:
    if kind not in WRITTEN:
        raise Problem("Choose what kind of text this is.")
    if not title or not body:
        raise Problem("Write a title and a text.")
    if needs_expiry(kind) and expires is None:
        raise Problem("A public notice needs a day on which it expires.")
    if expires is not None and expires <= now:
        raise Problem("The day of expiry is over: choose a later one.")
    require_clean({"title": title, "text": body}, landlines=kind == Kind.NOTICE)


def _audit(actor: Actor, now: datetime, action: str, article: Article) -> None:
    audit.record(
        actor=actor,
        now=now,
        action=action,
        unit_path=article.unit.path,
        code=article.code,
        detail={"article": article.pk, "state": str(article.state)},
    )
