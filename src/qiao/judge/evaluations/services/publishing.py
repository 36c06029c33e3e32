"""Publishing a result: the evaluator opened the answers elsewhere, signed what came of it, and brings the bundle here.

No private key ever comes here, and no single answer: what is opened is opened on the evaluator's own machine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from django.utils.timezone import localdate

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
from qiao.judge.evaluations.rules.checking import ResultBundle, require_sound
from qiao.judge.evaluations.rules.results import Row, is_poor
from qiao.judge.evaluations.rules.states import FEWEST_ANSWERS, RESPONSE_DAYS
from qiao.judge.evaluations.services.close import root_of
from qiao.judge.evaluations.services.steps import (
    check_independence,
    joined,
    locked,
    note,
    require_evaluator,
    set_recheck,
    share_text,
    step_to,
    tell,
)
from qiao.org.settings.queries import calendar_of, span_of


def hand_out(*, actor: Actor, now: datetime, code: str) -> Evaluation:
    """Note, publicly, that the sealed answers are handed to the evaluator. Doing it twice changes nothing.

    Whoever has them can open them: an evaluation that is declared void afterwards says so, and the next one of the
    project is run by somebody else. Raises Refused for anybody but this evaluator, Problem before the close.
    """
    with atomic():
        evaluation = locked(code)
        require_evaluator(actor, evaluation)
        if evaluation.handed_out is not None:
            return evaluation
        if evaluation.state != State.SEALED:
            raise Problem("The sealed answers are handed out after the close.")
        evaluation.handed_out = now
        evaluation.save(update_fields=["handed_out"])
        log.append(
            kind="evaluation.handed_out", code=code, content={"answers": evaluation.received, "root": evaluation.root},
            now=now,
        )  # fmt: skip
        note(evaluation, actor=actor, now=now, action="evaluation.hand_out")
    return evaluation


def publish_result(*, actor: Actor, now: datetime, code: str, files: Mapping[str, str]) -> Evaluation:
    """Publish the evaluator's signed result, after it was checked; it waits for nobody.

    Checked are the signature, that every sealed answer here is in the bundle and no other, the terms, the figures
    against the table and what is hidden in it. Everything or nothing: figures, bundle, ledger entry, the project's end,
    the finding of a poor result and the announcement are one transaction. Raises Refused for anybody but this
    evaluator, Problem for a bundle that does not hold, before the close, a second time.
    """
    bundle = ResultBundle(files)
    with atomic():
        evaluation = locked(code)
        require_evaluator(actor, evaluation)
        step_to(evaluation, State.PUBLISHED)
        project = project_by_code(evaluation.project_code)
        check_independence(evaluation.evaluator, project, commissioner_id=evaluation.commissioned_by, now=now)
        if set(files) != bundle.names or bundle.has_contacts != bool(evaluation.contacts_planned):
            raise Problem("This is no result of an evaluation: upload the file that “qiao judge open” wrote.")
        require_sound(bundle)
        _require_ours(evaluation, bundle)
        answers = int(bundle.manifest["answers"])
        evaluation.unreadable = int(bundle.manifest["unreadable"])
        evaluation.published = now
        path, today = evaluation.unit.path, localdate(now)
        span = span_of(RESPONSE_DAYS, path=path, on=today)
        evaluation.response_due = localdate(due(now, span, calendar_of(path, today)))
        set_recheck(evaluation, now=now)
        _keep(evaluation, bundle)
        rows = {row.indicator: row for row in bundle.rows}
        satisfaction = rows[Indicator.SATISFACTION]
        if is_poor(satisfaction.estimate):
            evaluation.finding_code = _hand_back(evaluation, project, satisfaction, actor=actor, now=now)
        evaluation.save()
        log.append(
            kind="evaluation.published",
            code=evaluation.code,
            now=now,
            content={
                "answers": answers,
                "unreadable": evaluation.unreadable,
                "asked": evaluation.asked,
                "served": evaluation.population,
                "root": evaluation.root,
                "bundle": evaluation.bundle_hash,
                "finding": evaluation.finding_code,
                "figures": {
                    row.indicator.value: [row.estimate, row.lower, row.upper, row.base] for row in rows.values()
                },
            },
        )
        note(evaluation, actor=actor, now=now, action="evaluation.publish", answers=answers)
        text = figure_text(satisfaction, answers)
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
                answers=str(answers),
                asked=str(evaluation.asked),
            ),
        )
    return evaluation


def _require_ours(evaluation: Evaluation, bundle: ResultBundle) -> None:
    """Raise Problem unless the bundle is the result of this evaluation, of all its sealed answers and no others."""
    stored = [bytes(row) for row in evaluation.sealed_answers.order_by("digest").values_list("sealed", flat=True)]
    digests = sorted(hashlib.sha256(sealed).hexdigest() for sealed in stored)
    if len(stored) != evaluation.received or root_of(digests) != evaluation.root:
        raise Problem(
            "The stored answers are not those whose root is in the ledger: somebody changed them. "
            "Nothing was published; declare the evaluation void."
        )
    if bundle.digests != digests:
        raise Problem("The sealed answers of this bundle are not those of this evaluation.")
    if evaluation.contacts_planned:
        told = bundle.manifest["contacts"]
        kept = sorted(
            hashlib.sha256(bytes(one)).hexdigest()
            for one in evaluation.sealed_contacts.values_list("sealed", flat=True)
        )
        if (told["sheet"], told["root"]) != (evaluation.contact_sheet, evaluation.contacts_root) or (
            root_of(kept) != evaluation.contacts_root
        ):
            raise Problem("The mystery contacts of this bundle are not those of this evaluation.")
    for name, value in terms_of(evaluation).items():
        if bundle.manifest.get(name) != value:
            raise Problem("The bundle says something else of “%(name)s” than the terms do.", name=name)
    if bundle.manifest["answers"] < FEWEST_ANSWERS:
        raise Problem(
            "Of the sealed answers fewer than %(least)d hold answers: so few are never told. "
            "Declare the evaluation void.",
            least=FEWEST_ANSWERS,
        )


def terms_of(evaluation: Evaluation) -> dict[str, object]:
    """What head and manifest say of the evaluation."""
    opened = {"names": evaluation.names, "weights": evaluation.weights} if evaluation.names else {}
    return {
        **opened,
        "evaluation": evaluation.code,
        "project": evaluation.project_code,
        "title": evaluation.title,
        "unit": evaluation.unit.label,
        "instrument": evaluation.instrument,
        "served": evaluation.population,
        "asked": evaluation.asked,
        "sealed_root": evaluation.root,
        "public_key": evaluation.public_key,
        "signing_key": evaluation.signing_key,
    }


def _keep(evaluation: Evaluation, bundle: ResultBundle) -> None:
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
            for row in bundle.rows
        ]
    )
    BundleFile.objects.bulk_create(
        [
            BundleFile(
                evaluation=evaluation, name=name, content=content, digest=hashlib.sha256(content.encode()).hexdigest()
            )
            for name, content in bundle.files.items()
        ]
    )
    evaluation.bundle_hash = bundle.hash


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
