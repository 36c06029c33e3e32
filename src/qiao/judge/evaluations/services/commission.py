"""Fixing the terms of an evaluation."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from django.db.models import Q
from django.utils.timezone import localdate

from qiao.base.access import Actor, require
from qiao.base.codes import next_code
from qiao.base.days import require_plausible
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.ledger import log
from qiao.base.ledger.text import canonical
from qiao.base.lineage import link
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.deliver.programmes.choices import State as ProjectState
from qiao.deliver.programmes.models import Project
from qiao.deliver.programmes.queries import project_by_code
from qiao.judge.evaluations.choices import State
from qiao.judge.evaluations.models import Evaluation
from qiao.judge.evaluations.queries import instrument_for
from qiao.judge.evaluations.rules.coding import checked_names
from qiao.judge.evaluations.rules.composite import weights_from
from qiao.judge.evaluations.rules.contacts import FEWEST_CONTACTS, SERVICE_CONTACT_1
from qiao.judge.evaluations.rules.states import COMPOSITE_WEIGHTS, FEWEST_ANSWERS
from qiao.judge.evaluations.services.steps import check_independence, note
from qiao.judge.evaluators.queries import seat_of
from qiao.org.people.models import Account
from qiao.org.settings.queries import value_of

#: A project is judged once it is said to be done; the round opens only after somebody verified it.
JUDGEABLE = (ProjectState.DONE_CLAIMED, ProjectState.VERIFIED)


def commission_evaluation(
    *,
    actor: Actor,
    now: datetime,
    project_code: str,
    title: Localized,
    evaluator: Account,
    opens: datetime,
    closes: datetime,
    sample_size: int | None = None,
    names: Sequence[str] = (),
    contacts: int = 0,
) -> Evaluation:
    """Fix who judges which project, whom is asked, with which questions and until when. All of it goes to the ledger.

    ``sample_size`` None asks every member the project serves. ``names`` are those that count as naming the service in
    the open question; without any, those of the project. ``contacts`` is how many mystery contacts the evaluator makes
    beside it; none or at least `FEWEST_CONTACTS`. Scale and weights are those in force today.

    Raises Refused without ``evaluation.commission`` at the project's unit; Problem for a project that is
    not done, dates out of order, an evaluator who is not from outside, a second evaluation of the same project.
    """
    try:
        project = project_by_code(project_code)
    except Project.DoesNotExist:
        raise Problem("There is no project %(code)s.", code=project_code) from None
    require(actor, "evaluation.commission", project.unit.path)
    if project.state not in JUDGEABLE:
        raise Problem("This project is not done: it is judged once it is claimed as done or verified.")
    if not title:
        raise Problem("The evaluation needs a title: those asked read it first.")
    require_clean({"title": title})
    require_plausible(opens, closes)
    if closes <= opens or closes <= now:
        raise Problem("The end lies before the beginning or in the past: choose later days.")
    if sample_size is not None and sample_size < FEWEST_ANSWERS:
        raise Problem("A sample has at least %(least)d members.", least=FEWEST_ANSWERS)
    if contacts and contacts < FEWEST_CONTACTS:
        raise Problem(
            "Fewer than %(least)d mystery contacts are not published: plan more, or none.", least=FEWEST_CONTACTS
        )
    check_independence(evaluator, project, commissioner_id=actor.account_id, now=now)
    seat = seat_of(evaluator.pk)
    if seat is None or not seat.is_lead or not project.unit.path.startswith(seat.organisation.unit.path):
        raise Problem("Whoever judges runs the evaluations of an organisation that is admitted here.")
    organisation = seat.organisation
    if organisation.reg_code == project.provider_code:
        raise Problem("This organisation carries the project out: whoever is judged does not judge.")
    path, today = project.unit.path, localdate(now)
    instrument = instrument_for(path, today)
    weights = weights_from({key: value_of(one, path=path, on=today) for key, one in COMPOSITE_WEIGHTS.items()})
    counted = checked_names(names or project.title.values())
    require_clean({"names": " ".join(counted)})
    terms = {
        "project": project.code,
        "unit": project.unit.label,
        "evaluator": {"code": organisation.code, "name": organisation.name, "reg_code": organisation.reg_code},
        "title": title,
        "opens": opens.isoformat(),
        "closes": closes.isoformat(),
        "asked": "all" if sample_size is None else sample_size,
        "questions": asdict(instrument),
        "questions_hash": instrument.digest,
        "names": counted,
        "weights": weights,
    }
    sheet = SERVICE_CONTACT_1
    if contacts:
        terms["contacts"] = {"planned": contacts, "sheet": asdict(sheet), "sheet_hash": sheet.digest}
    with atomic():
        # The project's row is held, so that two officers at once cannot commission two evaluations.
        Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        if Evaluation.objects.filter(project_code=project.code).exclude(state=State.VOID).exists():
            raise Problem("This project has an evaluation already: open that one.")
        before = Evaluation.objects.filter(project_code=project.code, handed_out__isnull=False)
        if before.filter(Q(evaluator=evaluator) | Q(organisation=organisation)).exists():
            raise Problem(
                "This evaluator had the sealed answers of an evaluation of this project that was then declared void: "
                "choose somebody else."
            )
        evaluation = Evaluation.objects.create(
            code=next_code("E"),
            unit=project.unit,
            project_code=project.code,
            title=title,
            evaluator=evaluator,
            organisation=organisation,
            commissioned_by=actor.account_id,
            sample_size=sample_size,
            instrument=instrument.version,
            names=counted,
            weights=weights,
            contacts_planned=contacts,
            contact_sheet=sheet.version if contacts else "",
            opens=opens,
            closes=closes,
            terms_hash=hashlib.sha256(canonical(terms).encode()).hexdigest(),
        )
        log.append(kind="evaluation.terms", code=evaluation.code, content=terms, now=now)
        link(source=project.code, target=evaluation.code, now=now)
        note(evaluation, actor=actor, now=now, action="evaluation.commission", evaluator=evaluator.pk)
    return evaluation
