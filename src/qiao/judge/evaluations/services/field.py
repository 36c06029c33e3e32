"""Going to the field: the frame is frozen, the sample drawn from it, the evaluation opened."""

from __future__ import annotations

import hashlib
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
from qiao.judge.evaluations.models import BundleFile, Evaluation, RollEntry
from qiao.judge.evaluations.rules.frame import FRAME, FrameRow, coarsened, draw, frame_csv, pseudonym_of
from qiao.judge.evaluations.rules.keys import commitment
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
from qiao.org.units.models import Unit

#: Signs that one level of the tree has in a path.
_STEP = 5


def freeze_frame(*, actor: Actor, now: datetime, code: str) -> Evaluation:
    """Freeze the frame from the register: from now on it is fixed who may be drawn. Doing it twice changes nothing.

    In it are the members of the project's unit and below, without whoever answers for the project, whoever
    commissioned the judgment, and the evaluator. It is frozen after the evaluator committed to a seed and before the
    seed is told, so neither side can fit the one to the other. Raises Refused for anybody but this evaluator (or a
    job), Problem before the day, without keys, while nobody verified the project, and where too few were served.
    """
    with atomic():
        evaluation = locked(code)
        require_evaluator(actor, evaluation)
        if evaluation.frame_frozen is not None:
            return evaluation
        if evaluation.state == State.TERMS:
            raise Problem("Register your public keys first: without them nothing can be sealed.")
        if evaluation.state != State.KEYED:
            raise Problem("There is no frame to be frozen.")
        _require_in_time(evaluation, now)
        project = project_by_code(evaluation.project_code)
        if project.state != ProjectState.VERIFIED:
            raise Problem("Nobody has verified yet that the project is done: it is judged after that.")
        check_independence(evaluation.evaluator, project, commissioner_id=evaluation.commissioned_by, now=now)
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
        RollEntry.objects.bulk_create(
            [RollEntry(evaluation=evaluation, person_id=person) for person in served], batch_size=5000
        )
        content = frame_text(evaluation)
        BundleFile.objects.create(
            evaluation=evaluation, name=FRAME, content=content, digest=hashlib.sha256(content.encode()).hexdigest()
        )
        evaluation.frame_frozen, evaluation.population = now, len(served)
        evaluation.frame_hash = hashlib.sha256(content.encode()).hexdigest()
        evaluation.save(update_fields=["frame_frozen", "population", "frame_hash"])
        log.append(
            kind="evaluation.frame",
            code=evaluation.code,
            now=now,
            content={"served": len(served), "frame": evaluation.frame_hash, "seed_hash": evaluation.seed_hash},
        )
        note(evaluation, actor=actor, now=now, action="evaluation.freeze")
    return evaluation


def frame_text(evaluation: Evaluation) -> str:
    """The blinded frame as a file: pseudonyms and coarse marks of everybody on the roll."""
    people = set(evaluation.roll.values_list("person_id", flat=True))
    path, short = evaluation.unit.path, len(evaluation.unit.path) + _STEP
    rows = [row for row in roster(path) if row.person_id in people]
    labels = dict(Unit.objects.filter(path__in={row.unit_path[:short] for row in rows}).values_list("path", "label"))
    return frame_csv(
        coarsened(
            [
                FrameRow(
                    pseudonym_of(evaluation.code, row.person_id), labels[row.unit_path[:short]], str(row.employment)
                )
                for row in rows
            ]
        )
    )


def open_evaluation(*, actor: Actor, now: datetime, code: str, seed: str, site: str = "") -> Evaluation:
    """Draw from the frozen frame with the seed committed before, and let those drawn judge. Twice changes nothing.

    With a ``site`` (such as ``https://union.example``) single-use links are mailed to those who have an account. Who
    is drawn stands on the roll, which no page shows. Raises Refused for anybody but this evaluator (or a job), Problem
    before the day, without a frozen frame, for another seed.
    """
    with atomic():
        evaluation = locked(code)
        require_evaluator(actor, evaluation)
        if evaluation.state == State.OPEN:
            return evaluation
        if evaluation.state == State.KEYED and evaluation.frame_frozen is None:
            raise Problem("Freeze the frame first: the sample is drawn from it.")
        _require_in_time(evaluation, now)
        project = project_by_code(evaluation.project_code)
        check_independence(evaluation.evaluator, project, commissioner_id=evaluation.commissioned_by, now=now)
        step_to(evaluation, State.OPEN)
        seed = seed.strip()
        if commitment(seed) != evaluation.seed_hash:
            raise Problem(
                "This is not the seed you committed to: its hash is another.",
                hint="It is the line in the file that ends in .seed.",
            )
        people = {pseudonym_of(code, person): person for person in evaluation.roll.values_list("person_id", flat=True)}
        asked = draw(people, evaluation.sample_size, seed)
        evaluation.roll.exclude(person_id__in=asked).delete()
        evaluation.opened, evaluation.seed, evaluation.asked = now, seed, len(asked)
        evaluation.save(update_fields=["state", "opened", "seed", "asked"])
        make_issuer(evaluation, now=now)
        log.append(
            kind="evaluation.opened",
            code=evaluation.code,
            now=now,
            content={
                "served": evaluation.population,
                "asked": len(asked),
                "seed": seed,
                "frame": evaluation.frame_hash,
                "public_key": evaluation.public_key,
            },
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


def _require_in_time(evaluation: Evaluation, now: datetime) -> None:
    if not evaluation.opens <= now < evaluation.closes:
        raise Problem(
            "The terms fix %(opens)s to %(closes)s: it can be opened in that time only.",
            opens=day(evaluation.opens),
            closes=day(evaluation.closes),
        )
