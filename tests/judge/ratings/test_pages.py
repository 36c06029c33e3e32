"""Pages of a rating, asked as those who use them."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.ratings import BAD, DAY, GOOD, called, frozen, make_place, opened, published, voted

from qiao.base.access import ANONYMOUS, Actor
from qiao.base.i18n import localized
from qiao.judge.ratings import queries, services
from qiao.judge.ratings.models import Rating
from qiao.judge.ratings.views import answering, calling, counting, member, petitions, public
from qiao.org.people.models import Account

pytestmark = pytest.mark.django_db
#: What the `qiao` command runs.
RUN = "from qiao.cli.main import app; app()"


def account_of(actor: Actor) -> Account:
    """The account of a member, made once."""
    made, _new = Account.objects.get_or_create(
        email=f"m{actor.person_id}@x.example", defaults={"display_name": actor.name, "person_id": actor.person_id}
    )
    return made


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """Let every page of ratings read this time."""
    for module in (answering, calling, counting, member, petitions, public):
        monkeypatch.setattr(module, "now", lambda: moment)


def signed_in(actor: Actor) -> Client:
    """A client of this actor."""
    client = Client(headers={"accept-language": "en"})
    account = Account.objects.filter(pk=actor.account_id, display_name=actor.name).first() or account_of(actor)
    client.force_login(account)
    return client


def test_a_member_votes_with_script_off_and_sees_that_the_vote_is_in(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = make_place(now)
    rating = opened(place)
    at(monkeypatch, rating.opens + DAY)
    client = signed_in(place.members[0])
    address = reverse("ratings:vote", args=[rating.code])
    assert client.get(address).status_code == 200
    half = client.post(address, {"whole": "not"})
    assert half.status_code == 422
    assert not queries.on_roll(rating, place.members[0]).voted
    answer = client.post(address, GOOD, follow=True)
    assert re.search(r"R-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]", answer.content.decode())
    assert queries.on_roll(rating, place.members[0]).voted
    assert client.get(address).status_code == 302


def test_the_public_page_and_the_bundle_tell_the_same_and_qiao_verify_recomputes_it(
    now: datetime, tmp_path: Path
) -> None:
    rating = published(make_place(now), [GOOD] * 5 + [BAD] * 7)
    client = Client(headers={"accept-language": "en"})
    text = client.get(reverse("ratings:rating", args=[rating.code])).content.decode()
    assert "12 valid ballots of 12 members" in text
    assert rating.bundle_sha256 in text
    content = client.get(reverse("ratings:bundle", args=[rating.code])).content
    path = tmp_path / f"{rating.code}.zip"
    path.write_bytes(content)
    done = subprocess.run([sys.executable, "-c", RUN, "verify", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "turnout" in done.stdout
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"whole,satisfied,5", b"whole,satisfied,9"))
    done = subprocess.run(
        [sys.executable, "-c", RUN, "verify", str(changed)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2


def test_while_open_no_page_tells_how_many_voted(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    place = make_place(now)
    rating = opened(place)
    at(monkeypatch, rating.opens + DAY)
    pages = {}
    for votes in (0, 7):
        voted(place, rating, [GOOD] * votes)
        pages[votes] = re.sub(
            r'name="csrfmiddlewaretoken" value="[^"]+"', "",
            signed_in(place.caller).get(reverse("ratings:rating", args=[rating.code])).content.decode(),
        )  # fmt: skip
    strip = re.compile(r'nonce-?="?[^" ]+|nonce="[^"]+"')
    assert strip.sub("", pages[0]) == strip.sub("", pages[7])


def test_a_petition_that_collects_is_seen_by_members_only(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    place = make_place(now)
    at(monkeypatch, now)
    one = services.start_petition(actor=place.members[0], now=now, unit=place.base, ground=localized("评", "Rate"))
    address = reverse("ratings:petition", args=[one.code])
    assert signed_in(place.caller).get(address).status_code == 404
    assert Client().get(address).status_code == 404
    assert signed_in(place.members[1]).get(address).status_code == 200


def test_the_board_asks_as_often_for_one_as_for_many(now: datetime) -> None:
    place = make_place(now)
    rating = called(place)
    client = Client()
    client.get(reverse("ratings:board"))
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("ratings:board"))
    for number in range(20):
        copy = Rating.objects.get(pk=rating.pk)
        copy.pk, copy.code = None, f"MR-Y{number}"
        copy.save()
    with CaptureQueriesContext(connection) as many:
        client.get(reverse("ratings:board"))
    assert len(many) == len(one)


def test_desk_open_and_own_items_tell_each_what_waits(now: datetime) -> None:
    place = make_place(now)
    rating = frozen(place)
    steps = [item.next_step for item in queries.desk_items(actor=place.counters[0], now=now)]
    assert len(steps) == 1
    assert queries.open_items(actor=place.members[0], now=now + DAY)[0].only_told
    assert queries.open_items(actor=ANONYMOUS, now=now) == []
    assert queries.own_items(actor=place.members[0], now=now) == []
    assert queries.unit_panels(actor=ANONYMOUS, unit=place.base, now=now)[0].lines[0].url.endswith(f"{rating.code}/")
    done = queries.stations([rating.code])
    assert [one.code for one in done] == [rating.code]
