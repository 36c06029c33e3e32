"""Telling delegates, proposers and askers what moved (mechanism S8); called from jobs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_noop as noop

from qiao.base.i18n import Localized, in_every_language
from qiao.decide.congress.choices import ProposalState
from qiao.decide.congress.models import Affair, DelegateProposal, Question, Session
from qiao.org.people.services import tell

_SESSION = {
    "called": noop("A meeting of the workers' congress is called: %(title)s"),
    "moved": noop("The meeting of the workers' congress is moved: %(title)s"),
    "cancelled": noop("The meeting of the workers' congress is called off: %(title)s"),
    "papers": noop("The papers of the meeting are there: %(title)s"),
    "resolved": noop("The workers' congress has resolved: %(title)s"),
}
_PROPOSAL = {
    ProposalState.DRAFT: noop("Your proposal has too few seconders yet; the papers of the meeting are sent: %(title)s"),
    ProposalState.SECONDED: noop("Your proposal has enough seconders and can be handed in: %(title)s"),
    ProposalState.FILED: noop("Your proposal is filed: %(title)s"),
    ProposalState.RETURNED: noop("Your proposal came back, with the reason: %(title)s"),
    ProposalState.AS_SUGGESTION: noop("Your proposal was passed on as a suggestion: %(title)s"),
    ProposalState.ASSIGNED: noop("An office replies to your proposal: %(title)s"),
    ProposalState.IN_HAND: noop("Your proposal is in hand: %(title)s"),
    ProposalState.REPLIED: noop("There is a reply to your proposal. Say whether it satisfies you: %(title)s"),
}


def tell_session(*, now: datetime, code: str, what: str) -> int:
    """Tell every delegate with a place in the register; how many."""
    session = Session.objects.select_related("congress").get(code=code)
    subject = in_every_language(_SESSION[what], title=session.title)
    text = in_every_language(noop("On %(day)s."), day=session.meets)
    seats = session.congress.delegates.filter(until__isnull=True, person__isnull=False).order_by("pk")
    keys = seats.values_list("person_id", flat=True)
    return _each(
        keys, now, subject, text, reverse("congress:session", args=[code]),
        f"congress:{code}:{what}:{session.meets:%Y%m%d%H%M}",
    )  # fmt: skip


def tell_proposal(*, now: datetime, code: str, state: str) -> int:
    """Tell who made a proposal where it stands now; a state it has left meanwhile is told no more. How many."""
    proposal = DelegateProposal.objects.get(code=code)
    if proposal.state != state or ProposalState(state) not in _PROPOSAL:
        return 0
    subject = in_every_language(_PROPOSAL[ProposalState(state)], title=proposal.title)
    text: Localized = {"zh-hans": proposal.reason, "en": proposal.reason} if proposal.reason else subject
    keys = proposal.proposers.filter(delegate__person__isnull=False).values_list("delegate__person_id", flat=True)
    turn = 2 if proposal.handled_twice else 1
    return _each(keys, now, subject, text, reverse("congress:proposal", args=[code]), f"congress:{code}:{state}:{turn}")


def tell_affair(*, now: datetime, code: str) -> int:
    """Tell the delegates that something is shown; how many."""
    affair = Affair.objects.select_related("congress").get(code=code)
    subject = in_every_language(noop("Open affairs: %(title)s"), title=affair.title)
    text = in_every_language(noop("Questions may be asked until %(day)s."), day=affair.shown_until or now)
    seats = affair.congress.delegates.filter(until__isnull=True, person__isnull=False).order_by("pk")
    return _each(
        seats.values_list("person_id", flat=True), now, subject, text, reverse("congress:affair", args=[code]),
        f"congress:{code}:shown",
    )  # fmt: skip


def tell_answer(*, now: datetime, question_id: int) -> int:
    """Tell whoever asked that the answer is there."""
    question = Question.objects.select_related("affair").get(pk=question_id)
    if question.person_id is None:
        return 0
    subject = in_every_language(
        noop("Your question on open affairs is answered: %(title)s"), title=question.affair.title
    )
    text: Localized = {"zh-hans": question.answer, "en": question.answer}
    return _each(
        [question.person_id], now, subject, text, reverse("congress:affair", args=[question.affair.code]),
        f"congress:question:{question_id}",
    )  # fmt: skip


def _each(
    persons: Iterable[int | None], now: datetime, subject: Localized, text: Localized, url: str, once: str
) -> int:
    number = 0
    for key in sorted({one for one in persons if one is not None}):
        tell(now=now, subject=subject, text=text, person_id=key, url=url, once=f"{once}:{key}"[:80])
        number += 1
    return number
