"""Projects as the loop report counts them: who proposed, who did, who judged, whether anything came of the judgment."""

from __future__ import annotations

from django.urls import reverse

from qiao.base.models import Link
from qiao.decide.proposals.queries import proposals_by_codes
from qiao.deliver.programmes.choices import State
from qiao.deliver.programmes.models import Project
from qiao.hear.needs.rules import Task

#: How the report names who judged where an evaluation did.
OUTSIDE = "evaluator"


def loop_tasks(path: str) -> list[Task]:
    """All projects of a subtree that began, oldest first. Closed without an evaluation, a unit judged itself."""
    projects = list(
        Project.objects.filter(unit__path__startswith=path)
        .exclude(state__in=[State.PLANNED, State.STOPPED])
        .select_related("unit")
        .order_by("pk")
    )
    proposed = {one.code: one.unit.label for one in proposals_by_codes([one.proposal_code for one in projects])}
    changed = _changed({one.evaluation_code for one in projects if one.evaluation_code})
    return [
        Task(
            code=one.code,
            title=one.title,
            url=reverse("programmes:project", args=[one.code]),
            ended=one.state == State.CLOSED,
            proposed_by=proposed.get(one.proposal_code, ""),
            done_by=one.unit.label,
            judged_by=OUTSIDE if one.evaluation_code else one.unit.label if one.state == State.CLOSED else "",
            changed_after=one.evaluation_code in changed,
        )
        for one in projects
    ]


def _changed(evaluations: set[str]) -> set[str]:
    """Evaluations whose finding was taken up: something came of the need it handed back."""
    found = dict(Link.objects.filter(source__in=evaluations, target__startswith="N-").values_list("target", "source"))
    acted = set(Link.objects.filter(source__in=found).values_list("source", flat=True))
    return {source for need, source in found.items() if need in acted}
