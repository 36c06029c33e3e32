"""What the congress holds about one person: seats, proposals, seconds, votes taken part in, questions."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from qiao.base.i18n import day_text, pick
from qiao.decide.congress.models import Attendance, CallSign, Delegate, Proposer, Question, Second, VoteMark
from qiao.org.people.rules import OwnGroup, OwnLine


def own_groups(person_id: int) -> list[OwnGroup]:
    """Seats and what was done in them; questions asked."""
    seats = list(Delegate.objects.filter(person_id=person_id).select_related("congress__unit").order_by("-pk"))
    keys = [seat.pk for seat in seats]
    marks = VoteMark.objects.filter(delegate__in=keys).select_related("item").order_by("-item_id")
    there = Attendance.objects.filter(delegate__in=keys).select_related("session").order_by("-session_id")
    made = Proposer.objects.filter(delegate__in=keys).select_related("proposal").order_by("-proposal_id")
    seconds = Second.objects.filter(delegate__in=keys).select_related("proposal").order_by("-proposal_id")
    signs = CallSign.objects.filter(delegate__in=keys).select_related("call").order_by("-call_id")
    asked = Question.objects.filter(person_id=person_id).select_related("affair").order_by("-pk")
    lines = [OwnLine(f"{seat.congress.code} · {pick(seat.congress.unit.name)}", _marks(seat),
                     str(day_text(seat.since))) for seat in seats]  # fmt: skip
    lines += [OwnLine(f"{row.session.code} · {pick(row.session.title)}", _("present")) for row in there]
    lines += [
        OwnLine(f"{row.item.code} · {pick(row.item.title)}", _("voted") if row.voted else _("not voted"))
        for row in marks
    ]
    lines += [
        OwnLine(row.proposal.code, row.proposal.title, url=reverse("congress:proposal", args=[row.proposal.code]))
        for row in made
    ]
    lines += [OwnLine(row.proposal.code, _("seconded: %(title)s") % {"title": row.proposal.title}) for row in seconds]
    lines += [OwnLine(_("Call for a meeting that I signed"), row.call.subject) for row in signs]
    return [
        OwnGroup(
            "congress_seats", _("What I do as a delegate of the workers' congress"), tuple(lines),
            _("What I voted stands nowhere. Marks of votes are erased when the vote can no longer be challenged."),
        ),
        OwnGroup(
            "congress_questions", _("Questions I asked on open affairs"),
            tuple(OwnLine(row.receipt, row.text, str(day_text(row.asked))) for row in asked),
            _("Only I see that I asked. The link to me is erased some time after the answer."),
        ),
    ]  # fmt: skip


def _marks(seat: Delegate) -> str:
    words = [
        word
        for held, word in (
            (seat.woman, _("woman")),
            (seat.front_line, _("front-line worker")),
            (seat.manager, _("manager")),
        )
        if held
    ]
    return " · ".join([seat.name, *words])
