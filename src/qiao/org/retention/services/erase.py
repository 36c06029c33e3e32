"""Erasing what is due, batch by batch, each batch with its part of the proof in one transaction."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.ledger import log
from qiao.org.retention.models import LastRun, Proof
from qiao.org.retention.queries import cutoff_of, held, rule_text
from qiao.org.retention.rules import Rule, all_rules, rule_by_key

#: Records erased in one transaction, and transactions of one run: the rest waits for the next night.
BATCH, BATCHES = 500, 400
_LOG = logging.getLogger(__name__)
#: What a chain of digests begins with: SHA-256 of nothing.
EMPTY = hashlib.sha256().hexdigest()


def run_rules(*, actor: Actor, now: datetime) -> int:
    """Erase what is due in every class; how many records that was. A class that fails does not stop the others."""
    number = 0
    for rule in all_rules():
        try:
            number += run_rule(actor=actor, now=now, key=rule.key)
        except Exception:
            # The eraser belongs to another app: whatever it raises is logged and shown on the page of retention.
            _LOG.exception("retention of %s failed", rule.key)
            with atomic():
                LastRun.objects.update_or_create(object_class=rule.key, defaults={"at": now, "failed": True})
    return number


def run_rule(*, actor: Actor, now: datetime, key: str, batch: int = BATCH, batches: int = BATCHES) -> int:
    """Erase what is due in one class and prove it; how many records were erased.

    Each batch is one transaction with its part of the proof, so that a run killed at any moment leaves nothing erased
    without proof; the next one takes the proof up. Two runs at once come one after the other. Nothing due: no proof.
    Raises Refused for anybody but the system and those who may hold records back.
    """
    require(actor, "retention.hold")
    rule = rule_by_key(key)
    number = 0
    for _ in range(batches):
        erased = _erase_batch(rule, now, batch)
        number += erased
        if not erased:
            break
    with atomic():
        _finish(actor, rule, now)
        LastRun.objects.update_or_create(object_class=key, defaults={"at": now, "failed": False})
    return number


def _erase_batch(rule: Rule, now: datetime, batch: int) -> int:
    with atomic():
        # The row of the class is the lock: whoever comes second waits and finds the rest.
        LastRun.objects.get_or_create(object_class=rule.key, defaults={"at": now})
        LastRun.objects.select_for_update().get(object_class=rule.key)
        cutoff = cutoff_of(rule, now)
        erased = rule.eraser(cutoff, batch, held(rule.key, now))
        if not erased.keys:
            return 0
        proof, _made = Proof.objects.get_or_create(
            object_class=rule.key,
            finished__isnull=True,
            defaults={"rule": rule_text(rule, now), "cutoff": cutoff, "digest": EMPTY, "started": now},
        )
        proof.number += len(erased.keys)
        proof.digest = chained(proof.digest, erased.keys)
        proof.save(update_fields=["number", "digest"])
    return len(erased.keys)


def chained(digest: str, keys: tuple[str, ...]) -> str:
    """The digest after a batch: SHA-256 over the digest before it and the keys, one a line."""
    return hashlib.sha256("\n".join([digest, *keys]).encode()).hexdigest()


def _finish(actor: Actor, rule: Rule, now: datetime) -> None:
    proof = Proof.objects.select_for_update().filter(object_class=rule.key, finished__isnull=True).first()
    if proof is None:
        return
    content = {"class": rule.key, "rule": proof.rule, "cutoff": proof.cutoff.isoformat(), "number": proof.number,
               "digest": proof.digest}  # fmt: skip
    proof.ledger_index = log.append(kind="retention.erased", code=f"RP-{proof.pk}", content=content, now=now)
    proof.finished = now
    proof.save(update_fields=["ledger_index", "finished"])
    audit.record(actor=actor, now=now, action="retention.erase", code=f"RP-{proof.pk}", detail=content)
