"""Ratings among a person's own data."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qiao.base.i18n import pick
from qiao.judge.ratings.models import RollEntry, RollObjection, Signature
from qiao.org.people.rules import OwnGroup, OwnLine


def own_groups(person_id: int) -> list[OwnGroup]:
    """Ratings on whose roll the person stands, objections of theirs or about them, petitions they signed."""
    rows = RollEntry.objects.filter(person_id=person_id).select_related("rating").order_by("-rating_id")
    lines = [
        OwnLine(f"{row.rating.code} · {pick(row.rating.title)}", _("voted") if row.voted else _("not voted"))
        for row in rows
    ]
    objections = RollObjection.objects.filter(by_id=person_id) | RollObjection.objects.filter(about_id=person_id)
    lines += [
        OwnLine(f"{row.code} · {row.get_kind_display()}", f"{row.get_state_display()}. {row.ground}")
        for row in objections.order_by("-pk")
    ]
    lines += [
        OwnLine(f"{row.call.code} · {pick(row.call.unit.name)}", _("signed a petition for a rating"))
        for row in Signature.objects.filter(person_id=person_id).select_related("call__unit")
    ]
    return [
        OwnGroup(
            "ratings", _("Ratings of my union"), tuple(lines),
            _("One member, one vote. What I voted stands nowhere. Erased when the rating can no longer be challenged."),
        )
    ]  # fmt: skip
