"""Open311 with whatever anybody sends: a fault in the form of the standard or a request, never a broken server."""

from __future__ import annotations

import json
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from django.test import Client
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from qiao.base.clock import now as read_now
from qiao.base.models import Receipt, Throttle
from qiao.hear.window import services
from qiao.hear.window.choices import Scope
from qiao.hear.window.models import ApiFiling, Request
from qiao.org.access.choices import Role
from tests.factories.org import Tree, make_tree
from tests.factories.window import desk

pytestmark = pytest.mark.django_db
V2 = "/hear/window/open311/v2"
ANY = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
WORDS = st.text(max_size=60) | st.sampled_from(["pay", "\x00", "1e400", "nan", "-91", "=1+1", "<x>", "H-1", "F", "B1"])
FIELD_NAMES = (
    "service_code", "description", "lat", "long", "address_string", "address_id", "email", "phone", "first_name",
    "last_name", "media_url", "jurisdiction_id", "device_id", "attribute[kind]", "attribute[employer]",
    "attribute[by_pass]", "account_id",
)  # fmt: skip
WANTED_NAMES = (
    "status", "service_code", "service_request_id", "start_date", "end_date", "page", "page_size", "jurisdiction_id",
    "api_key", "extensions", "updated_after", "updated_before", "q",
)  # fmt: skip
FIELDS = st.dictionaries(
    st.sampled_from(FIELD_NAMES),
    WORDS,
    max_size=12,
)
WANTED = st.dictionaries(
    st.sampled_from(WANTED_NAMES),
    WORDS | st.sampled_from(["open", "open,closed", "2026-05-01", "2026-05-01T00:00:00Z", "0001-01-01", "9999-12-31"]),
    max_size=5,
)


@pytest.fixture
def key() -> str:
    tree: Tree = make_tree(read_now() - timedelta(days=400))
    desk(tree, "F")
    return services.issue_key(
        actor=tree.officer(Role.ORG_OFFICER, "F"), now=tree.now, unit=tree["F"], name="City line",
        scopes=Scope.values, hourly=10_000,
    )[1]  # fmt: skip


def read(content: bytes, ending: str) -> list[dict[str, object]]:
    """The rows of an answer in either format; it is one, whatever was asked."""
    if ending == "json":
        rows = json.loads(content)
        assert isinstance(rows, list)
        return rows
    return [{child.tag: child.text for child in row} for row in ET.fromstring(content)]


@ANY
@given(sent=FIELDS, ending=st.sampled_from(["json", "xml"]))
@example(sent={"service_code": "pay", "description": "三月工资没有发", "lat": "31.2", "long": "121.4"}, ending="xml")
@example(sent={"service_code": "pay", "description": "\x0b\ud7ff", "address_string": "\x00\x01"}, ending="xml")
@example(sent={"service_code": "pay", "description": "x", "address_id": "B1", "email": "no"}, ending="json")
def test_any_post_is_a_request_or_a_fault(key: str, sent: dict[str, str], ending: str) -> None:
    Throttle.objects.all().delete()
    before = Request.objects.count()
    answer = Client().post(f"{V2}/requests.{ending}", {"api_key": key, **sent})
    made = Request.objects.count() - before
    if any("\x00" in value for value in sent.values()):
        # Turned away at the door, before anything of Open311 sees it.
        assert (answer.status_code, made) == (400, 0)
        return
    rows = read(answer.content, ending)
    if answer.status_code == 201:
        assert made == 1
        row = Request.objects.latest("pk")
        assert rows[0]["service_request_id"] == row.code
        assert services.secret_fits(row, str(rows[0]["secret"]))
        assert ApiFiling.objects.filter(request=row).exists()
        assert Receipt.objects.filter(number=row.receipt).exists()
    else:
        assert answer.status_code in (400, 403, 404)
        assert made == 0
        assert all(row["code"] and row["description"] for row in rows)


@ANY
@given(asked=WANTED, ending=st.sampled_from(["json", "xml"]))
@example(asked={"start_date": "9999-12-31"}, ending="json")
@example(asked={"end_date": "0001-01-01T00:00:00Z"}, ending="xml")
def test_any_question_is_answered_or_a_fault(key: str, asked: dict[str, str], ending: str) -> None:
    del key
    cache.clear()
    Throttle.objects.all().delete()
    for place in ("requests", "services"):
        answer = Client().get(f"{V2}/{place}.{ending}", asked)
        if any("\x00" in value for value in asked.values()):
            assert answer.status_code == 400
            continue
        assert answer.status_code in (200, 400, 403, 404)
        read(answer.content, ending)


@ANY
@given(code=st.text(min_size=1, max_size=40).filter(lambda text: "/" not in text))
def test_any_code_names_a_thing_or_nothing(key: str, code: str) -> None:
    del key
    from urllib.parse import quote

    Throttle.objects.all().delete()
    for place in ("requests", "services", "tokens"):
        answer = Client().get(f"{V2}/{place}/{quote(code, safe='')}.json")
        assert answer.status_code in (200, 400, 404)
