"""Applications to join, as workers hand them in."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from tests.factories.org import Tree

from qiao.base.access import ANONYMOUS, SYSTEM, Actor
from qiao.org.joining.choices import Identity
from qiao.org.joining.models import Application
from qiao.org.joining.services import JOIN, Given, approve, note_identity, submit_application
from qiao.org.membership.choices import Employment
from qiao.org.units.models import Unit
from qiao.org.workplaces.choices import Ownership, Sector
from qiao.org.workplaces.models import Employer, UnitEmployer

#: A number made up to fit the check sign of GB 11643; its place code is in no register.
NUMBER = "11010519491231002X"


def employer(org: Tree, name: str, place: str, *, union: str = "") -> Employer:
    """An employer at a place, with a union or without."""
    made = Employer.objects.create(
        code=f"K-{secrets.randbelow(10**6)}", name=name, place=org[place], ownership=Ownership.PRIVATE,
        sector=Sector.C, entered=org.now, confirmed=org.now.date(),
    )  # fmt: skip
    if union:
        UnitEmployer.objects.create(unit=org[union], employer=made, since=date(2021, 1, 1), entered=org.now)
    return made


def given(**changed: Any) -> Given:
    """What a courier without a union writes."""
    fields: dict[str, Any] = {
        "nonce": secrets.token_hex(16), "name": "云一", "employment": Employment.FREELANCE, "consents": [JOIN],
    } | changed  # fmt: skip
    return Given(**fields)


def apply(org: Tree, at: str = "H1", actor: Actor = ANONYMOUS, **changed: Any) -> Application:
    """An application that is routed to a hub of this place."""
    place: Unit = org[at]
    return submit_application(actor=actor, now=org.now, given=given(place=place, **changed))


def joined(org: Tree, officer: Actor, **changed: Any) -> Application:
    """An application that was approved."""
    application = apply(org, **changed)
    note_identity(actor=officer, now=org.now, code=application.code, identity=Identity.PAPER)
    return approve(actor=officer, now=org.now, code=application.code)


__all__ = ["NUMBER", "SYSTEM", "apply", "employer", "given", "joined"]
