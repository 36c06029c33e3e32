"""Proposals grow out of published needs and move one way."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.decide import DAY, Ground, make_ground, make_proposals, officer_client

from qiao.base import clock
from qiao.base.access import SYSTEM, Refused
from qiao.base.i18n import localized
from qiao.base.lineage import sources_of
from qiao.base.problems import Problem
from qiao.decide.proposals import queries, services
from qiao.decide.proposals.models import Proposal
from qiao.hear.needs.queries import published_needs
from qiao.org.access.choices import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground(now: datetime) -> Ground:
    return make_ground(now - 100 * DAY)


def raise_one(now: datetime, ground: Ground, **changes: object) -> Proposal:
    given = {
        "actor": ground.officer("analyst"), "unit": ground.district, "title": localized("夜班车", "Night bus"),
        "text": localized("每夜两班", "Two a night"), "cost": Decimal("86000"),
    } | changes  # fmt: skip
    return services.raise_proposal(now=now, **given)  # type: ignore[arg-type]


def test_a_proposal_stands_on_the_thread_of_its_needs(now: datetime, ground: Ground) -> None:
    (first,) = make_proposals(now, ground.district, 10)
    need = first.needs.get().need_code
    proposal = raise_one(now, ground, need_codes=[need, need])
    assert sources_of(proposal.code) == [need]
    assert list(queries.proposals_of_need(need)) == [first, proposal]
    assert queries.proposals_by_codes([proposal.code, "P-0", first.code]) == [proposal, first]
    (station,) = queries.stations([proposal.code, "N-1"])
    assert (station.code, station.finished) == (proposal.code, False)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"need_codes": []}, "no project without a need"),
        ({"need_codes": ["N-9"]}, "N-9 is no published need"),
        ({"title": {}}, "title"),
        ({"text": {}}, "would do"),
        ({"cost": Decimal("-1")}, "amount"),
        ({"cost": Decimal("NaN")}, "amount"),
        ({"cost": Decimal("1e20")}, "amount"),
    ],
)
def test_bad_proposals_leave_nothing(now: datetime, ground: Ground, changes: dict[str, object], message: str) -> None:
    make_proposals(now, ground.district, 10)
    need = published_needs().get().code
    with pytest.raises(Problem, match=message):
        raise_one(now, ground, **({"need_codes": [need]} | changes))
    assert Proposal.objects.count() == 1


def test_who_may_raise_revise_and_reject(now: datetime, ground: Ground) -> None:
    (proposal,) = make_proposals(now, ground.district, 10)
    need = proposal.needs.get().need_code
    for role in ("executive", "count_officer"):
        with pytest.raises(Refused):
            raise_one(now, ground, actor=ground.officer(role), need_codes=[need])
    with pytest.raises(Refused):
        # A secretary of the district does not propose for the whole federation.
        raise_one(now, ground, actor=ground.officer("secretary", ground.district), unit=ground.root, need_codes=[need])
    reason = localized("没有场地", "no site")
    with pytest.raises(Refused):
        services.reject_proposal(actor=ground.officer("secretary"), now=now, code=proposal.code, reason=reason)
    with pytest.raises(Problem, match="Say why"):
        services.reject_proposal(actor=ground.officer("executive"), now=now, code=proposal.code, reason={})
    services.reject_proposal(actor=ground.officer("executive"), now=now, code=proposal.code, reason=reason)
    assert queries.proposal_by_code(proposal.code).reason == reason


def test_states_move_one_way_and_twice_is_harmless(now: datetime, ground: Ground) -> None:
    (proposal,) = make_proposals(now, ground.district, 10)
    code = proposal.code
    for state in ("consulted", "consulted", "on_ballot", "adopted"):
        assert services.set_state(actor=SYSTEM, now=now, code=code, state=state).state == state
    for state in ("raised", "rejected", "on_ballot"):
        with pytest.raises(Problem, match="cannot become"):
            services.set_state(actor=SYSTEM, now=now, code=code, state=state, reason=localized("因"))
    with pytest.raises(Refused):
        services.set_state(actor=ground.members[0], now=now, code=code, state="adopted")
    with pytest.raises(Problem, match="its text stands"):
        services.revise_proposal(
            actor=SYSTEM, now=now, code=code, title=localized("改"), text=localized("改"), cost=Decimal(1)
        )  # fmt: skip


def test_a_secretary_walks_from_the_need_to_the_proposal(ground: Ground) -> None:
    (other,) = make_proposals(clock.now(), ground.district, 10)
    need = other.needs.get().need_code
    client = officer_client(clock.now(), ground, Role.SECRETARY)
    page = client.get(f"/decide/proposals/new/?need={need}")
    assert f'value="{need}" id="id_needs_0" checked' in " ".join(page.content.decode().split())
    form = {
        "needs": need,
        "title_zh_hans": "热水",
        "title_en": "Hot water",
        "text_zh_hans": "换锅炉",
        "unit": ground.district.pk,
    }
    refused = client.post("/decide/proposals/new/", form)
    assert refused.status_code == 200
    assert "This field is required." in refused.content.decode()
    answer = client.post("/decide/proposals/new/", form | {"cost": "52000"})
    made = Proposal.objects.get(title__en="Hot water")
    assert answer.headers["Location"] == f"/decide/proposals/{made.code}/"
    shown = client.get(f"/decide/proposals/{made.code}/").content.decode()
    for text in (
        "Hot water",
        "¥52,000",
        "No bus at night",
        f"/decide/consultations/new/?proposal={made.code}",
        'class="thread"',
    ):
        assert text in shown
    client.post(f"/decide/proposals/{made.code}/revise/", form | {"cost": "60000"})
    board = Client(headers={"accept-language": "en"}).get("/decide/proposals/").content.decode()
    assert "¥60,000" in board


def test_the_board_asks_as_much_for_thirty_as_for_one(now: datetime, ground: Ground) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as context:
            assert Client().get("/decide/proposals/").status_code == 200
        return len(context)

    make_proposals(now, ground.district, 1)
    asked()
    one = asked()
    make_proposals(now, ground.district, *range(2, 31))
    assert asked() == one


def test_what_members_vote_on_is_not_turned_down_beside_the_vote(now: datetime, ground: Ground) -> None:
    (proposal,) = make_proposals(now, ground.district, 10)
    executive = ground.officer("executive")
    services.set_state(actor=SYSTEM, now=now, code=proposal.code, state="on_ballot")
    with pytest.raises(Problem, match="decided after the count"):
        services.reject_proposal(actor=executive, now=now, code=proposal.code, reason=localized("不办", "No"))
    assert queries.proposal_by_code(proposal.code).state == "on_ballot"
