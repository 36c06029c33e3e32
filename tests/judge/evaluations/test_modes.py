"""By telephone and on paper: through the evaluator's own people, in one count, with the mode told and nothing more."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.judge import GOOD, Town, closed, opened, opened_offline, town

from qiao.base import clock, sealing
from qiao.base.access import Actor, Refused
from qiao.base.models import LedgerLeaf
from qiao.base.problems import Problem
from qiao.judge.evaluations import services
from qiao.judge.evaluations.choices import Mode
from qiao.judge.evaluations.models import RollEntry, SealedAnswer
from qiao.judge.evaluations.queries.shell import desk_items
from qiao.judge.evaluations.rules.checking import ResultBundle, checks
from qiao.judge.evaluations.rules.instrument import INSTRUMENTS, checked_answers
from qiao.judge.evaluations.rules.modes import fits, mode_of, told_modes
from qiao.judge.evaluations.rules.offline import signed_result
from qiao.judge.evaluators.choices import Duty
from qiao.judge.evaluators.models import Organisation
from qiao.judge.evaluators.services import give_seat
from qiao.org.access.queries import actor_for
from qiao.org.people.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(now) -> Town:
    return town(now, members=16)


def interviewer(place: Town) -> Actor:
    seat = give_seat(
        actor=place.actor("evaluator"), now=place.now, organisation=Organisation.objects.get(),
        email="calls@fair.example", display_name="溪听雨", duty=Duty.INTERVIEWER,
    )  # fmt: skip
    return actor_for(seat.account, place.now.date())


def codes(place: Town, code: str, number: int) -> list[str]:
    """Codes of members who have one: here all are sent them by mail."""
    sent = services.make_invitations(
        actor=place.actor("evaluator"), now=place.now,
        evaluation_id=RollEntry.objects.filter(evaluation__code=code).values_list("evaluation_id", flat=True)[0],
    )  # fmt: skip
    return [one.secret_code for one in sent[:number]]


def test_answers_by_telephone_and_paper_stand_in_one_count_and_the_modes_beside_it(place: Town) -> None:
    evaluation, pair = opened(place)
    asks, letters = interviewer(place), codes(place, evaluation.code, 16)
    for number, letter in enumerate(letters):
        mode = Mode.PHONE if number < 5 else Mode.PAPER if number < 10 else Mode.DEVICE
        services.submit_sealed(
            actor=asks, now=place.now, code=evaluation.code, answers=GOOD, secret_code=letter, mode=mode
        )
    # While it is open nothing tells the modes of the answers themselves; they are all of one size.
    assert {len(bytes(one)) for one in SealedAnswer.objects.values_list("sealed", flat=True)} == {
        sealing.PAD + sealing.OVERHEAD
    }
    done = services.close_evaluation(actor=place.actor("evaluator"), now=evaluation.closes, code=evaluation.code)
    assert done.issued_modes == {"device": 6, "phone": 5, "paper": 5}
    outcome = opened_offline(place, done, pair.private)
    assert outcome.results.modes == {"device": 6, "phone": 5, "paper": 5}
    files = signed_result(outcome, pair.sign)
    assert all(one.holds for one in checks(ResultBundle(files)))
    assert "How they answered: on a device of their own 6, by telephone 5, on paper 5." in files["report.md"]
    assert "作答方式：自己的设备 6、电话 5、纸质 5。" in files["report.md"]
    services.publish_result(
        actor=place.actor("evaluator"), now=evaluation.closes, code=evaluation.code, files=files
    )  # fmt: skip
    page = Client(headers={"accept-language": "en"}).get(reverse("evaluations:detail", args=[evaluation.code]))
    text = page.content.decode()
    assert "How they answered: on a device of their own 6, by telephone 5, on paper 5." in text
    closing = json.loads(LedgerLeaf.objects.get(code=evaluation.code, kind="evaluation.closed").payload)
    assert closing["issued_by_mode"] == {"device": 6, "phone": 5, "paper": 5}


def test_a_claimed_split_that_does_not_add_up_is_found(place: Town) -> None:
    evaluation, pair = closed(place, [GOOD] * 12)
    files = signed_result(opened_offline(place, evaluation, pair.private), pair.sign)
    assert json.loads(files["manifest.json"])["modes"] == {"device": 12, "phone": 0, "paper": 0}
    files["manifest.json"] = files["manifest.json"].replace('"device": 12', '"device": 11')
    faults = {one.check for one in checks(ResultBundle(files)) if not one.holds}
    assert {"sealed answers", "signature", "report"} <= faults


def test_only_somebody_of_this_evaluator_answers_for_others(place: Town) -> None:
    evaluation, _pair = opened(place)
    letters = codes(place, evaluation.code, 3)
    for actor in (place.actor("executive"), place.member(3), place.actor("interviewer")):
        with pytest.raises(Refused):
            services.submit_sealed(
                actor=actor, now=place.now, code=evaluation.code, answers=GOOD, secret_code=letters[0], mode=Mode.PHONE
            )
        with pytest.raises(Refused):
            services.issue_credential(
                actor=actor, now=place.now, code=evaluation.code, blinded=b"1" * 256, secret_code=letters[0],
                mode=Mode.PAPER,
            )  # fmt: skip
    asks = interviewer(place)
    with pytest.raises(Problem, match="Type the code"):
        services.submit_sealed(actor=asks, now=place.now, code=evaluation.code, answers=GOOD, mode=Mode.PHONE)
    # One answer a code, whichever way.
    services.submit_sealed(
        actor=asks, now=place.now, code=evaluation.code, answers=GOOD, secret_code=letters[0], mode=Mode.PAPER
    )
    with pytest.raises(Problem, match="counts once"):
        services.submit_sealed(
            actor=Actor(), now=place.now, code=evaluation.code, answers=GOOD, secret_code=letters[0]
        )  # fmt: skip
    assert SealedAnswer.objects.count() == 1


def test_an_interviewer_asks_and_does_nothing_else(place: Town) -> None:
    evaluation, _pair = opened(place)
    asks = interviewer(place)
    for act in (services.make_code_sheet, services.close_evaluation):
        with pytest.raises(Refused):
            act(actor=asks, now=evaluation.closes, code=evaluation.code)
    (item,) = desk_items(actor=asks, now=place.now)
    assert item.url == reverse("evaluations:interviews", args=[evaluation.code])
    assert not desk_items(actor=asks, now=evaluation.closes + timedelta(days=1))


def test_the_pages_lead_from_code_to_code() -> None:
    place = town(clock.now())
    evaluation, _pair = opened(place)
    letters = codes(place, evaluation.code, 2)
    asks = interviewer(place)
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(Account.objects.get(pk=asks.account_id))
    start = reverse("evaluations:interviews", args=[evaluation.code])
    typed = letters[0].lower().replace("-", " ")
    sent = browser.post(start, {"mode": "phone", "secret_code": typed})
    questions = reverse("evaluations:interview", args=[evaluation.code, "phone", letters[0].replace("-", "")])
    assert sent.status_code == 302, sent.content.decode()
    assert sent.headers["Location"] == questions
    page = browser.get(questions).content.decode()
    assert 'data-mode="phone"' in page
    assert "Read out every question" in page
    after = browser.post(questions, GOOD, follow=True)
    assert "to be read out" in after.content.decode()
    assert f"{start}" in after.content.decode()
    assert RollEntry.objects.get(issued=True).mode == "phone"
    again = browser.get(questions)
    assert again.status_code == 409
    assert (
        browser.get(reverse("evaluations:interview", args=[evaluation.code, "device", letters[1]])).status_code == 404
    )
    wrong = browser.get(reverse("evaluations:interview", args=[evaluation.code, "paper", "AAAA-AAAA-AAAA"]))
    assert wrong.status_code == 403
    assert start in wrong.content.decode()


def test_what_a_device_claims_is_one_of_the_modes_or_its_own() -> None:
    instrument = next(iter(INSTRUMENTS.values()))
    for claimed, found in (("phone", Mode.PHONE), ("paper", Mode.PAPER), ("device", Mode.DEVICE), ("x", Mode.DEVICE)):
        assert mode_of(checked_answers(instrument, {**GOOD, "satisfaction": "not", "mode": claimed})) == found


def test_small_numbers_of_a_mode_are_not_told_and_cannot_be_computed() -> None:
    for device in range(0, 30, 3):
        for phone in range(9):
            for paper in range(9):
                total = device + phone + paper
                if total < 10:
                    continue
                told = told_modes(["device"] * device + ["phone"] * phone + ["paper"] * paper)
                assert fits(told, total), told
                true = {"device": device, "phone": phone, "paper": paper}
                assert all(count is None or count == true[mode] for mode, count in told.items())
                hidden = [mode for mode, count in told.items() if count is None]
                assert all(not 0 < true[mode] < 5 for mode in set(told) - set(hidden))
                assert len(hidden) != 1
    assert Counter(told_modes(["device"] * 12).values()) == Counter([12, 0, 0])
    assert not fits({"device": 12, "phone": 0}, 12)
    assert not fits({"device": 9, "phone": 3, "paper": 0}, 12)
    assert not fits({"device": None, "phone": None, "paper": 11}, 12)
