"""The user panel: members drawn by chance say whether a candidate would help them."""

from __future__ import annotations

import secrets
from collections import Counter
from datetime import datetime

import numpy as np
from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, Refused, require
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.hear.needs.choices import CandidateState, Say
from qiao.hear.needs.models import Candidate, Sheet, UserSeat, Voice
from qiao.hear.needs.rules import forming
from qiao.hear.needs.rules.settings import PANEL_SIZE
from qiao.hear.needs.services.candidates import locked_candidate, locked_sheet
from qiao.org.membership.queries import active_members
from qiao.org.people.models import Account
from qiao.org.settings.queries import value_of


def draw_panel(*, actor: Actor, now: datetime, code: str, seed: str = "") -> Sheet:
    """Draw the user panel of a sheet from the members who have an account. Twice is harmless: a panel stays.

    The seed is kept and shown, so that the draw can be repeated. Raises Refused, Problem where there are too few.
    """
    with atomic():
        sheet = locked_sheet(code)
        require(actor, "sheet.keep", sheet.unit.path)
        if sheet.panel_drawn is not None:
            return sheet
        size = value_of(PANEL_SIZE, path=sheet.unit.path, on=localdate(now))
        reached = Account.objects.filter(is_active=True, person__isnull=False).values("person_id")
        people = sorted(
            active_members(sheet.unit.path).filter(person__in=reached).values_list("person_id", flat=True).distinct()
        )
        if len(people) < sheet.panel_least:
            raise Problem("Too few members here have an account: a panel needs %(least)d.", least=sheet.panel_least)
        sheet.panel_seed = seed or secrets.token_hex(16)
        rng = np.random.default_rng(int.from_bytes(sheet.panel_seed.encode(), "big"))
        chosen = rng.choice(people, min(size, len(people)), replace=False)
        UserSeat.objects.bulk_create([UserSeat(sheet=sheet, person_id=int(one)) for one in sorted(chosen)])
        sheet.panel_drawn = now
        sheet.save(update_fields=["panel_seed", "panel_drawn"])
        audit.record(
            actor=actor, now=now, action="sheet.draw", code=code, unit_path=sheet.unit.path,
            detail={"drawn": len(chosen), "of": len(people)},
        )  # fmt: skip
    return sheet


def speak_on_candidate(*, actor: Actor, now: datetime, code: str, say: str, words: str = "") -> None:
    """Say, as one of the user panel, whether a candidate would help. A second word replaces the first.

    Raises Refused for who was not drawn, Problem before all scores are in or after the panel was heard, Problems for
    personal data.
    """
    if say not in Say.values:
        raise Problem("Choose one of the three answers.")
    require_clean({"text": words})
    with atomic():
        candidate = locked_candidate(code)
        seat = UserSeat.objects.filter(sheet=candidate.sheet, person_id=actor.person_id or 0).first()
        if seat is None:
            raise Refused("only members drawn for the panel speak here")
        if not forming.takes_voices(candidate):
            raise Problem("The panel is heard after all scores are in, and until it is closed.")
        Voice.objects.update_or_create(
            candidate=candidate, seat=seat, defaults={"say": say, "words": words.strip()[:500]}
        )
        # Who of the panel said what is nobody's to read, in no log either.
        audit.record(
            actor=Actor(name="panel"), now=now, action="candidate.speak", code=code,
            unit_path=candidate.sheet.unit.path,
        )  # fmt: skip


def close_panel(*, actor: Actor, now: datetime, code: str) -> Candidate:
    """Count what the panel said to a candidate: then it can be decided. Twice is harmless.

    Raises Refused, Problem where fewer have spoken than must.
    """
    with atomic():
        candidate = locked_candidate(code)
        sheet = candidate.sheet
        require(actor, "sheet.keep", sheet.unit.path)
        if candidate.state in {CandidateState.CONSULTED, CandidateState.ADOPTED, CandidateState.REJECTED}:
            return candidate
        if not forming.takes_voices(candidate):
            raise Problem("All scores have to be in first.")
        said = Counter(Voice.objects.filter(candidate=candidate).values_list("say", flat=True))
        if sum(said.values()) < sheet.panel_least:
            raise Problem(
                "%(said)d of the panel have spoken: at least %(least)d have to.",
                said=sum(said.values()), least=sheet.panel_least,
            )  # fmt: skip
        candidate.voices = {key: said.get(key, 0) for key in Say.values}
        candidate.state, candidate.consulted = CandidateState.CONSULTED, now
        candidate.save(update_fields=["voices", "state", "consulted"])
        audit.record(
            actor=actor, now=now, action="candidate.consult", code=code, unit_path=sheet.unit.path,
            detail={"said": sum(said.values())},
        )  # fmt: skip
    return candidate
