"""Opening the sealed answers: in memory, with the evaluator's key, straight into published figures."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localdate

from qiao.base import sealing
from qiao.base.access import Actor
from qiao.base.db import atomic
from qiao.base.deadlines import due
from qiao.base.i18n import Localized, localized
from qiao.base.ledger import log
from qiao.base.lineage import link
from qiao.base.problems import Problem
from qiao.deliver.programmes.models import Project
from qiao.deliver.programmes.queries import project_by_code
from qiao.deliver.programmes.services import close_judged
from qiao.hear.needs.services import raise_finding
from qiao.judge.evaluations.choices import Indicator, State
from qiao.judge.evaluations.models import BundleFile, Evaluation, Figure
from qiao.judge.evaluations.rules.bundle import bundle_files
from qiao.judge.evaluations.rules.instrument import INSTRUMENTS, Instrument
from qiao.judge.evaluations.rules.opened import readable
from qiao.judge.evaluations.rules.results import Results, Row, compute, is_poor
from qiao.judge.evaluations.rules.states import FEWEST_ANSWERS, RESPONSE_DAYS
from qiao.judge.evaluations.services.close import root_of
from qiao.judge.evaluations.services.steps import (
    check_independence,
    joined,
    locked,
    note,
    require_evaluator,
    share_text,
    step_to,
    tell,
)
from qiao.org.settings.queries import calendar_of, span_of


@dataclass(frozen=True, slots=True)
class Opened:
    """What the evaluator gets: the published evaluation, and the comments, which exist in this answer only."""

    evaluation: Evaluation
    results: Results
    comments: tuple[str, ...]


def open_answers(*, actor: Actor, now: datetime, code: str, private_key: str) -> Opened:
    """Open the sealed answers and publish the figures; the key and single answers are forgotten with this call.

    Everything or nothing: figures, bundle, ledger entry, the project's end, the finding of a poor result and the
    announcement are one transaction. Raises Refused for anybody but this evaluator, Problem for a wrong key, before
    the close, a second time, or where the stored answers are not those in the ledger.
    """
    with atomic():
        evaluation = locked(code)
        require_evaluator(actor, evaluation)
        step_to(evaluation, State.PUBLISHED)
        project = project_by_code(evaluation.project_code)
        check_independence(evaluation.evaluator, project, commissioner_id=evaluation.commissioned_by, now=now)
        instrument = INSTRUMENTS[evaluation.instrument]
        answers = _unsealed(evaluation, instrument, "".join(private_key.split()))
        evaluation.unreadable = (evaluation.received or 0) - len(answers)
        if len(answers) < FEWEST_ANSWERS:
            raise Problem(
                "Of the sealed answers fewer than %(least)d hold answers: so few are never told. "
                "Nothing was opened; declare the evaluation void.",
                least=FEWEST_ANSWERS,
            )
        results = compute(instrument, answers, population=evaluation.population or 0)
        comments = [str(one["comment"]) for one in answers if one["comment"]]
        secrets.SystemRandom().shuffle(comments)
        evaluation.published = now
        path, today = evaluation.unit.path, localdate(now)
        span = span_of(RESPONSE_DAYS, path=path, on=today)
        evaluation.response_due = localdate(due(now, span, calendar_of(path, today)))
        _keep(evaluation, instrument, results)
        satisfaction = results.figure(Indicator.SATISFACTION)
        if is_poor(satisfaction.estimate):
            evaluation.finding_code = _hand_back(evaluation, project, satisfaction, actor=actor, now=now)
        evaluation.save()
        log.append(
            kind="evaluation.published",
            code=evaluation.code,
            now=now,
            content={
                "answers": results.answers,
                "unreadable": evaluation.unreadable,
                "asked": evaluation.asked,
                "served": evaluation.population,
                "root": evaluation.root,
                "bundle": evaluation.bundle_hash,
                "finding": evaluation.finding_code,
                "figures": {
                    row.indicator.value: [row.estimate, row.lower, row.upper, row.base] for row in results.rows
                },
            },
        )
        note(evaluation, actor=actor, now=now, action="evaluation.publish", answers=results.answers)
        text = figure_text(satisfaction, results.answers)
        close_judged(
            actor=actor, now=now, code=evaluation.project_code, evaluation_code=evaluation.code, figure_text=text
        )
        tell(
            evaluation,
            actor=actor,
            now=now,
            title=joined(localized("评估结果：%(title)s", "Results: %(title)s"), title=evaluation.title),
            body=joined(
                localized(
                    "%(figure)s。应答 %(answers)s 人，共邀请 %(asked)s 人。",
                    "%(figure)s. %(answers)s of %(asked)s asked answered.",
                ),
                figure=text,
                answers=str(results.answers),
                asked=str(evaluation.asked),
            ),
        )
    return Opened(evaluation, results, tuple(comments))


def _unsealed(evaluation: Evaluation, instrument: Instrument, private_key: str) -> list[dict[str, object]]:
    """Those answers that hold answers, in the order of their digests.

    What a device sealed nobody could check: who sends something else than answers is in no figure, and stops nothing.
    Raises Problem for a wrong key or sealed answers that are not those under the root.
    """
    if not sealing.matches(evaluation.public_key, private_key):
        raise Problem(
            "This key does not belong to the public key of this evaluation. Nothing was opened, nothing was changed.",
            hint="Use the file you kept when you registered the key for %(code)s.",
            code=evaluation.code,
        )
    stored = [bytes(row) for row in evaluation.sealed_answers.order_by("digest").values_list("sealed", flat=True)]
    digests = [hashlib.sha256(sealed).hexdigest() for sealed in stored]
    if len(stored) != evaluation.received or root_of(digests) != evaluation.root:
        raise Problem(
            "The stored answers are not those whose root is in the ledger: somebody changed them. "
            "Nothing was opened; declare the evaluation void."
        )
    answers = []
    for sealed in stored:
        found = readable(instrument, private_key, sealed)
        if found is not None:
            answers.append(found)
    return answers


def _keep(evaluation: Evaluation, instrument: Instrument, results: Results) -> None:
    """Figures and bundle as rows that never change; the manifest's hash is the bundle's."""
    Figure.objects.bulk_create(
        [
            Figure(
                evaluation=evaluation,
                indicator=row.indicator,
                base=row.base,
                estimate=row.estimate,
                lower=row.lower,
                upper=row.upper,
            )
            for row in results.rows
        ]
    )
    terms = {
        "evaluation": evaluation.code,
        "project": evaluation.project_code,
        "title": evaluation.title,
        "unit": evaluation.unit.label,
        "served": evaluation.population,
        "asked": evaluation.asked,
        "answers": results.answers,
        "unreadable": evaluation.unreadable,
        "sealed_root": evaluation.root,
        "public_key": evaluation.public_key,
    }
    files = bundle_files(instrument, results, terms)
    BundleFile.objects.bulk_create(
        [
            BundleFile(
                evaluation=evaluation, name=name, content=content, digest=hashlib.sha256(content.encode()).hexdigest()
            )
            for name, content in files.items()
        ]
    )
    evaluation.bundle_hash = hashlib.sha256(files["manifest.json"].encode()).hexdigest()


def figure_text(satisfaction: Row, answers: int) -> Localized:
    """The one line the project's page shows."""
    if satisfaction.estimate is None or satisfaction.lower is None or satisfaction.upper is None:
        return localized(
            f"用过的人太少，满意度不公布（{answers} 份答卷）",
            f"too few users to print satisfaction ({answers} answers)",
        )
    share, low, high = (share_text(value) for value in (satisfaction.estimate, satisfaction.lower, satisfaction.upper))
    return localized(
        f"使用者满意度 {share}（{low}–{high}），{satisfaction.base} 名使用者作答",
        f"{share} of users satisfied ({low}–{high}), {satisfaction.base} users graded",
    )


def _hand_back(evaluation: Evaluation, project: Project, satisfaction: Row, *, actor: Actor, now: datetime) -> str:
    """A poor result becomes a need, published at once: its figure is the share of users who are not satisfied."""
    if satisfaction.estimate is None or satisfaction.lower is None or satisfaction.upper is None:
        return ""
    need = raise_finding(
        actor=actor,
        now=now,
        unit=evaluation.unit,
        title=joined(
            localized("“%(title)s”没有让使用者满意", "“%(title)s” did not satisfy those who used it"),
            title=project.title,
        ),
        detail=figure_text(satisfaction, evaluation.received or 0),
        share=round(1 - satisfaction.estimate, 4),
        lower=round(1 - satisfaction.upper, 4),
        upper=round(1 - satisfaction.lower, 4),
        n=satisfaction.base,
        rate=evaluation.received / evaluation.asked if evaluation.received and evaluation.asked else None,
        source_code=evaluation.code,
    )
    link(source=evaluation.code, target=need.code, now=now)
    return str(need.code)
