"""Single-use codes: made only when they leave the house, kept as keyed hashes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from qiao.base.access import Actor, Refused, require
from qiao.base.codes import new_secret_code
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.problems import Problem
from qiao.deliver.programmes.queries import project_by_code
from qiao.judge.evaluations.choices import State
from qiao.judge.evaluations.models import Evaluation, RollEntry
from qiao.judge.evaluations.rules.codes import code_hash
from qiao.judge.evaluations.rules.frame import pseudonym_of
from qiao.judge.evaluations.services.steps import locked, note, require_evaluator
from qiao.org.membership.queries import active_members


@dataclass(frozen=True, slots=True)
class Invitation:
    """What one mail needs. It exists in the memory of the job that sends it."""

    email: str
    language: str
    secret_code: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One line of the code sheet: for the evaluator, who knows no name."""

    pseudonym: str
    secret_code: str


@dataclass(frozen=True, slots=True)
class AddressRow:
    """One line of the list of letters: for the drawer, who knows no code."""

    pseudonym: str
    unit: Localized
    name: str


def make_invitations(*, actor: Actor, now: datetime, evaluation_id: int, most: int = 200) -> list[Invitation]:
    """Codes for the next members on the roll whose account has a mail address: each is returned once, to be mailed.

    An empty list means that everybody is invited. Raises Refused for anybody but a job or this evaluator.
    """
    code = Evaluation.objects.values_list("code", flat=True).get(pk=evaluation_id)
    with atomic():
        evaluation = locked(code)
        require_evaluator(actor, evaluation)
        if evaluation.state != State.OPEN or now >= evaluation.closes:
            return []
        waiting = list(
            evaluation.roll.select_for_update(of=("self",))
            .select_related("person__account")
            .filter(invited=False, issued=False, code_hash__isnull=True, person__account__is_active=True)
            .exclude(person__account__email="")
            .order_by("pk")[:most]
        )
        invitations = []
        for entry in waiting:
            secret = new_secret_code()
            entry.code_hash, entry.invited = code_hash(secret), True
            invitations.append(Invitation(entry.person.account.email, entry.person.language, secret))
        RollEntry.objects.bulk_update(waiting, ["code_hash", "invited"])
        if invitations:
            note(evaluation, actor=actor, now=now, action="evaluation.invite")
    return invitations


def make_code_sheet(*, actor: Actor, now: datetime, code: str) -> list[SheetRow]:
    """Codes for everybody who was not sent one by mail, to be printed; made once.

    Raises Refused for anybody but this evaluator, Problem the second time or while the evaluation is not open.
    """
    with atomic():
        evaluation = locked(code)
        require_evaluator(actor, evaluation)
        if evaluation.state != State.OPEN:
            raise Problem("Codes are made while the evaluation is open.")
        if evaluation.sheet_made is not None:
            raise Problem("The code sheet was made already and is not kept: codes exist on it alone.")
        waiting = list(
            evaluation.roll.select_for_update(of=("self",))
            .filter(issued=False, code_hash__isnull=True, person__account__isnull=True)
            .order_by("pk")
        )
        rows = []
        for entry in waiting:
            secret = new_secret_code()
            entry.code_hash = code_hash(secret)
            rows.append(SheetRow(pseudonym_of(code, entry.person_id), secret))
        RollEntry.objects.bulk_update(waiting, ["code_hash"], batch_size=2000)
        evaluation.sheet_made = now
        evaluation.save(update_fields=["sheet_made"])
        note(evaluation, actor=actor, now=now, action="evaluation.code_sheet")
    return sorted(rows, key=lambda row: row.pseudonym)


def list_addresses(*, actor: Actor, now: datetime, code: str) -> list[AddressRow]:
    """Whose letter carries which pseudonym, for the sample drawer, who hands them out and sees no code.

    Raises Refused without ``round.draw`` at the judged unit, for whoever is judged or commissioned the judgment, and
    Problem before the code sheet was made or after the close.
    """
    with atomic():
        evaluation = locked(code)
        require(actor, "round.draw", evaluation.unit.path)
        project = project_by_code(evaluation.project_code)
        if actor.did(project.owner_id, evaluation.commissioned_by):
            raise Refused("whoever is judged or commissioned the judgment hands out no letters")
        if evaluation.state != State.OPEN or evaluation.sheet_made is None:
            raise Problem("The list is there once the evaluator has made the code sheet, and until the close.")
        units = _units(evaluation)
        waiting = evaluation.roll.select_related("person").filter(invited=False, code_hash__isnull=False)
        rows = [
            AddressRow(pseudonym_of(code, entry.person_id), units.get(entry.person_id, {}), entry.person.name)
            for entry in waiting.order_by("pk")
        ]
        note(evaluation, actor=actor, now=now, action="evaluation.names")
    return sorted(rows, key=lambda row: (row.unit.get("zh-hans", ""), row.name))


def _units(evaluation: Evaluation) -> dict[int, Localized]:
    """The workplace of everybody on the roll."""
    rows = active_members(evaluation.unit.path).order_by("pk").values_list("person_id", "unit__name")
    return dict(rows)
