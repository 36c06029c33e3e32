"""Requests, their papers, the counter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from tests.architecture.samples import Place, sample

from qiao.base.access import ANONYMOUS
from qiao.hear.window import services
from qiao.hear.window.choices import Identity, Kind, State, Way
from qiao.hear.window.models import Request

ASSIGNED_ONLY = "a case handler opens only what was given to them"


def _filed(place: Place, number: int, **given: object) -> Request:
    """A request that lies at the district's window."""
    return services.file_request(
        actor=ANONYMOUS, now=place.now,
        given=services.Given(
            nonce=f"sample-{place.label}-{number:04}", text=f"{place.sign}的加班费没有发。", place=place.unit,
            **given,  # type: ignore[arg-type]
        ),
    ).request  # fmt: skip


@sample("window:request", "window:asker", "window:attachment", "window:redact", gone=ASSIGNED_ONLY)
def at_the_window(place: Place) -> Mapping[str, object]:
    """A request in confidence, with a paper, that waits at the window."""
    request = _filed(place, 1, identity=Identity.CONFIDENTIAL, name=f"{place.sign}工友", contact="13900001234")
    paper = services.add_file(
        actor=ANONYMOUS, now=place.now, request=request, upload=SimpleUploadedFile("a.txt", b"paper"), by_asker=True
    )
    return {"code": request.code, "key": paper.pk}


@sample("window:act", gone=ASSIGNED_ONLY)
def an_act(place: Place) -> Mapping[str, object]:
    """Sorting a request."""
    return {"code": _filed(place, 2).code, "key": "sort"}


@sample("window:own_request", gone="in the asker's own name alone")
def own(place: Place) -> Mapping[str, object]:
    """A request of a member in their own name."""
    member = place.members[0]
    request = services.file_request(
        actor=member, now=place.now,
        given=services.Given(
            nonce=f"own-{place.label}-0001", text=f"{place.sign}的年假怎么算？", identity=Identity.NAMED,
            place=place.unit,
        ),
    ).request  # fmt: skip
    return {"code": request.code}


@sample("window:public", shared="what was made public is for everybody")
def public(place: Place) -> Mapping[str, object]:
    """A public question with its answer."""
    request = _filed(place, 3)
    desk = place.actor("desk_officer")
    services.answer_at_once(
        actor=desk, now=place.now, code=request.code, text="按规定付。", nonce=f"sample-answer-{place.label}"
    )
    services.publish_request(actor=desk, now=place.now, code=request.code, text="加班费怎么算？", answer="按规定付。")
    assert Request.objects.get(pk=request.pk).state == State.ANSWERED_AT_ONCE
    return {"code": request.code}


@sample("window:hall", "window:slots", shared="the display of a hall and free times are for everybody")
def hall(place: Place) -> Mapping[str, object]:
    """The hall of a district."""
    return {"label": place.unit.label}


@sample("window:ticket", shared="who holds the number opens its page")
def ticket(place: Place) -> Mapping[str, object]:
    """A number of today."""
    made = services.draw_number(
        actor=place.actor("desk_officer"), now=place.now, unit=place.unit, kind=Kind.QUESTION,
        nonce=f"ticket-{place.label}-1",
    )  # fmt: skip
    return {"key": made.key}


def _slot(place: Place, hour: int) -> str:
    from qiao.hear.window.models import Appointment

    starts = place.now + timedelta(days=30, hours=hour)
    services.offer_slots(
        actor=place.actor("desk_officer"), now=place.now, unit=place.unit, starts=starts,
        ends=starts + timedelta(minutes=20), minutes=20, way=Way.COUNTER,
    )  # fmt: skip
    return Appointment.objects.get(unit=place.unit, starts=starts).code


@sample("window:book", "window:booked", shared="free times are for everybody")
def bookable(place: Place) -> Mapping[str, object]:
    """A free appointment."""
    return {"code": _slot(place, 1)}


@sample("window:counter", "window:draw", "window:call", "window:offer", "window:line", gone="who stands at this window")
def counter(place: Place) -> Mapping[str, object]:
    """The window of a district."""
    return {"label": place.unit.label}


@sample("window:finish", gone="who stands at this window")
def called(place: Place) -> Mapping[str, object]:
    """A number that was called."""
    desk = place.actor("desk_officer")
    services.draw_number(
        actor=desk, now=place.now, unit=place.unit, kind=Kind.QUESTION, nonce=f"called-{place.label}-1"
    )
    made = services.call_next(actor=desk, now=place.now, unit=place.unit, desk_number=1)
    return {"label": place.unit.label, "key": made.pk if made else 0}


@sample("window:slot", gone="who stands at this window")
def slot(place: Place) -> Mapping[str, object]:
    """A free appointment to take back."""
    return {"label": place.unit.label, "code": _slot(place, 2)}


@sample("window:keeping_end")
def kept(place: Place) -> Mapping[str, object]:
    """A rule of receivers."""
    rule = services.set_receiver(
        actor=place.actor("desk_officer"), now=place.now, place=place.unit, body=place.unit, topic="aid"
    )
    return {"what": "rule", "key": rule.pk}
