"""The clock of a need: warned of at half and four fifths, told above once over, given back where an act fails."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from qiao.base.access import SYSTEM, Refused
from qiao.base.deadlines import progress
from qiao.base.i18n import localized
from qiao.base.models import AuditRow
from qiao.decide.proposals.services import raise_proposal, set_state
from qiao.hear.needs import services
from qiao.hear.needs.models import Need
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.people.models import PersonMessage
from tests.factories.hear import DAY, Town, make_town
from tests.hear.needs.test_needs import derive, published


@pytest.fixture
def large(db: None, now: datetime) -> Town:
    return make_town(now, members=160)


@pytest.fixture
def need(large: Town, now: datetime) -> Need:
    return published(large, now, derive(large)[0])


def test_who_is_to_act_is_warned_once_at_each_mark(large: Town, need: Need, now: datetime) -> None:
    assert need.due is not None
    executive = large.actor(Role.EXECUTIVE)
    told = PersonMessage.objects.filter(account_id=executive.account_id)
    with pytest.raises(Refused):
        services.warn_needs(actor=executive, now=now)
    whole = need.due - now
    for share, messages in ((0.4, 0), (0.51, 1), (0.6, 1), (0.81, 2), (0.99, 2), (1.01, 3), (1.5, 3)):
        services.warn_needs(actor=SYSTEM, now=now + share * whole)
        assert told.count() == messages, share
    assert AuditRow.objects.filter(action="need.overdue", code=need.code).count() == 1


def test_one_late_is_told_once_of_all_marks_together(large: Town, need: Need, now: datetime) -> None:
    assert need.due is not None
    told = PersonMessage.objects.filter(account_id=large.actor(Role.EXECUTIVE).account_id)
    assert services.warn_needs(actor=SYSTEM, now=need.due + DAY) == 1
    assert services.warn_needs(actor=SYSTEM, now=need.due + DAY) == 0
    assert told.count() == 1


def propose(town: Town, now: datetime, need: Need, name: str) -> str:
    proposal = raise_proposal(
        actor=SYSTEM, now=now, unit=town.root, title=localized(name), text=localized(name),
        cost=Decimal(1000), need_codes=[need.code],
    )  # fmt: skip
    return proposal.code


def reject(town: Town, now: datetime, code: str) -> None:
    set_state(actor=SYSTEM, now=now, code=code, state="rejected", reason=localized("没有经费"))


def test_a_need_whose_proposal_is_rejected_has_the_time_back_it_had_left(
    large: Town, need: Need, now: datetime
) -> None:
    due, member = need.due, actor_for(large.member_account(0), now.date())
    assert due is not None
    services.follow_need(actor=member, now=now, code=need.code)
    code = propose(large, now + 10 * DAY, need, "夜班车")
    assert services.warn_needs(actor=SYSTEM, now=due + DAY) == 0
    reject(large, now + 100 * DAY, code)
    need.refresh_from_db()
    assert (need.state, need.action_code, need.taken_up) == ("published", "", None)
    assert need.due is not None
    assert timedelta(0) <= need.due - (due + 90 * DAY) <= 3 * DAY  # a rest day moves it
    assert need.clock_from is not None
    assert progress(need.clock_from, need.due, now + 100 * DAY).share == pytest.approx(10 / 60, abs=0.02)
    told = PersonMessage.objects.filter(person_id=member.person_id) | PersonMessage.objects.filter(
        account_id=member.account_id
    )
    assert told.count() == 2
    # Taken up anew it is told anew; rejected again the clock stands where it stood.
    second = propose(large, now + 101 * DAY, need, "班车到厂门口")
    assert told.count() == 3
    reject(large, now + 111 * DAY, second)
    assert told.count() == 4
    later = Need.objects.get(pk=need.pk)
    assert later.due is not None
    assert timedelta(0) <= later.due - (need.due + 10 * DAY) <= 3 * DAY


def test_another_proposal_that_stands_keeps_it_taken_up(large: Town, need: Need, now: datetime) -> None:
    first, second = (propose(large, now + DAY, need, name) for name in ("夜班车", "拼车"))
    reject(large, now + 2 * DAY, first)
    need.refresh_from_db()
    assert (need.state, need.action_code) == ("taken_up", second)
    reject(large, now + 3 * DAY, second)
    need.refresh_from_db()
    assert need.state == "published"


def test_what_was_taken_up_otherwise_or_answered_is_left_alone(large: Town, need: Need, now: datetime) -> None:
    services.take_up_need(actor=SYSTEM, now=now, code=need.code, action_code="P-9", what=localized("别的"))
    for code in ("P-8", "P-9"):
        services.release_need(actor=SYSTEM, now=now, code=need.code, action_code=code, what=localized("车"))
        need.refresh_from_db()
        assert need.state == ("taken_up" if code == "P-8" else "published")
    services.answer_need(
        actor=large.actor(Role.EXECUTIVE), now=now, code=need.code, answer=localized("市里统筹，今年没有")
    )
    services.release_need(actor=SYSTEM, now=now, code=need.code, action_code="P-9", what=localized("车"))
    need.refresh_from_db()
    assert need.state == "answered"
