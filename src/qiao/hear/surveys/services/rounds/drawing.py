"""Drawing who is asked: a frame frozen on a day, ranks from a published seed, probabilities kept for estimation."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa
from django.db import connection
from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.frozen import freeze
from qiao.base.i18n import LANGUAGES, Localized
from qiao.base.ledger import log
from qiao.base.problems import Problem
from qiao.hear.surveys import rules
from qiao.hear.surveys.choices import Asked, Delivery, Design, RoundState
from qiao.hear.surveys.models import Invitation, Round
from qiao.hear.surveys.queries.frames import FrameRow, frame_folder, frame_of
from qiao.hear.surveys.services.rounds.allocating import merged_strata, sizes_of
from qiao.hear.surveys.services.rounds.checking import commit_seed
from qiao.hear.surveys.services.rounds.locking import locked
from qiao_stats.errors import StatsError
from qiao_stats.sampling import draw_elements, draw_two_stage

#: How old a frame may be.
_OLDEST = 366


@dataclass(frozen=True, slots=True)
class _Drawn:
    """One drawn element: its place in the frame, its probability, that of its cluster."""

    place: int
    probability: float
    first: float


def draw_round(*, actor: Actor, now: datetime, code: str, day: date | None = None) -> Round:
    """Draw who is asked from the register as it was on ``day`` (today where none is given).

    The frame is frozen without names, its hash stands in the ledger. The seed is the SHA-256 of the secret number whose
    hash stood in the ledger before, of the frame's hash and of the round's code: neither drawer nor owner chooses it,
    and whoever has frame and seed draws the same people. The same day again returns the same draw; another day is
    refused: nobody draws until the sample pleases. A wrong frame goes back to the plan by the data protection officer,
    and that stands in the ledger.

    Raises Refused without ``round.draw`` at the unit, Problem for the owner who planned the round, for a day out of
    range, a second draw, when it is too late or nobody can be asked.
    """
    day = day or localdate(now)
    if not 0 <= (localdate(now) - day).days <= _OLDEST:
        raise Problem("The register is taken as it was on a day of the past year.")
    with atomic():
        survey = locked(code)
        require(actor, "round.draw", survey.unit.path)
        if actor.did(survey.planned_by_id):
            raise Problem("Who planned the round does not draw its sample: ask the sample drawer.")
        if survey.state == RoundState.SAMPLED and survey.frame_day == day:
            return survey
        if survey.state == RoundState.SAMPLED:
            raise Problem(
                "The sample of this round is drawn, and is not drawn a second time.",
                hint="If the register was wrong, the data protection officer sends the plan back, with the reason.",
            )
        if not rules.may_draw(survey):
            raise Problem("The sample is drawn after the privacy check and before the round opens.")
        if not survey.nonce:
            commit_seed(survey, now)
        frame, labels = frame_of(survey, day)
        if not frame:
            raise Problem("Nobody stood in the register on this day who could be asked.")
        try:
            strata = merged_strata(survey, [row.stratum for row in frame])
            manifest = _freeze(survey, frame, strata, day)
            seed = hashlib.sha256(f"{survey.nonce}\n{manifest}\n{survey.code}".encode()).hexdigest()
            drawn = _drawn(survey, frame, strata, seed)
        except StatsError as fault:
            raise Problem("The sample cannot be drawn so: %(why)s", why=str(fault)) from fault
        survey.seed, survey.frame_day, survey.frame_hash = seed, day, manifest
        pseudo = _pseudo_clusters(survey, frame, strata, drawn, seed)
        survey.strata = _stratum_rows(survey, frame, strata, drawn, labels)
        survey.clusters = _cluster_rows(frame, strata, drawn, pseudo)
        _invite(survey, frame, strata, drawn, pseudo)
        survey.drawn, survey.codes_made, survey.drawn_by_id = now, None, actor.account_id
        survey.population, survey.invited = len(frame), len(drawn)
        survey.state = RoundState.SAMPLED
        survey.save()
        log.append(
            kind="round.sampled", code=code, now=now,
            content={
                "frame": manifest, "frame_day": day.isoformat(), "population": len(frame), "invited": len(drawn),
                "commitment": survey.commitment, "nonce": survey.nonce, "seed": seed, "design": survey.design,
                "allocation": survey.allocation,
                "strata": [[row["key"], row["population"], row["invited"]] for row in survey.strata],
            },
        )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="round.draw", code=code, unit_path=survey.unit.path,
            detail={"population": len(frame), "invited": len(drawn), "day": day.isoformat()},
        )  # fmt: skip
    return survey


def _freeze(survey: Round, frame: Sequence[FrameRow], strata: Sequence[str], day: date) -> str:
    """Freeze the frame without names; the hash of its manifest."""
    table = pa.table({
        "key": [row.key for row in frame],
        "stratum": list(strata),
        "cluster": [row.cluster for row in frame],
        "employment": [row.employment for row in frame],
    })  # fmt: skip
    described = [
        {"variable": "key", "label zh-hans": "化名，仅本次调查有效", "label en": "pseudonym, of this round only"},
        {"variable": "stratum", "label zh-hans": "抽样层", "label en": "stratum"},
        {"variable": "cluster", "label zh-hans": "所在工会", "label en": "union"},
        {"variable": "employment", "label zh-hans": "用工形式", "label en": "kind of employment"},
    ]
    facts = {"code": survey.code, "day": day.isoformat(), "rows": len(frame), "commitment": survey.commitment}
    manifest = freeze(
        table, described, frame_folder(survey.code),
        {"frame.json": json.dumps(facts, ensure_ascii=False, indent=1).encode()}, replace=True,
    )  # fmt: skip
    return manifest.hash


def _drawn(survey: Round, frame: Sequence[FrameRow], strata: Sequence[str], seed: str) -> list[_Drawn]:
    if survey.asked != Asked.SAMPLE:
        return [_Drawn(place, 1.0, 1.0) for place in range(len(frame))]
    keys = [row.key for row in frame]
    sizes = sizes_of(survey, Counter(strata))
    if survey.design == Design.ELEMENTS:
        draw = draw_elements(keys, list(strata), sizes, seed=seed)
        return [
            _Drawn(int(place), float(chance), 1.0)
            for place, chance in zip(draw.places, draw.probability, strict=True)
        ]  # fmt: skip
    found: list[_Drawn] = []
    for stratum in sorted(sizes):
        places = [place for place, own in enumerate(strata) if own == stratum]
        clusters = [frame[place].cluster for place in places]
        held = Counter(clusters)
        whole = survey.design == Design.CLUSTERS
        each = max(held.values()) if whole else int(survey.per_cluster or 1)
        mean = len(places) / len(held) if whole else each
        # Two unions at least where there are two: one alone says nothing of how unions differ.
        number = min(len(held), max(2, round(sizes[stratum] / mean)))
        draw = draw_two_stage(
            [keys[place] for place in places], clusters, n_clusters=number, per_cluster=each,
            seed=f"{seed}/{stratum}", by_size=not whole,
        )  # fmt: skip
        found.extend(
            _Drawn(places[int(place)], float(chance), float(first))
            for place, chance, first in zip(draw.places, draw.probability, draw.first_stage, strict=True)
        )
    return found


def _pseudo_clusters(
    survey: Round, frame: Sequence[FrameRow], strata: Sequence[str], drawn: Sequence[_Drawn], seed: str
) -> Mapping[tuple[str, str], str]:
    """The code of each drawn cluster as it goes onto answers; none for draws without clusters."""
    if survey.design == Design.ELEMENTS or survey.asked != Asked.SAMPLE:
        return {}
    sizes: dict[str, Counter[str]] = defaultdict(Counter)
    for one in drawn:
        sizes[strata[one.place]][frame[one.place].cluster] += 1
    codes: dict[tuple[str, str], str] = {}
    for stratum, held in sizes.items():
        # Joined in an order that nobody chose and that tells nothing of where a union lies.
        order = sorted(held, key=lambda cluster: hashlib.sha256(f"{seed}\n{cluster}".encode()).digest())
        for cluster, code in rules.pseudo_clusters(held, order).items():
            codes[stratum, cluster] = code
    return codes


def _stratum_rows(
    survey: Round, frame: Sequence[FrameRow], strata: Sequence[str], drawn: Sequence[_Drawn],
    labels: Mapping[str, Localized],
) -> list[dict[str, object]]:  # fmt: skip
    sizes, invited = Counter(strata), Counter(strata[one.place] for one in drawn)
    unions: dict[str, set[str]] = defaultdict(set)
    chosen: dict[str, set[str]] = defaultdict(set)
    for place, one_row in enumerate(frame):
        unions[strata[place]].add(one_row.cluster)
    for one in drawn:
        chosen[strata[one.place]].add(frame[one.place].cluster)
    rows: list[dict[str, object]] = []
    for key in sorted(sizes):
        row: dict[str, object] = {
            "key": key, "label": _label(key, labels), "population": sizes[key], "invited": invited[key],
        }  # fmt: skip
        if survey.design == Design.ELEMENTS:
            row["probability"] = invited[key] / sizes[key]
        else:
            row |= {"unions": len(unions[key]), "unions_drawn": len(chosen[key])}
        rows.append(row)
    return rows


def _label(key: str, labels: Mapping[str, Localized]) -> Localized:
    parts = key.split("+")
    number = int(key.rpartition("…")[2]) if "…" in key else len(parts)
    if number > 4:
        return {"zh-hans": f"其余 {number} 个合并", "en": f"{number} others together"}
    return {
        code: ("、" if code == "zh-hans" else ", ").join(labels.get(part, {}).get(code) or part for part in parts)
        for code in LANGUAGES
    }


def _cluster_rows(
    frame: Sequence[FrameRow], strata: Sequence[str], drawn: Sequence[_Drawn],
    pseudo: Mapping[tuple[str, str], str],
) -> list[dict[str, object]]:  # fmt: skip
    held: dict[tuple[str, str], list[_Drawn]] = defaultdict(list)
    for one in drawn:
        code = pseudo.get((strata[one.place], frame[one.place].cluster))
        if code:
            held[strata[one.place], code].append(one)
    members = Counter((strata[place], row.cluster) for place, row in enumerate(frame))
    rows = []
    for (stratum, code), ones in sorted(held.items()):
        unions = [cluster for (own, cluster), other in pseudo.items() if own == stratum and other == code]
        rows.append({
            "key": code, "stratum": stratum, "unions": len(unions), "invited": len(ones),
            "population": sum(members[stratum, cluster] for cluster in unions),
            "first_stage": sum(one.first for one in ones) / len(ones),
            "weight": sum(1 / one.probability for one in ones) / len(ones),
        })  # fmt: skip
    return rows


def _invite(
    survey: Round, frame: Sequence[FrameRow], strata: Sequence[str], drawn: Sequence[_Drawn],
    pseudo: Mapping[tuple[str, str], str],
) -> None:  # fmt: skip
    """Write the invitations in an order that tells nothing, design columns merged where too few share them."""
    cells: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    own = [(strata[one.place], pseudo.get((strata[one.place], frame[one.place].cluster), "")) for one in drawn]
    for one, cell in zip(drawn, own, strict=True):
        cells[cell][frame[one.place].employment] += 1
    merged = {cell: rules.merge_small(kinds, rules.DESIGN_CELL) for cell, kinds in cells.items()}
    Invitation.objects.filter(round=survey).delete()
    columns = "round_id, person_id, unit_id, stratum, cluster, employment, delivery, tries, wave, answered"
    with connection.cursor() as cursor, cursor.copy(f"COPY surveys_invitation ({columns}) FROM STDIN") as copy:
        for one, cell in zip(drawn, own, strict=True):
            row = frame[one.place]
            unit = row.unit_id if row.person_id is None else None
            kind = merged[cell][row.employment]
            copy.write_row((survey.pk, row.person_id, unit, *cell, kind, Delivery.WAITING.value, 0, 0, False))
