"""Statements members write: handing in, moderating under the published policy, taking out, appealing."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as noop

from qiao.base import audit, jobs
from qiao.base.access import ANONYMOUS, SYSTEM, Actor, Refused, require, require_member
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.deadlines import due
from qiao.base.i18n import LANGUAGES, Localized, in_every_language
from qiao.base.models import Receipt
from qiao.base.problems import Problem
from qiao.base.receipts import give_receipt
from qiao.base.telling import Message, tell
from qiao.decide.consultations.choices import Act, ModerationGround, SubmissionState
from qiao.decide.consultations.choices import ConsultationState as S
from qiao.decide.consultations.models import Consultation, ModerationAct, Opinion, Statement, Submission
from qiao.decide.consultations.models.moderation import REFUSING
from qiao.decide.consultations.queries import consultation_by_code
from qiao.decide.consultations.rules import likeness, mask, takes_part
from qiao.decide.consultations.rules.desk import LONGEST, MODERATE_WITHIN, MOST_SUBMISSIONS, SHORTEST
from qiao.decide.consultations.services.locks import held, shared
from qiao.org.appeals.models import Appeal
from qiao.org.appeals.services import file_appeal
from qiao.org.settings.queries import calendar_of, value_of

#: Under this kind moderation is appealed against.
APPEAL_KIND = "moderation"


def submit_statement(*, actor: Actor, now: datetime, code: str, text: str, language: str) -> Receipt:
    """Hand in a statement for the others to vote on; moderation decides within its clock, under nobody's name.

    What looks like personal data is hidden before anything is stored. The same words from the same member give the
    same receipt. Raises Refused unless the actor is a member of the unit; Problem for words too short or too long, a
    statement that stands already, too many from one member, or a consultation that takes none now.
    """
    consultation = consultation_by_code(code)
    person_id = require_member(actor, consultation.unit.path)
    words = " ".join(text.split())
    if not SHORTEST <= len(words) <= LONGEST:
        raise Problem("A statement has %(least)d to %(most)d signs: yours has %(length)d.",
                      least=SHORTEST, most=LONGEST, length=len(words))  # fmt: skip
    kept, hidden = mask(words)
    mark = likeness(kept)
    with atomic():
        consultation = shared(consultation.pk)
        _demand_open(consultation, now)
        own = Submission.objects.filter(consultation=consultation, person_id=person_id)
        before = own.filter(likeness=mark).first()
        if before is not None:
            return Receipt.objects.get(pk=before.receipt)
        for statement in consultation.statements.filter(shown=True):
            if mark in {likeness(one) for one in statement.text.values()}:
                raise Problem("This statement stands already, as number %(number)d: vote on it.",
                              number=statement.number)  # fmt: skip
        if own.count() >= MOST_SUBMISSIONS:
            raise Problem("You have written %(most)d statements here: leave room for others.", most=MOST_SUBMISSIONS)
        path, today = consultation.unit.path, localdate(now)
        clock = MODERATE_WITHIN.span(value_of(MODERATE_WITHIN, path=path, on=today))
        submission = Submission.objects.create(
            consultation=consultation, person_id=person_id, text=kept, likeness=mark, hidden=hidden, filed=today,
            language=language if language in LANGUAGES else LANGUAGES[0], due=due(now, clock, calendar_of(path, today)),
        )  # fmt: skip
        receipt = give_receipt(
            kind="statement", code=code, now=now, reference=str(submission.pk), content=kept,
            promised=localdate(submission.due),
        )  # fmt: skip
        submission.receipt = receipt.number
        submission.save(update_fields=["receipt"])
        # Under nobody's name, as opinions are.
        audit.record(
            actor=ANONYMOUS, now=now, action="statement.submit", code=code, unit_path=path, detail={"masked": hidden}
        )
    return receipt


def moderate_statement(
    *, actor: Actor, now: datetime, submission_id: int, ground: str = "", note: Localized | None = None
) -> Submission:
    """Put a member's statement to the vote, or refuse it with a reason code of the policy. Twice is harmless.

    Raises Refused without ``statement.moderate`` there; Problem for one's own statement, one that was decided
    otherwise, an unknown code, or once the consultation takes no votes any more.
    """
    submission = Submission.objects.select_related("consultation__unit").get(pk=submission_id)
    require(actor, "statement.moderate", submission.consultation.unit.path)
    if actor.concerns(submission.person_id):
        raise Problem("Nobody moderates a statement of their own.")
    if ground and ground not in ModerationGround.values:
        raise Problem("Choose one of the reasons of the policy.")
    wanted = SubmissionState.REFUSED if ground else SubmissionState.ACCEPTED
    with atomic():
        consultation = held(submission.consultation.code)
        submission = Submission.objects.select_for_update(of=("self",)).get(pk=submission_id)
        if submission.state == wanted:
            return submission
        if submission.state != SubmissionState.WAITING:
            raise Problem("Somebody else decided meanwhile: see the moderation log.")
        _demand_open(consultation, now)
        if ground:
            submission.state = SubmissionState.REFUSED
            submission.save(update_fields=["state"])
        else:
            _accept(submission)
        act = Act.REFUSED if ground else Act.ACCEPTED
        _log(actor, now, consultation, act, ground=ground, note=note, submission=submission)
        jobs.defer("consultations.tell_submission", submission_id=submission.pk)
    return submission


def remove_statement(
    *, actor: Actor, now: datetime, statement_id: int, ground: str, note: Localized | None = None
) -> Statement:
    """Take a statement out of the vote, seeded ones too; its votes count nowhere. Twice is harmless.

    Raises as `moderate_statement`, and Problem without a reason code.
    """
    statement = Statement.objects.select_related("consultation__unit").get(pk=statement_id)
    require(actor, "statement.moderate", statement.consultation.unit.path)
    if ground not in ModerationGround.values:
        raise Problem("Choose one of the reasons of the policy.")
    with atomic():
        consultation = held(statement.consultation.code)
        statement = Statement.objects.select_for_update(of=("self",)).get(pk=statement_id)
        if not statement.shown:
            return statement
        _demand_open(consultation, now)
        statement.shown = False
        statement.save(update_fields=["shown"])
        submission = Submission.objects.filter(statement=statement).first()
        _log(actor, now, consultation, Act.REMOVED, ground=ground, note=note, submission=submission,
             statement=statement)  # fmt: skip
        if submission is not None:
            jobs.defer("consultations.tell_submission", submission_id=submission.pk)
    return statement


def log_withheld(
    *, actor: Actor, now: datetime, consultation: Consultation, opinion: Opinion, ground: str, note: Localized
) -> ModerationAct:
    """Add to the log that the words of an opinion were withheld, or (without a ground) are shown again."""
    return _log(actor, now, consultation, Act.WITHHELD if ground else Act.SHOWN, ground=ground, note=note,
                opinion=opinion)  # fmt: skip


def appeal_moderation(*, actor: Actor, now: datetime, act_code: str, ground: str) -> Appeal:
    """The author appeals against a refusal, a removal or withheld words; somebody else decides (S5).

    Raises Refused for anybody but the author, Problem for an act that took nothing or as `file_appeal` does.
    """
    act = ModerationAct.objects.select_related("consultation__unit", "submission", "opinion").get(code=act_code)
    touched = act.submission or act.opinion
    if touched is None or not actor.concerns(touched.person_id):
        raise Refused("only the author appeals")
    if act.act not in REFUSING:
        raise Problem("Nothing was taken from you there.")
    path = act.consultation.unit.path
    return file_appeal(
        now=now, kind=APPEAL_KIND, code=act.code, unit_path=path, first_decider_unit_path=path,
        first_decider_account_id=act.made_by, ground=ground, person_id=touched.person_id, actor=actor,
        refused=act.made,
    )  # fmt: skip


def moderation_upheld(appeal: Appeal, actor: Actor, now: datetime) -> None:
    """Set a moderation aside: the statement goes to the vote, or, after the close, among the opinions to answer."""
    act = ModerationAct.objects.select_related("submission", "statement", "opinion").get(code=appeal.subject)
    consultation = held(consultation_by_id(act.consultation_id).code)
    if act.opinion is not None:
        Opinion.objects.filter(pk=act.opinion.pk).update(withheld={})
    elif act.statement is not None and act.act == Act.REMOVED:
        if takes_part(consultation.state, consultation.closes, now):
            Statement.objects.filter(pk=act.statement.pk).update(shown=True)
    elif act.submission is not None:
        submission = Submission.objects.select_for_update(of=("self",)).get(pk=act.submission.pk)
        if takes_part(consultation.state, consultation.closes, now):
            _accept(submission)
        elif consultation.state == S.CLOSED:
            _carry(submission)
    _log(actor, now, consultation, Act.RESTORED, submission=act.submission, statement=act.statement,
         opinion=act.opinion)  # fmt: skip


def carry_over(*, consultation: Consultation) -> int:
    """At the close: statements nobody has moderated become opinions on the whole, each to be answered. How many."""
    waiting = Submission.objects.select_for_update(of=("self",)).filter(
        consultation=consultation, state=SubmissionState.WAITING
    )
    for submission in waiting.order_by("pk"):
        _carry(submission)
        jobs.defer("consultations.tell_submission", submission_id=submission.pk)
    return len(waiting)


def tell_submission(*, now: datetime, submission_id: int) -> bool:
    """Tell an author what became of the statement, by the channels they chose; whether anybody was told."""
    submission = Submission.objects.select_related("consultation").get(pk=submission_id)
    if submission.person_id is None or submission.state == SubmissionState.WAITING:
        return False
    removed = submission.statement is not None and not submission.statement.shown
    text = {
        SubmissionState.ACCEPTED: noop("Your statement is put to the vote: %(title)s"),
        SubmissionState.REFUSED: noop("Your statement is not put to the vote; its page says why: %(title)s"),
        SubmissionState.CARRIED: noop("Your statement became an opinion, which will be answered: %(title)s"),
    }[SubmissionState(submission.state)]  # fmt: skip
    if removed:
        text = noop("Your statement was taken out of the vote; its page says why: %(title)s")
    return tell(
        Message(
            subject=in_every_language(noop("Your statement")),
            text=in_every_language(text, title=submission.consultation.title),
            url=reverse("consultations:submission", args=[submission.receipt]),
            person_id=submission.person_id,
        ),
        now,
    )


def consultation_by_id(consultation_id: int) -> Consultation:
    """The consultation with this id."""
    return Consultation.objects.select_related("unit").get(pk=consultation_id)


def _accept(submission: Submission) -> None:
    last = Statement.objects.filter(consultation_id=submission.consultation_id).order_by("-number").first()
    submission.statement = Statement.objects.create(
        consultation_id=submission.consultation_id, number=last.number + 1 if last else 1,
        text={submission.language: submission.text},
    )  # fmt: skip
    submission.state = SubmissionState.ACCEPTED
    submission.save(update_fields=["statement", "state"])


def _carry(submission: Submission) -> None:
    Opinion.objects.get_or_create(
        consultation_id=submission.consultation_id, clause=None, person=submission.person,
        likeness=submission.likeness,
        defaults={
            "text": submission.text, "hidden": submission.hidden, "language": submission.language,
            "receipt": submission.receipt, "filed": submission.filed,
        },
    )  # fmt: skip
    submission.state = SubmissionState.CARRIED
    submission.save(update_fields=["state"])


def _log(
    actor: Actor, now: datetime, consultation: Consultation, act: Act, *, ground: str = "",
    note: Localized | None = None, submission: Submission | None = None, statement: Statement | None = None,
    opinion: Opinion | None = None,
) -> ModerationAct:  # fmt: skip
    made = ModerationAct.objects.create(
        code=next_code("MA"), consultation=consultation, act=act, ground=ground, note=note or {}, made=now,
        made_by=actor.account_id, submission=submission, opinion=opinion,
        statement=statement or (submission.statement if submission is not None else None),
    )  # fmt: skip
    audit.record(
        actor=actor if actor.signed_in else SYSTEM, now=now, action="statement.moderate", code=consultation.code,
        unit_path=consultation.unit.path, detail={"act": made.code, "what": str(act), "ground": ground},
    )  # fmt: skip
    return made


def _demand_open(consultation: Consultation, now: datetime) -> None:
    if not takes_part(consultation.state, consultation.closes, now):
        raise Problem("This consultation takes no votes or opinions now.")
