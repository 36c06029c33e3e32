"""Texts of consultations: read from a file, and in two versions."""

from __future__ import annotations

from collections.abc import Mapping

from tests.architecture.samples import Place, sample
from tests.factories.ballots import Ground
from tests.factories.decide import draft, opened

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.decide.consultations.services import revise_text
from qiao.decide.consultations.services.intake import read_files, stage_text


def _ground(place: Place) -> Ground:
    return Ground(place.root, place.unit, place.base, tuple(place.members))


@sample("consultations:compare")
def two_versions(place: Place) -> Mapping[str, object]:
    """An open one whose text was changed once."""
    code = opened(place.now, _ground(place)).code
    revise_text(actor=SYSTEM, now=place.now, code=code, clauses=[localized("每夜三班", "Three buses a night")])
    return {"code": code, "old": 1, "new": 2}


@sample("consultations:take_in", "consultations:look_through")
def being_read(place: Place) -> Mapping[str, object]:
    """A draft for which a file was read."""
    code = draft(place.now, _ground(place)).code
    stage_text(actor=SYSTEM, now=place.now, code=code, reading=read_files("a.md", "第一条 每夜三班".encode()))
    return {"code": code}
