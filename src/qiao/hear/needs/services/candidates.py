"""How a task comes about: a sheet published before any score, candidates, a panel that scores blind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, Refused, require, require_other
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.ledger import log
from qiao.base.lineage import link
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.hear.needs.choices import CandidateState, Origin, SheetState
from qiao.hear.needs.models import Candidate, CandidateNeed, Need, Score, ScorerSeat, Sheet
from qiao.hear.needs.rules import PUBLIC, forming
from qiao.hear.needs.rules.settings import PANEL_LEAST
from qiao.org.people.models import Account
from qiao.org.settings.queries import rulings, value_of
from qiao.org.units.models import Unit

#: What the column holds.
MOST = Decimal("999999999999.99")


def draft_sheet(
    *, actor: Actor, now: datetime, unit: Unit, title: Localized, weights: Mapping[str, int] | None = None
) -> Sheet:
    """Begin a scoring sheet; without weights those of the settings hold.

    Raises Refused without ``sheet.keep`` there, Problem for weights that do not sum to 100.
    """
    require(actor, "sheet.keep", unit.path)
    if not title:
        raise Problem("Write a title.")
    day = localdate(now)
    if weights is None:
        ruled = rulings(forming.CRITERIA.values(), path=unit.path, on=day)
        weights = {key: ruled[setting.key].value for key, setting in forming.CRITERIA.items()}
    forming.check_weights(weights)
    with atomic():
        sheet = Sheet.objects.create(
            code=next_code("SS"), unit=unit, title=title, weights=dict(weights), drafted=now,
            drafted_by=actor.account_id, panel_least=value_of(PANEL_LEAST, path=unit.path, on=day),
        )  # fmt: skip
        audit.record(actor=actor, now=now, action="sheet.draft", code=sheet.code, unit_path=unit.path)
    return sheet


def seat_scorers(*, actor: Actor, now: datetime, code: str, account_ids: Sequence[int]) -> Sheet:
    """Name the officers who score by a sheet, at least two; before it is published only.

    Raises Refused, Problem for fewer, or accounts that hold no office.
    """
    wanted = list(dict.fromkeys(account_ids))
    with atomic():
        sheet = locked_sheet(code)
        require(actor, "sheet.keep", sheet.unit.path)
        if sheet.state != SheetState.DRAFTED:
            raise Problem("The sheet is published: its scorers stay.")
        known = set(Account.objects.filter(pk__in=wanted, is_active=True).values_list("pk", flat=True))
        if len(wanted) < 2 or known != set(wanted):
            raise Problem("Name at least two officers who score.")
        if len(humans_of(wanted)) < len(wanted):
            raise Problem("Two of these accounts are one person's: each who scores is somebody else.")
        sheet.scorers.all().delete()
        ScorerSeat.objects.bulk_create([ScorerSeat(sheet=sheet, account_id=one) for one in wanted])
        audit.record(
            actor=actor, now=now, action="sheet.seat", code=code, unit_path=sheet.unit.path,
            detail={"scorers": wanted},
        )  # fmt: skip
    return sheet


def publish_sheet(*, actor: Actor, now: datetime, code: str) -> Sheet:
    """Publish the criteria and weights: only then is anything scored. Twice is harmless.

    Raises Refused, Problem without scorers.
    """
    with atomic():
        sheet = locked_sheet(code)
        require(actor, "sheet.keep", sheet.unit.path)
        if sheet.state != SheetState.DRAFTED:
            return sheet
        if sheet.scorers.count() < 2:
            raise Problem("Name at least two officers who score.")
        sheet.state, sheet.published = SheetState.PUBLISHED, now
        sheet.save(update_fields=["state", "published"])
        _to_ledger(sheet, now)
        audit.record(actor=actor, now=now, action="sheet.publish", code=code, unit_path=sheet.unit.path)
    return sheet


def change_sheet(*, actor: Actor, now: datetime, code: str, weights: Mapping[str, int]) -> int:
    """Change the weights. Every score given so far is void, and candidates not decided go back; how many scores.

    The same weights again change nothing. Raises Refused, Problem for a closed sheet or weights that do not sum to 100.
    """
    forming.check_weights(weights)
    with atomic():
        sheet = locked_sheet(code)
        require(actor, "sheet.keep", sheet.unit.path)
        if sheet.state == SheetState.CLOSED:
            raise Problem("This sheet is closed.")
        if sheet.weights == dict(weights):
            return 0
        decided = [CandidateState.ADOPTED, CandidateState.REJECTED]
        sheet.weights, sheet.version = dict(weights), sheet.version + 1
        sheet.save(update_fields=["weights", "version"])
        open_ones = sheet.candidates.exclude(state__in=decided)
        void = Score.objects.filter(candidate__in=open_ones, void__isnull=True).update(void=now)
        open_ones.update(
            state=CandidateState.RAISED, score=None, low=None, high=None, scored=None, consulted=None, voices={}
        )
        if sheet.state == SheetState.PUBLISHED:
            _to_ledger(sheet, now)
        audit.record(
            actor=actor, now=now, action="sheet.change", code=code, unit_path=sheet.unit.path,
            detail={"version": sheet.version, "void": void},
        )  # fmt: skip
    return int(void)


def close_sheet(*, actor: Actor, now: datetime, code: str) -> Sheet:
    """Take no more candidates. Twice is harmless. Raises Refused, Problem while one is not decided."""
    with atomic():
        sheet = locked_sheet(code)
        require(actor, "sheet.keep", sheet.unit.path)
        if sheet.candidates.exclude(state__in=[CandidateState.ADOPTED, CandidateState.REJECTED]).exists():
            raise Problem("Every candidate has to be decided first.")
        if sheet.state != SheetState.CLOSED:
            if sheet.state == SheetState.DRAFTED:
                raise Problem("Publish the sheet first.")
            sheet.state = SheetState.CLOSED
            sheet.save(update_fields=["state"])
            audit.record(actor=actor, now=now, action="sheet.close", code=code, unit_path=sheet.unit.path)
    return sheet


def raise_candidate(
    *,
    actor: Actor,
    now: datetime,
    sheet_code: str,
    title: Localized,
    text: Localized,
    cost: Decimal,
    need_codes: Sequence[str] = (),
    origin: str = Origin.MEMBERS,
    ground: str = "",
) -> Candidate:
    """Put forward what the unit might do. Without a member's need it is counted apart: as from a law or from above.

    Raises Refused without ``candidate.raise`` there, Problem for a missing title, text, need or ground, a need that is
    not published, a cost that is none, or a closed sheet; Problems for personal data.
    """
    codes = list(dict.fromkeys(need_codes))
    require_clean({"title": title, "text": text})
    if not title or not text:
        raise Problem("Say what would be done, in a title and a text.")
    if not cost.is_finite() or cost < 0 or cost > MOST:
        raise Problem("The cost must be an amount of money, 0 or more.")
    if origin not in Origin.values:
        raise Problem("Choose who asked for it.")
    if origin == Origin.MEMBERS and not codes:
        raise Problem(
            "Choose at least one need it would serve.", hint="Without one it must come from a law or a unit above."
        )
    if origin != Origin.MEMBERS and not ground.strip():
        raise Problem("Name the law, or the paper of the unit above.")
    with atomic():
        sheet = locked_sheet(sheet_code)
        require(actor, "candidate.raise", sheet.unit.path)
        if not forming.takes_candidates(sheet):
            raise Problem("This sheet is closed.")
        needs = list(Need.objects.filter(code__in=codes, state__in=PUBLIC))
        for code in codes:
            if code not in {need.code for need in needs}:
                raise Problem("%(code)s is no published need: choose one from the board of needs.", code=code)
        made = Candidate.objects.create(
            code=next_code("CT"), sheet=sheet, title=title, text=text, cost=cost, origin=origin,
            ground=ground.strip()[:200] if origin != Origin.MEMBERS else "", raised=now, proposer_id=actor.account_id,
        )  # fmt: skip
        CandidateNeed.objects.bulk_create([CandidateNeed(candidate=made, need=need) for need in needs])
        for need in needs:
            link(source=need.code, target=made.code, now=now)
        audit.record(
            actor=actor, now=now, action="candidate.raise", code=made.code, unit_path=sheet.unit.path,
            detail={"needs": codes, "origin": str(origin)},
        )  # fmt: skip
    return made


def score_candidate(*, actor: Actor, now: datetime, code: str, marks: Mapping[str, int]) -> Candidate:
    """Give one's marks. Nobody sees another's before all are in; then the candidate is scored.

    The same marks again are harmless; others replace one's own until all are in. Raises Refused for who has no seat,
    Problem for the proposer, before the sheet is published, or for an impossible mark.
    """
    with atomic():
        candidate = locked_candidate(code)
        sheet = locked_sheet(candidate.sheet.code)
        seats = set(sheet.scorers.values_list("account_id", flat=True))
        if actor.account_id is None or actor.account_id not in seats:
            raise Refused("only the scorers of this sheet score")
        require_other(actor, candidate.proposer_id)
        own = Score.objects.filter(candidate=candidate, account_id=actor.account_id, void__isnull=True).first()
        if own is not None and own.marks == dict(marks) and own.version == sheet.version:
            return candidate
        if not forming.takes_scores(sheet, candidate):
            raise Problem("Marks are given after the sheet is published, and until all are in.")
        total = forming.total(marks, sheet.weights)
        if own is None:
            own = Score(candidate=candidate, account_id=actor.account_id)
        own.version, own.marks, own.total, own.at = sheet.version, dict(marks), total, now
        own.save()
        # Whoever raised the candidate has no part in it, by no account: the panel is complete without them.
        proposer = humans_of([candidate.proposer_id]) if candidate.proposer_id else set()
        awaited = {seat for seat in seats if not humans_of([seat]) & proposer}
        given = dict(Score.objects.filter(candidate=candidate, void__isnull=True).values_list("account_id", "total"))
        if awaited <= set(given):
            candidate.score, candidate.low, candidate.high = forming.of_panel(list(given.values()))
            candidate.state, candidate.scored = CandidateState.SCORED, now
            candidate.save(update_fields=["score", "low", "high", "state", "scored"])
        audit.record(
            actor=actor, now=now, action="candidate.score", code=code, unit_path=sheet.unit.path,
            detail={"version": sheet.version, "all_in": candidate.state == CandidateState.SCORED},
        )  # fmt: skip
    return candidate


def humans_of(account_ids: Iterable[int]) -> set[int]:
    """The humans behind these accounts, each by their first account."""
    rows = Account.objects.filter(pk__in=list(account_ids)).values_list("pk", "same_as_id")
    return {first or own for own, first in rows}


def locked_sheet(code: str) -> Sheet:
    """The sheet with its row locked, for use inside a transaction."""
    return Sheet.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)


def locked_candidate(code: str) -> Candidate:
    """The candidate with its row locked, for use inside a transaction."""
    return Candidate.objects.select_for_update(of=("self",)).select_related("sheet__unit").get(code=code)


def _to_ledger(sheet: Sheet, now: datetime) -> None:
    log.append(
        kind="sheet.published", code=sheet.code, now=now,
        content={"unit": sheet.unit.label, "version": sheet.version, "weights": sheet.weights},
    )  # fmt: skip
