"""Planning rounds, drawing who is asked, making codes, opening."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db import connection
from django.utils.timezone import localdate

from qiao.base import audit, jobs
from qiao.base.access import Actor, require
from qiao.base.codes import new_secret_code, next_code
from qiao.base.days import require_plausible
from qiao.base.db import atomic
from qiao.base.i18n import Localized, localized
from qiao.base.ledger import log
from qiao.base.models import LedgerLeaf
from qiao.base.problems import Problem
from qiao.hear.surveys import rules
from qiao.hear.surveys.choices import Asked, Delivery, RoundState, StratumBy
from qiao.hear.surveys.models import Invitation, Questionnaire, QuestionnaireVersion, Round
from qiao.hear.surveys.queries.forms import runtime_of
from qiao.hear.surveys.queries.frozen import employment_labels
from qiao.hear.surveys.services.answers import code_hash
from qiao.org.membership.queries import RosterRow, member_count, roster
from qiao.org.people.models import Account, Person
from qiao.org.settings.queries import value_of
from qiao.org.units.models import Unit
from qiao.publish.services import announce


def plan_round(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    title: Localized,
    version: QuestionnaireVersion,
    asked: str,
    opens: datetime,
    closes: datetime,
    sample_size: int | None = None,
    stratum_by: str = StratumBy.DISTRICT,
) -> Round:
    """Plan a round in a unit and all below it.

    Raises Refused without ``round.plan`` there, Problem for days in the wrong order, a sample without size or a
    questionnaire of another part of the tree.
    """
    require(actor, "round.plan", unit.path)
    if not unit.path.startswith(version.questionnaire.unit.path) and not version.questionnaire.unit.path.startswith(
        unit.path
    ):
        raise Problem("This questionnaire belongs to another unit: upload it for yours.")
    require_plausible(opens, closes)
    if closes <= opens or closes <= now:
        raise Problem("The last day must come after the first, and after today.")
    if asked == Asked.SAMPLE and not sample_size:
        raise Problem("Say how many members are to be drawn.")
    with atomic():
        survey = Round.objects.create(
            code=next_code("S"),
            unit=unit,
            title=title,
            version=version,
            asked=asked,
            sample_size=sample_size if asked == Asked.SAMPLE else None,
            stratum_by=stratum_by,
            opens=opens,
            closes=closes,
            planned_by_id=actor.account_id,
            population=member_count(unit.path),
            publish_floor=value_of(rules.PUBLISH_FLOOR, path=unit.path, on=localdate(now)),
            small_cell=value_of(rules.SMALL_CELL, path=unit.path, on=localdate(now)),
        )
        audit.record(actor=actor, now=now, action="round.plan", code=survey.code, unit_path=unit.path)
    return survey


def draw_round(*, actor: Actor, now: datetime, code: str) -> Round:
    """Draw who is asked from the register as it stands. Drawing again before the round opens replaces the draw.

    A sample is stratified and proportional. Its seed is the SHA-256 of the ledger's newest entry and the round's code,
    fixed before the drawer can know it, and published: whoever has the register can draw again and get the same people.
    Raises Refused without ``round.draw`` at the unit, for the owner who planned the round, Problem when it is too late
    or nobody can be asked.
    """
    with atomic():
        survey = _locked(code)
        require(actor, "round.draw", survey.unit.path)
        if survey.planned_by_id is not None and survey.planned_by_id == actor.account_id:
            raise Problem("Who planned the round does not draw its sample: ask the sample drawer.")
        if not rules.may_draw(survey):
            raise Problem("The sample can be drawn only before the round opens.")
        frame = roster(survey.unit.path)
        if not frame:
            raise Problem("This unit has no members who could be asked.")
        newest = LedgerLeaf.objects.order_by("-index").values_list("leaf_hash", flat=True).first()
        seed = hashlib.sha256(bytes(newest or b"") + survey.code.encode()).hexdigest()
        keys, labels = _strata(survey, frame)
        chosen = _chosen(survey, frame, keys, seed)
        cells = Counter((keys[place], frame[place].employment) for place in chosen)
        merged = {
            stratum: rules.merge_small(
                {kind: size for (key, kind), size in cells.items() if key == stratum}, rules.DESIGN_CELL
            )
            for stratum in set(keys)
        }
        Invitation.objects.filter(round=survey).delete()
        with (
            connection.cursor() as cursor,
            cursor.copy(
                "COPY surveys_invitation (round_id, person_id, stratum, employment, answered) FROM STDIN"
            ) as copy,
        ):
            for place in chosen:
                row = frame[place]
                copy.write_row(
                    (survey.pk, row.person_id, keys[place], merged[keys[place]][row.employment], False)
                )
        sizes, drawn = Counter(keys), Counter(keys[place] for place in chosen)
        survey.strata = [
            {"key": key, "label": labels[key], "population": sizes[key], "invited": drawn[key]} for key in sorted(sizes)
        ]
        survey.seed, survey.drawn, survey.codes_made = seed, now, None
        survey.population, survey.invited = len(frame), len(chosen)
        survey.state = RoundState.SAMPLED
        survey.save()
        audit.record(
            actor=actor, now=now, action="round.draw", code=code, unit_path=survey.unit.path,
            detail={"population": len(frame), "invited": len(chosen)},
        )  # fmt: skip
    return survey


def _strata(survey: Round, frame: list[RosterRow]) -> tuple[list[str], dict[str, Localized]]:
    """The stratum of each row of the frame, small ones merged, and what each is called."""
    labels: dict[str, Localized]
    if survey.stratum_by == StratumBy.EMPLOYMENT:
        raw = [row.employment for row in frame]
        labels = employment_labels()
    else:
        depth = len(survey.unit.path) + 5
        units = {
            path: (label, name)
            for path, label, name in Unit.objects.filter(path__in={row.unit_path[:depth] for row in frame}).values_list(
                "path", "label", "name"
            )
        }
        raw = [units[row.unit_path[:depth]][0] for row in frame]
        labels = dict(units.values())
    merged = rules.merge_small(Counter(raw), rules.DESIGN_CELL)
    names = {
        key: localized(
            *("、".join(labels[part].get(code, "") for part in key.split("+")) for code in ("zh-hans", "en"))
        )
        for key in set(merged.values())
    }
    return [merged[key] for key in raw], names


def _chosen(survey: Round, frame: list[RosterRow], keys: list[str], seed: str) -> list[int]:
    """Positions in the frame of those who are asked."""
    if survey.asked == Asked.CENSUS:
        return list(range(len(frame)))
    rng = np.random.default_rng(int(seed, 16))
    places: dict[str, list[int]] = {}
    for place, key in enumerate(keys):
        places.setdefault(key, []).append(place)
    order = sorted(places)
    sizes = rules.allocate(survey.sample_size or 0, [len(places[key]) for key in order])
    return sorted(
        int(place)
        for key, size in zip(order, sizes, strict=True)
        for place in rng.choice(np.array(places[key]), size=size, replace=False)
    )


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One line of the sheet of codes, for a printed letter. The code exists nowhere else."""

    name: str
    unit: str
    code: str


