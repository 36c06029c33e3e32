"""Proposals, consultations, budget votes, decisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils.timezone import localdate
from tests.architecture.samples import Place, sample
from tests.factories.ballots import (
    Ground,
    answer_all,
    make_consultation,
    make_deeds,
    make_open_ballot,
    make_proposals,
)
from tests.factories.decide import draft, opened

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.decide.ballots.choices import Channel
from qiao.decide.ballots.services import cast_ballot, count_ballot, open_desk, plan_ballot
from qiao.decide.consultations.models import Opinion, Submission
from qiao.decide.consultations.services import (
    finish_answers,
    group_opinions,
    notice_consultation,
    submit_opinion,
    withhold_opinion,
)
from qiao.decide.consultations.services.desk import assign_group
from qiao.decide.consultations.services.moderation import submit_statement
from qiao.decide.decisions.services import take_decision


def _ground(place: Place) -> Ground:
    return Ground(place.root, place.unit, place.base, tuple(place.members))


@sample("proposals:*")
def proposal(place: Place) -> Mapping[str, object]:
    """A raised proposal."""
    return {"code": make_proposals(place.now, place.unit, 100)[0].code}


@sample("consultations:edit", "consultations:move")
def drafted(place: Place) -> Mapping[str, object]:
    """A draft."""
    return {"code": draft(place.now, _ground(place)).code}


@sample("consultations:revise")
def noticed(place: Place) -> Mapping[str, object]:
    """One that is announced."""
    made = draft(place.now, _ground(place), opens=place.now + timedelta(days=5))
    notice_consultation(actor=SYSTEM, now=place.now, code=made.code)
    return {"code": made.code}


@sample("consultations:*")
def open_one(place: Place) -> Mapping[str, object]:
    """An open one."""
    return {"code": opened(place.now, _ground(place)).code, "number": 1}


@sample("consultations:opinion", gone="an opinion is its writer's own")
def opinion(place: Place) -> Mapping[str, object]:
    """A member's opinion."""
    receipt = submit_opinion(
        actor=place.members[0], now=place.now, code=str(place.other(open_one)["code"]), clause_id=None,
        text="请加一班车", language="zh-hans",
    )  # fmt: skip
    return {"number": receipt.number}


@sample("consultations:submission", gone="a statement is its writer's own")
def statement(place: Place) -> Mapping[str, object]:
    """A member's statement."""
    receipt = submit_statement(
        actor=place.members[0], now=place.now, code=str(place.other(open_one)["code"]), text="班车要停南门",
        language="zh-hans",
    )  # fmt: skip
    return {"number": receipt.number}


@sample("consultations:appeal_words", gone="an opinion is its writer's own")
def withheld(place: Place) -> Mapping[str, object]:
    """An opinion whose words were withheld."""
    code = make_consultation(place.now, _ground(place), [], opinions=1, answered=False).code
    opinion = Opinion.objects.get(consultation__code=code)
    withhold_opinion(
        actor=SYSTEM, now=place.now, code=code, opinion_id=opinion.pk, reason=localized("骂人", "abuse"), ground="abuse"
    )
    return {"number": opinion.receipt}


@sample("consultations:refuse_statement")
def waiting_statement(place: Place) -> Mapping[str, object]:
    """A member's statement that waits for moderation."""
    receipt = str(place.other(statement)["number"])
    return {
        "code": place.other(open_one)["code"],
        "submission_id": Submission.objects.get(receipt=receipt).pk,
    }


@sample("consultations:group", "consultations:draft_answer")
def assigned(place: Place) -> Mapping[str, object]:
    """A group given to an office."""
    code = make_consultation(place.now, _ground(place), [], opinions=2, answered=False).code
    keys = list(Opinion.objects.filter(consultation__code=code).values_list("pk", flat=True))
    group = group_opinions(
        actor=SYSTEM, now=place.now, code=code, opinion_ids=keys, title=localized(f"{place.sign}班车", "Bus")
    )
    assign_group(
        actor=SYSTEM, now=place.now, code=code, group_id=group.pk, account_id=place.account("task_owner").pk,
        unit=place.unit,
    )  # fmt: skip
    return {"code": code, "group_id": group.pk}


