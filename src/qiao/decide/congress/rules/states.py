"""What may follow what, and the steps a page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from django.db.models import TextChoices

from qiao.base.problems import Problem
from qiao.decide.congress.choices import AffairState as A
from qiao.decide.congress.choices import BreachState as B
from qiao.decide.congress.choices import ItemKind, Outcome
from qiao.decide.congress.choices import ProposalState as P
from qiao.decide.congress.choices import SessionState as S
from qiao.decide.congress.choices import TermState as T

C = TypeVar("C", bound=TextChoices)

TERM_NEXT: Mapping[str, frozenset[str]] = {
    T.FORMING: frozenset({T.ELECTING}),
    T.ELECTING: frozenset({T.FILED}),
    T.FILED: frozenset({T.IN_TERM, T.RETURNED}),
    T.RETURNED: frozenset({T.FILED}),
    T.IN_TERM: frozenset({T.ENDED}),
    T.ENDED: frozenset(),
}
SESSION_NEXT: Mapping[str, frozenset[str]] = {
    S.CALLED: frozenset({S.PAPERS_SENT, S.CANCELLED}),
    S.PAPERS_SENT: frozenset({S.CALLED, S.QUORUM, S.CANCELLED}),
    S.QUORUM: frozenset({S.VOTES, S.RESOLVED}),
    S.VOTES: frozenset({S.RESOLVED}),
    S.RESOLVED: frozenset({S.REPORTED}),
    S.REPORTED: frozenset({S.FOLLOWED}),
    S.FOLLOWED: frozenset(),
    S.CANCELLED: frozenset(),
}
PROPOSAL_NEXT: Mapping[str, frozenset[str]] = {
    P.DRAFT: frozenset({P.SECONDED, P.WITHDRAWN, P.SPLIT}),
    P.SECONDED: frozenset({P.SUBMITTED, P.WITHDRAWN, P.SPLIT}),
    P.SUBMITTED: frozenset({P.FILED, P.RETURNED, P.AS_SUGGESTION, P.WITHDRAWN}),
    P.FILED: frozenset({P.ASSIGNED}),
    P.RETURNED: frozenset({P.SUBMITTED, P.WITHDRAWN, P.SPLIT}),
    P.AS_SUGGESTION: frozenset(),
    P.ASSIGNED: frozenset({P.IN_HAND, P.REPLIED}),
    P.IN_HAND: frozenset({P.REPLIED}),
    P.REPLIED: frozenset({P.CLOSED, P.RE_HANDLED, P.REPORTED}),
    P.RE_HANDLED: frozenset({P.REPLIED}),
    P.CLOSED: frozenset({P.REPORTED}),
    P.REPORTED: frozenset(),
    P.SPLIT: frozenset(),
    P.WITHDRAWN: frozenset(),
}
BREACH_NEXT: Mapping[str, frozenset[str]] = {
    B.LETTER: frozenset({B.MENDED, B.PASSED_ON}),
    B.PASSED_ON: frozenset({B.MENDED, B.CLOSED}),
    B.MENDED: frozenset(),
    B.CLOSED: frozenset(),
}
#: What can still change, for lists of work.
SESSION_OPEN = (S.CALLED, S.PAPERS_SENT, S.QUORUM, S.VOTES, S.RESOLVED, S.REPORTED)
PROPOSAL_OPEN = (P.DRAFT, P.SECONDED, P.SUBMITTED, P.FILED, P.RETURNED, P.ASSIGNED, P.IN_HAND, P.REPLIED, P.RE_HANDLED)
#: With a clock that somebody has to answer to.
PROPOSAL_HANDLED = (P.ASSIGNED, P.IN_HAND, P.RE_HANDLED)
#: What the committee has taken up: everybody of the unit reads it.
PROPOSAL_PUBLIC = (P.FILED, P.ASSIGNED, P.IN_HAND, P.REPLIED, P.RE_HANDLED, P.CLOSED, P.REPORTED, P.AS_SUGGESTION)
#: Items that end in a secret vote.
VOTED = (ItemKind.PASS, ItemKind.ELECT, ItemKind.RATE)
#: How the others end.
HEARD: Mapping[str, Outcome] = {
    ItemKind.HEAR: Outcome.HEARD,
    ItemKind.CONSIDER: Outcome.CONSIDERED,
    ItemKind.EXAMINE: Outcome.EXAMINED,
}
_TERM_LINE = (T.FORMING, T.ELECTING, T.FILED, T.IN_TERM, T.ENDED)
_SESSION_LINE = (S.CALLED, S.PAPERS_SENT, S.QUORUM, S.VOTES, S.RESOLVED, S.REPORTED, S.FOLLOWED)
_PROPOSAL_LINE = (P.DRAFT, P.SECONDED, P.SUBMITTED, P.FILED, P.ASSIGNED, P.IN_HAND, P.REPLIED, P.CLOSED)
_AFFAIR_LINE = (A.DUE, A.SHOWN, A.QUESTIONED, A.ANSWERED)


def require_step(table: Mapping[str, frozenset[str]], here: C, then: C) -> None:
    """Raise Problem unless ``then`` may follow ``here``."""
    if then not in table[here]:
        raise Problem(
            "This stands at “%(state)s” meanwhile: the step is no longer, or not yet, possible.", state=str(here.label)
        )


def _line(line: Sequence[TextChoices], here: TextChoices) -> list[tuple[str, bool, bool]]:
    place = line.index(here)
    return [(str(step.label), number < place, number == place) for number, step in enumerate(line)]


def term_steps(state: str) -> list[tuple[str, bool, bool]]:
    """A term's steps: label, done, current."""
    here = T(state)
    return _line(_TERM_LINE, T.ELECTING if here == T.RETURNED else here)


def session_steps(state: str) -> list[tuple[str, bool, bool]]:
    """A meeting's steps; none for one called off."""
    return [] if state == S.CANCELLED else _line(_SESSION_LINE, S(state))


def proposal_steps(state: str) -> list[tuple[str, bool, bool]]:
    """A proposal's steps; what ended another way shows its end as the last step."""
    here = P(state)
    if here == P.RE_HANDLED:
        here = P.IN_HAND
    if here == P.REPORTED:
        return _line((*_PROPOSAL_LINE, P.REPORTED), here)
    if here in _PROPOSAL_LINE:
        return _line(_PROPOSAL_LINE, here)
    begun = (P.DRAFT,) if here in (P.SPLIT, P.WITHDRAWN) else (P.DRAFT, P.SECONDED, P.SUBMITTED)
    return _line((*begun, here), here)


def affair_steps(state: str) -> list[tuple[str, bool, bool]]:
    """The steps of an item of open affairs."""
    return _line(_AFFAIR_LINE, A(state))
