"""What consultations hold about one person: opinions in their name; of votes on statements only that there are some."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qiao.base.i18n import day_text, pick
from qiao.decide.consultations.models import Opinion, Submission
from qiao.decide.consultations.queries.moderation import state_of
from qiao.org.people.rules import OwnGroup, OwnLine


def own_groups(person_id: int) -> list[OwnGroup]:
    """Opinions of the person with what became of them."""
    rows = Opinion.objects.filter(person_id=person_id).select_related("consultation").order_by("-filed", "-pk")
    lines = tuple(
        OwnLine(
            f"{row.consultation.code} · {pick(row.consultation.title)}", f"{row.text} · {row.get_state_display()}",
            str(day_text(row.filed)),
        )
        for row in rows
    )  # fmt: skip
    written = Submission.objects.filter(person_id=person_id).select_related("consultation", "statement").order_by("-pk")
    statements = tuple(
        OwnLine(
            f"{row.consultation.code} · {pick(row.consultation.title)}", f"{row.text} · {state_of(row)}",
            str(day_text(row.filed)),
        )
        for row in written
    )  # fmt: skip
    return [
        OwnGroup(
            "statements", _("Statements I wrote"), statements,
            _("To put them to the vote and tell me what became of them. Others read the words and not whose they are."),
        ),
        OwnGroup(
            "opinions", _("Opinions I gave"), lines,
            _("To answer me. Others read the words and not whose they are. What I voted on statements is kept under a "
              "mark, of which nobody knows whose it is."),
        ),
    ]  # fmt: skip
