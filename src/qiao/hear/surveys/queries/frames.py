"""The frame: the register as it was on a day, as rows a sample can be drawn from. No names."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import translation

from qiao.base.i18n import LANGUAGES, Localized
from qiao.hear.surveys import rules
from qiao.hear.surveys.choices import Asked, StratumBy
from qiao.hear.surveys.models import Round
from qiao.hear.surveys.queries.frozen import employment_labels
from qiao.org.membership.choices import ENDED, HOLDING
from qiao.org.membership.models import Membership
from qiao.org.units.choices import UnitKind, UnitState
from qiao.org.units.models import Unit
from qiao.org.workplaces.choices import Sector

#: Kinds of union that have members of their own.
BASES = (UnitKind.BASE, UnitKind.JOINT_BASE)
_REST: Localized = {"zh-hans": "其他", "en": "Others"}


def frame_folder(code: str) -> Path:
    """Where the frozen frame of a round lies."""
    return Path(settings.HOME) / "frames" / code


#: Person (or None), unit, its path, label and kind, employment, sector.
Raw = tuple[int | None, int, str, str, str, str | None, str | None]


@dataclass(frozen=True, slots=True)
class FrameRow:
    """One element: a person or a base union, its pseudonym, its union as cluster, its stratum before merging."""

    person_id: int | None
    unit_id: int
    key: str
    cluster: str
    stratum: str
    employment: str


def frame_of(survey: Round, day: date) -> tuple[list[FrameRow], Mapping[str, Localized]]:
    """The frame as the register was on ``day``, ordered by pseudonym, and what its strata are called."""
    if survey.asked == Asked.BASE_UNIONS:
        units = Unit.objects.filter(
            Q(closed__isnull=True) | Q(closed__gt=day), path__startswith=survey.unit.path, kind__in=BASES,
            state=UnitState.ACTIVE, founded__lte=day,
        )  # fmt: skip
        sizes = _members_on(survey.unit.path, day)
        raw: list[Raw] = [
            (None, pk, path, label, kind, rules.union_size(sizes.get(pk, 0)).value, "")
            for pk, path, label, kind in units.values_list("pk", "path", "label", "kind")
        ]
    else:
        members = _members_of(survey.unit.path, day)
        raw = list[Raw](
            members.order_by("person_id", "-since").distinct("person_id").values_list(
                "person_id", "unit_id", "unit__path", "unit__label", "unit__kind", "employment", "employer__sector"
            )
        )  # fmt: skip
    stratum_of, labels = _strata(survey, [(row[2], str(row[4]), str(row[5] or ""), str(row[6] or "")) for row in raw])
    rows = [
        FrameRow(person, unit, pseudonym(survey, person, unit), label, stratum, str(employment or ""))
        for (person, unit, _path, label, _kind, employment, _sector), stratum in zip(raw, stratum_of, strict=True)
    ]
    return sorted(rows, key=lambda row: row.key), labels


def _members_of(path: str, day: date) -> QuerySet[Membership]:
    """The memberships below a path that held on a day."""
    held = Q(until__isnull=True, state__in=HOLDING) | Q(until__gt=day, state__in=[*HOLDING, *ENDED])
    return Membership.objects.filter(held, unit__path__startswith=path, since__lte=day)


def _members_on(path: str, day: date) -> Mapping[int, int]:
    """How many members each union below a path had on a day."""
    rows = _members_of(path, day).order_by("unit_id").values_list("unit_id").annotate(number=Count("person_id"))
    return dict(rows)


def pseudonym(survey: Round, person_id: int | None, unit_id: int) -> str:
    """What an element is called in the frame: the same within a round, another in every other."""
    what = f"person:{person_id}" if person_id is not None else f"unit:{unit_id}"
    key = hashlib.sha256(b"qiao.hear.surveys.frame\0" + settings.SECRET_KEY.encode()).digest()
    return hmac.digest(key, f"{survey.code}\n{what}".encode(), "sha256").hex()[:24]


def _strata(survey: Round, rows: list[tuple[str, str, str, str]]) -> tuple[list[str], Mapping[str, Localized]]:
    """The stratum of each row of (unit path, unit kind, employment, sector) and the labels of all strata."""
    by = survey.stratum_by
    if by == StratumBy.NONE:
        return ["all"] * len(rows), {"all": {"zh-hans": "全部", "en": "All"}}
    if by == StratumBy.EMPLOYMENT:
        return [employment or "other" for _path, _kind, employment, _sector in rows], {
            **employment_labels(), "other": _REST,
        }  # fmt: skip
    if by == StratumBy.UNIT_KIND:
        return [kind for _path, kind, _employment, _sector in rows], _choice_labels(UnitKind)
    if by == StratumBy.SECTOR:
        return [sector or "other" for *_rest, sector in rows], {**_choice_labels(Sector), "other": _REST}
    depth = len(survey.unit.path) + (5 if by == StratumBy.DISTRICT else 10)
    units = {
        path: (label, name)
        for path, label, name in Unit.objects.filter(path__in={path[:depth] for path, *_rest in rows}).values_list(
            "path", "label", "name"
        )
    }
    return [units[path[:depth]][0] for path, *_rest in rows], dict(units.values())


def _choice_labels(kinds: type[UnitKind] | type[Sector]) -> dict[str, Localized]:
    made: dict[str, Localized] = {str(kind.value): {} for kind in kinds}
    for code in LANGUAGES:
        with translation.override(code):
            for kind in kinds:
                made[str(kind.value)][code] = str(kind.label)
    return made
