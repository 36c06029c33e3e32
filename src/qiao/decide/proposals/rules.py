"""What may happen to a proposal when."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qiao.decide.proposals.choices import ProposalState as S

#: Allowed changes of state. A decision may be taken straight after a consultation, without a ballot; nothing leads
#: back from the two ends.
TRANSITIONS: dict[str, frozenset[str]] = {
    S.RAISED: frozenset({S.CONSULTED, S.ON_BALLOT, S.ADOPTED, S.REJECTED}),
    S.CONSULTED: frozenset({S.ON_BALLOT, S.ADOPTED, S.REJECTED}),
    S.ON_BALLOT: frozenset({S.ADOPTED, S.REJECTED}),
    S.ADOPTED: frozenset(),
    S.REJECTED: frozenset(),
}

#: Whose acts change a proposal's state: later stages ask for their own permission at their own unit first.
ACTIONS = ("proposal.raise", "consultation.run", "ballot.run", "ballot.count", "decision.take")


def may_become(state: str, wanted: str) -> bool:
    """Whether a proposal in ``state`` may become ``wanted``."""
    return wanted in TRANSITIONS[state]


def is_open(state: str) -> bool:
    """Whether nothing has been decided on the proposal yet."""
    return bool(TRANSITIONS[state])


def concerns(proposal_path: str, unit_path: str) -> bool:
    """Whether a proposal is a unit's to take further: raised in its subtree, or by a unit above it."""
    return proposal_path.startswith(unit_path) or unit_path.startswith(proposal_path)


def may_be_revised(state: str) -> bool:
    """Whether its text and cost may still change: not once members have seen it as theirs to discuss."""
    return state == S.RAISED


def may_be_rejected_alone(state: str) -> bool:
    """Whether it may be turned down without a decision of its own: not while members vote on it."""
    return is_open(state) and state != S.ON_BALLOT


def steps(state: str) -> list[tuple[str, bool, bool]]:
    """The states as steps (label, done, current)."""
    line = [S.RAISED, S.CONSULTED, S.ON_BALLOT, S.REJECTED if state == S.REJECTED else S.ADOPTED]
    here = line.index(S(state))
    return [(str(step.label), place < here and state != S.REJECTED, place == here) for place, step in enumerate(line)]


def next_step(state: str) -> str:
    """What a proposal in this state waits for, in the language of the request; what follows stands on its thread."""
    return {
        S.RAISED: _("Awaits a consultation or a budget vote"),
        S.CONSULTED: _("Awaits the answers to members' opinions, then a decision"),
        S.ON_BALLOT: _("Awaits the count"),
        S.ADOPTED: "",
        S.REJECTED: "",
    }[S(state)]
