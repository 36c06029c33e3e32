"""A role reaches its own subtree: every address at another unit's object, and below one's own unit at a foreign one."""

from __future__ import annotations

import pytest
from tests.architecture.matrix import EVERYBODY, REFUSED, World, allowed, opens
from tests.architecture.samples import Sample, sample_for

from qiao.base.access import DEMO_ONLY, PUBLIC

#: Pages whose sample is the closed door itself: codes, receipts and files that exist only once all has been answered.
#: Each is opened by the tests of its own app.
CLOSED_HERE = frozenset({
    "surveys:answer", "surveys:file", "evaluations:answer_by_code", "evaluations:thanks", "evaluations:proof",
    "evaluations:sealed", "evaluations:bundle", "evaluations:digests", "standing:appeal",
    "evaluations:interview", "evaluations:interview_kept", "evaluations:contact",
    "surveys:collect_media", "surveys:collect_media_by_token", "surveys:media",
})  # fmt: skip


@pytest.mark.django_db
def test_every_page_opens_to_somebody(world: World) -> None:
    """Where a sample allows "not found" it may not hide a page that is broken for all."""
    shut = []
    for page in world.pages:
        if page.rule == DEMO_ONLY or not page.parameters:
            continue
        url = page.at(world.values(world.own, page))
        for who in EVERYBODY:
            # 405 is an answer, too: a bare POST may lack the number of what it is about.
            if allowed(page.rule, who) and opens(world.ask(who, "get", url)):
                break
        else:
            if page.name not in CLOSED_HERE:
                shut.append((page.name, page.rule, url))
    assert shut == [], "\n".join(map(str, shut))


@pytest.mark.django_db
@pytest.mark.parametrize("who", EVERYBODY[1:])
def test_nobody_acts_or_looks_in_another_unit(world: World, who: str) -> None:
    """A role reaches its own subtree: the same page at another unit's object is refused, by GET and by POST."""
    wrong = []
    for page in world.pages:
        if not page.parameters or page.rule in {PUBLIC, DEMO_ONLY} or not allowed(page.rule, who):
            continue
        if (sample_for(page.name) or Sample(lambda _: {})).shared:
            continue
        url = page.at(world.values(world.elsewhere, page))
        for method in ("get", "post"):
            answer = world.ask(who, method, url)
            if answer.status_code == 405:
                continue
            leaks = world.elsewhere.sign.encode() in getattr(answer, "content", b"")
            if answer.status_code not in REFUSED or leaks:
                wrong.append((page.name, page.rule, method, url, answer.status_code, "leaks" if leaks else ""))
    assert wrong == [], "\n".join(map(str, wrong))


@pytest.mark.django_db
@pytest.mark.parametrize("who", EVERYBODY[1:])
def test_a_foreign_object_does_not_open_below_ones_own_unit(world: World, who: str) -> None:
    """The unit in the address is one's own, the object another unit's: refused, by GET and by POST, and not shown."""
    wrong = []
    for page in world.pages:
        if "label" not in page.parameters or not page.parameters - {"label"} or page.rule == DEMO_ONLY:
            continue
        if page.rule != PUBLIC and not allowed(page.rule, who):
            continue
        own, foreign = world.values(world.own, page), world.values(world.elsewhere, page)
        if all(own[key] == foreign[key] for key in page.parameters - {"label"}):
            continue  # A kind, a year, a form of file: no object.
        url = page.at({**foreign, "label": own["label"]})
        for method in ("get", "post"):
            answer = world.ask(who, method, url)
            leaks = world.elsewhere.sign.encode() in getattr(answer, "content", b"")
            if answer.status_code not in {*REFUSED, 405} or leaks:
                wrong.append((page.name, page.rule, method, url, answer.status_code, "leaks" if leaks else ""))
    assert wrong == [], "\n".join(map(str, wrong))
