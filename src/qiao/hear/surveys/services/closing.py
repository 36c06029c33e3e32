"""Closing a round for good and cutting its last ties."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.models import Count, Q

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.hear.surveys.choices import ENDED, Delivery, RoundState
from qiao.hear.surveys.models import Answer, Invitation, Round
from qiao.hear.surveys.queries.shell import RECEIPT_KIND
from qiao.hear.surveys.services.sealed import open_sealed


def close_round(*, actor: Actor, now: datetime, code: str, reason: str = "") -> Round:
    """End a round for good and cut the last ties between invitations, answers and receipts.

    Their rows are written anew in random order by one transaction, with new keys for answers, so that neither physical
    order nor transaction numbers join them; the hashes of the codes are forgotten. Closing twice changes nothing.
    Closing before the last day needs a reason, which stands in the ledger.
    Raises Refused without ``round.plan`` at the unit, Problem for a round that is not open or a missing reason.
    """
    reason = " ".join(reason.split())[:600]
    with atomic():
        survey = Round.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        require(actor, "round.plan", survey.unit.path)
        if survey.state in ENDED:
            return survey
        if survey.state != RoundState.FIELDING:
            raise Problem("Only an open round can be closed.")
        early = now < survey.closes
        if early and not reason:
            raise Problem("Say why the round closes before its last day: the reason stands in the ledger.")
        with connection.cursor() as cursor:
            # Answers on their way are waited for; later ones meet a closed round.
            cursor.execute(
                "LOCK TABLE surveys_invitation, surveys_sealedanswer, surveys_answer IN SHARE ROW EXCLUSIVE MODE"
            )
        unread = open_sealed(survey)
        _mix(survey)
        counts = {
            row["stratum"]: row
            for row in Invitation.objects.filter(round=survey)
            .order_by("stratum")
            .values("stratum")
            .annotate(
                answers=Count("pk", filter=Q(answered=True)),
                missed=Count("pk", filter=Q(delivery=Delivery.UNDELIVERABLE, answered=False)),
            )
        }
        nobody = {"answers": 0, "missed": 0}
        survey.strata = [
            {
                **row,
                "answered": counts.get(row["key"], nobody)["answers"],
                "undeliverable": counts.get(row["key"], nobody)["missed"],
            }
            for row in survey.strata
        ]
        survey.undeliverable = sum(row["missed"] for row in counts.values())
        survey.flagged = Answer.objects.filter(round=survey, flagged=True).count()
        survey.answered = Answer.objects.filter(round=survey).count()
        survey.state, survey.closed, survey.early_reason = RoundState.CLOSED, now, reason if early else ""
        survey.save(update_fields=["strata", "answered", "undeliverable", "flagged", "state", "closed", "early_reason"])
        log.append(
            kind="round.closed", code=code, now=now,
            content={
                "invited": survey.invited, "undeliverable": survey.undeliverable, "answered": survey.answered,
                **({"early": reason} if early else {}),
                # Answers that somebody changed past the platform, so that they opened no more.
                **({"unreadable": unread} if unread else {}),
            },
        )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="round.close", code=code, unit_path=survey.unit.path,
            detail={"answered": survey.answered},
        )  # fmt: skip
    return survey


def _mix(survey: Round) -> None:
    """Write the rows of a round anew, in an order nobody knows."""
    statements = (
        "DELETE FROM surveys_call WHERE invitation_id IN "
        "(SELECT id FROM surveys_invitation WHERE round_id = %(round)s)",
        "DELETE FROM surveys_papersheet WHERE batch_id IN "
        "(SELECT id FROM surveys_paperbatch WHERE round_id = %(round)s)",
        "UPDATE surveys_paperbatch SET state = 'discarded' WHERE round_id = %(round)s "
        "AND state IN ('typing', 'verifying')",
        "DELETE FROM surveys_burst WHERE round_id = %(round)s",
        "CREATE TEMP TABLE mix_i ON COMMIT DROP AS SELECT * FROM surveys_invitation WHERE round_id = %(round)s",
        "DELETE FROM surveys_invitation WHERE round_id = %(round)s",
        "INSERT INTO surveys_invitation (round_id, person_id, unit_id, stratum, cluster, employment, mode, delivery, "
        "tries, wave, answered) SELECT round_id, person_id, unit_id, stratum, cluster, employment, mode, delivery, "
        "tries, wave, answered FROM mix_i ORDER BY gen_random_uuid()",
        "CREATE TEMP TABLE mix_a ON COMMIT DROP AS SELECT * FROM surveys_answer WHERE round_id = %(round)s",
        "DELETE FROM surveys_answer WHERE round_id = %(round)s",
        "INSERT INTO surveys_answer (id, round_id, stratum, cluster, employment, mode, flagged, values) "
        "SELECT gen_random_uuid(), round_id, stratum, cluster, employment, mode, flagged, values "
        "FROM mix_a ORDER BY gen_random_uuid()",
        "CREATE TEMP TABLE mix_r ON COMMIT DROP AS "
        "SELECT * FROM base_receipt WHERE kind = %(kind)s AND code = %(code)s",
        "DELETE FROM base_receipt WHERE kind = %(kind)s AND code = %(code)s",
        "INSERT INTO base_receipt (number, kind, code, reference, content_hash, day, promised) "
        "SELECT number, kind, code, reference, content_hash, day, promised FROM mix_r ORDER BY gen_random_uuid()",
        "DROP TABLE mix_i, mix_a, mix_r",
    )
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, {"round": survey.pk, "kind": RECEIPT_KIND, "code": survey.code})
