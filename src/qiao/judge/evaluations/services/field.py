"""Opening an evaluation: the roll of those asked is drawn and fixed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.base.i18n import localized
from qiao.base.jobs import defer
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.deliver.programmes.choices import State as ProjectState
from qiao.deliver.programmes.queries import project_by_code
from qiao.judge.evaluations.choices import State
from qiao.judge.evaluations.models import Evaluation, RollEntry
from qiao.judge.evaluations.rules.states import FEWEST_ANSWERS
from qiao.judge.evaluations.services.credential import make_issuer
from qiao.judge.evaluations.services.steps import (
    check_independence,
    day,
    joined,
    locked,
    note,
    require_evaluator,
    step_to,
    tell,
)
from qiao.org.membership.queries import roster
from qiao.org.people.models import Account


def open_evaluation(*, actor: Actor, now: datetime, code: str, site: str = "") -> Evaluation:
    """Draw the roll and let those on it judge. Doing it twice changes nothing.

    With a ``site`` (such as ``https://union.example``) single-use links are mailed to those who have an account.

    On the roll stand the members of the project's unit and below, without whoever answers for the project, whoever
    commissioned the judgment, and the evaluator. Raises Refused for anybody but this evaluator (or a job), Problem
    before the day, without a key, while nobody verified the project, and where too few were served.
    """
    with atomic():
        evaluation = locked(code)
        require_evaluator(actor, evaluation)
        if evaluation.state == State.OPEN:
            return evaluation
        if evaluation.state == State.TERMS:
            raise Problem("Register your public keys first: without them nothing can be sealed.")
        if not evaluation.opens <= now < evaluation.closes:
            raise Problem(
                "The terms fix %(opens)s to %(closes)s: it can be opened in that time only.",
                opens=day(evaluation.opens),
                closes=day(evaluation.closes),
            )
        project = project_by_code(evaluation.project_code)
        if project.state != ProjectState.VERIFIED:
            raise Problem("Nobody has verified yet that the project is done: it is judged after that.")
        check_independence(evaluation.evaluator, project, commissioner_id=evaluation.commissioned_by, now=now)
        step_to(evaluation, State.OPEN)
        involved = Account.objects.filter(
            pk__in=[project.owner_id, evaluation.evaluator_id, evaluation.commissioned_by or 0], person__isnull=False
        ).values_list("person_id", flat=True)
        left_out = set(involved)
        served = [row.person_id for row in roster(evaluation.unit.path) if row.person_id not in left_out]
        if len(served) < FEWEST_ANSWERS:
            raise Problem(
                "Only %(served)d members were served: fewer than %(least)d answers are never opened.",
                hint="Let the project be judged together with another, or by the unit above.",
                served=len(served),
                least=FEWEST_ANSWERS,
            )
        seed = hashlib.sha256(f"{evaluation.terms_hash}\n{evaluation.public_key}".encode()).hexdigest()
        asked = draw(served, evaluation.sample_size, seed)
        RollEntry.objects.bulk_create(
            [RollEntry(evaluation=evaluation, person_id=person) for person in asked], batch_size=5000
        )
        evaluation.opened, evaluation.population, evaluation.asked = now, len(served), len(asked)
        evaluation.save(update_fields=["state", "opened", "population", "asked"])
        make_issuer(evaluation, now=now)
        log.append(
            kind="evaluation.opened",
            code=evaluation.code,
            now=now,
            content={"served": len(served), "asked": len(asked), "seed": seed, "public_key": evaluation.public_key},
        )
        note(evaluation, actor=actor, now=now, action="evaluation.open")
        if site:
            defer("evaluations.invite", evaluation_id=evaluation.pk, address=site)
        tell(
            evaluation,
            actor=actor,
            now=now,
            title=joined(localized("开始评价：%(title)s", "Open for judging: %(title)s"), title=evaluation.title),
            body=joined(
                localized(
                    "由第三方向%(unit)s的 %(asked)s 名会员征集评价，%(closes)s 截止。工会看不到任何一份答卷。",
                    "A third party asks %(asked)s members of %(unit)s until %(closes)s. The union sees no answer.",
                ),
                unit=evaluation.unit.name,
                asked=str(len(asked)),
                closes=day(evaluation.closes),
            ),
        )
    return evaluation


def draw(served: Sequence[int], size: int | None, seed: str) -> list[int]:
    """A simple random sample: those whose SHA-256 of seed and number is lowest, in that order.

    The seed mixes the terms (from the union) with the public key (from the evaluator): neither alone can steer it.
    """
    ranked = sorted(served, key=lambda person: hashlib.sha256(f"{seed}\n{person}".encode()).digest())
    return ranked if size is None else ranked[:size]
