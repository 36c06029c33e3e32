"""Where one member stands towards an evaluation: asked or not, a credential given out or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.judge.evaluations.choices import State
from qiao.judge.evaluations.models import Evaluation, RollEntry
from qiao.judge.evaluations.rules.codes import code_hash
from qiao.org.people.rules import OwnGroup, OwnLine


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the evaluation takes answers now, whether this person is asked and a credential was given out for them.

    ``device`` is a mark of this person for this evaluation, by which their own device finds again what it keeps.
    """

    open: bool
    asked: bool
    issued: bool
    device: str = ""


def standing_of(actor: Actor, evaluation: Evaluation, now: datetime) -> Standing:
    """Of the signed-in member."""
    entry = None
    if actor.person_id is not None:
        entry = RollEntry.objects.filter(evaluation=evaluation, person_id=actor.person_id).first()
    return _standing(entry, evaluation, now)


def standing_by_code(secret_code: str, evaluation: Evaluation, now: datetime) -> Standing:
    """Of whoever holds this single-use code."""
    entry = RollEntry.objects.filter(evaluation=evaluation, code_hash=code_hash(secret_code)).first()
    return _standing(entry, evaluation, now)


def _standing(entry: RollEntry | None, evaluation: Evaluation, now: datetime) -> Standing:
    is_open = evaluation.state == State.OPEN and now < evaluation.closes
    if entry is None:
        return Standing(is_open, asked=False, issued=False)
    mark = salted_hmac("qiao.evaluations.device", f"{evaluation.code}:{entry.person_id}", algorithm="sha256")
    return Standing(is_open, asked=True, issued=entry.issued, device=mark.hexdigest()[:16])


def own_groups(person_id: int) -> list[OwnGroup]:
    """Evaluations to which the person was asked, and whether they took a credential; the answer stands nowhere."""
    # Before the draw the roll is the frame: nobody is asked yet.
    drawn = RollEntry.objects.filter(person_id=person_id, evaluation__opened__isnull=False)
    rows = drawn.select_related("evaluation").order_by("-evaluation_id")
    lines = tuple(
        OwnLine(
            f"{row.evaluation.code} · {pick(row.evaluation.title)}",
            _("asked; credential given out") if row.issued else _("asked"),
        )
        for row in rows
    )
    return [
        OwnGroup(
            "evaluations", _("What I was asked to judge"), lines,
            _("To ask each once. My answer is sealed and nobody knows it is mine. Erased with the publication."),
        )
    ]  # fmt: skip
