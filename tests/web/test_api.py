"""The public API does what its own description says, whatever is asked of it, and tells nothing about persons."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
import schemathesis.openapi
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from tests.factories.ballots import make_ground
from tests.factories.deliver import Ground, decision, planned

from qiao.hear.needs.models import Need
from qiao.org.people.models import Account
from qiao.web.api import api, api_routes

pytestmark = pytest.mark.django_db


@pytest.fixture
def same_connection() -> Iterator[None]:
    """Requests stay inside the test's transaction: the server's habit of closing connections rests."""
    closing = (request_started, request_finished)
    for signal in closing:
        signal.disconnect(close_old_connections)
    yield
    for signal in closing:
        signal.connect(close_old_connections)


def test_it_does_what_it_describes(place: Ground, need: Need, same_connection: None) -> None:
    described = schemathesis.openapi.from_wsgi("/api/openapi.json", WSGIHandler())
    tried: list[str] = []
    for found in described.get_all_operations():
        operation = found.ok()

        @given(case=operation.as_strategy())
        @settings(
            max_examples=20, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def hold(case: schemathesis.Case) -> None:
            case.call_and_validate()

        hold()
        tried.append(f"{operation.method.upper()} {operation.path}")
    assert tried == [f"{route.method} {route.path}" for route in api_routes()]


def test_a_unit_with_few_members_does_not_tell_how_many(db, now, client: Client) -> None:
    town = make_ground(now, members=8)
    answer = client.get(f"/api/units/{town.base.label}").json()
    assert answer["members"] == 8
    assert answer["above"] == ["F", "F-D1"]
    assert client.get("/api/units/root").json()["below"] == ["F-D1"]
    assert client.get("/api/units/none").status_code == 404


def test_few_members_are_null(db, now, client: Client) -> None:
    town = make_ground(now, members=4)
    assert client.get(f"/api/units/{town.base.label}").json()["members"] is None


def test_a_thread_has_its_objects_and_links(place: Ground, need: Need, client: Client) -> None:
    decided, proposals = decision(place, need_code=need.code)
    project = planned(place, decision_code=decided, proposal_code=proposals[0])
    answer = client.get(f"/api/threads/{project.code}").json()
    assert {one["code"] for one in answer["stations"]} == {need.code, proposals[0], decided, project.code}
    assert [need.code, proposals[0]] in answer["links"]
    assert not any(account.display_name in str(answer) for account in Account.objects.all())
    assert client.get("/api/threads/W-1").status_code == 404


def test_it_only_reads_and_people_find_it_described(place: Ground, client: Client) -> None:
    assert {route.method for route in api_routes()} == {"GET"}
    page = client.get("/api/").content.decode()
    assert all(route.path in page for route in api_routes())
    assert client.get("/api/openapi.json").json()["info"]["title"] == api.title