def make_code_sheet(*, actor: Actor, now: datetime, code: str, renew: bool = False) -> list[CodeLine]:
    """Make single-use codes for invited people without an account to mail a link to, and return them, this once.

    Only keyed hashes are stored. ``renew`` is for a lost sheet: codes not used yet become void and new ones are made.
    Raises Refused without ``round.draw`` at the unit, Problem when the sheet was made already.
    """
    with atomic():
        survey = _locked(code)
        require(actor, "round.draw", survey.unit.path)
        if not rules.may_make_codes(survey):
            raise Problem("Codes are made after the sample is drawn and until the round closes.")
        if survey.codes_made and not renew:
            raise Problem("The sheet of codes was made already and is not kept. If it is lost, make new codes.")
        waiting = Invitation.objects.filter(round=survey, answered=False, delivery=Delivery.WAITING).exclude(
            person_id__in=Account.objects.filter(person__isnull=False).values("person_id")
        )
        people = list(waiting.order_by("pk").values_list("pk", "person_id"))
        names = _names([person for _pk, person in people])
        fresh = _fresh_codes(len(people))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE surveys_invitation i SET code_hash = f.hash FROM unnest(%s::bigint[], %s::bytea[]) f(id, hash) "
                "WHERE i.id = f.id",
                [[pk for pk, _person in people], [code_hash(one) for one in fresh]],
            )
        survey.codes_made = now
        survey.save(update_fields=["codes_made"])
        audit.record(
            actor=actor, now=now, action="round.codes", code=code, unit_path=survey.unit.path,
            detail={"codes": len(people), "renewed": renew},
        )  # fmt: skip
    lines = [CodeLine(*names.get(person, ("", "")), one) for (_pk, person), one in zip(people, fresh, strict=True)]
    return sorted(lines, key=lambda line: (line.unit, line.name))


