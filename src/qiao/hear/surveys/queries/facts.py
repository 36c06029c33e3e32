"""What a round is, as it goes into its frozen folder: all that computing its figures again needs beside the answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qiao.hear.surveys.models import Round

#: Level of all published intervals.
CONFIDENCE = 0.95
#: Figures of questions the data protection officer marked as sensitive (health, complaints) are hidden below this.
DELICATE = 10


def facts_of(survey: Round) -> dict[str, Any]:
    """The facts of a round as plain data. Strata are those after merging, once the answers are weighted."""
    plan: Mapping[str, Any] = survey.weighting or {}
    return {
        "code": survey.code,
        "title": survey.title,
        "purpose": survey.purpose,
        "asked": survey.asked,
        "population": survey.population,
        "invited": survey.invited,
        "undeliverable": survey.undeliverable,
        "answered": survey.answered,
        "flagged": survey.flagged,
        "design": survey.design,
        "stratum_by": survey.stratum_by,
        "allocation": survey.allocation,
        "frame_day": survey.frame_day.isoformat() if survey.frame_day else None,
        "frame_sha256": survey.frame_hash,
        "nonce": survey.nonce,
        "seed": survey.seed,
        # Of a round with too few answers nothing is told but their number.
        "strata": [_told(row, bool(plan)) for row in merged_strata(survey.strata, plan)],
        "clusters": survey.clusters,
        "opened": survey.opened.isoformat() if survey.opened else None,
        "closed": survey.closed.isoformat() if survey.closed else None,
        "confidence": CONFIDENCE,
        "publish_floor": survey.publish_floor,
        "small_cell": survey.small_cell,
        "delicate_cell": max(DELICATE, survey.small_cell),
        "weight_cap": survey.weight_cap,
        "sensitive": sensitive_of(survey),
        "weighting": {key: value for key, value in plan.items() if key != "cells"},
    }


def _told(row: Mapping[str, Any], weighted: bool) -> dict[str, Any]:
    """A stratum without the counts that could tell of few."""
    secret = {"undeliverable"} if weighted else {"undeliverable", "answered"}
    return {key: value for key, value in row.items() if key not in secret}


def sensitive_of(survey: Round) -> list[str]:
    """Names of the questions that the passed privacy check marked as sensitive."""
    check = survey.checks.filter(outcome="passed").order_by("-at", "-pk").first()
    return sorted(check.sensitive) if check else []


def merged_strata(strata: list[dict[str, Any]], plan: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The strata as they are after merging: sums of counts, labels one after the other."""
    joined = plan.get("joined", {})
    rows: dict[str, dict[str, Any]] = {}
    for row in strata:
        key = joined.get(row["key"], row["key"])
        if key not in rows:
            rows[key] = {**row, "key": key}
            continue
        own = rows[key]
        for name in ("population", "invited", "answered", "undeliverable", "unions", "unions_drawn"):
            if name in row:
                own[name] = own.get(name, 0) + row[name]
        own.pop("probability", None)
        own["label"] = {
            code: ("、" if code == "zh-hans" else ", ").join([text, row["label"].get(code, "")])
            for code, text in own["label"].items()
        }
    return list(rows.values())
