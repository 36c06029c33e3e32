"""The response monitor: how many of each stratum, who is missing as strata, and what it means for the margin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from qiao.base.i18n import pick
from qiao.hear.surveys import rules
from qiao.hear.surveys.choices import ENDED, Asked, Delivery, Mode
from qiao.hear.surveys.models import Answer, Call, Invitation, Round, SealedAnswer
from qiao.hear.surveys.queries.facts import merged_strata
from qiao_stats.sampling import margin_of

#: Below so much of the share it has in the register a stratum counts as missing.
_MISSING = 0.8


@dataclass(frozen=True, slots=True)
class MonitorRow:
    """One stratum (label "" is the whole). ``answered`` and ``rate`` are None where too few answered to say so.

    ``rate`` is answers ÷ (invited − undeliverable); ``missing``: it answers less than its share in the register.
    """

    label: str
    population: int
    invited: int
    undeliverable: int | None
    answered: int | None
    rate: float | None
    missing: bool = False

    @property
    def hidden(self) -> bool:
        """Whether the count is kept back because few would be told by it."""
        return self.answered is None


def monitor(survey: Round) -> list[MonitorRow]:
    """Invited and answered by stratum: how many, never who said what. The last row is the whole.

    A count from 1 to below the small cell is hidden, one that leaves fewer than that without an answer too, and a
    second so that it cannot be computed back from the sum; once the answers are weighted small strata are joined.
    """
    counted = _counts(survey)
    answers = [row[2] for row in counted]
    hide = rules.veiled(answers, survey.small_cell, [row[1] for row in counted])
    missed = [row[3] for row in counted]
    hide_missed = rules.veiled(missed, survey.small_cell)
    total, everybody = sum(answers), sum(int(row[0]["population"]) for row in counted)
    made = []
    for (stratum, invited, answered, undeliverable), dark, darker in zip(counted, hide, hide_missed, strict=True):
        population = int(stratum["population"])
        share = answered / total * everybody / population if total and population else 1.0
        made.append(
            MonitorRow(
                pick(stratum["label"]), population, invited, None if darker else undeliverable,
                None if dark else answered, None if dark else _rate(answered, invited, undeliverable),
                not dark and total > 0 and share < _MISSING,
            )
        )  # fmt: skip
    if len(made) > 1:
        invited = sum(row.invited for row in made)
        made.append(
            MonitorRow("", everybody, invited, sum(missed), total, _rate(total, invited, sum(missed)))
        )  # fmt: skip
    return made


def _counts(survey: Round) -> list[tuple[dict[str, Any], int, int, int]]:
    """Each stratum with invited, answered and undeliverable."""
    if survey.state in ENDED:
        strata = merged_strata(survey.strata, survey.weighting)
        return [(row, row["invited"], row.get("answered", 0), row.get("undeliverable", 0)) for row in strata]
    found = {
        row["stratum"]: row
        for row in Invitation.objects.filter(round=survey).order_by("stratum").values("stratum").annotate(
            invited=Count("pk"),
            answers=Count("pk", filter=Q(answered=True)),
            missed=Count("pk", filter=Q(delivery=Delivery.UNDELIVERABLE, answered=False)),
        )
    }  # fmt: skip
    none = {"invited": 0, "answers": 0, "missed": 0}
    rows = [(row, found.get(row["key"], none)) for row in survey.strata]
    return [(row, int(own["invited"]), int(own["answers"]), int(own["missed"])) for row, own in rows]


def _rate(answered: int, invited: int, undeliverable: int) -> float | None:
    reached = invited - undeliverable
    return answered / reached if reached > 0 else None


def response_rate(survey: Round) -> float | None:
    """Valid answers ÷ (invited − undeliverable), as it stands; None for volunteers (handbook C04)."""
    rows = _counts(survey)
    if survey.asked == Asked.VOLUNTEERS or not rows:
        return None
    return _rate(sum(row[2] for row in rows), sum(row[1] for row in rows), sum(row[3] for row in rows))


@dataclass(frozen=True, slots=True)
class Margin:
    """How wide a share of one half is with the answers there are: ``effective`` answers, their margin, the planned."""

    answered: int
    effective: float
    margin: float
    planned: float | None


def margin_now(survey: Round) -> Margin | None:
    """The margin reached so far: 1.96·√(p(1 − p)/n_eff · (N − n)/(N − 1)), n_eff = n ÷ (1 + cv²(w)) with the weights of
    the strata, w_h = (N_h/N) ÷ (n_h/n). None without an answer and for volunteers. Strata without an answer stand in no
    weight: the monitor names them as missing."""
    rows = [(int(row["population"]), answers) for row, _invited, answers, _missed in _counts(survey)]
    answered = sum(answers for _size, answers in rows)
    everybody = sum(size for size, _answers in rows)
    if not answered or survey.asked == Asked.VOLUNTEERS:
        return None
    weights = [(size / everybody / (answers / answered), answers) for size, answers in rows if answers]
    mean = sum(weight * count for weight, count in weights) / answered
    spread = sum(count * (weight - mean) ** 2 for weight, count in weights) / answered
    effective = answered / (1 + spread / mean**2)
    planned = None
    if survey.expected_rate and survey.invited:
        hoped = max(1, min(everybody, round(survey.invited * survey.expected_rate)))
        planned = margin_of(hoped, everybody)
    return Margin(answered, effective, margin_of(min(effective, everybody), everybody), planned)


@dataclass(frozen=True, slots=True)
class Fieldwork:
    """How people were asked, in counts; ``unsure``: perhaps not reached; ``flagged``: volunteers' answers in bursts."""

    waiting: int
    sent: int
    letters: int
    unsure: int
    undeliverable: int
    calls: int
    reminded: int
    flagged: int


def fieldwork(survey: Round) -> Fieldwork:
    """The counts of deliveries and calls of a round."""
    found = dict(
        Invitation.objects.filter(round=survey, answered=False)
        .order_by("delivery")
        .values_list("delivery")
        .annotate(number=Count("pk"))
    )
    answers = Answer if survey.state in ENDED else SealedAnswer
    return Fieldwork(
        waiting=found.get(Delivery.WAITING, 0),
        sent=found.get(Delivery.SENT, 0) + found.get(Delivery.SENDING, 0),
        letters=found.get(Delivery.LETTER, 0),
        unsure=found.get(Delivery.UNSURE, 0),
        undeliverable=found.get(Delivery.UNDELIVERABLE, 0),
        calls=Call.objects.filter(invitation__round=survey, invitation__answered=False).count(),
        reminded=survey.reminded,
        flagged=survey.flagged or answers.objects.filter(round=survey, flagged=True).count(),
    )


def modes_of(survey: Round) -> Sequence[tuple[str, int]]:
    """Of a closed round how many answered by which mode, small ones together with those not recorded."""
    rows = Answer.objects.filter(round=survey).order_by("mode").values_list("mode").annotate(number=Count("pk"))
    return [(str(Mode(mode).label) if mode else "", number) for mode, number in rows]
