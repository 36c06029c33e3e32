"""Articles, services, keys of other systems, addresses that are told."""

from __future__ import annotations

from collections.abc import Mapping

from tests.architecture.samples import Place, sample

from qiao.base.i18n import localized
from qiao.hear.rights import services as rights
from qiao.hear.window import services
from qiao.hear.window.choices import Scope
from qiao.hear.window.models import Hook


def _article(place: Place) -> str:
    wording = rights.Wording(
        question=localized(f"{place.sign}的加班费怎么算？", f"Overtime pay at {place.sign}?"),
        answer=localized("按规定付。", "As the law says."), holds_since=place.now.date(),
        basis=[{"law": "劳动法", "number": "第44条", "date": "1995-01-01"}],
    )  # fmt: skip
    return rights.write_article(
        actor=place.actor("desk_officer"), now=place.now, unit=place.unit, topic="pay", wording=wording
    ).article.code


@sample("rights:kept", "rights:revise", gone="for those who write, check or publish at this unit")
def drafted(place: Place) -> Mapping[str, object]:
    """An article that is being written."""
    return {"code": _article(place)}


@sample("rights:act", gone="for those who write, check or publish at this unit")
def to_check(place: Place) -> Mapping[str, object]:
    """One that waits to be checked."""
    return {"code": _article(place), "key": "check"}


@sample("rights:article", "rights:helpful", shared="what was published is for everybody")
def published(place: Place) -> Mapping[str, object]:
    """A published article."""
    code = _article(place)
    rights.check_version(actor=place.actor("case_handler"), now=place.now, code=code)
    rights.publish_version(actor=place.actor("desk_officer"), now=place.now, code=code)
    return {"code": code}


@sample("rights:keep_service", "rights:end_service")
def service(place: Place) -> Mapping[str, object]:
    """A service with a body."""
    officer = place.actor("desk_officer")
    offer = rights.keep_offer(
        actor=officer, now=place.now, unit=place.unit, topic="aid", name=localized(f"{place.sign}帮扶", "Aid")
    )
    rights.keep_offer_body(
        actor=officer, now=place.now, code=offer.code, unit=place.unit, address={}, hours={}, phone="", posts=1
    )
    return {"code": offer.code}


@sample("window:open311_discovery", "window:open311_services", "window:open311_requests", shared="open data")
def formats(place: Place) -> Mapping[str, object]:
    """A format."""
    return {"ending": "json"}


@sample("window:open311_service", shared="open data")
def reported(place: Place) -> Mapping[str, object]:
    """A service of the standard."""
    return {"code": "pay", "ending": "json"}


@sample("window:open311_request", "window:open311_token", shared="open data")
def told(place: Place) -> Mapping[str, object]:
    """A public request, filed by another system."""
    desk = place.actor("desk_officer")
    filed = services.file_by_system(
        now=place.now, system=None, service_code="pay",
        given=services.Given(nonce=f"open-{place.label}-0001", text="加班费没有发。", place=place.unit),
    ).request  # fmt: skip
    services.answer_at_once(actor=desk, now=place.now, code=filed.code, text="按规定付。", nonce="open-answer-1")
    services.publish_request(actor=desk, now=place.now, code=filed.code, text="加班费怎么算？", answer="按规定付。")
    return {"code": filed.code, "token": filed.receipt, "ending": "json"}


@sample("window:revoke")
def key(place: Place) -> Mapping[str, object]:
    """A key in use."""
    made, _key = services.issue_key(
        actor=place.actor("org_officer"), now=place.now, unit=place.unit, name=f"{place.sign}热线",
        scopes=[Scope.POST], hourly=5,
    )  # fmt: skip
    return {"key": made.pk}


@sample("window:hook", "window:rotate", "window:hook_act")
def hook(place: Place) -> Mapping[str, object]:
    """An address that is told."""
    made = Hook.objects.create(
        unit=place.unit, url=f"https://1.1.1.1/{place.sign}", events=["request.*"], secret="qh_sample",
        since=place.now,
    )  # fmt: skip
    return {"key": made.pk, "what": "pause"}
