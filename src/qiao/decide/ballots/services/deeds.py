"""A round of practical deeds: call, merge with credit, feasibility, vote, list, carrying out, carry-over."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext_noop as noop

from qiao.base import audit, lineage
from qiao.base.access import Actor, Refused, require
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.i18n import Localized, in_every_language, localized, pick
from qiao.base.ledger import log
from qiao.base.models import Receipt
from qiao.base.problems import Place, Problem
from qiao.base.receipts import give_receipt
from qiao.decide.ballots import rules
from qiao.decide.ballots.choices import BUDGET_RULES, DeedState, IdeaState, Rule
from qiao.decide.ballots.models import Ballot, DeedRound, Idea
from qiao.decide.ballots.services.deed_rules import publish_list, require_reports, rules_kept
from qiao.decide.ballots.services.plan_ballot import plan_ballot
from qiao.decide.proposals.services import raise_proposal
from qiao.org.units.models import Unit
from qiao.publish.services import announce

#: More than this no idea needs to say.
LONGEST = 2000
_OWN = noop("Your own idea is merged and checked by somebody else.")


def plan_deeds(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    title: Localized,
    call: Localized,
    need_codes: Sequence[str],
    rule: Rule,
    opens: datetime,
    closes: datetime,
    budget: Decimal | None = None,
    winners: int | None = None,
    most: int | None = None,
) -> DeedRound:
    """Plan a round; vote rule, budget and dates go into the ledger before anybody is called.

    Raises Refused without ``ballot.run``, Problem for what is missing or does not fit the rule.
    """
    require(actor, "ballot.run", unit.path)
    if not pick(title) or not pick(call):
        raise Problem("A round needs a title and the text of its call.")
    if not need_codes:
        raise Problem("Say which published needs the round is to meet.")
    if closes <= opens or closes <= now:
        raise Problem("The call must close after it opens, and later than now.")
    money = Rule(rule) in BUDGET_RULES
    if money and (budget is None or budget <= 0):
        raise Problem("The budget must be more than 0.")
    if not money and not winners:
        raise Problem("Say how many projects are chosen: one or more.")
    with atomic():
        kept = rules_kept(unit, opens=opens, now=now, rule=Rule(rule), winners=None if money else winners, most=most)
        made = DeedRound.objects.create(
            code=next_code("DD"), unit=unit, title=title, call=call, need_codes=list(dict.fromkeys(need_codes)),
            rule=Rule(rule), budget=budget if money else None, winners=None if money else winners,
            opens=opens, closes=closes, planned=now, **kept,
        )  # fmt: skip
        for need in made.need_codes:
            lineage.link(source=need, target=made.code, now=now)
        log.append(
            kind="deeds.planned",
            code=made.code,
            now=now,
            content={
                "unit": unit.label, "title": title, "rule": made.rule, "winners": made.winners, "most": made.most,
                "budget": None if made.budget is None else str(made.budget), "opens": opens.isoformat(),
                "closes": closes.isoformat(), "listed_per_year": made.listed_most, "min_turnout": made.min_turnout,
                "report_months": made.report_months,
            },
        )  # fmt: skip
        audit.record(actor=actor, now=now, action="deeds.plan", code=made.code, unit_path=unit.path, detail={})
    return made


def file_idea(*, actor: Actor, now: datetime, code: str, title: str, text: str, language: str) -> Receipt:
    """File one's idea while the call is open; the receipt tells where it went.

    Raises Refused for whoever is no member of the unit, Problem outside the call or for an idea without words.
    """
    round_ = DeedRound.objects.select_related("unit").get(code=code)
    if actor.person_id is None or not any(path.startswith(round_.unit.path) for path in actor.member_paths):
        raise Refused("only members of the unit file ideas")
    title, text = title.strip(), text.strip()
    if not title or not text or len(text) > LONGEST:
        raise Problem("Say in a line what it is, and in a few sentences what it is good for.")
    with atomic():
        held = DeedRound.objects.select_for_update(of=("self",)).get(pk=round_.pk)
        if not rules.takes_ideas(held.state, held.opens, held.closes, now):
            raise Problem("Ideas are not taken now: see the dates of the call.")
        idea = Idea.objects.create(
            code=next_code("ID"), round=held, title={language: title}, text={language: text},
            author_id=actor.person_id, filed=now,
        )  # fmt: skip
        return give_receipt(kind="idea", code=code, reference=idea.code, now=now, content=text)


def merge_ideas(*, actor: Actor, now: datetime, into: str, codes: Collection[str]) -> Idea:
    """Put ideas that want the same into one; each keeps its author, words and receipt, and counts as its source.

    Raises Refused without ``ballot.run``, Problem outside the check, for one's own idea, or one that is settled.
    """
    with atomic():
        idea, round_ = _to_check(actor, into)
        others = list(Idea.objects.select_for_update().filter(round=round_, code__in=set(codes) - {into}))
        if not others:
            raise Problem("Choose the ideas that want the same.")
        for other in others:
            if other.state != IdeaState.FILED:
                raise Problem("This idea is settled already.", place=Place(source=other.code))
            if actor.concerns(other.author_id):
                raise Problem(_OWN, place=Place(source=other.code))
            # What was merged into it before comes along: no source is lost on the way.
            other.sources.update(merged_into=idea)
            other.state, other.merged_into = IdeaState.MERGED, idea
            other.save(update_fields=["state", "merged_into"])
        audit.record(
            actor=actor, now=now, action="deeds.merge", code=round_.code, unit_path=round_.unit.path,
            detail={"into": into, "ideas": sorted(other.code for other in others)},
        )  # fmt: skip
    return idea


def check_idea(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    feasible: bool,
    cost: Decimal | None = None,
    need_code: str = "",
    reason: Localized | None = None,
    title: Localized | None = None,
    text: Localized | None = None,
    note: Localized | None = None,
) -> Idea:
    """Say whether an idea can be done, and make a proposal of it with its cost; or why not, in public.

    ``title`` and ``text`` replace the author's words where they name a supplier; ``note`` then says so.
    Raises Refused without ``ballot.run``, Problem for one's own idea, without cost, need or reason.
    """
    with atomic():
        idea, round_ = _to_check(actor, code)
        if not feasible:
            if not pick(reason or {}):
                raise Problem("Say why the idea cannot be done: its author is told, and the reason is published.")
            idea.state, idea.reason = IdeaState.NOT_FEASIBLE, reason or {}
        else:
            if cost is None or cost <= 0:
                raise Problem("Without a cost an idea does not come on the ballot paper.")
            idea.title, idea.text = title or idea.title, text or idea.text
            need = need_code or round_.need_codes[0]
            if need not in round_.need_codes:
                raise Problem("The round does not meet this need.", place=Place(source=need))
            proposal = raise_proposal(
                actor=actor, now=now, unit=round_.unit, title=_both(idea.title), text=_both(idea.text), cost=cost,
                need_codes=[need],
            )  # fmt: skip
            lineage.link(source=round_.code, target=proposal.code, now=now)
            idea.state, idea.cost, idea.proposal_code = IdeaState.CHECKED, cost, proposal.code
        idea.note, idea.checked_by = note or {}, actor.account_id
        idea.save()
        audit.record(
            actor=actor, now=now, action="deeds.check", code=round_.code, unit_path=round_.unit.path,
            detail={"idea": code, "feasible": feasible},
        )  # fmt: skip
    return idea


def start_deed_vote(*, actor: Actor, now: datetime, code: str, opens: datetime, closes: datetime) -> Ballot:
    """Put the feasible ideas to the vote by the rule fixed before the call.

    Raises Refused without ``ballot.run``, Problem while an idea is not settled, and what `plan_ballot` finds.
    """
    with atomic():
        round_ = _held(actor, code)
        if round_.state != DeedState.CHECK:
            raise Problem("The vote follows when ideas are merged and checked.")
        waiting = round_.ideas.filter(state=IdeaState.FILED).count()
        if waiting:
            raise Problem("%(number)d ideas are neither merged nor checked.", number=waiting)
        ready = round_.ideas.filter(state=IdeaState.CHECKED)
        ballot = plan_ballot(
            actor=actor, now=now, unit=round_.unit, title=round_.title, rule=Rule(round_.rule), budget=round_.budget,
            winners=round_.winners, most=round_.most, opens=opens, closes=closes,
            proposal_codes=list(ready.values_list("proposal_code", flat=True)),
        )  # fmt: skip
        ready.update(state=IdeaState.ON_BALLOT)
        round_.state, round_.ballot_code = DeedState.VOTE, ballot.code
        round_.save(update_fields=["state", "ballot_code"])
        _told(actor, now, round_)
    return ballot


def move_deeds(*, actor: Actor, now: datetime, code: str) -> DeedRound:
    """Take the next step of a round that its date or its evidence allows; the vote has a step of its own.

    Call at its date; check after the call; list when the vote is counted; being done when a project exists; rated
    when every project was evaluated or stopped; closed last. Raises Refused without ``ballot.run``, Problem too early.
    """
    with atomic():
        round_ = _held(actor, code)
        step = rules.follows(round_.state)
        if step is None:
            return round_
        if step == DeedState.CALL and now < round_.opens:
            raise Problem("The call opens at its announced time.")
        if step == DeedState.CHECK and now < round_.closes:
            raise Problem("The call stays open until its announced end.")
        if step == DeedState.VOTE:
            raise Problem("The vote follows when ideas are merged and checked.")
        if step == DeedState.LISTED and not publish_list(actor, now, round_):
            return round_
        made = _after(round_)
        if step == DeedState.RUNNING and not any(found.startswith("W-") for found in made):
            raise Problem("No project has come out of this round yet: the decision on the list makes them.")
        if step == DeedState.RATED:
            require_reports(round_, now)
        if step == DeedState.RATED and not any(found.startswith("E-") for found in made):
            raise Problem("Nobody served has rated a project of this round yet.")
        round_.state = step
        if step == DeedState.CLOSED:
            round_.ended = now
        if step == DeedState.RUNNING:
            round_.running_since = now
        round_.save(update_fields=["state", "ended", "running_since"])
        if step == DeedState.CALL:
            announce(
                actor=actor, now=now, unit=round_.unit, code=code, url=reverse("ballots:deeds", args=[code]),
                title=in_every_language(noop("Ideas wanted: %(title)s"), title=round_.title), body=round_.call,
            )  # fmt: skip
        _told(actor, now, round_)
    return round_


def carry_over(*, actor: Actor, now: datetime, code: str, into: str) -> int:
    """Take the ideas of a round that were feasible and not chosen into a later one, with author and origin.

    Returns how many; doing it again takes none. Raises Refused without ``ballot.run``, Problem where the list is not
    published yet, or the later round is past its check.
    """
    with atomic():
        old, new = _held(actor, code), _held(actor, into)
        if old.pk == new.pk or old.state not in (DeedState.LISTED, DeedState.RUNNING, DeedState.RATED):
            raise Problem("Ideas are carried over from a round whose list is published.")
        if new.state not in (DeedState.PLANNED, DeedState.CALL, DeedState.CHECK):
            raise Problem("The later round takes no ideas any more.")
        unfunded = list(old.ideas.filter(state=IdeaState.NOT_CHOSEN))
        Idea.objects.bulk_create(
            Idea(
                code=next_code("ID"), round=new, title=idea.title, text=idea.text, author_id=idea.author_id, filed=now,
                carried_from=idea,
            )
            for idea in unfunded
        )  # fmt: skip
        old.ideas.filter(pk__in=[idea.pk for idea in unfunded]).update(state=IdeaState.CARRIED)
        audit.record(
            actor=actor, now=now, action="deeds.carry_over", code=code, unit_path=old.unit.path,
            detail={"into": into, "ideas": len(unfunded)},
        )  # fmt: skip
    return len(unfunded)


def _held(actor: Actor, code: str) -> DeedRound:
    round_ = DeedRound.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
    require(actor, "ballot.run", round_.unit.path)
    return round_


def _to_check(actor: Actor, code: str) -> tuple[Idea, DeedRound]:
    """An idea nobody has settled, in a round that is merging and checking, by somebody who did not write it."""
    round_ = _held(actor, Idea.objects.select_related("round").get(code=code).round.code)
    idea = Idea.objects.select_for_update(of=("self",)).get(code=code)
    if round_.state != DeedState.CHECK:
        raise Problem("Ideas are merged and checked after the call.")
    if idea.state != IdeaState.FILED:
        raise Problem("This idea is settled already.", place=Place(source=code))
    if actor.concerns(idea.author_id):
        raise Problem(_OWN, place=Place(source=code))
    return idea, round_


def _after(round_: DeedRound) -> set[str]:
    """Codes of all that came out of the round's chosen ideas: decision, projects, evaluations."""
    listed = round_.ideas.filter(state=IdeaState.LISTED).values_list("proposal_code", flat=True)
    found: set[str] = set()
    edge = set(listed)
    for _step in range(6):
        edge = {code for one in edge for code in lineage.targets_of(one)} - found
        found |= edge
    return found


def _both(words: Localized) -> Localized:
    """A member's words stand in the language they were written in; what is missing is shown in that one."""
    return words if words.get("zh-hans") else localized(pick(words), words.get("en", ""))


def _told(actor: Actor, now: datetime, round_: DeedRound) -> None:
    audit.record(
        actor=actor, now=now, action="deeds.move", code=round_.code, unit_path=round_.unit.path,
        detail={"state": round_.state},
    )  # fmt: skip
