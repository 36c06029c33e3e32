"""Appealing against a refusal by the receipt, and what follows when it is upheld."""

from __future__ import annotations

from datetime import datetime

from qiao.base.access import Actor
from qiao.base.problems import Problem
from qiao.org.appeals.models import Appeal
from qiao.org.appeals.services import file_appeal
from qiao.org.joining.choices import State
from qiao.org.joining.models import Application
from qiao.org.joining.services.review import reopen


def appeal(*, actor: Actor, now: datetime, receipt: str, ground: str) -> Appeal:
    """Appeal against the refusal of an application by its receipt; the same appeal once more is the one that runs.

    Raises Application.DoesNotExist for no such receipt, Problem where nothing is refused or the time is over.
    """
    application = Application.objects.select_related("unit").get(receipt=receipt)
    if application.state != State.REFUSED:
        raise Problem("There is no refusal to appeal against.")
    return file_appeal(
        now=now, kind="joining", code=application.code, unit_path=application.unit.path,
        first_decider_unit_path=application.unit.path, first_decider_account_id=application.decided_by_id,
        ground=ground, person_id=application.person_id, actor=actor, refused=application.decided,
    )  # fmt: skip


def refusal_set_aside(found: Appeal, actor: Actor, now: datetime) -> None:
    """An upheld appeal: the application is looked at again, by the unit above the one that refused."""
    reopen(actor=actor, now=now, code=found.subject)
