"""Deciding in the demonstration: proposals, a consultation answered long ago, one open now, votes and decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import numpy as np

from qiao.base.access import SYSTEM, Actor
from qiao.base.i18n import localized
from qiao.cli.demo import decide_ballots
from qiao.cli.demo import decide_texts as texts
from qiao.cli.demo.world import World
from qiao.decide.consultations import queries, services
from qiao.decide.consultations.choices import Channel
from qiao.decide.consultations.models import Opinion
from qiao.decide.consultations.services.channels import Said, hand_in
from qiao.decide.consultations.services.intake import read_files, stage_text
from qiao.decide.consultations.services.slips import make_slips
from qiao.decide.proposals.services import raise_proposal
from qiao.org.membership.queries import roster

SEED = 20260707
PAST_VOTERS, PRESENT_VOTERS = 160, 48


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:
    """Proposals out of the needs, both consultations, then the ballots and decisions that follow from them."""
    found = earlier.get("needs")
    needs = {str(key): str(code) for key, code in found.items()} if isinstance(found, Mapping) else {}
    rng = np.random.default_rng(SEED)
    voters = _voters(world, rng)
    proposals = _raise(world, needs, texts.PAST_PROPOSALS, days=360)
    past = _past_consultation(world, list(proposals.values()), voters, rng)
    present = _raise(world, needs, texts.PRESENT_PROPOSALS, days=20)
    open_now = _present_consultation(world, list(present.values()), voters, rng)
    made: dict[str, object] = {
        "proposals": proposals,
        "present_proposals": present,
        "consultation": past,
        "open_consultation": open_now,
    }
    return made | decide_ballots.seed_ballots(world, earlier, proposals, past)


def _voters(world: World, rng: np.random.Generator) -> list[Actor]:
    """Members from all over the register, most without an account: they are asked all the same."""
    rows = roster(world.root.path)
    spare = {account.person_id for account in world.member_accounts[:1]}
    chosen = rng.choice(len(rows), size=min(len(rows), PAST_VOTERS), replace=False)
    return [
        Actor(person_id=rows[int(k)].person_id, member_paths=(rows[int(k)].unit_path,))
        for k in chosen
        if rows[int(k)].person_id not in spare
    ]


def _raise(
    world: World, needs: Mapping[str, str], proposals: Iterable[texts.ProposalText], *, days: int
) -> dict[str, str]:
    """Raise the proposals whose need came out of the survey; their codes by key."""
    secretary = world.actor("secretary")
    return {
        text.key: raise_proposal(
            actor=secretary, now=world.now - timedelta(days=days), unit=world.root, title=text.title, text=text.text,
            cost=text.cost, need_codes=[needs[text.need]],
        ).code
        for text in proposals
        if text.need in needs
    }  # fmt: skip


def _past_consultation(world: World, codes: list[str], voters: list[Actor], rng: np.random.Generator) -> str:
    """The finished thread's consultation: voted on by two camps, with opinions, all answered."""
    opens, closes = world.now - timedelta(days=350), world.now - timedelta(days=335)
    secretary = world.actor("secretary")
    consultation = services.draft_consultation(
        actor=secretary, now=opens - timedelta(days=2), unit=world.root,
        title=localized(f"{opens.year} 年职工实事项目方案（征求意见稿）", f"Draft plan of projects, {opens.year}"),
        question=localized(
            "这些项目是否办到了点子上？哪一条要改？您的每一条意见都会得到答复。",
            "Do these projects meet the need? What should change? Every opinion gets an answer.",
        ),
        clauses=texts.PAST_CLAUSES, statements=texts.PAST_STATEMENTS, proposal_codes=codes, opens=opens, closes=closes,
    )  # fmt: skip
    code = consultation.code
    services.notice_consultation(actor=secretary, now=opens - timedelta(days=1), code=code)
    services.open_consultation(actor=secretary, now=opens, code=code)
    _vote(code, voters, texts.CAMPS, opens + timedelta(days=3), rng)
    _speak_past(world, code, voters, opens + timedelta(days=5))
    services.close_consultation(actor=secretary, now=closes, code=code)
    _answer_past(world, code)
    return code


def _vote(
    code: str, voters: list[Actor], camps: tuple[tuple[float, ...], ...], now: datetime, rng: np.random.Generator
) -> None:
    """Each voter belongs to a camp and answers most statements; one in ten passes."""
    statements = queries.statements_of(queries.consultation_by_code(code))
    for place, voter in enumerate(voters):
        shares = camps[int(place % 5 < 2)] if len(camps) > 1 else camps[0]
        for statement, share in zip(statements, shares, strict=True):
            draw = rng.random(3)
            if draw[0] > 0.94:
                continue
            vote = 0 if draw[1] > 0.9 else 1 if draw[2] < share else -1
            services.vote_statement(actor=voter, now=now, statement_id=statement.pk, vote=vote)


def _speak_past(world: World, code: str, voters: list[Actor], now: datetime) -> None:
    clauses = queries.clauses_of(queries.consultation_by_code(code))
    # Those with accounts speak first, so that "my things" has something to tell when they sign in.
    speakers = [*world.members, *voters]
    place = 0
    for opinion in texts.PAST_OPINIONS:
        clause = clauses[opinion.clause - 1].pk if opinion.clause else None
        for _time in range(opinion.number):
            _say(code, speakers[place % len(speakers)], clause, opinion.text, now)
            place += 1
    for words in texts.SAME_IN_OTHER_WORDS:
        _say(code, speakers[place % len(speakers)], clauses[1].pk, words, now)
        place += 1


