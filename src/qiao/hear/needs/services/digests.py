"""The digest of a period: gathered from all sources, checked by a second analyst, published, public and full."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime

from django.urls import reverse
from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, require, require_other
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.i18n import Localized, localized
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.hear.needs.choices import DigestState
from qiao.hear.needs.models import Digest
from qiao.hear.needs.queries.digests import period_due, public_lines
from qiao.hear.needs.rules.sources import all_sources, kept
from qiao.org.units.models import Unit
from qiao.publish.services import announce


def draft_digest(
    *, actor: Actor, now: datetime, unit: Unit, since: date | None = None, until: date | None = None
) -> Digest:
    """Gather what a period brought: without days the last period of the unit that is over.

    The digest of the same unit and days is returned as it stands. Raises Refused without ``need.publish`` there,
    Problem for days in the wrong order or to come, or where no source says anything.
    """
    require(actor, "need.publish", unit.path)
    if since is None or until is None:
        since, until = period_due(unit.path, localdate(now))
    if until <= since or until > localdate(now):
        raise Problem("A digest is made of days that are over, from an earlier to a later one.")
    with atomic():
        Unit.objects.select_for_update().get(pk=unit.pk)
        before = Digest.objects.filter(unit=unit, since=since, until=until).first()
        if before is not None:
            return before
        lines = [
            line
            for source in all_sources()
            for line in kept(source.key, source.collect(path=unit.path, since=since, until=until))
        ]
        if not lines:
            raise Problem("No source says anything of these days: publish needs or work out topics first.")
        made = Digest.objects.create(
            code=next_code("ND"), unit=unit, since=since, until=until, lines=lines, drafted=now,
            drafted_by=actor.account_id,
        )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="digest.draft", code=made.code, unit_path=unit.path,
            detail={"lines": len(lines), "hidden": sum(line["hidden"] for line in lines)},
        )  # fmt: skip
    return made


def word_digest(
    *, actor: Actor, now: datetime, code: str, words: Localized, left_out: Mapping[str, str] | None = None
) -> Digest:
    """Write what the period showed, and leave lines out with a reason. A checked digest has to be checked again.

    Raises Refused, Problem for a published digest, a key of no line or a missing reason, Problems for personal data.
    """
    require_clean({"text": words})
    reasons = {key: reason.strip() for key, reason in (left_out or {}).items()}
    require_clean({"reason": {"": "\n".join(reasons.values())}})
    with atomic():
        digest = _locked(actor, code)
        if digest.state == DigestState.PUBLISHED:
            raise Problem("A published digest keeps its words.")
        known = {line["key"] for line in digest.lines}
        if not set(reasons) <= known:
            raise Problem("One of the lines left out is not in this digest.")
        if not all(reasons.values()):
            raise Problem("Say of each line why it is left out.")
        digest.words, digest.left_out, digest.state = words, reasons, DigestState.DRAFTED
        # Who worded it last is who may not check it.
        digest.drafted_by, digest.checked, digest.checked_by = actor.account_id, None, None
        digest.save(update_fields=["words", "left_out", "state", "drafted_by", "checked", "checked_by"])
        audit.record(
            actor=actor, now=now, action="digest.word", code=code, unit_path=digest.unit.path,
            detail={"left_out": len(reasons)},
        )  # fmt: skip
    return digest


def check_digest(*, actor: Actor, now: datetime, code: str) -> Digest:
    """Confirm, as a second analyst, that its cells may be shown. Twice is harmless.

    Raises Refused, Problem for who drafted or worded it.
    """
    with atomic():
        digest = _locked(actor, code)
        if digest.state != DigestState.DRAFTED:
            return digest
        require_other(actor, digest.drafted_by)
        digest.state, digest.checked, digest.checked_by = DigestState.CHECKED, now, actor.account_id
        digest.save(update_fields=["state", "checked", "checked_by"])
        audit.record(actor=actor, now=now, action="digest.check", code=code, unit_path=digest.unit.path)
    return digest


def publish_digest(*, actor: Actor, now: datetime, code: str) -> Digest:
    """Publish a checked digest: its public lines are hashed into the ledger and announced. Twice is harmless.

    Raises Refused, Problem before it was checked.
    """
    with atomic():
        digest = _locked(actor, code)
        if digest.state == DigestState.PUBLISHED:
            return digest
        if digest.state != DigestState.CHECKED:
            raise Problem("A second analyst has to check the cells first: then the digest can be published.")
        digest.state, digest.published, digest.published_by = DigestState.PUBLISHED, now, actor.account_id
        digest.content_hash = content_hash(digest)
        digest.save(update_fields=["state", "published", "published_by", "content_hash"])
        log.append(
            kind="digest.published", code=code, now=now,
            content={
                "unit": digest.unit.label, "since": digest.since.isoformat(), "until": digest.until.isoformat(),
                "lines": len(public_lines(digest)), "sha256": digest.content_hash,
            },
        )  # fmt: skip
        audit.record(actor=actor, now=now, action="digest.publish", code=code, unit_path=digest.unit.path)
        announce(
            actor=actor, now=now, unit=digest.unit, code=code, url=reverse("needs:digest", args=[code]),
            title=localized(
                f"需求研判 {digest.since:%Y-%m-%d} — {digest.until:%Y-%m-%d}",
                f"Digest of needs {digest.since:%Y-%m-%d} – {digest.until:%Y-%m-%d}",
            ),
            body=digest.words
            or localized("本期各来源反映的需求，附数据与把握程度。", "What all sources brought, and how sure it is."),
        )  # fmt: skip
    return digest


def content_hash(digest: Digest) -> str:
    """SHA-256 (hex) of the public lines and words as canonical JSON."""
    content = {"words": digest.words, "lines": public_lines(digest), "left_out": digest.left_out}
    return hashlib.sha256(
        json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def _locked(actor: Actor, code: str) -> Digest:
    digest = Digest.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
    require(actor, "need.publish", digest.unit.path)
    return digest
