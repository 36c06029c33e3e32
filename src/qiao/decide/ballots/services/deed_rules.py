"""What was fixed before the call of a round holds: its number of projects, its turnout, its progress reports."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext_noop as noop

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.i18n import Localized, in_every_language, percent_text, pick
from qiao.base.ledger import log
from qiao.base.problems import Place, Problem
from qiao.decide.ballots import rules
from qiao.decide.ballots.choices import BallotState, DeedState, IdeaState, Rule
from qiao.decide.ballots.models import Ballot, DeedRound
from qiao.org.settings.queries import rulings
from qiao.org.units.models import Unit
from qiao.publish.services import announce


def rules_kept(
    unit: Unit, *, opens: datetime, now: datetime, rule: Rule, winners: int | None, most: int | None
) -> dict[str, Any]:
    """The fields of a new round that its unit's settings of today give; it keeps them whatever is set later.

    Raises Problem where a member would have more choices than is set, or the year would list more projects. Runs in
    the caller's transaction and holds the unit: two rounds planned at once are counted one after the other.
    """
    found = rulings(rules.DEED_SETTINGS, path=unit.path, on=localdate(now))
    choices, listed = found[rules.CHOICES_PER_VOTE.key].value, found[rules.LISTED_PER_YEAR.key].value
    if rule == Rule.LIMITED:
        most = most or choices
        if most > choices:
            raise Problem(
                "One member may choose %(number)d projects at most in a vote of this unit.", number=choices,
                hint="The number stands in the settings of the unit.",
            )  # fmt: skip
    Unit.objects.select_for_update().get(pk=unit.pk)
    left = listed - _taken(unit, localtime(opens).year)
    if left < (winners or 1):
        raise Problem(
            "The unit lists %(number)d practical projects a year at most; %(left)d are left this year.",
            number=listed, left=max(left, 0), hint="The number stands in the settings of the unit.",
        )  # fmt: skip
    return {
        "most": most,
        "listed_most": listed,
        "min_turnout": found[rules.MIN_TURNOUT.key].value,
        "report_months": found[rules.PROGRESS_REPORT.key].value,
    }


def publish_list(actor: Actor, now: datetime, round_: DeedRound) -> bool:
    """Publish what the vote chose; False where too few took part: then the vote decides nothing and is held again."""
    ballot = Ballot.objects.filter(code=round_.ballot_code).first()
    if ballot is None or ballot.state != BallotState.COUNTED:
        raise Problem("The list follows the count of the vote.")
    voted = round_.ideas.filter(state=IdeaState.ON_BALLOT)
    if rules.fell_short(ballot.turnout, ballot.roll_size, round_.min_turnout):
        voted.update(state=IdeaState.CHECKED)
        round_.void_ballots.append(ballot.code)
        round_.state, round_.ballot_code = DeedState.CHECK, ""
        round_.save(update_fields=["state", "ballot_code", "void_ballots"])
        content = {"ballot": ballot.code, "turnout": ballot.turnout, "roll": ballot.roll_size}
        log.append(kind="deeds.void", code=round_.code, now=now, content=content | {"needed": round_.min_turnout})
        announce(
            actor=actor, now=now, unit=round_.unit, code=round_.code, url=reverse("ballots:deeds", args=[round_.code]),
            title=in_every_language(noop("Too few took part: %(title)s"), title=round_.title),
            body=in_every_language(
                noop("%(turnout)s of %(roll)s took part, %(share)s are needed. The vote is held again."),
                turnout=str(ballot.turnout or 0), roll=str(ballot.roll_size or 0),
                share=percent_text(round_.min_turnout, 0),
            ),
        )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="deeds.void", code=round_.code, unit_path=round_.unit.path,
            detail={"ballot": ballot.code},
        )  # fmt: skip
        return False
    chosen = set(ballot.items.filter(place__isnull=False).values_list("proposal_code", flat=True))
    voted.filter(proposal_code__in=chosen).update(state=IdeaState.LISTED)
    voted.filter(state=IdeaState.ON_BALLOT).update(state=IdeaState.NOT_CHOSEN)
    log.append(
        kind="deeds.listed", code=round_.code, now=now, content={"ballot": ballot.code, "listed": sorted(chosen)}
    )
    return True


def report_deeds(*, actor: Actor, now: datetime, code: str, text: Localized) -> DeedRound:
    """Publish how far the projects of a round are; the same words twice are one report.

    Raises Refused without ``ballot.run``, Problem outside the time of carrying out, or without words.
    """
    with atomic():
        round_ = DeedRound.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        require(actor, "ballot.run", round_.unit.path)
        if round_.state != DeedState.RUNNING:
            raise Problem("Progress is reported while the projects are carried out.", place=Place(source=code))
        if not pick(text):
            raise Problem("Say for each project how far it is, and what is late and why.")
        if round_.reports and round_.reports[-1]["text"] == text:
            return round_
        round_.reports.append({"at": now.isoformat(), "text": text})
        round_.save(update_fields=["reports"])
        log.append(kind="deeds.progress", code=code, now=now, content={"number": len(round_.reports), "text": text})
        announce(
            actor=actor, now=now, unit=round_.unit, code=code, url=reverse("ballots:deeds", args=[code]),
            title=in_every_language(noop("How far the projects are: %(title)s"), title=round_.title), body=text,
        )  # fmt: skip
        audit.record(actor=actor, now=now, action="deeds.report", code=code, unit_path=round_.unit.path, detail={})
    return round_


def require_reports(round_: DeedRound, now: datetime) -> None:
    """Raise Problem while a progress report that is due has not been published."""
    if round_.running_since is None:
        return
    until = rules.report_due(round_.running_since, round_.report_months, len(round_.reports))
    if until < now:
        raise Problem("A progress report has been due since %(day)s: publish it first.", day=localdate(until))


def _taken(unit: Unit, year: int) -> int:
    """How many projects the unit's rounds called in a year have listed, or are to list."""
    return sum(
        round_.ideas.filter(state=IdeaState.LISTED).count()
        if round_.state in (DeedState.LISTED, DeedState.RUNNING, DeedState.RATED, DeedState.CLOSED)
        else round_.winners or 0
        for round_ in DeedRound.objects.filter(unit=unit, opens__year=year)
    )
