"""A small tree, officers with accounts, and tables of members as people hand them in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.test import Client
from openpyxl import Workbook

from qiao.base.access import SYSTEM, Actor
from qiao.base.i18n import localized
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.access.services import grant_role
from qiao.org.membership.choices import Employment
from qiao.org.membership.models import Membership
from qiao.org.membership.services import admit_worker
from qiao.org.people.models import Account
from qiao.org.people.services import open_account
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.units.services import found_unit

DAY = date(2020, 1, 1)


@dataclass(frozen=True)
class Tree:
    """F above two districts; D1 above hub H1 above B1; D2 above B2."""

    now: datetime
    units: dict[str, Unit]

    def __getitem__(self, label: str) -> Unit:
        return Unit.objects.get(label=label)

    def officer(self, role: Role, label: str, name: str = "") -> Actor:
        """An officer with one role in one unit; the same name gives the same account."""
        return actor_for(self.account(role, label, name), self.now.date())

    def account(self, role: Role, label: str, name: str = "") -> Account:
        """The account behind `officer`."""
        name = name or f"{role.value}-{label}"
        account = Account.objects.filter(email=f"{name.lower()}@x.example").first()
        if account is None:
            account = open_account(actor=SYSTEM, now=self.now, email=f"{name}@x.example", display_name=name)
        grant_role(actor=SYSTEM, now=self.now, account=account, role=role, unit=self[label], since=DAY)
        return account

    def client(self, role: Role, label: str, name: str = "", language: str = "en") -> Client:
        """A browser signed in as that officer."""
        client = Client(headers={"accept-language": language})
        client.force_login(self.account(role, label, name))
        return client

    def member(self, label: str, name: str, employment: Employment = Employment.DIRECT) -> Membership:
        """One more member of a unit."""
        return admit_worker(
            actor=SYSTEM,
            now=self.now,
            unit=self[label],
            name=name,
            employment=employment,
            since=date(2024, 5, 1),
            other_person=True,
        )


def make_tree(now: datetime) -> Tree:
    """Found the units."""
    units: dict[str, Unit] = {}
    for label, kind, above in (
        ("F", UnitKind.FEDERATION, ""),
        ("D1", UnitKind.DISTRICT, "F"),
        ("D2", UnitKind.DISTRICT, "F"),
        ("H1", UnitKind.HUB, "D1"),
        ("B1", UnitKind.BASE, "H1"),
        ("B2", UnitKind.BASE, "D2"),
    ):
        units[label] = found_unit(
            actor=SYSTEM,
            now=now,
            kind=kind,
            name=localized(f"{label} 工会", f"{label} Union"),
            label=label,
            parent=units.get(above),
            founded=DAY,
        )
    return Tree(now, units)


def xlsx(rows: Sequence[Sequence[object]], sheet: str = "Sheet1") -> bytes:
    """A workbook with one sheet."""
    book = Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def write(folder: Path, name: str, content: bytes | str, encoding: str = "utf-8") -> Path:
    """A file with this content."""
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return file
