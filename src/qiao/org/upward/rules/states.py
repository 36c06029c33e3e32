"""The states of a paper and what follows what."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qiao.org.upward.choices import PaperKind
from qiao.org.upward.choices import PaperState as S

_ENDS_OF_THE_CLOCK = {S.DEEMED, S.ESCALATED}
#: Allowed changes of a request. Returned stops the clock; issuing again starts it anew.
_REQUEST: dict[str, frozenset[str]] = {
    S.DRAFT: frozenset({S.ISSUED, S.WITHDRAWN}),
    S.ISSUED: frozenset({S.RECEIVED, S.RETURNED, *_ENDS_OF_THE_CLOCK}),
    S.RECEIVED: frozenset({S.IN_REVIEW, S.RETURNED, *_ENDS_OF_THE_CLOCK}),
    S.IN_REVIEW: frozenset({S.ANSWERED, S.RETURNED, *_ENDS_OF_THE_CLOCK}),
    S.ESCALATED: frozenset({S.RECEIVED, S.RETURNED, *_ENDS_OF_THE_CLOCK}),
    S.RETURNED: frozenset({S.ISSUED, S.WITHDRAWN}),
    S.ANSWERED: frozenset({S.CLOSED}),
    S.DEEMED: frozenset({S.CLOSED}),
    S.CLOSED: frozenset(),
    S.WITHDRAWN: frozenset(),
}
_REPORT: dict[str, frozenset[str]] = {
    S.DRAFT: frozenset({S.ISSUED, S.WITHDRAWN}),
    S.ISSUED: frozenset({S.READ}),
    S.READ: frozenset(),
    S.WITHDRAWN: frozenset(),
}
TRANSITIONS: dict[str, dict[str, frozenset[str]]] = {PaperKind.REQUEST: _REQUEST, PaperKind.REPORT: _REPORT}


def may_become(kind: str, state: str, wanted: str) -> bool:
    """Whether a paper of this kind in ``state`` may become ``wanted``."""
    return wanted in TRANSITIONS[kind].get(state, frozenset())


def steps(kind: str, state: str) -> list[tuple[str, bool, bool]]:
    """The states as steps (label, done, current)."""
    if kind == PaperKind.REPORT:
        line = [S.DRAFT, S.ISSUED, S.WITHDRAWN if state == S.WITHDRAWN else S.READ]
    elif state == S.WITHDRAWN:
        line = [S.DRAFT, S.WITHDRAWN]
    else:
        end = S.DEEMED if state == S.DEEMED else S.ANSWERED
        line = [S.DRAFT, S.ISSUED, S.RECEIVED, S.IN_REVIEW, end, S.CLOSED]
        if state == S.RETURNED:
            line = [S.DRAFT, S.RETURNED, S.ISSUED, S.RECEIVED, S.IN_REVIEW, S.ANSWERED, S.CLOSED]
        elif state == S.ESCALATED:
            line = [S.DRAFT, S.ISSUED, S.ESCALATED, S.RECEIVED, S.IN_REVIEW, S.ANSWERED, S.CLOSED]
    here = line.index(S(state))
    return [(str(step.label), place < here, place == here) for place, step in enumerate(line)]


def next_actor(kind: str, state: str, *, holder: str, unit: str) -> str:
    """Who acts next and how, in the language of the request; "" where nothing is awaited."""
    names = {"holder": holder, "unit": unit}
    if kind == PaperKind.REPORT:
        texts = {
            S.DRAFT: _("Awaits the signature of the chair of %(unit)s"),
            S.ISSUED: _("%(holder)s is to read it; no answer is due"),
        }
    else:
        texts = {
            S.DRAFT: _("Awaits the signature of the chair of %(unit)s"),
            S.ISSUED: _("%(holder)s is to confirm that it has come"),
            S.RECEIVED: _("%(holder)s is to take it into review"),
            S.IN_REVIEW: _("%(holder)s is to answer in writing"),
            S.ESCALATED: _("%(holder)s is to take it up: the unit below it did not answer in time"),
            S.RETURNED: _("%(unit)s is to mend it and issue it again"),
            S.ANSWERED: _("%(unit)s is to read the answer and close it"),
            S.DEEMED: _("%(unit)s may act on it and close it"),
        }
    return texts[S(state)] % names if S(state) in texts else ""
