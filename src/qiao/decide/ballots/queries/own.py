"""What votes hold about one person: that they stood on the roll and voted, never what; and the ideas they filed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qiao.base.i18n import pick
from qiao.decide.ballots.models import Idea, RollEntry
from qiao.org.people.rules import OwnGroup, OwnLine


def own_groups(person_id: int) -> list[OwnGroup]:
    """Votes on whose roll the person stands."""
    rows = RollEntry.objects.filter(person_id=person_id).select_related("ballot").order_by("-ballot_id")
    lines = tuple(
        OwnLine(f"{row.ballot.code} · {pick(row.ballot.title)}", _("voted") if row.voted else _("not voted"))
        for row in rows
    )
    ideas = Idea.objects.filter(author_id=person_id).select_related("round").order_by("-filed", "-pk")
    told = tuple(
        OwnLine(f"{idea.code} · {pick(idea.title)} · {pick(idea.round.title)}", str(idea.get_state_display()))
        for idea in ideas
    )
    return [
        OwnGroup(
            "ideas", _("Ideas I filed for practical deeds"), told,
            _("Shown without my name. When the round has ended my name is taken from them."),
        ),
        OwnGroup(
            "ballots", _("Votes I could take part in"), lines,
            _("One member, one vote. What I voted stands nowhere. Erased when the vote can no longer be challenged."),
        )
    ]  # fmt: skip
