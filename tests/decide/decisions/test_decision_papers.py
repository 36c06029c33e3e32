"""Whoever decides had the last version of the text in hand for as many days as is set before the meeting."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils.timezone import localdate
from tests.factories.ballots import DAY, Ground, make_consultation, make_ground, make_proposals

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.base.problems import Problem
from qiao.decide.consultations.models import Consultation, TextVersion
from qiao.decide.consultations.rules import PAPERS
from qiao.decide.decisions.models import Decision
from qiao.decide.decisions.services import take_decision
from qiao.org.settings.queries.ruling import federation_path
from qiao.org.settings.services import set_value
from qiao.org.units.models import Unit

pytestmark = pytest.mark.django_db


def take(now: datetime, ground: Ground, consultation: str, codes: list[str]) -> Decision:
    words = localized("决定如下。", "It is decided.")
    return take_decision(
        actor=ground.officer("executive"), now=now, unit=ground.district, title=words, text=words,
        consultation_code=consultation, proposal_codes=codes,
    )  # fmt: skip


def put(now: datetime, days: int) -> None:
    root = Unit.objects.get(path=federation_path())
    set_value(
        actor=SYSTEM, now=now, setting_key=PAPERS.key, unit=root, value=days, since=localdate(now), reason="留足时间"
    )


def made(now: datetime, days: int | None = None) -> tuple[Ground, Consultation, list[str]]:
    ground = make_ground(now - 30 * DAY, members=2)
    if days is not None:
        put(now - 29 * DAY, days)
    codes = [one.code for one in make_proposals(now - 25 * DAY, ground.district, 100)]
    return ground, make_consultation(now, ground, codes, opinions=1, answered=True), codes


def test_a_late_version_waits_for_its_days(now: datetime) -> None:
    ground, consultation, codes = made(now)
    TextVersion.objects.filter(consultation=consultation).update(made=now - 3 * DAY)
    with pytest.raises(Problem, match="not been public for long enough"):
        take(now, ground, consultation.code, codes)
    assert not Decision.objects.exists()
    with pytest.raises(Problem, match="not been public for long enough"):
        take(now + 4 * DAY - timedelta(minutes=1), ground, consultation.code, codes)
    assert take(now + 4 * DAY, ground, consultation.code, codes).adopted == 1


def test_the_days_are_those_set_when_it_was_announced(now: datetime) -> None:
    ground, consultation, codes = made(now, 25)
    assert consultation.papers_days == 25
    # What is set for later ones does not shorten the time of this one.
    put(now, 0)
    with pytest.raises(Problem, match="not been public for long enough"):
        take(now, ground, consultation.code, codes)
    assert take(now + 5 * DAY, ground, consultation.code, codes).code


def test_a_text_public_for_weeks_is_decided_on_at_once(now: datetime) -> None:
    ground, consultation, codes = made(now)
    assert consultation.papers_days == 7
    assert take(now, ground, consultation.code, codes).code
