"""From the notice to the close."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import connection
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as noop

from qiao.base import audit
from qiao.base.access import SYSTEM, Actor, require
from qiao.base.days import require_plausible
from qiao.base.db import atomic
from qiao.base.i18n import Localized, in_every_language
from qiao.base.ledger import log
from qiao.base.ledger.text import canonical
from qiao.base.lineage import link
from qiao.base.problems import Problem
from qiao.decide.consultations import rules
from qiao.decide.consultations.choices import ConsultationState as S
from qiao.decide.consultations.models import Consultation, Intake, Statement, TextVersion, Vote
from qiao.decide.consultations.queries import consultation_by_code, statements_of
from qiao.decide.consultations.queries.pictures import last_centres
from qiao.decide.consultations.services.channels import count_channels, end_channels
from qiao.decide.consultations.services.clock import set_due, take_rules
from qiao.decide.consultations.services.draft import text_hash
from qiao.decide.consultations.services.locks import demand, held
from qiao.decide.consultations.services.moderation import carry_over
from qiao.decide.consultations.services.results import published_results
from qiao.decide.proposals.choices import ProposalState
from qiao.decide.proposals.queries import proposals_by_codes
from qiao.decide.proposals.rules import may_become as proposal_may_become
from qiao.decide.proposals.services import set_state
from qiao.publish.services import announce


def notice_consultation(*, actor: Actor, now: datetime, code: str) -> Consultation:
    """Announce a draft: from now on its dates cannot shorten and its text is in the ledger. Twice is harmless.

    Raises Refused without ``consultation.run`` there, Problem where it would close before now or open before today.
    """
    require(actor, "consultation.run", consultation_by_code(code).unit.path)
    with atomic():
        consultation = held(code)
        if consultation.state == S.NOTICED:
            return consultation
        demand(consultation, S.NOTICED)
        if consultation.closes <= now:
            raise Problem("The closing date is over: choose a later one.")
        if localdate(consultation.opens) < localdate(now):
            # Dated back, a short period would look like a long one.
            raise Problem("The opening day is over: choose today or a later one.")
        consultation.state, consultation.noticed = S.NOTICED, now
        consultation.salt = secrets.token_bytes(32)
        consultation.full_period = consultation.closes - consultation.opens
        consultation.save(update_fields=["state", "noticed", "salt", "full_period", *take_rules(consultation, now)])
        Intake.objects.filter(consultation=consultation).delete()
        version = TextVersion.objects.get(consultation=consultation, number=consultation.version)
        log.append(
            kind="consultation.text", code=code, now=now,
            content={
                "version": version.number, "sha256": version.sha256, "question": consultation.question,
                "statements_sha256": text_hash([statement.text for statement in statements_of(consultation)]),
                "opens": consultation.opens.isoformat(), "closes": consultation.closes.isoformat(),
                "answers_due": rules.answer_due(consultation).isoformat(),
            },
        )  # fmt: skip
        for row in consultation.proposals.all():
            link(source=row.proposal_code, target=code, now=now)
        audit.record(actor=actor, now=now, action="consultation.notice", code=code, unit_path=consultation.unit.path)
    return consultation


def extend_consultation(*, actor: Actor, now: datetime, code: str, closes: datetime) -> Consultation:
    """Let an announced or open consultation close later, never earlier; the new date goes to the ledger.

    Raises Refused without ``consultation.run`` there, Problem for an earlier date or a wrong state.
    """
    require(actor, "consultation.run", consultation_by_code(code).unit.path)
    with atomic():
        consultation = held(code)
        if consultation.state not in (S.NOTICED, S.OPEN) or consultation.closes <= now:
            raise Problem("The dates change only between the notice and the close.")
        require_plausible(closes)
        if closes < consultation.closes:
            raise Problem("Once announced the dates cannot shorten: choose a date after %(closes)s.",
                          closes=localdate(consultation.closes))  # fmt: skip
        if closes == consultation.closes:
            return consultation
        consultation.closes = closes
        consultation.save(update_fields=["closes", *set_due(consultation, now)])
        log.append(kind="consultation.extended", code=code, now=now, content={"closes": closes.isoformat()})
        audit.record(
            actor=actor, now=now, action="consultation.extend", code=code, unit_path=consultation.unit.path,
            detail={"closes": closes.isoformat()},
        )  # fmt: skip
    return consultation


def open_consultation(*, actor: Actor, now: datetime, code: str) -> Consultation:
    """Open an announced consultation on or after its opening time; its proposals stand as put to members.

    Twice is harmless. Raises Refused without ``consultation.run`` there, Problem before its time.
    """
    require(actor, "consultation.run", consultation_by_code(code).unit.path)
    with atomic():
        consultation = held(code)
        if consultation.state == S.OPEN:
            return consultation
        demand(consultation, S.OPEN)
        if now < consultation.opens:
            raise Problem("It opens on %(opens)s, as announced.", opens=localdate(consultation.opens))
        consultation.state, consultation.opened = S.OPEN, now
        consultation.save(update_fields=["state", "opened"])
        codes = [row.proposal_code for row in consultation.proposals.all()]
        for proposal in proposals_by_codes(codes):
            if proposal_may_become(proposal.state, ProposalState.CONSULTED):
                set_state(actor=SYSTEM, now=now, code=proposal.code, state=ProposalState.CONSULTED)
        log.append(kind="consultation.opened", code=code, now=now, content={"version": consultation.version})
        announce(
            actor=actor, now=now, unit=consultation.unit, code=code,
            title=in_every_language(noop("Consultation open: %(title)s"), title=consultation.title),
            body=consultation.question, url=reverse("consultations:consultation", args=[code]),
        )  # fmt: skip
        audit.record(actor=actor, now=now, action="consultation.open", code=code, unit_path=consultation.unit.path)
    return consultation


def close_consultation(*, actor: Actor, now: datetime, code: str) -> Consultation:
    """Close at or after the closing time: votes lose their key for good, and what may be published of them is kept.

    Twice is harmless. Raises Refused without ``consultation.run`` there, Problem before its time.
    """
    require(actor, "consultation.run", consultation_by_code(code).unit.path)
    with atomic():
        consultation = held(code)
        if consultation.state in (S.CLOSED, S.ANSWERED):
            return consultation
        demand(consultation, S.CLOSED)
        if now < consultation.closes:
            raise Problem("It closes on %(closes)s, as announced.", closes=localdate(consultation.closes))
        _cut_votes_loose(consultation)
        carry_over(consultation=consultation)
        statements = statements_of(consultation)
        votes = Vote.objects.filter(statement__consultation=consultation).order_by("voter", "statement__number")
        consultation.results = published_results(
            [statement.number for statement in statements],
            list(votes.values_list("voter", "statement__number", "value")),
            before=last_centres(consultation),
        )
        consultation.voters = votes.values("voter").distinct().order_by().count()
        consultation.channels = count_channels(consultation)
        consultation.state, consultation.closed, consultation.salt = S.CLOSED, now, None
        consultation.save(update_fields=["state", "closed", "salt", "results", "voters", "channels"])
        opinions = sorted(consultation.opinions.order_by("pk").values_list("likeness", flat=True))
        log.append(
            kind="consultation.closed", code=code, now=now,
            content={
                "opinions": len(opinions),
                "opinions_sha256": hashlib.sha256("\n".join(opinions).encode()).hexdigest(),
                "results_sha256": hashlib.sha256(canonical(consultation.results).encode()).hexdigest(),
            },
        )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="consultation.close", code=code, unit_path=consultation.unit.path,
            detail={"opinions": len(opinions)},
        )  # fmt: skip
    return consultation


def _cut_votes_loose(consultation: Consultation) -> None:
    """Give every voter a random mark instead of the key, and write the votes anew in random order.

    One statement: nothing of the old rows, their marks or their order on disk's live pages is left to join with.
    """
    vote = connection.ops.quote_name(Vote._meta.db_table)
    statement = connection.ops.quote_name(Statement._meta.db_table)
    # The only names in the text are those of our own tables.
    sql = f"""
        WITH gone AS (
            DELETE FROM {vote} WHERE statement_id IN (SELECT id FROM {statement} WHERE consultation_id = %s)
            RETURNING statement_id, voter, value
        ), marks AS (
            SELECT voter, replace(gen_random_uuid()::text, '-', '') AS mark FROM (SELECT DISTINCT voter FROM gone) v
        )
        INSERT INTO {vote} (id, statement_id, voter, value)
        SELECT gen_random_uuid(), gone.statement_id, marks.mark, gone.value
        FROM gone JOIN marks USING (voter) ORDER BY gen_random_uuid()
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [consultation.pk])


