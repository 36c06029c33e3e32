"""The thread bar and the thread page: the whole line, both ways, and what has to be said aloud."""

from __future__ import annotations

import re
from datetime import timedelta

from django.utils import translation
from tests.factories.deliver import Ground, decision, planned, running, verified
from tests.web.conftest import Read

from qiao.base.lineage import Stage, link
from qiao.deliver.programmes import services
from qiao.deliver.programmes.models import Project
from qiao.hear.needs.models import Need
from qiao.web.threads import bar, offspring, thread

NEEDLESS = "No need stands behind this"


def project_for(place: Ground, need: Need) -> Project:
    decided, proposals = decision(place, need_code=need.code)
    return planned(place, decision_code=decided, proposal_code=proposals[0])


def test_the_line_is_the_same_from_both_ends(place: Ground, need: Need) -> None:
    project = project_for(place, need)
    forward, back = thread(need.code), thread(project.code)
    assert forward is not None
    assert back is not None
    expected = {need.code, project.proposal_code, project.decision_code, project.code}
    for found in (forward, back):
        assert {station.code for stage in found.stages for station in stage.stations} >= expected
        assert [stage.stage for stage in found.stages] == list(Stage)
        assert found.flags == ()
    assert [one.code for one in back.sources[project.proposal_code]] == [need.code]
    assert {one.code for one in back.sources[project.code]} == {project.decision_code, project.proposal_code}
    assert [one.code for one in offspring(need.code)] == [project.proposal_code]


def test_the_bar_lights_the_present_station_and_says_what_is_awaited(place: Ground, need: Need) -> None:
    project = project_for(place, need)
    with translation.override("en"):
        drawn = bar(project.code)
    assert drawn is not None
    hear, decided, here, judged = drawn.cells
    assert [cell.sign for cell in drawn.cells] == ["听", "定", "办", "评"]
    assert need.code in hear.url
    assert not hear.now
    assert project.decision_code in decided.url, "a decision is weightier than the proposal it adopts"
    assert here.now
    assert judged.to_come
    assert judged.note == "Awaits the judgment of those served"


def test_sister_needs_of_one_decision_are_other_threads(place: Ground, need: Need) -> None:
    mine = project_for(place, need)
    other, proposals = decision(place, number=2, need_code="N-999999")
    link(source=mine.proposal_code, target=other, now=place.now)
    line = thread(need.code)
    assert line is not None
    codes = {station.code for stage in line.stages for station in stage.stations}
    assert other in codes
    assert codes.isdisjoint(proposals)


def test_a_project_without_a_need_is_flagged_wherever_it_is_shown(place: Ground, need: Need, read: Read) -> None:
    needless, sound = running(place), project_for(place, need)
    for address in (f"/thread/{needless.code}/", f"/deliver/projects/{needless.code}/"):
        assert NEEDLESS in read(address)
        assert "没有" in read(address, "zh-hans")
        assert NEEDLESS not in read(address.replace(needless.code, sound.code))
    board = read("/deliver/")
    assert board.count(NEEDLESS) == 1
    assert re.search(rf"{needless.code}(?:(?!{sound.code}).)*{NEEDLESS}", board, re.S)


def test_an_end_without_a_judgment_is_flagged(place: Ground, need: Need, read: Read) -> None:
    project = verified(place)
    link(source=need.code, target=project.proposal_code, now=place.now)
    services.close_unjudged(
        actor=place.actor("executive"), now=place.now + timedelta(days=1), code=project.code,
        reason={"zh-hans": "单位撤销", "en": "The unit was dissolved"},
    )  # fmt: skip
    drawn = thread(project.code)
    assert drawn is not None
    with translation.override("en"):
        flags = thread(project.code).flags  # type: ignore[union-attr]
    assert any("judg" in flag for flag in flags), flags
    assert flags[0] in read(f"/deliver/projects/{project.code}/").replace("&#x27;", "'")


def test_an_unknown_code_is_no_page(place: Ground, read: Read) -> None:
    assert thread("W-4711") is None
    assert bar("W-4711") is None
    read("/thread/W-4711/", status=404)
