"""Pages of statements, moderation, the opinion map and the answering desk, as people meet them."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import numpy as np
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.factories.decide import DAY, PERIOD, Ground, closed, make_ground, member_client, officer_client, opened

from qiao.base import clock
from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.decide.consultations.models import Consultation, Opinion, OpinionGroup
from qiao.decide.consultations.queries import statements_of
from qiao.decide.consultations.services import (
    close_consultation,
    group_opinions,
    submit_opinion,
    vote_statement,
    withhold_opinion,
)
from qiao.decide.consultations.services.desk import suggest_groups, work_out_suggestions
from qiao.org.access.choices import Role

pytestmark = pytest.mark.django_db
BASE = "/decide/consultations"


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    return " ".join(answer.content.decode().split())


def voted(ground: Ground) -> Consultation:
    """Two camps of equal size that answered eight statements, closed."""
    then = clock.now() - PERIOD
    consultation = opened(then, ground, statements=8)
    rng = np.random.default_rng(3)
    for place, member in enumerate(ground.members):
        for number, statement in enumerate(statements_of(consultation)):
            share = 0.95 if number > 5 or (number < 3) == (place % 2 == 0) else 0.05
            vote_statement(actor=member, now=then + DAY, statement_id=statement.pk,
                           vote=1 if rng.random() < share else -1)  # fmt: skip
    return close_consultation(actor=SYSTEM, now=clock.now(), code=consultation.code)


def test_the_map_tells_areas_and_words_and_its_file_is_whole() -> None:
    ground = make_ground(clock.now(), members=60)
    consultation = voted(ground)
    url = f"{BASE}/{consultation.code}/map/"
    text = text_of(Client(headers={"accept-language": "en"}), url)
    assert text.count("<ellipse") == 2
    assert "What all groups share" in text
    assert "Group B" in text
    answer = Client().get(f"{url}file/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        for entry in manifest["files"]:
            assert hashlib.sha256(archive.read(entry["name"])).hexdigest() == entry["sha256"]
        # Patterns of votes differ: single votes would tell members apart.
        assert "votes.csv" not in archive.namelist()
        assert "statement" in archive.read("statements.csv").decode("utf-8-sig").splitlines()[0]


def test_single_votes_go_out_where_everybody_has_four_companions() -> None:
    ground = make_ground(clock.now(), members=10)
    then = clock.now() - PERIOD
    consultation = opened(then, ground, statements=2)
    for place, member in enumerate(ground.members):
        for statement in statements_of(consultation):
            vote_statement(actor=member, now=then, statement_id=statement.pk, vote=1 if place < 5 else -1)
    close_consultation(actor=SYSTEM, now=clock.now(), code=consultation.code)
    answer = Client().get(f"{BASE}/{consultation.code}/map/file/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        rows = archive.read("votes.csv").decode("utf-8-sig").split()
    assert sorted(rows[1:]) == ["-1,-1"] * 5 + ["1,1"] * 5


def test_before_the_close_there_is_neither_map_nor_file() -> None:
    ground = make_ground(clock.now())
    consultation = opened(clock.now() - DAY, ground)
    client = Client(headers={"accept-language": "en"})
    assert "The map is published after the close" in text_of(client, f"{BASE}/{consultation.code}/map/")
    assert client.get(f"{BASE}/{consultation.code}/map/file/").status_code == 404


def test_a_member_writes_sees_what_is_alike_and_sends() -> None:
    ground = make_ground(clock.now())
    consultation = opened(clock.now() - DAY, ground)
    client = member_client(clock.now(), ground.members[0])
    url = f"{BASE}/{consultation.code}/statements/new/"
    first = client.post(url, {"text": "夜班车要停在南门口"}, follow=True)
    assert "Waits for moderation" in first.content.decode()
    again = client.post(url, {"text": "短"})
    assert "A statement has 6 to 140 signs" in again.content.decode()
    assert "夜班车要停在南门口" in text_of(client, f"{BASE}/{consultation.code}/statements/")
    moderator = officer_client(clock.now(), ground, Role.SECRETARY)
    page = text_of(moderator, f"{BASE}/{consultation.code}/moderate/")
    assert ground.members[0].name not in page
    key = consultation.submissions.get().pk
    moderator.post(f"{BASE}/{consultation.code}/moderate/", {"submission": key, "accept": "1"})
    assert "夜班车要停在南门口" in text_of(Client(), f"{BASE}/{consultation.code}/moderation/")
    assert "MA-" in Client().get(f"{BASE}/{consultation.code}/moderation/?as=csv").content.decode("utf-8-sig")


def test_withheld_words_are_appealed_against_by_their_author_alone() -> None:
    ground = make_ground(clock.now())
    consultation = closed(clock.now() - DAY, ground, [(0, "太差了"), (1, "还行")])
    opinion = Opinion.objects.get(text="太差了")
    withhold_opinion(actor=SYSTEM, now=clock.now(), code=consultation.code, opinion_id=opinion.pk,
                     reason=localized("骂人", "abuse"), ground="abuse")  # fmt: skip
    author, other = (member_client(clock.now(), member) for member in ground.members[:2])
    url = f"{BASE}/opinion/{opinion.receipt}/"
    assert f"{url}appeal/" in text_of(author, url)
    assert other.get(f"{url}appeal/").status_code == 404
    answer = author.post(f"{url}appeal/", {"ground": "没有骂人"}, follow=True)
    assert "/appeals/" in answer.redirect_chain[-1][0]


def test_the_desk_holds_its_queries_however_many_groups_there_are() -> None:
    ground = make_ground(clock.now())
    consultation = closed(clock.now() - DAY, ground, [])
    secretary = officer_client(clock.now(), ground, Role.SECRETARY)

    def add(number: int) -> None:
        group = OpinionGroup.objects.create(
            consultation=consultation, title=localized(f"组{number}", f"Group {number}"), made=clock.now()
        )
        for place in range(2):
            Opinion.objects.create(
                consultation=consultation, person_id=ground.members[place].person_id, text=f"{number} {place}",
                language="zh-hans", likeness=f"{number}:{place}", filed=clock.now().date(), state="grouped",
                group=group,
            )  # fmt: skip

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            text_of(secretary, f"{BASE}/{consultation.code}/desk/")
        return len(seen)

    add(0)
    queries()
    one = queries()
    for number in range(1, 30):
        add(number)
    assert queries() == one


def test_suggestions_and_groups_on_their_pages() -> None:
    ground = make_ground(clock.now())
    then = clock.now() - PERIOD
    consultation = opened(then, ground)
    for place, text in enumerate(("班车路线要经过南门", "班车站点增加南门", "班车要停南门", "加班费要按时发")):
        submit_opinion(actor=ground.members[place], now=then, code=consultation.code, clause_id=None, text=text,
                       language="zh-hans")  # fmt: skip
    close_consultation(actor=SYSTEM, now=clock.now(), code=consultation.code)
    code, secretary = consultation.code, officer_client(clock.now(), ground, Role.SECRETARY)
    suggest_groups(actor=SYSTEM, now=clock.now(), code=code)
    work_out_suggestions(now=clock.now(), consultation_id=consultation.pk)
    url = f"{BASE}/{code}/desk/"
    assert "1 suggestion left" in text_of(secretary, f"{url}suggestions/")
    suggestion = consultation.suggestions.get()
    secretary.post(f"{url}suggestions/", {"take": "1", "suggestion": suggestion.pk, "title_zh_hans": "南门",
                                          "opinion": suggestion.opinion_ids})  # fmt: skip
    group = OpinionGroup.objects.get()
    assert "given to nobody" in text_of(secretary, url)
    assert "Give it to an office" in text_of(secretary, f"{url}{group.pk}/")


def test_officers_of_other_offices_read_no_desk() -> None:
    ground = make_ground(clock.now())
    consultation = closed(clock.now() - DAY, ground, [(0, "甲"), (1, "乙")])
    group = group_opinions(
        actor=SYSTEM, now=clock.now(), code=consultation.code, title=localized("同", "same"),
        opinion_ids=list(consultation.opinions.values_list("pk", flat=True)),
    )  # fmt: skip
    analyst = officer_client(clock.now(), ground, Role.ANALYST)
    for path in ("desk/", "desk/suggestions/", f"desk/{group.pk}/", f"desk/{group.pk}/answer/", "moderate/"):
        assert analyst.get(f"{BASE}/{consultation.code}/{path}").status_code == 403
