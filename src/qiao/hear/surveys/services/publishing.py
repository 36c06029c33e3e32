"""Publishing what came out of a round: frozen answers, figures, the entry in the ledger."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
from django.core.cache import cache

from qiao.base import audit
from qiao.base.access import SYSTEM, Actor, require
from qiao.base.db import atomic
from qiao.base.frozen import freeze
from qiao.base.i18n import Localized, localized
from qiao.base.jobs import defer
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.base.telling import Message, tell
from qiao.base.xlsform import Form, codebook
from qiao.hear.surveys.choices import OUT, Asked, RoundState
from qiao.hear.surveys.models import Answer, Invitation, Round
from qiao.hear.surveys.queries.computing import compute_results
from qiao.hear.surveys.queries.facts import facts_of
from qiao.hear.surveys.queries.forms import runtime_of
from qiao.hear.surveys.queries.frozen import frozen_folder
from qiao.hear.surveys.queries.tables import figures_csv
from qiao.hear.surveys.services.weighting import weight_round
from qiao.org.people.models import Account
from qiao.publish.services import announce

#: Files of a frozen folder beside answers, codebook and manifest.
FIGURES, FACTS, RESULTS, PLAN = "figures.csv", "round.json", "results.json", "weighting.json"


def publish_results(*, actor: Actor, now: datetime, code: str) -> Round:
    """Freeze the answers of a round, compute its figures and publish them; nobody can hold them back.

    A round that nobody has weighted is weighted first, by the method that fits best. Fewer answers than the floor are
    published as failed, with their number and nothing else. Publishing twice changes nothing. Raises Refused without
    ``round.plan`` at the unit, Problem for a round that is not closed.
    """
    with atomic():
        survey = Round.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        require(actor, "round.plan", survey.unit.path)
        if survey.state in OUT:
            return survey
        if survey.state not in {RoundState.CLOSED, RoundState.WEIGHTED}:
            raise Problem("Results are computed after the round is closed.")
        enough = Answer.objects.filter(round=survey).count() >= survey.publish_floor
        if enough and survey.state == RoundState.CLOSED:
            survey = weight_round(actor=SYSTEM, now=now, code=code)
        form = runtime_of(survey.version_id).form
        table = answer_table(survey, form)
        facts = facts_of(survey)
        survey.results = compute_results(form, facts, table) if enough else {}
        survey.state = RoundState.PUBLISHED if enough else RoundState.FAILED
        survey.published = now
        version = survey.version
        manifest = freeze(
            table,
            [*design_rows(), *codebook(form)],
            frozen_folder(code),
            {
                "questionnaire" + _suffix(version.file_name): bytes(version.content),
                FIGURES: figures_csv(survey.results),
                RESULTS: _json(survey.results),
                FACTS: _json(facts),
                PLAN: _json(survey.weighting),
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
        defer("surveys.tell_results", code=code)
        # A head over the entry, so that the bundle can prove it.
        log.sign_head(now=now)
    return survey


def tell_results(*, now: datetime, code: str) -> int:
    """Tell everybody who was invited and can be told that the results are out (mechanism S8); how many were told.

    All who were invited are told, so that the message tells nobody who answered. A second run tells nobody again.
    """
    survey = Round.objects.select_related("unit").get(code=code)
    if survey.state not in OUT or not cache.add(f"survey-told-{code}", value=True, timeout=None):
        return 0
    invited = Invitation.objects.filter(round=survey, person_id__gt=0).values_list("person_id", flat=True)
    known = Account.objects.filter(person_id__in=invited.order_by()).order_by("pk").values_list("person_id", flat=True)
    told = 0
    for person in known.iterator(chunk_size=1_000):
        message = Message(
            subject=localized(
                f"调查结果公布：{survey.title.get('zh-hans', '')}",
                f"Results are out: {survey.title.get('en', '') or code}",
            ),
            text=_announcement(survey), url=f"/hear/surveys/{code}/", person_id=person,
        )  # fmt: skip
        told += tell(message, now)
    return told


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False).encode()


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


def design_rows() -> list[dict[str, str]]:
    """The design columns in the codebook."""
    described = (
        ("stratum", "text", "抽样层（过小的合并）", "stratum, small ones merged"),
        ("cluster", "text", "抽样群（合并到足够大）", "cluster of the draw, merged until large enough"),
        ("employment", "text", "用工形式（过小的组合并）", "kind of employment, small cells merged"),
        ("mode", "text", "作答方式（过小的组不记）", "mode, empty where too few share it"),
        ("category", "text", "加权用的用工形式", "kind of employment the weights are fitted by"),
        ("population", "integer", "该层会员数", "members of the stratum"),
        ("start", "decimal", "拟合前的权数（抽样概率与未应答调整）", "weight before the fit: draw and non-response"),
        ("weight", "decimal", "最终权数", "final weight"),
    )
    return [{"variable": name, "type": kind, "label zh-hans": zh, "label en": en} for name, kind, zh, en in described]


def answer_table(survey: Round, form: Form) -> pa.Table:
    """The answers with their design columns and weights, in the order of their random keys."""
    plan = survey.weighting or {}
    rows = Answer.objects.filter(round=survey).order_by("pk")
    design = list(rows.values_list("stratum", "cluster", "employment", "mode"))
    joined, categories = plan.get("joined", {}), plan.get("categories", {})
    sizes = {row["key"]: float(row["population"]) for row in plan.get("strata", [])}
    cells = {(row["stratum"], row["cluster"], row["employment"]): row for row in plan.get("cells", [])}
    sampled = bool(cells)
    strata = [joined.get(row[0], row[0]) for row in design]
    columns: dict[str, Any] = {
        "stratum": pa.array(strata, pa.string()),
        # Codes of clusters are told apart by stratum: joined strata keep the old one in the code.
        "cluster": pa.array([f"{row[0]}/{row[1]}" if row[0] in joined else row[1] for row in design], pa.string()),
        "employment": pa.array([row[2] for row in design], pa.string()),
        "mode": pa.array([row[3] for row in design], pa.string()),
        "category": pa.array([categories.get(row[2], "") for row in design], pa.string()),
        "population": pa.array([sizes[key] if sampled else np.inf for key in strata], pa.float64()),
    }
    for name in ("start", "weight"):
        found = [cells[row[:3]][name] if sampled else 1.0 for row in design]
        columns[name] = pa.array(found, pa.float64())
    variables = [row["variable"] for row in codebook(form)]
    texts: dict[str, list[str | None]] = {name: [] for name in variables}
    for values in rows.values_list("values", flat=True).iterator(chunk_size=5_000):
        for name in variables:
            texts[name].append(_cell(values.get(name)))
    for name in variables:
        columns[name] = pa.array(texts.pop(name), pa.string())
    return pa.table(columns)


def _cell(value: object) -> str | None:
    """A stored value as the text of its column; several choices are separated by blanks, as the convention has it."""
    if value is None:
        return None
    if isinstance(value, list) and any(isinstance(part, dict) for part in value):
        return json.dumps(value, ensure_ascii=False)
    return " ".join(str(part) for part in value) if isinstance(value, list) else str(value)