def withdraw_consultation(*, actor: Actor, now: datetime, code: str, reason: Localized) -> Consultation:
    """Withdraw a consultation before its close, with a public reason; its votes are deleted.

    Raises Refused without ``opinion.answer`` there (it is the deciders' to withdraw), Problem without a reason or
    once it is closed: then every opinion is owed its answer.
    """
    require(actor, "opinion.answer", consultation_by_code(code).unit.path)
    if not reason:
        raise Problem("Say why the consultation is withdrawn: those who took part will read it.")
    with atomic():
        consultation = held(code)
        if consultation.state == S.WITHDRAWN:
            return consultation
        demand(consultation, S.WITHDRAWN)
        Vote.objects.filter(statement__consultation=consultation).delete()
        end_channels(consultation)
        consultation.state, consultation.reason, consultation.salt = S.WITHDRAWN, reason, None
        consultation.save(update_fields=["state", "reason", "salt"])
        log.append(kind="consultation.withdrawn", code=code, now=now, content={"reason": reason})
        audit.record(actor=actor, now=now, action="consultation.withdraw", code=code, unit_path=consultation.unit.path)
    return consultation


def move_due(*, actor: Actor, now: datetime) -> list[str]:
    """Open and close everything whose time has come; the codes moved. For the job: running it twice is harmless."""
    due = Consultation.objects.order_by("opens", "pk")
    opening = list(due.filter(state=S.NOTICED, opens__lte=now).values_list("code", flat=True))
    for code in opening:
        open_consultation(actor=actor, now=now, code=code)
    closing = list(due.filter(state=S.OPEN, closes__lte=now).values_list("code", flat=True))
    for code in closing:
        close_consultation(actor=actor, now=now, code=code)
    return [*opening, *closing]
