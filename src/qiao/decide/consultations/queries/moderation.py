"""Statements members wrote, what waits for moderation, and the public log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.alike import most_alike
from qiao.base.i18n import Localized, pick
from qiao.base.lineage import Stage
from qiao.base.models import Receipt
from qiao.base.records import DeskItem, ReceiptState
from qiao.decide.consultations.choices import Act, ModerationGround, SubmissionState
from qiao.decide.consultations.models import Consultation, ModerationAct, Opinion, Statement, Submission
from qiao.decide.consultations.models.moderation import REFUSING
from qiao.decide.consultations.queries.reading import statements_of, under
from qiao.decide.consultations.queries.wording import answer_text

#: Words that moderation refused on these grounds are not repeated in its log.
UNSPOKEN = (ModerationGround.PERSONAL, ModerationGround.ABUSE)


def alike_statements(consultation: Consultation, text: str) -> list[Statement]:
    """Statements that say nearly the same, to be shown before a new one is handed in; at most three."""
    every = statements_of(consultation)
    hits = most_alike(text, ["\n".join(one.text.values()) for one in every], most=3, least=0.3)
    return [every[hit.place] for hit in hits]


def own_submissions(consultation: Consultation, person_id: int) -> QuerySet[Submission]:
    """The statements this person handed in here, newest first."""
    return Submission.objects.filter(consultation=consultation, person_id=person_id).order_by("-pk")


def submission_by_receipt(number: str, person_ids: Sequence[int]) -> Submission:
    """A person's own statement by its receipt; raises Submission.DoesNotExist for anybody else's."""
    own = Submission.objects.filter(receipt=number, person_id__in=person_ids).exclude(receipt="")
    return own.select_related("consultation__unit", "statement").get()


def waiting_submissions(consultation: Consultation) -> list[Submission]:
    """What waits for moderation, the first due first."""
    return list(Submission.objects.filter(consultation=consultation, state=SubmissionState.WAITING).order_by("due"))


def takings(submission: Submission) -> list[ModerationAct]:
    """What moderation took from a statement's author, newest first."""
    return list(ModerationAct.objects.filter(submission=submission, act__in=REFUSING).order_by("-pk"))


def withholding(opinion: Opinion) -> ModerationAct | None:
    """What withheld the words of an opinion, as long as they are withheld; None for those from before the log."""
    if not opinion.withheld:
        return None
    return ModerationAct.objects.filter(opinion=opinion, act=Act.WITHHELD).order_by("-pk").first()


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the public log, without author and without moderator. ``words`` is "" where they are not told."""

    code: str
    made: datetime
    act: str
    about: str
    ground: str
    label: str
    note: Localized
    words: str
    language: str


def moderation_log(consultation: Consultation) -> list[LogLine]:
    """Everything moderation did here, oldest first."""
    rows = ModerationAct.objects.filter(consultation=consultation).select_related("submission", "statement", "opinion")
    last = {row.submission_id: row for row in rows if row.submission_id}
    return [_line(row, last[row.submission_id] if row.submission_id else row) for row in rows]


def _line(row: ModerationAct, last: ModerationAct) -> LogLine:
    words, language = "", ""
    if row.opinion_id is None and last.ground not in UNSPOKEN and row.ground not in UNSPOKEN:
        if row.statement is not None:
            words = pick(row.statement.text)
        elif row.submission is not None:
            words, language = row.submission.text, row.submission.language
    if row.opinion_id is not None:
        about = _("an opinion")
    elif row.statement is not None:
        about = _("statement %(number)d") % {"number": row.statement.number}
    else:
        about = _("a member's statement")
    label = str(ModerationGround(row.ground).label) if row.ground else ""
    return LogLine(row.code, row.made, str(Act(row.act).label), about, row.ground, label, row.note, words, language)


def moderation_items(*, actor: Actor) -> list[DeskItem]:
    """Statements that wait for the actor's moderation, one line a consultation."""
    waiting = (
        Submission.objects.filter(
            consultation__in=Consultation.objects.filter(under(actor.paths("statement.moderate"))).order_by(),
            state=SubmissionState.WAITING,
        )
        .select_related("consultation__unit")
        .order_by("due", "pk")[:200]
    )
    first: dict[int, Submission] = {}
    number: dict[int, int] = {}
    for row in waiting:
        first.setdefault(row.consultation_id, row)
        number[row.consultation_id] = number.get(row.consultation_id, 0) + 1
    return [
        DeskItem(
            due=row.due,
            title=_("Consultation: %(title)s") % {"title": pick(row.consultation.title)},
            stage=Stage.DECIDE,
            unit=pick(row.consultation.unit.name),
            next_step=_("Moderate members' statements: %(number)d") % {"number": number[row.consultation_id]},
            url=reverse("consultations:moderate", args=[row.consultation.code]),
        )
        for row in first.values()
    ]


def submission_state(receipt: Receipt) -> ReceiptState | None:
    """What the receipt of a statement tells without signing in: where it stands, never its words."""
    if receipt.kind != "statement" or not receipt.reference.isdigit():
        return None
    found = (
        Submission.objects.filter(pk=int(receipt.reference), receipt=receipt.number)
        .select_related("consultation", "statement")
        .first()
    )
    if found is None:
        return None
    over = found.state != SubmissionState.WAITING
    carried = Opinion.objects.filter(receipt=receipt.number).select_related("answer").first()
    answered = carried is not None and carried.answer_id is not None
    return ReceiptState(
        title=_("Statement for “%(title)s”") % {"title": pick(found.consultation.title)},
        stage=Stage.DECIDE,
        state=state_of(found),
        url=reverse("consultations:moderation_log", args=[found.consultation.code]),
        steps=(
            (_("Received"), True),
            ((_("Moderated"), over) if carried is None else (_("Answered"), answered)),
        ),
        answer=answer_text(carried) if carried is not None else "",
    )


def state_of(submission: Submission) -> str:
    """Where a statement stands, in words."""
    if submission.statement is not None and not submission.statement.shown:
        return str(Act.REMOVED.label)
    return str(SubmissionState(submission.state).label)
