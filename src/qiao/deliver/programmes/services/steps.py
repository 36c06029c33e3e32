"""What every step of a project does: lock it, check the order, write the step down, tell the public."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from qiao.base import audit
from qiao.base.access import Actor
from qiao.base.i18n import Localized
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.deliver.programmes.choices import State
from qiao.deliver.programmes.models import Project, Transition
from qiao.deliver.programmes.rules import may_follow
from qiao.publish.services import announce


def locked_project(code: str) -> Project:
    """The project's row, held until the transaction ends: two officers at once follow each other.

    Raises Problem where there is none.
    """
    project = Project.objects.select_for_update(of=("self",)).select_related("unit", "owner").filter(code=code).first()
    if project is None:
        raise Problem("There is no project %(code)s.", code=code)
    return project


def step_to(
    project: Project, after: State, *, actor: Actor, now: datetime, action: str, ground: Localized | None = None
) -> None:
    """Move a locked project on and write step and audit row; the caller saves its other fields before."""
    if not may_follow(project.state, after):
        raise Problem(
            "This project is “%(state)s” and cannot become “%(wanted)s”: look at its page again.",
            state=str(State(project.state).label),
            wanted=str(after.label),
        )
    before, project.state = project.state, after
    project.save()
    Transition.objects.create(
        project=project, at=now, before=before, after=after, ground=ground or {}, by=actor.account_id
    )
    note(project, actor=actor, now=now, action=action, before=before, after=str(after))


def note(project: Project, *, actor: Actor, now: datetime, action: str, **detail: object) -> None:
    """One audit row about a project."""
    audit.record(actor=actor, now=now, action=action, code=project.code, unit_path=project.unit.path, detail=detail)


def tell(project: Project, *, actor: Actor, now: datetime, title: Localized, body: Localized) -> None:
    """Announce a step to everybody, in the same transaction."""
    announce(
        actor=actor,
        now=now,
        unit=project.unit,
        code=project.code,
        title=title,
        body=body,
        url=reverse("programmes:project", args=[project.code]),
    )


def clean_public(**texts: Localized) -> None:
    """Refuse personal data in what everybody will read (handbook P9)."""
    require_clean({field: text for field, text in texts.items() if text})
