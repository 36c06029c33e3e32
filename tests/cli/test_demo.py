"""The demonstration is built whole or not at all, and only on a database of its own."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from types import ModuleType

import pytest
import typer
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.base.ledger.log import export
from qiao.base.models import LedgerLeaf, TreeHead
from qiao.cli.demo import build
from qiao.hear.needs.choices import NeedKind
from qiao.hear.needs.queries import published_needs
from qiao.org.access.choices import Role
from qiao.org.access.models import RoleGrant
from qiao.org.membership.models import Membership
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.units.services import found_unit
from qiao.web.threads import thread

pytestmark = pytest.mark.django_db

#: Filled by migrations, before anybody builds anything.
GIVEN = {"auth.Permission", "contenttypes.ContentType", "sites.Site"}


def silently(text: str) -> AbstractContextManager[None]:
    return nullcontext()


def rows() -> dict[str, int]:
    """Number of rows of each table that holds any."""
    counted = {model._meta.label: model._default_manager.count() for model in apps.get_models() if model._meta.managed}
    return {label: number for label, number in counted.items() if number and label not in GIVEN}


def test_it_is_built_whole_and_only_once() -> None:
    build.build_once(size="small", say=silently)
    assert Membership.objects.filter(pk__gt=1_000, pk__lte=3_200).count() == 2_200
    assert Unit.objects.filter(parent=None).count() == 1
    assert set(RoleGrant.objects.values_list("role", flat=True)) == set(Role)
    assert {need.kind for need in published_needs()} >= {NeedKind.GROUP, NeedKind.FINDING}
    # Some findings come from members' ratings of their union, which no project stands behind.
    threads = [thread(finding.code) for finding in published_needs().filter(kind=NeedKind.FINDING)]
    assert any(whole is not None and all(stage.stations for stage in whole.stages) for whole in threads), (
        "a finding's thread passes all four stations"
    )
    head = TreeHead.objects.order_by("-size").first()
    assert head is not None
    assert head.size == LedgerLeaf.objects.count() == len(export()["entries"])

    before = rows()
    with CaptureQueriesContext(connection) as asked:
        build.build_once(size="small", say=silently)
    assert rows() == before
    assert all(query["sql"].startswith("SELECT") for query in asked)


def test_another_federation_is_left_alone(now: datetime, capsys: pytest.CaptureFixture[str]) -> None:
    found_unit(
        actor=SYSTEM, now=now, kind=UnitKind.FEDERATION, name=localized("真实总工会", "A Real Federation"),
        label="REAL", parent=None, founded=date(1950, 5, 1),
    )  # fmt: skip
    before = rows()
    with pytest.raises(typer.Exit) as refused:
        build.build_once(size="small", say=silently)
    assert refused.value.exit_code == 2
    assert "another federation" in capsys.readouterr().err
    assert rows() == before


def test_a_stage_that_fails_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    failing = ModuleType("qiao.cli.demo.failing")

    def seed(world: object, earlier: object) -> dict[str, object]:
        assert Unit.objects.exists(), "the stage comes after the federation is founded"
        raise RuntimeError("killed half-way")

    failing.seed = seed  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, failing.__name__, failing)
    monkeypatch.setattr(build, "STAGES", (*build.STAGES[:1], ("failing", "a stage that fails")))
    with pytest.raises(RuntimeError, match="killed half-way"):
        build.build_once(size="small", say=silently)
    assert rows() == {}
    assert LedgerLeaf.objects.count() == 0
