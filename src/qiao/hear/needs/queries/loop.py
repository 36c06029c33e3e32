"""The loop report: how many tasks came from members, were judged by users, changed after that, and how many circled."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from qiao.base.lineage import chain
from qiao.hear.needs.models import Need
from qiao.hear.needs.rules.sources import Task, all_tasks

#: Codes of needs, and of what judged: evaluations.
NEED, JUDGED = "N-", "E-"
#: Objects that bring many threads together: a decision, a ballot, a consultation.
GATHERING = ("D-", "B-", "C-")


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure with the tasks behind it: ``yes`` of ``of`` count for it; ``bad`` where fewer is better."""

    key: str
    label: str
    what: str
    yes: tuple[Task, ...]
    of: tuple[Task, ...]
    bad: bool = False

    @property
    def share(self) -> float | None:
        """yes ÷ of; None where nothing can be counted."""
        return len(self.yes) / len(self.of) if self.of else None

    @property
    def missing(self) -> tuple[Task, ...]:
        """Those the measure asks about: not counted where more is better, counted where fewer is."""
        return self.yes if self.bad else tuple(task for task in self.of if task not in self.yes)


def loop_report(path: str = "") -> list[Measure]:
    """The four measures of C06 over the tasks of a subtree."""
    tasks = tuple(all_tasks(path))
    sources = {task.code: chain(task.code, gathering=GATHERING) for task in tasks}
    needs = set(
        Need.objects.filter(
            code__in={code for found in sources.values() for code in found.before if code.startswith(NEED)}
        ).values_list("code", flat=True)
    )
    traced = tuple(task for task in tasks if sources[task.code].before & needs)
    ended = tuple(task for task in tasks if task.ended)
    judged = tuple(task for task in tasks if any(code.startswith(JUDGED) for code in sources[task.code].after))
    judged_ended = tuple(task for task in ended if task in judged)
    changed = tuple(task for task in judged if task.changed_after)
    circling = tuple(task for task in tasks if task.proposed_by and task.proposed_by == task.done_by == task.judged_by)
    return [
        Measure(
            "traceable", _("Traceable"), _("Tasks that come from at least one need of members"), traced, tasks,
        ),
        Measure("judged", _("Judged by users"), _("Ended tasks that those they were for have judged"), judged_ended,
                ended),
        Measure("changed", _("Changed after the judgment"), _("Judged tasks of which something new came"), changed,
                judged),
        Measure("circling", _("Circling"), _("Tasks that one office proposed, did and judged itself"), circling,
                tasks, bad=True),
    ]  # fmt: skip
