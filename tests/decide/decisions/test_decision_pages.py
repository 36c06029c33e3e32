"""Pages of decisions: taken on a page, found in the register, never before the answers."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.test import Client
from tests.factories.ballots import answer_all, make_consultation, make_ground, make_proposals

from qiao.base.access import SYSTEM
from qiao.base.clock import now as read_clock
from qiao.decide.consultations.services import finish_answers
from qiao.decide.decisions.models import Decision
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.access.services import grant_role
from qiao.org.people.services import open_account
from qiao.web import providers, threads

pytestmark = pytest.mark.django_db


@pytest.fixture
def moment() -> datetime:
    return read_clock()


def test_the_executive_decides_on_the_page_once_every_opinion_is_answered(moment: datetime) -> None:
    ground = make_ground(moment)
    first, second = (proposal.code for proposal in make_proposals(moment, ground.district, 300, 500))
    consultation = make_consultation(moment, ground, [first, second], opinions=2, answered=False)
    account = open_account(actor=SYSTEM, now=moment, email="e@x.example", display_name="松")
    grant_role(actor=SYSTEM, now=moment, account=account, role=Role.EXECUTIVE, unit=ground.root, since=date(2020, 1, 1))
    actor = actor_for(account, moment.date())
    client = Client(headers={"accept-language": "en"})
    client.force_login(account)
    address = f"/decide/decisions/new/?consultation={consultation.code}"
    assert "2 opinions have no answer yet" in client.get(address).content.decode()
    form = {
        "title_zh_hans": "年度决定",
        "title_en": "Decision of the year",
        "text_zh_hans": "决定如下",
        "text_en": "It is decided",
        f"fate_{first}": "adopt",
        f"fate_{second}": "reject",
        f"reason_{second}_zh_hans": "另有安排",
        f"reason_{second}_en": "Planned elsewhere",
        "votes_for": "7",
        "votes_against": "1",
        "votes_abstained": "0",
    }
    early = client.post(address, form)
    assert early.status_code == 200
    assert f"{consultation.code}: 2 opinions of this consultation have no answer yet" in early.content.decode()
    assert not Decision.objects.exists()
    assert consultation.code not in client.get("/decide/decisions/new/").content.decode()

    answer_all(moment, consultation.code)
    finish_answers(actor=SYSTEM, now=moment, code=consultation.code)
    assert consultation.code in client.get("/decide/decisions/new/").content.decode()
    assert any(address in item.url for item in providers.desk_items(actor=actor, now=moment))
    taken = client.post(address, form, follow=True).content.decode()
    decision = Decision.objects.get()
    assert "The decision is taken and published." in taken
    assert "7 for, 1 against, 0 abstained" in taken
    assert "Because: Planned elsewhere" in taken
    assert not any(address in item.url for item in providers.desk_items(actor=actor, now=moment))
    bar = threads.bar(decision.code)
    assert bar is not None
    assert bar.flags == ()

    public = Client(headers={"accept-language": "en"})
    register = public.get("/decide/decisions/", {"q": "year", "year": str(moment.year)}).content.decode()
    assert decision.code in register
    assert "No decision fits" in public.get("/decide/decisions/", {"q": "nothing"}).content.decode()
    assert public.get("/decide/decisions/", {"year": "20x6", "page": "99"}).status_code == 200
    assert decision.code in public.get("/decide/").content.decode()


def test_the_landing_page_counts_what_is_unanswered_in_public(moment: datetime) -> None:
    ground = make_ground(moment)
    codes = [proposal.code for proposal in make_proposals(moment, ground.district, 300, 500)]
    consultation = make_consultation(moment, ground, codes, opinions=3, answered=False)
    page = Client(headers={"accept-language": "en"}).get("/decide/").content.decode()
    assert consultation.code in page
    assert "3 opinions received" in page
    assert "3 unanswered" in page
