"""The mode by which somebody is approached: a coarse design column, written only where enough people share it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from qiao.hear.surveys import rules
from qiao.hear.surveys.choices import Mode
from qiao.hear.surveys.models import Invitation, Round


def mark_mode(survey: Round, invitation_ids: Collection[int], mode: Mode) -> int:
    """Mark these not yet answered invitations with a mode, cell by cell of the design columns; how many were marked.

    In the caller's transaction. A cell is left as it is where afterwards fewer than ``rules.DESIGN_CELL`` invited
    people would share the new mode or the one they leave: a mode that tells who somebody is, is not recorded.
    """
    columns = ("stratum", "cluster", "employment", "mode")
    rows = Invitation.objects.filter(round=survey)
    total = Counter(rows.values_list(*columns))
    wanted = set(invitation_ids)
    moving: dict[tuple[str, str, str], list[tuple[int, str]]] = {}
    for pk, answered, stratum, cluster, employment, old in rows.filter(pk__in=wanted).values_list(
        "pk", "answered", *columns
    ):
        if not answered and old != mode:
            moving.setdefault((stratum, cluster, employment), []).append((pk, old))
    marked: list[int] = []
    for cell, people in moving.items():
        leaving = Counter(old for _pk, old in people)
        joined = total[(*cell, mode.value)] + len(people)
        left = all(rules.splits_safely(joined, total[(*cell, old)] - number) for old, number in leaving.items())
        if left:
            marked.extend(pk for pk, _old in people)
    Invitation.objects.filter(pk__in=marked).update(mode=mode)
    return len(marked)
