"""Ballots sealed on the member's device, and count officers whose keys never meet the server."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from pathlib import Path

import pytest
from django.urls import reverse
from nacl.utils import random
from tests.factories.ratings import BAD, DAY, GOOD, Place, joined, make_place, opened, voted
from tests.judge.ratings.test_pages import at, signed_in
from typer.testing import CliRunner

from qiao.base import sealing
from qiao.base.access import Refused
from qiao.base.problems import Problem
from qiao.cli.main import app
from qiao.judge.ratings import queries, services
from qiao.judge.ratings.choices import State
from qiao.judge.ratings.models import Paper, Rating
from qiao.judge.ratings.rules.bundle import check_bundle
from qiao.judge.ratings.rules.offline import take_off

pytestmark = pytest.mark.django_db


def _taken(place: Place, rating: Rating, who: int) -> str:
    """What a count officer hands in: made from the download and their key, off the server."""
    text = services.sealed_keys(actor=place.counters[who], now=rating.closes + DAY, code=rating.code)
    return take_off(text, place.keys[who].private)


def _hand_in(place: Place, rating: Rating, who: int, file: str) -> Rating:
    return services.join_key(actor=place.counters[who], now=rating.closes + DAY, code=rating.code, file=file)


def test_what_a_device_sealed_is_counted_and_what_is_no_ballot_counts_for_nobody(now: datetime) -> None:
    place = make_place(now)
    rating = opened(place)
    voted(place, rating, [GOOD] * 5)
    for number, content in enumerate([BAD, BAD, BAD, BAD, BAD | {"money": "not"}, {"whole": "splendid"}], start=5):
        services.cast_vote(
            actor=place.members[number], now=rating.opens, code=rating.code,
            sealed=sealing.seal(rating.public_key, content),
        )  # fmt: skip
    services.cast_vote(
        actor=place.members[11], now=rating.opens, code=rating.code, sealed=random(sealing.PAD + sealing.OVERHEAD)
    )
    assert {len(paper.sealed) for paper in Paper.objects.all()} == {sealing.PAD + sealing.OVERHEAD}
    rating = joined(place, rating)
    rating.refresh_from_db()
    # Five good and five bad ones; one with an unknown grade and one of noise hold no ballot.
    assert (rating.state, rating.voted, rating.turnout, rating.unreadable) == (State.PUBLISHED, 12, 10, 2)
    assert queries.lines_of(rating)[0].satisfied == 5 / 10
    assert check_bundle({one.name: one.content for one in rating.files.all()})


def test_bytes_that_are_no_sealed_ballot_use_up_no_vote(now: datetime) -> None:
    place = make_place(now)
    rating = opened(place)
    for wrong in (b"", b"\x00" * 100, b"\x00" * (sealing.PAD + sealing.OVERHEAD + 1)):
        with pytest.raises(Problem, match="no sealed ballot"):
            services.cast_vote(actor=place.members[0], now=rating.opens, code=rating.code, sealed=wrong)
    assert not queries.on_roll(rating, place.members[0]).voted


def test_the_page_takes_the_sealed_ballot_and_says_where_it_is_sealed(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = make_place(now)
    rating = opened(place)
    at(monkeypatch, rating.opens + DAY)
    client, address = signed_in(place.members[0]), reverse("ratings:vote", args=[rating.code])
    text = client.get(address).content.decode()
    assert f'data-seal="{rating.public_key}"' in text
    assert "sealed on this device" in text
    assert "sealed as it arrives" in text
    assert client.post(address, {"sealed": "%%%"}).status_code == 422
    sealed = base64.b64encode(sealing.seal(rating.public_key, BAD)).decode()
    answer = client.post(address, {"sealed": sealed}, follow=True)
    assert answer.redirect_chain == [(reverse("ratings:voted", args=[rating.code]), 302)]
    assert Paper.objects.count() == 1


def test_two_officers_open_it_without_their_keys_ever_coming_here(now: datetime) -> None:
    place = make_place(now)
    rating = opened(place)
    voted(place, rating, [GOOD] * 7 + [BAD] * 5)
    with pytest.raises(Problem, match="after the vote is closed"):
        services.sealed_keys(actor=place.counters[2], now=rating.closes - DAY, code=rating.code)
    with pytest.raises(Refused):
        services.sealed_keys(actor=place.caller, now=rating.closes + DAY, code=rating.code)
    first = _taken(place, rating, 2)
    assert place.keys[2].private not in first
    _hand_in(place, rating, 2, first)
    rating.refresh_from_db()
    assert rating.state == State.CLOSED
    # One may work elsewhere and the other here.
    rating = _hand_in(place, rating, 0, _taken(place, rating, 0))
    rating.refresh_from_db()
    assert (rating.state, rating.turnout, rating.unreadable) == (State.PUBLISHED, 12, 0)
    assert not rating.wrapped.exists()


def test_a_changed_a_foreign_or_an_old_file_changes_nothing(now: datetime) -> None:
    place = make_place(now)
    rating = opened(place)
    voted(place, rating, [GOOD] * 12)
    good = _taken(place, rating, 1)
    content = json.loads(good)
    content["copies"][0]["inner"] = content["copies"][0]["inner"][:-8] + "AAAAAAA="
    for who, file, said in (
        (1, json.dumps(content), "not what lies beneath"),
        (1, json.dumps(json.loads(good) | {"copies": []}), "not what lies beneath"),
        (0, good, "another count officer"),
        (1, json.dumps(json.loads(good) | {"rating": "MR-9999"}), "another rating"),
        (1, "nothing", "no file of that kind"),
        (1, json.dumps(json.loads(good) | {"copies": [[1]]}), "no file of that kind"),
    ):
        with pytest.raises(Problem, match=said):
            _hand_in(place, rating, who, file)
    assert not rating.keys.filter(joined__isnull=False).exists()
    _hand_in(place, rating, 1, good)
    # Handed in again it changes nothing; the other officer needs what is sealed for them now.
    _hand_in(place, rating, 1, good)
    assert joined(place, rating, [0]).turnout == 12


def test_the_command_takes_the_seal_off_and_refuses_other_keys(now: datetime, tmp_path: Path) -> None:
    place = make_place(now)
    rating = opened(place)
    voted(place, rating, [GOOD] * 12)
    keys, own = tmp_path / f"{rating.code}.keys.json", tmp_path / "own.key"
    keys.write_text(services.sealed_keys(actor=place.counters[0], now=rating.closes + DAY, code=rating.code))
    own.write_text(f"# Qiao private key: keep it\n{place.keys[1].private}\n")
    command = ["judge", "take-off", str(keys), "--key", str(own), "--folder", str(tmp_path)]
    assert CliRunner().invoke(app, command).exit_code == 2
    own.write_text(f"# Qiao private key: keep it\n{place.keys[0].private}\n")
    done = CliRunner().invoke(app, command)
    assert done.exit_code == 0, done.output
    path = tmp_path / f"{rating.code}.off.json"
    assert path.stat().st_mode & 0o077 == 0
    assert CliRunner().invoke(app, command).exit_code == 2, "what stands there is not overwritten"
    _hand_in(place, rating, 0, path.read_text())
    assert joined(place, rating, [1]).turnout == 12
