"""What the ledger holds of one person: what they raised or were drawn for, and what they said."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from qiao.base.i18n import day_text, listed, pick
from qiao.judge.problems.models import Verdict, Voice
from qiao.org.people.rules import OwnGroup, OwnLine

_MOST = 500


def own_groups(person_id: int) -> list[OwnGroup]:
    """Problems one raised or is asked about, each with one's own words."""
    mine = Q(person_id=person_id) | Q(account__person_id=person_id)
    voices = list(Voice.objects.filter(mine).select_related("entry").order_by("-pk")[:_MOST])
    said: dict[int, list[str]] = {}
    for row in Verdict.objects.filter(voice__in=voices).order_by("turn"):
        said.setdefault(row.voice_id or 0, []).append(listed([str(row.get_say_display()), row.note]))
    return [
        OwnGroup(
            "problems", _("Problems I raised or am asked about"),
            tuple(
                OwnLine(
                    f"{row.entry.code} · {pick(row.entry.title)}",
                    listed([str(row.get_kind_display()), *said.get(row.pk, [])]),
                    str(day_text(row.since)),
                )
                for row in voices
            ),
            _("To ask you whether it is mended. Forgotten two years after its end."),
        )
    ]  # fmt: skip
