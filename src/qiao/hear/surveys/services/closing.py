"""Closing a round for good, freezing its answers, computing what is published."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
from django.db import connection
from django.db.models import Count, Q

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.frozen import freeze
from qiao.base.i18n import LANGUAGES, Localized, localized
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.base.xlsform import Form, codebook
from qiao.hear.surveys import rules
from qiao.hear.surveys.choices import ENDED, OUT, Asked, Delivery, RoundState
from qiao.hear.surveys.models import Answer, Invitation, Round
from qiao.hear.surveys.queries.forms import runtime_of
from qiao.hear.surveys.queries.frozen import FrozenRound, Item, frozen_folder, prepare
from qiao.hear.surveys.queries.shell import RECEIPT_KIND
from qiao.hear.surveys.services.sealed import open_sealed
from qiao.publish.services import announce
from qiao_stats.estimation import estimate_many, make_groups
from qiao_stats.estimation.arrays import FloatArray
from qiao_stats.needs import interval_ends

#: Level of all published intervals.
CONFIDENCE = 0.95


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


def publish_results(*, actor: Actor, now: datetime, code: str) -> Round:
    """Freeze the answers of a closed round, compute its figures and publish them; nobody can hold them back.

    Fewer answers than the floor are published as failed, with their number and nothing else. Publishing twice changes
    nothing. Raises Refused without ``round.plan`` at the unit, Problem for a round that is not closed.
    """
    with atomic():
        survey = Round.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        require(actor, "round.plan", survey.unit.path)
        if survey.state in OUT:
            return survey
        if survey.state not in {RoundState.CLOSED, RoundState.WEIGHTED}:
            raise Problem("Results are computed after the round is closed.")
        form = runtime_of(survey.version_id).form
        table = _table(survey, form)
        enough = table.num_rows >= survey.publish_floor
        survey.results = _results(survey, prepare(survey, table)) if enough else {}
        survey.state = RoundState.PUBLISHED if enough else RoundState.FAILED
        survey.published = now
        version = survey.version
        manifest = freeze(
            table,
            [*_design_rows(), *codebook(form)],
            frozen_folder(code),
            {
                "questionnaire" + _suffix(version.file_name): bytes(version.content),
                "figures.csv": figures_csv(survey.results),
                "round.json": json.dumps(_facts(survey), ensure_ascii=False, indent=1).encode(),
            },
            # The ledger knows of no frozen folder of this round yet: one that lies there is of an interrupted run.
            replace=True,
        )
        survey.manifest_hash = manifest.hash
        survey.save(update_fields=["results", "state", "published", "manifest_hash"])
        log.append(
            kind="round.frozen", code=code, now=now,
            content={"manifest": manifest.hash, "answers": table.num_rows, "state": survey.state},
        )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="round.publish", code=code, unit_path=survey.unit.path,
            detail={"answers": table.num_rows, "state": str(survey.state)},
        )  # fmt: skip
        announce(
            actor=actor, now=now, unit=survey.unit, code=code, url=f"/hear/surveys/{code}/",
            title=localized(
                f"调查结果公布：{survey.title.get('zh-hans', '')}",
                f"Results are out: {survey.title.get('en', '') or code}",
            ),
            body=_announcement(survey),
        )  # fmt: skip
    return survey


def _announcement(survey: Round) -> Localized:
    if survey.state == RoundState.FAILED:
        return localized(
            f"有效答卷 {survey.answered} 份，未达到公布下限 {survey.publish_floor} 份，不公布结果。",
            f"{survey.answered} answers came in, fewer than the {survey.publish_floor} that results need.",
        )
    if survey.asked == Asked.VOLUNTEERS:
        return localized(
            f"{survey.answered} 份自愿答卷，不代表全体。",
            f"{survey.answered} answers of volunteers, not representative.",
        )
    rate = 100 * survey.answered / max(survey.invited - survey.undeliverable, 1)
    return localized(
        f"有效答卷 {survey.answered} 份，应答率 {rate:.0f}%。",
        f"{survey.answered} answers, {rate:.0f} % of those asked.",
    )


def _suffix(name: str) -> str:
    return "." + name.rpartition(".")[2].lower() if "." in name else ".xlsx"


def _facts(survey: Round) -> dict[str, object]:
    return {
        "code": survey.code,
        "title": survey.title,
        "asked": survey.asked,
        "population": survey.population,
        "invited": survey.invited,
        "undeliverable": survey.undeliverable,
        "answered": survey.answered,
        "flagged": survey.flagged,
        "design": survey.design,
        "allocation": survey.allocation,
        "frame_day": survey.frame_day.isoformat() if survey.frame_day else None,
        "frame_sha256": survey.frame_hash,
        "nonce": survey.nonce,
        "seed": survey.seed,
        "strata": survey.strata,
        "clusters": survey.clusters,
        "opened": survey.opened.isoformat() if survey.opened else None,
        "closed": survey.closed.isoformat() if survey.closed else None,
        "confidence": CONFIDENCE,
    }


def _design_rows() -> list[dict[str, str]]:
    """The design columns in the codebook."""
    described = (
        ("stratum", "text", "抽样层", "stratum of the sample"),
        ("cluster", "text", "抽样群（合并到足够大）", "cluster of the draw, merged until large enough"),
        ("employment", "text", "用工形式（过小的组合并）", "kind of employment, small cells merged"),
        ("mode", "text", "作答方式（过小的组不记）", "mode, empty where too few share it"),
        ("population", "integer", "该层会员数", "members of the stratum"),
        (
            "weight",
            "decimal",
            "权数：设计权数，按该层会员数调整",
            "weight: design weight, adjusted to the members of the stratum",
        ),
    )
    return [{"variable": name, "type": kind, "label zh-hans": zh, "label en": en} for name, kind, zh, en in described]


def _table(survey: Round, form: Form) -> pa.Table:
    """The answers with their design columns, in the order of their random keys."""
    rows = list(
        Answer.objects.filter(round=survey)
        .order_by("pk")
        .values_list("stratum", "cluster", "employment", "mode", "values")
        .iterator()
    )
    sizes = {row["key"]: int(row["population"]) for row in survey.strata}
    base = {(row["stratum"], row["key"]): float(row["weight"]) for row in survey.clusters}
    #: What the answers of a stratum stand for before they are adjusted to its members.
    summed: dict[str, float] = {}
    for stratum, cluster, *_rest in rows:
        summed[stratum] = summed.get(stratum, 0.0) + base.get((stratum, cluster), 1.0)
    sampled = survey.asked != Asked.VOLUNTEERS
    columns: dict[str, Any] = {
        "stratum": pa.array([row[0] for row in rows], pa.string()),
        "cluster": pa.array([row[1] for row in rows], pa.string()),
        "employment": pa.array([row[2] for row in rows], pa.string()),
        "mode": pa.array([row[3] for row in rows], pa.string()),
        "population": pa.array([float(sizes[row[0]]) if sampled else np.inf for row in rows], pa.float64()),
        "weight": pa.array(
            [sizes[row[0]] * base.get(row[:2], 1.0) / summed[row[0]] if sampled else 1.0 for row in rows], pa.float64()
        ),
    }
    for row in codebook(form):
        name = row["variable"]
        columns[name] = pa.array([_cell(found[-1].get(name)) for found in rows], pa.string())
    return pa.table(columns)


def _cell(value: object) -> str | None:
    """A stored value as the text of its column; several choices are separated by blanks, as the convention has it."""
    if value is None:
        return None
    return " ".join(str(part) for part in value) if isinstance(value, list) else str(value)


def _results(survey: Round, data: FrozenRound) -> dict[str, object]:
    """Every closed question: shares with intervals over all and by group, small cells hidden."""
    certain = survey.asked != Asked.VOLUNTEERS
    shown = [group for group in data.groups if int(group.member.sum()) >= survey.small_cell]
    return {
        "confidence": CONFIDENCE,
        "groups": [{"key": group.key, "label": group.label, "n": int(group.member.sum())} for group in shown],
        "questions": [
            _question(item, data, [group.member for group in shown], certain, survey.small_cell) for item in data.items
        ],
    }


def _question(
    item: Item, data: FrozenRound, members: list[np.ndarray], certain: bool, smallest: int
) -> dict[str, object]:
    columns = {option.name: column for option, column in zip(item.options, item.columns, strict=True)}
    everyone = np.ones(data.design.rows, dtype=np.bool_)
    figures: list[tuple[FloatArray, FloatArray, FloatArray] | None] = []
    counts = np.zeros((len(columns), 1 + len(members)), dtype=np.int64)
    bases = np.zeros(1 + len(members), dtype=np.int64)
    for place, member in enumerate([everyone, *members]):
        asked = ~np.isnan(item.columns[0]) & member
        bases[place] = int(asked.sum())
        counts[:, place] = [int(np.nansum(column[member])) for column in item.columns]
        if not bases[place]:
            figures.append(None)
            continue
        by = make_groups({"in": asked.astype(np.int64)}, rows=data.design.rows)
        grid = estimate_many(data.design, columns, by=by, confidence=CONFIDENCE, deff=None, interval="beta")
        inside = next(number for number, key in enumerate(grid.groups) if key["in"] == 1)
        lower, upper = interval_ends(grid)
        figures.append((grid.estimate[:, inside], lower[:, inside], upper[:, inside]))
    secret = rules.hidden(counts, bases, single=item.single, smallest=smallest)

    def cell(row: int, place: int) -> list[float | int | None]:
        figure = figures[place]
        if figure is None or secret[row, place]:
            return [None, None, None, int(bases[place]) if bases[place] >= smallest else None]
        share, lower, upper = (float(part[row]) for part in figure)
        sure = certain and np.isfinite(lower) and np.isfinite(upper)
        return [share, lower if sure else None, upper if sure else None, int(bases[place])]

    return {
        "name": item.name,
        "label": item.label,
        "need": item.need,
        "work": item.work,
        "single": item.single,
        "n": int(bases[0]),
        "options": [
            {
                "name": option.name,
                "label": option.label,
                "cells": [cell(row, place) for place in range(1 + len(members))],
            }
            for row, option in enumerate(item.options)
        ],
    }


def figures_csv(results: dict[str, Any]) -> bytes:
    """The published figures as a table: one row for each question, option and group. Hidden figures are empty."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(
        ["question", "question_zh", "question_en", "option", "option_zh", "option_en", "group", "group_zh", "group_en",
         "n", "share", "lower95", "upper95"]
    )  # fmt: skip
    groups = [{"key": "all", "label": {"zh-hans": "全体", "en": "all"}}, *results.get("groups", [])]
    for question in results.get("questions", []):
        for option in question["options"]:
            for group, (share, lower, upper, n) in zip(groups, option["cells"], strict=True):
                writer.writerow(
                    [question["name"], *_pair(question["label"]), option["name"], *_pair(option["label"]), group["key"],
                     *_pair(group["label"]), n, *(None if v is None else round(v, 6) for v in (share, lower, upper))]
                )  # fmt: skip
    return stream.getvalue().encode("utf-8-sig")


def _pair(label: Localized) -> list[str]:
    return [label.get(code, "") for code in LANGUAGES]
