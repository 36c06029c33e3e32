"""What every act on an evaluation does: lock it, ask who acts, check the order, write it down, tell the public."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate, localtime

from qiao.base import audit
from qiao.base.access import Actor, Refused, require
from qiao.base.deadlines import due
from qiao.base.i18n import Localized
from qiao.base.problems import Problem
from qiao.deliver.programmes.models import Project
from qiao.judge.evaluations.choices import State
from qiao.judge.evaluations.models import Evaluation
from qiao.judge.evaluations.rules.independence import check_evaluator
from qiao.judge.evaluations.rules.states import RECHECK_MONTHS, RECHECK_WITHIN, may_follow
from qiao.judge.evaluators.services import require_seat
from qiao.org.access.models import RoleGrant
from qiao.org.membership.models import Membership
from qiao.org.people.models import Account
from qiao.org.settings.queries import calendar_of, span_of
from qiao.publish.services import announce


def locked(code: str) -> Evaluation:
    """The evaluation's row, held until the transaction ends. Raises Problem where there is none.

    The lock is the weaker one (FOR NO KEY UPDATE): an answer on its way in refers to this row and must not wait for it.
    """
    found = (
        Evaluation.objects.select_for_update(of=("self",), no_key=True)
        .select_related("unit", "evaluator", "organisation")
        .filter(code=code)
        .first()
    )
    if found is None:
        raise Problem("There is no evaluation %(code)s.", code=code)
    return found


def require_evaluator(actor: Actor, evaluation: Evaluation) -> None:
    """Raise Refused unless the actor runs evaluations for this one's evaluator (or is a job)."""
    require(actor, "evaluation.run", evaluation.unit.path)
    if evaluation.organisation_id is not None:
        require_seat(actor, evaluation.organisation_id, lead=True)
    elif not actor.system and actor.account_id != evaluation.evaluator_id:
        raise Refused("this evaluation has another evaluator")


def require_interviewer(actor: Actor, evaluation: Evaluation) -> None:
    """Raise Refused unless the actor works for this evaluation's evaluator, whatever they do there."""
    require(actor, "evaluation.run", evaluation.unit.path)
    require_seat(actor, evaluation.organisation_id, lead=False)


def check_independence(evaluator: Account, project: Project, *, commissioner_id: int | None, now: datetime) -> None:
    """Look up what `check_evaluator` judges by. Raises Problem for an evaluator who is not from outside."""
    today = localdate(now)
    roles = RoleGrant.objects.filter(Q(until__isnull=True) | Q(until__gt=today), account=evaluator)
    paths: list[str] = []
    if evaluator.person_id is not None:
        standing = Membership.objects.filter(person_id=evaluator.person_id, until__isnull=True)
        paths = list(standing.order_by("pk").values_list("unit__path", flat=True))
    check_evaluator(
        roles=set(roles.values_list("role", flat=True)),
        evaluator_id=evaluator.pk,
        evaluator_person=evaluator.person_id,
        standing_paths=paths,
        judged_path=project.unit.path,
        owner_id=project.owner_id,
        owner_person=project.owner.person_id,
        commissioner_id=commissioner_id,
    )


def step_to(evaluation: Evaluation, after: State) -> None:
    """Set the state of a locked evaluation; the caller saves it. Raises Problem where the order forbids it."""
    if not may_follow(evaluation.state, after):
        raise Problem(
            "This evaluation is “%(state)s” and cannot become “%(wanted)s”: look at its page again.",
            state=str(State(evaluation.state).label),
            wanted=str(after.label),
        )
    evaluation.state = after


def recheck_days(evaluation: Evaluation, *, now: datetime) -> tuple[date, date]:
    """From when and until when the evaluator looks again, counted from now under the rule that holds today."""
    path, today = evaluation.unit.path, localdate(now)
    calendar = calendar_of(path, today)
    begins = due(now, span_of(RECHECK_MONTHS, path=path, on=today), calendar)
    return localdate(begins), localdate(due(begins, span_of(RECHECK_WITHIN, path=path, on=today), calendar))


def set_recheck(evaluation: Evaluation, *, now: datetime) -> None:
    """Start the clock of the next recheck; the caller saves."""
    evaluation.recheck_from, evaluation.recheck_due = recheck_days(evaluation, now=now)


def note(evaluation: Evaluation, *, actor: Actor, now: datetime, action: str, **detail: object) -> None:
    """One audit row about an evaluation. Never one about an answer: rows in order of time would count them."""
    audit.record(
        actor=actor, now=now, action=action, code=evaluation.code, unit_path=evaluation.unit.path, detail=detail
    )


def tell(evaluation: Evaluation, *, actor: Actor, now: datetime, title: Localized, body: Localized) -> None:
    """Announce a step to everybody, in the same transaction."""
    announce(
        actor=actor,
        now=now,
        unit=evaluation.unit,
        code=evaluation.code,
        title=title,
        body=body,
        url=reverse("evaluations:detail", args=[evaluation.code]),
    )


def joined(template: Localized, **texts: Localized | str) -> Localized:
    """A sentence in every language of ``template`` with texts put in, each in that language or what it has."""
    result: Localized = {}
    for language, sentence in template.items():
        filled = {
            key: text if isinstance(text, str) else text.get(language) or next(iter(text.values()), "")
            for key, text in texts.items()
        }
        result[language] = sentence % filled
    return result


def day(moment: datetime) -> str:
    """The day of a moment here, as texts print it."""
    return f"{localtime(moment):%F}"


def share_text(share: float) -> str:
    """A share in whole per cent, as texts print it."""
    return f"{100 * share:.0f} %"
