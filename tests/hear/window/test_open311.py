"""Open311 GeoReport v2: the shape the standard gives, in both formats, and faults in its form."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from qiao.base.clock import now as read_now
from qiao.base.i18n import localized
from qiao.hear.rights import services as rights
from qiao.hear.window import services
from qiao.hear.window.choices import Channel, Identity, Scope, State
from qiao.hear.window.models import ApiFiling, ExternalSystem, Request
from qiao.hear.window.rules.settings import KEYLESS
from qiao.org.access.choices import Role
from qiao.org.settings.services import set_value
from tests.factories.org import Tree, make_tree
from tests.factories.window import desk, filed, nonce, reach

pytestmark = pytest.mark.django_db
V2 = "/hear/window/open311/v2"
#: Names and types of a request in the standard.
REQUEST = {
    "service_request_id": str, "status": str, "status_notes": str | None, "service_name": str, "service_code": str,
    "description": str | None, "agency_responsible": str | None, "service_notice": str | None,
    "requested_datetime": str, "updated_datetime": str, "expected_datetime": str, "address": str | None,
    "address_id": str | None, "zipcode": str | None, "lat": float | None, "long": float | None, "media_url": str | None,
}  # fmt: skip


@pytest.fixture
def tree() -> Tree:
    return make_tree(read_now() - timedelta(days=400))


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "en"}, enforce_csrf_checks=True)


@pytest.fixture
def place(tree: Tree) -> Tree:
    """A place with a window at the federation."""
    desk(tree, "F")
    return tree


def key_of(tree: Tree, *scopes: str, hourly: int = 60) -> tuple[ExternalSystem, str]:
    return services.issue_key(
        actor=tree.officer(Role.ORG_OFFICER, "F"), now=tree.now, unit=tree["F"], name="City line",
        scopes=scopes or Scope.values, hourly=hourly,
    )  # fmt: skip


def published(tree: Tree, days_ago: int = 5) -> Request:
    made = filed(tree, now=read_now() - timedelta(days=days_ago), identity=Identity.NAMED, name="林一", topic="pay")
    code = made.request.code
    services.answer_at_once(actor=desk(tree), now=read_now(), code=code, text="按规定补发。", nonce=nonce())
    return services.publish_request(
        actor=desk(tree), now=read_now(), code=code, text="加班费没有发怎么办？", answer="可以要求补发。"
    )


def given(key: str, **more: str) -> dict[str, str]:
    return {"api_key": key, "service_code": "pay", "description": "三月工资没有发", "address_string": "纺织路", **more}


def test_discovery_and_services_have_the_shape_of_the_standard(client: Client, place: Tree) -> None:
    rights.keep_offer(
        actor=place.officer(Role.ORG_OFFICER, "F"), now=place.now, unit=place["F"], topic="aid",
        name=localized("困难帮扶", "Aid"), papers=[localized("身份证", "Identity card")], takes_reports=True,
    )  # fmt: skip
    found = client.get("/hear/window/open311/discovery.json").json()
    assert found["endpoints"][0]["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert found["endpoints"][0]["url"].endswith("/hear/window/open311/v2")
    listed = client.get(f"{V2}/services.json").json()
    assert {"service_code", "service_name", "description", "metadata", "type", "keywords", "group"} == set(listed[0])
    assert listed[0]["service_code"] == "pay"
    offered = listed[-1]["service_code"]
    one = client.get(f"{V2}/services/{offered}.json").json()
    assert one["service_code"] == offered
    assert [row["code"] for row in one["attributes"]] == ["kind", "by_pass", "employer", "papers"]
    assert {row["datatype"] for row in one["attributes"]} <= {
        "string", "number", "datetime", "text", "singlevaluelist", "multivaluelist",
    }  # fmt: skip
    top = ET.fromstring(client.get(f"{V2}/services.xml").content)
    assert (top.tag, top[0].tag, top[0].findtext("metadata")) == ("services", "service", "true")
    defined = ET.fromstring(client.get(f"{V2}/services/pay.xml").content)
    assert defined.tag == "service_definition"
    assert [row.tag for row in defined.find("attributes") or []] == ["attribute"] * 3


def test_filed_with_a_key_it_is_a_request_as_any_other(client: Client, place: Tree) -> None:
    system, key = key_of(place)
    sent = given(key, email="lin@example.org", first_name="一", last_name="林", lat="31.2", long="121.4", device_id="x")
    answer = client.post(f"{V2}/requests.json", {**sent, "attribute[kind]": "solution"})
    assert answer.status_code == 201
    (made,) = answer.json()
    request = Request.objects.get(code=made["service_request_id"])
    assert (request.channel, request.topic, request.kind) == (Channel.API, "pay", "solution")
    assert request.identity == Identity.CONFIDENTIAL
    assert made["receipt"] == request.receipt
    assert services.secret_fits(request, made["secret"])
    assert ApiFiling.objects.get().system == system
    # Where somebody stood is kept nowhere.
    assert "31.2" not in str(request.text)
    assert client.get(f"{V2}/tokens/{request.receipt}.json").json() == [
        {"service_request_id": request.code, "token": request.receipt}
    ]
    # Private: nobody reads it, not in the list and not alone; its system sees its state and none of its words.
    assert client.get(f"{V2}/requests.json").json() == []
    assert client.get(f"{V2}/requests/{request.code}.json").status_code == 404
    (own,) = client.get(f"{V2}/requests/{request.code}.json", {"api_key": key}).json()
    assert (own["status"], own["description"]) == ("open", None)
    _other, other = key_of(place)
    assert client.get(f"{V2}/requests/{request.code}.json", {"api_key": other}).status_code == 404


def test_the_same_idempotency_key_is_the_same_request(client: Client, place: Tree) -> None:
    _system, key = key_of(place)
    answers = [
        client.post(f"{V2}/requests.xml", given(key), headers={"idempotency-key": "city-1"}) for _turn in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 200]
    codes = {ET.fromstring(one.content).findtext("request/service_request_id") for one in answers}
    assert len(codes) == Request.objects.count() == 1
    client.post(f"{V2}/requests.json", given(key))
    assert Request.objects.count() == 2


def test_a_public_request_has_the_shape_of_the_standard_and_nothing_of_its_asker(client: Client, place: Tree) -> None:
    request = published(place)
    (row,) = client.get(f"{V2}/requests.json").json()
    assert set(row) == set(REQUEST)
    assert all(isinstance(row[name], kind) for name, kind in REQUEST.items())
    assert row["status"] == "closed"
    assert row["description"] == "加班费没有发怎么办？"
    # Days, never the moment of filing.
    assert row["requested_datetime"].endswith("T00:00:00+08:00")
    text = client.get(f"{V2}/requests.json").content.decode()
    assert "林一" not in text
    assert request.receipt not in text
    top = ET.fromstring(client.get(f"{V2}/requests/{request.code}.xml").content)
    assert (top.tag, top[0].tag) == ("service_requests", "request")
    assert top.findtext("request/service_request_id") == request.code


def test_what_the_scanner_would_block_is_not_told_whoever_released_it(client: Client, place: Tree) -> None:
    request = published(place)
    Request.objects.filter(pk=request.pk).update(public_text="打 13800138000 找他")
    assert client.get(f"{V2}/requests.json").json() == []
    assert client.get(f"{V2}/requests/{request.code}.json").status_code == 404


def test_filters(client: Client, place: Tree) -> None:
    near, far = published(place, 5), published(place, 100)

    def codes(**wanted: str) -> list[str]:
        return [row["service_request_id"] for row in client.get(f"{V2}/requests.json", wanted).json()]

    def day(ago: int) -> str:
        return (read_now() - timedelta(days=ago)).isoformat()

    assert codes() == [near.code]
    assert codes(start_date=day(120), end_date=day(90)) == [far.code]
    assert codes(status="open") == []
    assert codes(status="open,closed", service_code="pay,aid") == [near.code]
    assert codes(service_code="aid") == []
    assert codes(service_request_id=f"{far.code},{near.code}") == [near.code, far.code]
    assert codes(page="2", page_size="1") == []
    assert codes(jurisdiction_id="f") == [near.code]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z", 400), ("start_date=yesterday", 400),
        ("start_date=2026-13-40", 400), ("end_date=9999-12-31T23:59:59Z", 400), ("status=lost", 400),
        ("start_date=2026-02-01&end_date=2026-01-01", 400), ("service_request_id=%27%3B--", 400), ("page=0", 400),
        ("page_size=5000", 400), ("page=%D9%A3", 400), ("jurisdiction_id=elsewhere", 404),
        ("end_date=0001-01-01T00:00:00%2B14:00", 400), ("service_code=%3Cx%3E", 400),
    ],
)  # fmt: skip
def test_malformed_questions_are_told_in_the_form_of_the_standard(
    client: Client, place: Tree, query: str, status: int
) -> None:
    answer = client.get(f"{V2}/requests.json?{query}")
    assert answer.status_code == status
    assert answer.json()[0]["code"] == status
    assert answer.json()[0]["description"]
    top = ET.fromstring(client.get(f"{V2}/requests.xml?{query}").content)
    assert (top.tag, top[0].tag, top.findtext("error/code")) == ("errors", "error", str(status))


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"api_key": ""}, 403), ({"api_key": "qk_wrong"}, 403), ({"service_code": ""}, 400),
        ({"service_code": "nothing"}, 404), ({"description": " "}, 400), ({"description": "长" * 5000}, 400),
        ({"address_string": ""}, 400), ({"lat": "31.2"}, 400), ({"lat": "131", "long": "10"}, 400),
        ({"lat": "nan", "long": "10"}, 400), ({"address_id": "nowhere"}, 400), ({"attribute[kind]": "wish"}, 400),
        ({"email": "no contact"}, 400),
    ],
)  # fmt: skip
def test_malformed_filings_are_refused_and_nothing_is_kept(
    client: Client, place: Tree, change: dict[str, str], status: int
) -> None:
    _system, key = key_of(place)
    answer = client.post(f"{V2}/requests.json", {**given(key), **change})
    assert (answer.status_code, answer.json()[0]["code"]) == (status, status)
    assert Request.objects.count() == 0


def test_words_that_xml_cannot_hold_break_nothing(client: Client, place: Tree) -> None:
    _system, key = key_of(place)
    answer = client.post(f"{V2}/requests.xml", given(key, description="a\x0b<b>&\ud7ff\x1f ]]>"))
    assert answer.status_code == 201
    assert ET.fromstring(answer.content).tag == "service_requests"


def test_keys_are_scoped_throttled_and_taken_back(client: Client, place: Tree) -> None:
    _reader, only_state = key_of(place, Scope.STATE)
    assert client.post(f"{V2}/requests.json", given(only_state)).status_code == 403
    system, key = key_of(place, hourly=2)
    codes = [client.post(f"{V2}/requests.json", given(key)).status_code for _turn in range(3)]
    assert codes == [201, 201, 429]
    services.revoke_key(actor=place.officer(Role.ORG_OFFICER, "F"), now=place.now, system_id=system.pk)
    assert client.post(f"{V2}/requests.json", given(key)).status_code == 403
    assert key not in str(ExternalSystem.objects.values_list("key_hash", "hint"))


def test_without_a_key_only_where_the_federation_lets_it(client: Client, place: Tree) -> None:
    assert client.post(f"{V2}/requests.json", given("")).status_code == 403
    set_value(
        actor=place.officer(Role.ORG_OFFICER, "F"), now=place.now, setting_key=KEYLESS.key, unit=place["F"], value=True,
        since=read_now().date() - timedelta(days=1), reason="市民热线试点",
    )  # fmt: skip
    assert client.post(f"{V2}/requests.json", given("")).status_code == 201
    assert Request.objects.get().identity == Identity.ANONYMOUS


def test_unknown_formats_and_methods(client: Client, place: Tree) -> None:
    assert client.get(f"{V2}/services.yaml").status_code == 404
    assert client.get(f"{V2}/services.yaml").json()[0]["code"] == 404
    assert client.post(f"{V2}/services.json").status_code == 405
    assert client.get(f"{V2}/services/nothing.json").status_code == 404
    assert client.get(f"{V2}/tokens/R-2222-2222-2.json").status_code == 404


def test_a_request_of_the_window_itself_has_no_token(client: Client, tree: Tree) -> None:
    request = reach(tree, State.RECEIVED)
    assert client.get(f"{V2}/tokens/{request.receipt}.json").status_code == 404