def _names(people: list[int]) -> Mapping[int, tuple[str, str]]:
    rows = Person.objects.filter(pk__in=people, memberships__until__isnull=True).values_list(
        "pk", "name", "memberships__unit__label"
    )
    return {pk: (name, label or "") for pk, name, label in rows}


def _fresh_codes(number: int) -> list[str]:
    codes: set[str] = set()
    while len(codes) < number:
        codes.add(new_secret_code())
    return list(codes)


def open_round(*, actor: Actor, now: datetime, code: str, site: str = "") -> Round:
    """Put the round into the field. The questionnaire is frozen from here on; both stand in the ledger.

    With ``site`` (the platform's address) links are mailed, by a job, to those invited who have an account. Opening
    twice changes nothing. Raises Refused without ``round.plan`` at the unit, Problem before the draw or too late.
    """
    with atomic():
        survey = _locked(code)
        require(actor, "round.plan", survey.unit.path)
        if survey.state == RoundState.FIELDING:
            return survey
        if not rules.may_open(survey, now):
            raise Problem("A round opens after its sample is drawn and before its last day is over.")
        runtime_of(survey.version_id)
        version = QuestionnaireVersion.objects.select_for_update().defer("content").get(pk=survey.version_id)
        questionnaire = Questionnaire.objects.get(pk=version.questionnaire_id)
        if version.frozen is None:
            version.frozen = now
            version.save(update_fields=["frozen"])
            log.append(
                kind="questionnaire.frozen", code=questionnaire.code, now=now,
                content={"version": version.number, "sha256": version.sha256},
            )  # fmt: skip
        survey.state, survey.opened = RoundState.FIELDING, now
        survey.save(update_fields=["state", "opened"])
        log.append(
            kind="round.opened", code=code, now=now,
            content={
                "questionnaire": questionnaire.code, "version": version.number, "asked": survey.asked,
                "population": survey.population, "invited": survey.invited, "seed": survey.seed,
                "strata": [[row["key"], row["population"], row["invited"]] for row in survey.strata],
                "closes": survey.closes.isoformat(),
            },
        )  # fmt: skip
        audit.record(actor=actor, now=now, action="round.open", code=code, unit_path=survey.unit.path)
        announce(
            actor=actor, now=now, unit=survey.unit, code=code, url=f"/hear/surveys/{code}/",
            title=localized(
                f"调查开始：{survey.title.get('zh-hans', '')}",
                f"A survey is open: {survey.title.get('en', '') or code}",
            ),
            body=localized(
                "受邀会员可用邀请码或登录后作答，任何人都无法把答卷与本人对应。",
                "Invited members answer with their code or after signing in. Nobody can tell which answer is whose.",
            ),
        )  # fmt: skip
        if site and survey.asked != Asked.VOLUNTEERS:
            jobs.defer("surveys.mail_links", code=code, site=site)
    return survey


def _locked(code: str) -> Round:
    return Round.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
