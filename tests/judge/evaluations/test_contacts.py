"""Mystery contacts: reported by the evaluator's people, sealed, opened offline, computed again by anybody."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from statistics import mean, stdev

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from hypothesis import given as cases
from hypothesis import strategies as st
from tests.factories.judge import GOOD, Town, answered, opened, opened_offline, town
from tests.judge.evaluations.test_modes import interviewer
from tests.judge.evaluations.test_result import signed_again

from qiao.base import clock
from qiao.base.access import Refused
from qiao.base.db import atomic
from qiao.base.i18n import localized, percent_text
from qiao.base.models import LedgerLeaf
from qiao.base.problems import Problem
from qiao.judge.evaluations import services
from qiao.judge.evaluations.models import Evaluation, SealedContact
from qiao.judge.evaluations.rules.checking import ResultBundle, checks
from qiao.judge.evaluations.rules.contacts import SERVICE_CONTACT_1, contacts_csv, read_contacts, score_of
from qiao.judge.evaluations.rules.offline import Outcome, signed_result
from qiao.org.people.models import Account

ITEMS = [item.key for item in SERVICE_CONTACT_1.items]
MET = {**dict.fromkeys(ITEMS, "met"), "channel": "phone"}
HALF = {**dict.fromkeys(ITEMS, "partly"), "channel": "counter"}
NONE = {**dict.fromkeys(ITEMS, "not"), "channel": "web", "note": "窗口没人"}


@pytest.fixture
def place(db: None, now) -> Town:
    return town(now, members=12)


def visited(place: Town, contacts: list[Mapping[str, str]]) -> tuple[Evaluation, Outcome, str]:
    evaluation, pair = opened(place, contacts=6)
    asks = interviewer(place)
    for one in contacts:
        services.report_contact(actor=asks, now=place.now, code=evaluation.code, given=one)
    answered(place, evaluation, [GOOD] * 10)
    done = services.close_evaluation(actor=place.actor("evaluator"), now=evaluation.closes, code=evaluation.code)
    return done, opened_offline(place, done, pair.private), pair.sign


def publish(place: Town, evaluation: Evaluation, files: Mapping[str, str]) -> Evaluation:
    return services.publish_result(
        actor=place.actor("evaluator"), now=evaluation.closes, code=evaluation.code, files=files
    )  # fmt: skip


def test_contacts_are_published_beside_the_members_figures_and_in_none_of_them(place: Town) -> None:
    evaluation, outcome, sign = visited(place, [MET, MET, HALF, NONE, MET, HALF])
    files = signed_result(outcome, sign)
    verdicts = {one.check: one for one in checks(ResultBundle(files))}
    assert all(one.holds for one in verdicts.values()), verdicts
    assert verdicts["mystery contacts"].found.startswith("6 under the root")
    told = json.loads(files["manifest.json"])["contacts"]
    shares = [1, 1, 0.5, 0, 1, 0.5]
    # By hand: t(5 degrees, 97.5 %) = 2.5706.
    half = 2.5706 * stdev(shares) / math.sqrt(6)
    assert told["score"] == pytest.approx([mean(shares), mean(shares) - half, 1], abs=1e-4)
    assert "窗口没人" not in "".join(files.values())
    before = outcome.results.rows
    publish(place, evaluation, files)
    assert [figure.estimate for figure in evaluation.figures.order_by("pk")] == [row.estimate for row in before]
    page = Client(headers={"accept-language": "en"}).get(reverse("evaluations:detail", args=[evaluation.code]))
    text = page.content.decode()
    assert "What mystery contacts found" in text
    assert f"{percent_text(mean(shares))} (" in text
    terms = json.loads(LedgerLeaf.objects.get(code=evaluation.code, kind="evaluation.terms").payload)
    assert terms["contacts"]["planned"] == 6
    closing = json.loads(LedgerLeaf.objects.get(code=evaluation.code, kind="evaluation.closed").payload)
    assert closing["contacts"] == {"number": 6, "root": evaluation.contacts_root}


def test_too_few_contacts_are_counted_and_not_told(place: Town) -> None:
    evaluation, outcome, sign = visited(place, [MET, NONE])
    files = signed_result(outcome, sign)
    assert all(one.holds for one in checks(ResultBundle(files)))
    assert json.loads(files["manifest.json"])["contacts"]["score"] is None
    assert len(files["contacts.csv"].splitlines()) == 1
    publish(place, evaluation, files)
    page = Client(headers={"accept-language": "en"}).get(reverse("evaluations:detail", args=[evaluation.code]))
    assert "too few to be told" in page.content.decode()


def test_a_polished_or_shortened_list_of_contacts_is_found_and_not_published(place: Town) -> None:
    evaluation, outcome, sign = visited(place, [MET, MET, HALF, NONE, MET, HALF])
    files = signed_result(outcome, sign)

    def polish(changed: dict[str, str]) -> None:
        changed["contacts.csv"] = changed["contacts.csv"].replace("not", "met")

    def shorten(changed: dict[str, str]) -> None:
        rows = changed["contacts.csv"].splitlines()
        changed["contacts.csv"] = "\n".join(row for row in rows if "web" not in row) + "\n"

    def drop(changed: dict[str, str]) -> None:
        del changed["contacts.csv"], changed["contacts-sealed.txt"]
        manifest = json.loads(changed["manifest.json"])
        del manifest["contacts"]
        manifest["files"] = [one for one in manifest["files"] if one["name"] in changed]
        changed["manifest.json"] = json.dumps(manifest)

    for change in (polish, shorten, drop):
        forged = signed_again(files, change, sign)
        with pytest.raises(Problem):
            publish(place, evaluation, forged)
    for change in (polish, shorten):
        faults = [one.check for one in checks(ResultBundle(signed_again(files, change, sign))) if not one.holds]
        assert "mystery contacts" in faults


def test_those_judged_cannot_report_change_or_delete_one(place: Town) -> None:
    evaluation, _pair = opened(place, contacts=6)
    for actor in (place.actor("executive"), place.actor("task_owner"), place.member(1)):
        with pytest.raises(Refused):
            services.report_contact(actor=actor, now=place.now, code=evaluation.code, given=MET)
    asks = interviewer(place)
    services.report_contact(actor=asks, now=place.now, code=evaluation.code, given=MET)
    for act in (SealedContact.objects.all().delete, lambda: SealedContact.objects.update(digest="0" * 64)):
        with pytest.raises(DatabaseError), atomic():
            act()
    services.void_evaluation(
        actor=place.actor("evaluator"), now=place.now, code=evaluation.code, reason=localized("停", "Stop")
    )
    with pytest.raises(Problem, match="not open"):
        services.report_contact(actor=asks, now=place.now, code=evaluation.code, given=MET)
    with pytest.raises(DatabaseError), atomic():
        SealedContact.objects.create(evaluation=evaluation, sealed=b"x", digest="1" * 64)


def test_what_is_missing_or_not_planned_is_refused(place: Town) -> None:
    evaluation, _pair = opened(place, contacts=6)
    asks = interviewer(place)
    nothing = {**dict.fromkeys(ITEMS, "na"), "channel": "phone"}
    for wrong in ({**MET, "channel": "spy"}, {**MET, ITEMS[3]: ""}, {**MET, ITEMS[3]: "5"}, nothing):
        with pytest.raises(Problem):
            services.report_contact(actor=asks, now=place.now, code=evaluation.code, given=wrong)
    with pytest.raises(Problem):
        services.report_contact(actor=asks, now=place.now, code=evaluation.code, sealed=b"short")
    assert not SealedContact.objects.exists()
    with pytest.raises(Problem, match="plan more"):
        services.commission_evaluation(
            actor=place.actor("executive"), now=place.now, project_code="W-77", title=localized("题", "T"),
            evaluator=place.accounts["evaluator"], opens=place.now, closes=evaluation.closes, contacts=3,
        )  # fmt: skip


def test_an_evaluation_without_contacts_takes_none(place: Town) -> None:
    evaluation, _pair = opened(place)
    with pytest.raises(Problem, match="plan no"):
        services.report_contact(actor=interviewer(place), now=place.now, code=evaluation.code, given=MET)


def test_the_page_takes_a_contact_and_points_at_what_is_missing(db: None) -> None:
    place = town(clock.now(), members=12)
    evaluation, _pair = opened(place, contacts=6)
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(Account.objects.get(pk=interviewer(place).account_id))
    address = reverse("evaluations:contact", args=[evaluation.code])
    assert address in browser.get(reverse("evaluations:interviews", args=[evaluation.code])).content.decode()
    short = browser.post(address, {**MET, ITEMS[0]: ""})
    assert short.status_code == 422
    assert not SealedContact.objects.exists()
    sent = browser.post(address, MET, follow=True)
    assert "sealed and kept" in sent.content.decode()
    assert SealedContact.objects.count() == 1
    other = Client()
    other.force_login(place.accounts["executive"])
    assert other.get(address).status_code == 403


@cases(st.lists(st.lists(st.sampled_from(["met", "partly", "not", "na"]), min_size=12, max_size=12), min_size=5))
def test_the_score_lies_in_its_interval_and_the_order_plays_no_part(scores: list[list[str]]) -> None:
    rows = [["phone", *one] for one in scores if set(one) != {"na"}]
    if len(rows) < 5:
        return
    found, again = score_of(rows), score_of(rows[::-1])
    assert 0 <= found.lower <= found.estimate <= found.upper <= 1
    assert found == again


def test_a_file_of_contacts_is_read_back_as_it_was_and_a_strange_one_is_refused(place: Town) -> None:
    _evaluation, outcome, _sign = visited(place, [MET, MET, HALF, NONE, MET, HALF])
    assert outcome.contacts is not None
    text = contacts_csv(outcome.contacts)
    assert [tuple(row) for row in read_contacts(SERVICE_CONTACT_1, text)] == list(outcome.contacts.rows)
    for wrong in (text.replace("phone", "spy"), text.replace("met", "7"), "a,b\n", text.replace("published", "p")):
        with pytest.raises(ValueError, match="contact"):
            read_contacts(SERVICE_CONTACT_1, wrong)
