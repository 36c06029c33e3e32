"""The second person's confirmation, which writes all rows or none, and undoing it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, connection
from django.utils import timezone

from qiao.base import audit
from qiao.base.access import Actor, require_other
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.units.models import Unit
from qiao.org.workplaces.choices import BatchState, CountSource, Verdict
from qiao.org.workplaces.models import Employer, EmployerBatch, EmployerHeadcount, EmployerRow
from qiao.org.workplaces.services.imports.upload import locked_batch, require_step, require_untied_rows


def confirm_batch(*, actor: Actor, now: datetime, code: str) -> EmployerBatch:
    """Enter the rows of a batch as its second person, all in one transaction; confirming again changes nothing.

    New employers are entered, known ones get the headcount of the table; nothing else of a known one is changed. What
    happened since the preview counts: a row whose employer was entered meanwhile is left out and stands in the report.

    Raises Refused without ``employer.import``, Problem for whoever uploaded it, or declared a tie to an employer in it.
    """
    with atomic():
        batch = locked_batch(actor, code)
        if batch.state == BatchState.CONFIRMED:
            return batch
        require_step(batch, BatchState.CONFIRMED)
        require_other(
            actor,
            batch.uploaded_by_id,
            person=True,
            said=Problem(
                "You uploaded this table: a second person confirms it.",
                hint="Ask another officer who enters employers here; it stands on their desk.",
            ),
        )
        require_untied_rows(actor, batch)
        rows = list(batch.rows.filter(verdict__in=[Verdict.NEW, Verdict.KNOWN]).order_by("row"))
        Unit.objects.select_for_update(of=("self",)).filter(
            pk__in={row.read["place"] for row in rows if row.read.get("place")}
        ).order_by("pk").count()
        late = _late(rows)
        entered = _enter(batch, [row for row in rows if row.verdict == Verdict.NEW and row.pk not in late], now)
        counted = _count(batch, rows, entered, late, actor, now)
        batch.report = {
            **batch.report, "entered": len(entered), "counted": counted, "late": len(late),
        }  # fmt: skip
        batch.rows.exclude(verdict=Verdict.FAULT).exclude(pk__in=late).delete()
        batch.state, batch.confirmed_by_id, batch.confirmed = BatchState.CONFIRMED, actor.account_id, now
        batch.save(update_fields=["report", "state", "confirmed_by", "confirmed"])
        audit.record(
            actor=actor, now=now, action="employers.confirm", code=code, unit_path=batch.unit.path, detail=batch.report
        )
    return batch


def _late(rows: list[EmployerRow]) -> set[int]:
    """New rows whose employer has been entered since the preview."""
    new = [row for row in rows if row.verdict == Verdict.NEW]
    codes = set(
        Employer.objects.filter(reg_code__in=[row.read["reg_code"] for row in new if row.read.get("reg_code")])
        .order_by("pk")
        .values_list("reg_code", flat=True)
    )
    names = set(
        Employer.objects.filter(name__in=[row.read["name"] for row in new])
        .order_by("pk")
        .values_list("name", "place_id")
    )
    return {
        row.pk
        for row in new
        if (row.read.get("reg_code") in codes)
        or (not row.read.get("reg_code") and (row.read["name"], row.read["place"]) in names)
    }


def _enter(batch: EmployerBatch, rows: list[EmployerRow], now: datetime) -> dict[int, Employer]:
    """New employers by the key of their row."""
    today = timezone.localdate(now)
    made = Employer.objects.bulk_create(
        [
            Employer(
                code=next_code("V"), reg_code=row.read.get("reg_code"), name=row.read["name"],
                place_id=row.read["place"], sector=row.read["sector"], ownership=row.read["ownership"],
                opened=date.fromisoformat(row.read["opened"]) if row.read.get("opened") else None,
                office=row.read.get("office") or "", entered=now, confirmed=today, batch=batch,
            )
            for row in rows
        ],
        batch_size=2000,
    )  # fmt: skip
    return {row.pk: employer for row, employer in zip(rows, made, strict=True)}


def _count(
    batch: EmployerBatch, rows: list[EmployerRow], entered: dict[int, Employer], late: set[int], actor: Actor,
    now: datetime,
) -> int:  # fmt: skip
    known = [row.known_id for row in rows if row.known_id]
    counted = batch.counted or timezone.localdate(now)
    have = set(
        EmployerHeadcount.objects.filter(employer_id__in=known, day=counted, corrected_by__isnull=True, withdraws=False)
        .order_by("pk")
        .values_list("employer_id", flat=True)
    )
    made = []
    for row in rows:
        numbers = [row.read.get(kind) for kind in ("direct", "agency", "platform")]
        employer_id = entered[row.pk].pk if row.pk in entered else row.known_id
        if row.pk in late or employer_id is None or employer_id in have or all(number is None for number in numbers):
            continue
        direct, agency, platform = (int(number or 0) for number in numbers)
        made.append(
            EmployerHeadcount(
                employer_id=employer_id, day=counted, direct=direct, agency=agency, platform=platform,
                source=CountSource.IMPORT, by_id=actor.account_id, entered=now, batch=batch,
            )
        )  # fmt: skip
    return len(EmployerHeadcount.objects.bulk_create(made, batch_size=2000))


def undo_batch(*, actor: Actor, now: datetime, code: str) -> EmployerBatch:
    """Take a confirmed batch back as one: its employers go, headcounts of known ones are taken back. Twice is once.

    Raises Refused without ``employer.import``, Problem where one of its employers has since been used.
    """
    try:
        with atomic():
            batch = locked_batch(actor, code)
            if batch.state == BatchState.UNDONE:
                return batch
            require_step(batch, BatchState.UNDONE)
            require_untied_rows(actor, batch)
            own = Employer.objects.filter(batch=batch)
            taken = EmployerHeadcount.objects.filter(batch=batch, corrected_by__isnull=True).exclude(employer__in=own)
            EmployerHeadcount.objects.bulk_create(
                [
                    EmployerHeadcount(
                        employer_id=count.employer_id, day=count.day, direct=0, source=CountSource.IMPORT,
                        by_id=actor.account_id, entered=now, corrects=count, withdraws=True, reason=f"{code} ↩",
                    )
                    for count in taken.order_by("pk")
                ]
            )  # fmt: skip
            number = own.count()
            if EmployerHeadcount.objects.filter(employer__in=own).exclude(batch=batch).exists():
                raise IntegrityError("counted since")
            EmployerHeadcount.objects.filter(employer__in=own).delete()
            own.delete()
            with connection.cursor() as cursor:
                # What refers to an employer says so now, not at the end of the transaction.
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            batch.rows.all().delete()
            batch.state, batch.ended = BatchState.UNDONE, now
            batch.report = {**batch.report, "removed": number}
            batch.save(update_fields=["state", "ended", "report"])
            audit.record(
                actor=actor, now=now, action="employers.undo", code=code, unit_path=batch.unit.path,
                detail={"removed": number},
            )  # fmt: skip
    except IntegrityError:
        raise Problem(
            "Some employers of this import have a union, a campaign, members or another headcount since.",
            hint="It can no longer be undone as one: close them one by one.",
        ) from None
    return batch
