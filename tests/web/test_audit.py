"""The audit page shows an auditor the rows of the own subtrees, and nobody else any."""

from __future__ import annotations

import io
import re
from datetime import datetime

from django.test import Client
from openpyxl import load_workbook
from tests.factories.deliver import Ground, officer

from qiao.base import audit
from qiao.base.access import SYSTEM
from qiao.base.models import AuditRow
from qiao.org.access.choices import Role
from qiao.org.units.models import Unit


def client_of(place: Ground, unit: Unit, box: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(officer(place.now, Role.AUDITOR, unit, box=box))
    return client


def write(now: datetime, unit: Unit | None, *codes: str) -> None:
    for code in codes:
        audit.record(actor=SYSTEM, now=now, action="test.done", code=code, unit_path=unit.path if unit else "")


def test_an_auditor_sees_the_own_subtree_only(place: Ground) -> None:
    write(place.now, place.one, "X-ONE")
    write(place.now, place.two, "X-TWO")
    write(place.now, place.root, "X-ROOT")
    write(place.now, None, "X-NOWHERE")
    one = client_of(place, place.one, "one").get("/desk/audit/").content.decode()
    assert "X-ONE" in one
    assert not re.search("X-TWO|X-ROOT|X-NOWHERE", one)
    whole = place.client("auditor").get("/desk/audit/").content.decode()
    assert all(code in whole for code in ("X-ONE", "X-TWO", "X-ROOT"))


def test_pages_go_on_below_the_last_row(place: Ground) -> None:
    write(place.now, place.two, *(f"X-{number:03}" for number in range(120)))
    client = client_of(place, place.two, "two")
    seen: list[str] = []
    address = "/desk/audit/"
    while address:
        page = client.get(address).content.decode()
        seen += re.findall(r"X-\d{3}", page)
        older = re.search(r'href="(\?before=\d+)"', page)
        address = f"/desk/audit/{older[1]}" if older else ""
    assert seen == [f"X-{number:03}" for number in range(119, -1, -1)]


def test_without_the_role_there_is_no_page(place: Ground, client: Client) -> None:
    assert client.get("/desk/audit/").status_code == 302
    assert place.client("sys_admin").get("/desk/audit/").status_code == 403
    assert place.client("executive").get("/desk/audit/").status_code == 403


def test_rows_are_filtered_by_unit_object_and_day(place: Ground) -> None:
    audit.record(actor=SYSTEM, now=place.now, action="unit.rename", code="X-UNIT", unit_path=place.one.path)
    audit.record(actor=SYSTEM, now=place.now, action="role.grant", code="X-ROLE", unit_path=place.two.path)
    client = place.client("auditor")

    def codes(query: str) -> set[str]:
        return set(re.findall(r"X-[A-Z]+", client.get(f"/desk/audit/?{query}").content.decode()))

    assert codes("kind=unit") >= {"X-UNIT"}
    assert "X-ROLE" not in codes("kind=unit")
    assert codes("unit=D2") == {"X-ROLE"}
    assert codes("unit=NOWHERE") == set()
    assert codes(f"day={place.now:%Y-%m-%d}") == {"X-UNIT", "X-ROLE"}
    assert codes("day=2001-01-01") == set()
    assert "Unit: renamed" in client.get("/desk/audit/?kind=unit").content.decode()


def test_the_table_to_download_holds_the_own_rows_and_is_written_down(place: Ground) -> None:
    write(place.now, place.one, "X-ONE")
    write(place.now, place.two, "=X-TWO")
    client = client_of(place, place.one, "one")
    book = load_workbook(io.BytesIO(client.get("/desk/audit/log.xlsx").content))
    cells = [cell.value for row in book.active.iter_rows() for cell in row]
    assert "X-ONE" in cells
    assert "=X-TWO" not in cells
    whole = load_workbook(io.BytesIO(place.client("auditor").get("/desk/audit/log.xlsx").content))
    formula = [cell for row in whole.active.iter_rows() for cell in row if cell.value == "=X-TWO"]
    assert [cell.data_type for cell in formula] == ["s"]
    assert AuditRow.objects.filter(action="audit.export").count() == 2
