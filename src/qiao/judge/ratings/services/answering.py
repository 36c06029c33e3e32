"""After the result: answer, plan, report, recheck, end; and what follows when a clock runs out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as noop

from qiao.base.access import SYSTEM, Actor, Refused, require_other, require_untied
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.judge.ratings.choices import RESULT_STATES, Rechecker, State, Verdict
from qiao.judge.ratings.models import Rating, Remedy
from qiao.judge.ratings.queries.lines import poor_points
from qiao.judge.ratings.rules import settings as rule
from qiao.judge.ratings.rules.form import keys_of
from qiao.judge.ratings.services.call import rerun_rating
from qiao.judge.ratings.services.steps import (
    ANSWER,
    CALL,
    above,
    day_after,
    judged_paths,
    locked,
    move,
    note,
    require_above,
    tell,
)


@dataclass(frozen=True, slots=True)
class Promise:
    """One remedy as planned: the point it mends, what will be done, by which day."""

    point: str
    text: Localized
    due: date


def _require_judged(actor: Actor, rating: Rating) -> None:
    # An office in the judged union itself: one above it does not speak for it.
    judged = judged_paths(rating)
    if actor.system or any(ANSWER in grant.actions and grant.path in judged for grant in actor.grants):
        return
    raise Refused(f"{ANSWER} is not yours here")


def respond(*, actor: Actor, now: datetime, code: str, text: Localized) -> Rating:
    """Publish what the judged union says to its result; given once. The figures were out before it and do not change.

    Raises Refused without ``rating.answer`` at a judged union, Problem without a text or before the result.
    """
    if not text:
        raise Problem("Write what the union makes of the result.")
    require_clean({"text": text})
    with atomic():
        rating = locked(code)
        _require_judged(actor, rating)
        if rating.state not in RESULT_STATES:
            raise Problem("There is no result to answer yet.")
        if rating.response:
            if rating.response == text:
                return rating
            raise Problem("The union has answered: an answer is given once.")
        rating.response, rating.responded = text, now
        rating.save(update_fields=["response", "responded"])
        log.append(kind="rating.response", code=code, content={"text": text}, now=now)
        note(rating, actor=actor, now=now, deed="respond")
        tell(rating, actor=actor, now=now, title=noop("The union answers: %(title)s"), body=noop("%(text)s"), text=text)
    return rating


def plan_remedies(*, actor: Actor, now: datetime, code: str, promises: Sequence[Promise]) -> Rating:
    """Publish the remedy plan: the judged union's, or, once its time is over, that of the union above.

    Raises Refused for others; Problem without a remedy for every poor point, for days past or beyond the recheck, or a
    second plan.
    """
    require_clean({f"text {number}": one.text for number, one in enumerate(promises, start=1)})
    today = localdate(now)
    with atomic():
        rating = locked(code)
        late = rating.plan_due is not None and rating.plan_due < today
        from_above = late and bool(above(rating)) and actor.may(CALL, above(rating))
        if not from_above:
            _require_judged(actor, rating)
        if rating.state == State.REMEDY_PLAN and _same(rating, promises):
            return rating
        move(rating, State.REMEDY_PLAN, actor=actor, now=now)
        points = set(keys_of(rating.form))
        recheck = localdate(day_after(rating.unit.path, rule.RECHECK_MONTHS, now))
        for one in promises:
            if one.point not in points or not one.text:
                raise Problem("A remedy names a point of the rating and says what will be done.")
            if not today < one.due <= recheck:
                raise Problem("A remedy is due after today and by the recheck on %(day)s.", day=recheck)
        if left := set(poor_points(rating)) - {one.point for one in promises}:
            raise Problem("Plan a remedy for every poor point: %(number)d have none.", number=len(left))
        if not promises:
            raise Problem("A plan has at least one remedy.")
        Remedy.objects.bulk_create(
            [Remedy(rating=rating, point=one.point, text=one.text, due=one.due) for one in promises]
        )
        rating.planned, rating.planned_by, rating.plan_from_above = now, actor.account_id, from_above
        rating.recheck_due = recheck
        rating.save()
        log.append(
            kind="rating.plan", code=code, now=now,
            content={
                "from_above": from_above, "recheck_due": recheck.isoformat(),
                "remedies": [{"point": one.point, "text": one.text, "due": one.due.isoformat()} for one in promises],
            },
        )  # fmt: skip
        note(rating, actor=actor, now=now, deed="plan", remedies=len(promises))
        tell(
            rating, actor=actor, now=now, title=noop("What will be mended: %(title)s"),
            body=noop("%(number)d remedies with their days; they are rechecked by %(day)s."), number=len(promises),
            day=recheck,
        )  # fmt: skip
    return rating


def _same(rating: Rating, promises: Sequence[Promise]) -> bool:
    stored = {(row.point, row.due) for row in rating.remedies.all()}
    return stored == {(one.point, one.due) for one in promises}


def report_remedy(*, actor: Actor, now: datetime, remedy_id: int, text: Localized) -> Remedy:
    """Say what was done about a remedy; whether it was kept is found by others at the recheck.

    Raises Refused without ``rating.answer`` at a judged union, Problem without a text or after the recheck.
    """
    if not text:
        raise Problem("Write what was done.")
    require_clean({"text": text})
    with atomic():
        remedy = Remedy.objects.select_for_update(of=("self",)).select_related("rating").filter(pk=remedy_id).first()
        if remedy is None:
            raise Problem("There is no such remedy.")
        rating = locked(remedy.rating.code)
        _require_judged(actor, rating)
        if rating.state != State.REMEDY_PLAN:
            raise Problem("The plan is not running any more.")
        remedy.done, remedy.done_at, remedy.done_by = text, now, actor.account_id
        remedy.save(update_fields=["done", "done_at", "done_by"])
        note(rating, actor=actor, now=now, deed="report_remedy", remedy=remedy.pk)
    return remedy


def recheck(
    *, actor: Actor, now: datetime, code: str, verdicts: Mapping[int, tuple[Verdict, Localized]], later_code: str = ""
) -> Rating:
    """Say of each remedy whether it was kept, as the union above, or by what a later rating of the members says.

    ``verdicts``: remedy to verdict and what was found (why, where it was not kept). ``later_code``: the later rating.
    Raises Refused without ``rating.call`` above; Problem for whoever planned or reported a remedy, for a remedy left
    out, or for a later rating that is not one of this union with a result.
    """
    with atomic():
        rating = locked(code)
        require_above(actor, CALL, rating)
        require_untied(actor, rating.unit.path)
        move(rating, State.RECHECKED, actor=actor, now=now)
        remedies = list(rating.remedies.select_for_update())
        require_other(
            actor, rating.planned_by, *(one.done_by for one in remedies),
            said=Problem("You planned or reported these remedies: somebody else rechecks them."),
        )  # fmt: skip
        for one in remedies:
            if one.pk not in verdicts:
                raise Problem("Say of every remedy whether it was kept.")
            verdict, finding = verdicts[one.pk]
            require_clean({"text": finding})
            if verdict == Verdict.NOT_KEPT and not finding:
                raise Problem("Write what was found where a remedy was not kept.")
            one.verdict, one.finding = verdict, finding
            one.save(update_fields=["verdict", "finding"])
        if later_code:
            _require_later(rating, later_code)
        rating.rechecked, rating.later_code = now, later_code
        rating.rechecker = Rechecker.MEMBERS if later_code else Rechecker.UPPER
        rating.save()
        kept = sum(one.verdict == Verdict.KEPT for one in remedies)
        log.append(
            kind="rating.rechecked", code=code, now=now,
            content={"kept": kept, "due": len(remedies), "by": rating.rechecker, "later": later_code},
        )  # fmt: skip
        note(rating, actor=actor, now=now, deed="recheck", kept=kept)
        tell(
            rating, actor=actor, now=now, title=noop("Rechecked: %(title)s"),
            body=noop("%(kept)d of %(number)d remedies were kept."), kept=kept, number=len(remedies),
        )  # fmt: skip
    return rating


def _require_later(rating: Rating, later_code: str) -> None:
    units = rating.rated.values("unit_id")
    later = Rating.objects.filter(code=later_code, rated__unit_id__in=units, state__in=RESULT_STATES).first()
    if later is None or rating.planned is None or later.published is None or later.published <= rating.planned:
        raise Problem("%(code)s is no later rating of this union with a result.", code=later_code)


def end_rating(*, actor: Actor, now: datetime, code: str) -> Rating:
    """End a rating: after the recheck, or at once where no point was poor. Twice changes nothing.

    Raises Refused without ``rating.call`` above, Problem while a plan is due or runs.
    """
    with atomic():
        rating = locked(code)
        require_above(actor, CALL, rating)
        require_untied(actor, rating.unit.path)
        if rating.state == State.DONE:
            return rating
        if rating.state == State.PUBLISHED and rating.poor:
            raise Problem("Poor points need a remedy plan first.")
        move(rating, State.DONE, actor=actor, now=now)
        rating.ended = now
        rating.save()
        log.append(kind="rating.ended", code=code, content={}, now=now)
        note(rating, actor=actor, now=now, deed="end")
    return rating


_LAPSED_WORDS = {
    "response": noop("The union has not answered by %(day)s."),
    "plan": noop("The union has not said by %(day)s what it will mend. The union above sets the plan now."),
    "recheck": noop("The remedies were not rechecked by %(day)s. The union above answers for it."),
}


def lapse_clocks(*, now: datetime, code: str) -> Rating:
    """What follows when a clock has run out, each once: the ledger and everybody learn it; a rerun is called.

    Called by the system's clock.
    """
    with atomic():
        rating = locked(code)
        today = localdate(now)
        clocks = {
            "response": None if rating.response else rating.response_due,
            "plan": rating.plan_due if rating.state == State.PUBLISHED else None,
            "recheck": rating.recheck_due if rating.state == State.REMEDY_PLAN else None,
        }
        for name, due in clocks.items():
            if due is None or due >= today or name in rating.lapsed:
                continue
            rating.lapsed = [*rating.lapsed, name]
            log.append(kind="rating.lapsed", code=code, content={"clock": name, "due": due.isoformat()}, now=now)
            tell(rating, actor=SYSTEM, now=now, title=noop("Overdue: %(title)s"), body=_LAPSED_WORDS[name], day=due)
        rating.save(update_fields=["lapsed"])
        due = rating.rerun_due if rating.state == State.VOID else None
        if due is not None and due <= today and not Rating.objects.filter(rerun_of=rating).exists():
            rerun_rating(actor=SYSTEM, now=now, code=code)
    return rating