def _say(code: str, speaker: Actor, clause_id: int | None, text: str, now: datetime) -> None:
    services.submit_opinion(actor=speaker, now=now, code=code, clause_id=clause_id, text=text, language="zh-hans")


def _answer_past(world: World, code: str) -> None:
    """The secretary puts together what says the same; the deciders answer all and finish."""
    consultation = queries.consultation_by_code(code)
    first = texts.PAST_OPINIONS[0]
    opinions = list(Opinion.objects.filter(consultation=consultation).order_by("pk"))
    same = [opinion.pk for opinion in opinions if opinion.text in (first.text, *texts.SAME_IN_OTHER_WORDS)]
    services.group_opinions(
        actor=world.actor("secretary"), now=world.now - timedelta(days=332), code=code, opinion_ids=same,
        title=localized("末班车开得更晚", "A later last bus"),
    )  # fmt: skip
    executive = world.actor("executive")
    for days, text in enumerate(texts.PAST_OPINIONS):
        begin = text.text[:8]
        services.answer_opinions(
            actor=executive, now=world.now - timedelta(days=331) + timedelta(hours=9 * days), code=code,
            opinion_ids=[opinion.pk for opinion in opinions if opinion.text.startswith(begin)], outcome=text.outcome,
            reason=text.reason,
        )  # fmt: skip
    services.finish_answers(actor=executive, now=world.now - timedelta(days=326), code=code)


def _present_consultation(world: World, codes: list[str], voters: list[Actor], rng: np.random.Generator) -> str:
    """Open now; the members who can sign in find it unanswered."""
    opens, closes = world.now - timedelta(days=5), world.now + timedelta(days=10)
    secretary = world.actor("secretary")
    consultation = services.draft_consultation(
        actor=secretary, now=opens - timedelta(days=3), unit=world.root,
        title=localized("夜班和托管服务补充方案（征求意见稿）", "Draft: hot meals at night, buses to holiday care"),
        question=localized(
            "补充方案的两项服务，您觉得怎么办更好？", "How should these two services be run, in your view?"
        ),
        clauses=texts.PRESENT_CLAUSES_FIRST, statements=texts.PRESENT_STATEMENTS, proposal_codes=codes, opens=opens,
        closes=closes,
    )  # fmt: skip
    code = consultation.code
    services.notice_consultation(actor=secretary, now=opens - timedelta(days=2), code=code)
    # Changed before it opened: both versions are kept and stand side by side.
    services.revise_text(
        actor=secretary, now=opens - timedelta(days=1), code=code, clauses=texts.PRESENT_CLAUSES
    )  # fmt: skip
    services.open_consultation(actor=SYSTEM, now=opens, code=code)
    with_account = {account.person_id for account in world.member_accounts}
    silent = [voter for voter in voters if voter.person_id not in with_account]
    shares = (0.7, 0.55, 0.8, 0.45, 0.6, 0.5)
    _vote(code, silent[:PRESENT_VOTERS], (shares,), opens + timedelta(days=2), rng)
    clauses = queries.clauses_of(queries.consultation_by_code(code))
    for place, (number, text) in enumerate(texts.PRESENT_OPINIONS):
        _say(code, silent[place], clauses[number - 1].pk if number else None, text, opens + timedelta(days=3))
    _by_other_ways(world, code, silent[-4:-2], opens + timedelta(days=4))
    _draft_from_a_file(world)
    return code


def _by_other_ways(world: World, code: str, speakers: list[Actor], now: datetime) -> None:
    """Sheets printed for one union, and two members who spoke by a code sent to them and on paper."""
    make_slips(actor=world.actor("secretary"), now=now, code=code, unit=world.bases[0])
    consultation = queries.consultation_by_code(code)
    for speaker, channel in zip(speakers, (Channel.PHONE, Channel.PAPER), strict=True):
        words = {"": texts.BY_OTHER_WAYS[channel.value]}
        hand_in(
            now=now, consultation=consultation, person_id=speaker.person_id or 0, channel=channel, said=Said({}, words)
        )


def _draft_from_a_file(world: World) -> None:
    """A draft whose text came in as Markdown, and a changed file that waits to be looked through."""
    secretary, now = world.actor("secretary"), world.now - timedelta(days=1)
    first = read_files("heat.md", texts.HEAT.encode())
    made = services.draft_consultation(
        actor=secretary, now=now, unit=world.root,
        title=localized("防暑降温办法（征求意见稿）", "Draft rules for work in heat"),
        question=localized("这些办法在您的岗位上行得通吗？", "Would these rules work where you work?"),
        clauses=first.clauses, labels=first.labels, statements=[], proposal_codes=[],
        opens=now + timedelta(days=4), closes=now + timedelta(days=19),
    )  # fmt: skip
    stage_text(actor=secretary, now=now, code=made.code, reading=read_files("heat-2.md", texts.HEAT_CHANGED.encode()))