@sample(
    "consultations:sort",
    "consultations:withhold",
    "consultations:answers",
    "consultations:addendum",
    "consultations:desk",
    "consultations:suggestions",
    "consultations:map_file",
)
def closed(place: Place) -> Mapping[str, object]:
    """A closed one with opinions."""
    code = make_consultation(place.now, _ground(place), [], opinions=2, answered=False).code
    return {"code": code, "opinion_id": Opinion.objects.filter(consultation__code=code).order_by("pk")[0].pk}


@sample("ballots:open")
def planned(place: Place) -> Mapping[str, object]:
    """A planned vote."""
    codes = [one.code for one in make_proposals(place.now, place.unit, 100, 200)]
    made = plan_ballot(
        actor=SYSTEM, now=place.now, unit=place.unit, title=localized(f"{place.sign}票决", "Vote"), budget=1000,
        proposal_codes=codes, consultation_code="", opens=place.now, closes=place.now + timedelta(days=7),
    )  # fmt: skip
    return {"code": made.code}


@sample("ballots:*")
def vote(place: Place) -> Mapping[str, object]:
    """An open vote."""
    return {"code": make_open_ballot(place.now, _ground(place), 100, 200)[0].code}


@sample("ballots:vote", "ballots:voted", shared="every vote is public; who is not on its roll reads just that")
def paper(place: Place) -> Mapping[str, object]:
    """An open vote."""
    return place.other(vote)


@sample("ballots:download", "ballots:why", "ballots:bundle")
def counted(place: Place) -> Mapping[str, object]:
    """A counted vote of six papers."""
    then = place.now - timedelta(days=10)
    ballot, codes = make_open_ballot(then, _ground(place), 100, 200)
    for member in place.members[:6]:
        cast_ballot(actor=member, now=then, code=ballot.code, proposal_codes=codes[:1])
    count_ballot(actor=SYSTEM, now=place.now, code=ballot.code)
    return {"code": ballot.code, "ending": "pb"}


@sample(
    "ballots:deeds",
    "ballots:deeds_move",
    "ballots:deeds_vote",
    "ballots:deeds_carry",
    "ballots:deeds_report",
    "ballots:ideas_merge",
)
def deeds(place: Place) -> Mapping[str, object]:
    """A round that takes ideas, with one idea."""
    made = make_deeds(place.now, place.unit, place.members[0], sign=place.sign)
    return {"code": made.code}


@sample("ballots:idea_new", shared="every round is public; whoever is no member of its unit files nothing")
def call(place: Place) -> Mapping[str, object]:
    """A round that takes ideas."""
    return place.other(deeds)


@sample("ballots:idea", "ballots:idea_check")
def idea(place: Place) -> Mapping[str, object]:
    """An idea of a round."""
    made = make_deeds(place.now, place.unit, place.members[0], sign=place.sign)
    return {"code": made.code, "idea_code": made.ideas.get().code}


@sample("ballots:desk", "ballots:desk_hand_out", "ballots:desk_type", "ballots:desk_finish")
def desk(place: Place) -> Mapping[str, object]:
    """A place of an open vote."""
    code = make_open_ballot(place.now, _ground(place), 100, 200)[0].code
    made = open_desk(
        actor=SYSTEM, now=place.now, code=code, name=localized(f"{place.sign}会场", "Hall"), channel=Channel.PAPER
    )
    return {"code": code, "key": made.pk}


@sample("decisions:*")
def decision(place: Place) -> Mapping[str, object]:
    """A decision with one adopted proposal."""
    proposals = [one.code for one in make_proposals(place.now, place.unit, 100)]
    code = make_consultation(place.now, _ground(place), proposals, opinions=1, answered=False).code
    answer_all(place.now, code)
    finish_answers(actor=SYSTEM, now=place.now, code=code)
    made = take_decision(
        actor=place.actor("executive"), now=place.now, unit=place.unit, title=localized("决定", "Decision"),
        text=localized("办", "Do it"), consultation_code=code, proposal_codes=proposals,
    )  # fmt: skip
    return {
        "code": made.code, "decision_code": made.code, "proposal_code": proposals[0], "year": localdate(place.now).year,
    }  # fmt: skip
