"""What the shell asks of needs: stations of threads, work on the desk, what is open to members."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.base.lineage import Stage, Station
from qiao.base.records import DeskItem, Door, OpenItem
from qiao.hear.needs import rules
from qiao.hear.needs.choices import CandidateState, DigestState, NeedState, SheetState
from qiao.hear.needs.models import Candidate, Digest, Need, Score, Voice
from qiao.hear.needs.queries.reading import figure_text
from qiao.org.units.queries import units_at


def stations(codes: Collection[str]) -> list[Station]:
    """The needs and candidates among these codes."""
    wanted = [code for code in codes if code.startswith("N-")]
    candidates = [code for code in codes if code.startswith("CT-")]
    if not wanted and not candidates:
        return []
    found = _candidate_stations(candidates) if candidates else []
    needs = Need.objects.filter(code__in=wanted, state__in=rules.PUBLIC).order_by("pk")
    return found + [
        Station(
            code=need.code,
            stage=Stage.HEAR,
            kind=need.get_kind_display(),
            title=pick(need.title),
            url=reverse("needs:need", args=[need.code]),
            state=need.get_state_display(),
            at=need.published,
            figure=" ".join(filter(None, (pick(need.group), figure_text(need)))),
            finished=need.state == NeedState.ANSWERED,
            due=need.due if need.state == NeedState.PUBLISHED else None,
            awaits=_("an action, or the reason why not") if need.state == NeedState.PUBLISHED else "",
            weight=1,
        )
        for need in needs
    ]


def _candidate_stations(codes: Collection[str]) -> list[Station]:
    rows = Candidate.objects.filter(code__in=codes).exclude(sheet__state=SheetState.DRAFTED).order_by("pk")
    return [
        Station(
            code=row.code,
            stage=Stage.HEAR,
            kind=_("Candidate for a task"),
            title=pick(row.title),
            url=reverse("needs:candidate", args=[row.code]),
            state=row.get_state_display(),
            at=row.raised,
            figure="" if row.score is None else _("%(score)d of 100") % {"score": round(row.score)},
            finished=row.state == CandidateState.REJECTED,
        )
        for row in rows
    ]


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:  # noqa: ARG001 - asked so of every app
    """Needs to word, check, publish and answer; digests to check and publish; candidates to score and decide."""
    items: list[DeskItem] = []
    for action, wanted, step in (
        ("need.publish", Q(state=NeedState.DRAFTED, worded_by__isnull=True), _("Word the need as people would say it")),
        (
            "need.publish",
            Q(state=NeedState.DRAFTED, worded_by__isnull=False) & ~Q(worded_by=actor.account_id or 0),
            _("Check the need's figures as a second analyst"),
        ),
        ("need.publish", Q(state=NeedState.CHECKED), _("Publish the need")),
        ("need.answer", Q(state=NeedState.PUBLISHED), _("Take it up in a proposal, or say why not")),
    ):
        if not actor.paths(action):
            continue
        units = units_at(actor.paths(action)).order_by()
        needs = Need.objects.filter(wanted, unit__in=units).select_related("unit").order_by("due", "-share", "pk")
        items.extend(
            DeskItem(
                due=need.due,
                title=pick(need.title),
                stage=Stage.HEAR,
                unit=pick(need.unit.name),
                next_step=step,
                url=reverse("needs:need", args=[need.code]),
            )
            for need in needs[:50]
        )
    return [*items, *_digests(actor), *_candidates(actor)]


def _digests(actor: Actor) -> list[DeskItem]:
    if not actor.paths("need.publish"):
        return []
    units = units_at(actor.paths("need.publish")).order_by()
    waiting = (
        Digest.objects.filter(unit__in=units)
        .exclude(state=DigestState.PUBLISHED)
        .exclude(state=DigestState.DRAFTED, drafted_by=actor.account_id or 0)
        .select_related("unit")
        .order_by("until", "pk")
    )
    return [
        DeskItem(
            due=None,
            title=_("Digest of needs %(since)s – %(until)s") % {"since": row.since, "until": row.until},
            stage=Stage.HEAR,
            unit=pick(row.unit.name),
            next_step=_("Check its cells") if row.state == DigestState.DRAFTED else _("Publish the digest"),
            url=reverse("needs:digest", args=[row.code]),
        )
        for row in waiting[:20]
    ]


def _candidates(actor: Actor) -> list[DeskItem]:
    """Marks one owes, panels to close, candidates to decide."""
    if actor.account_id is None:
        return []
    own = Score.objects.filter(candidate=OuterRef("pk"), account=actor.account_id, void__isnull=True)
    wanted = Q(state=CandidateState.RAISED, sheet__state=SheetState.PUBLISHED, sheet__scorers__account=actor.account_id)
    wanted &= ~Q(Exists(own)) & ~Q(proposer=actor.account_id)
    for action, state in (("sheet.keep", CandidateState.SCORED), ("candidate.decide", CandidateState.CONSULTED)):
        if actor.paths(action):
            wanted |= Q(state=state, sheet__unit__in=units_at(actor.paths(action)).order_by())
    steps = {
        CandidateState.RAISED: _("Give your marks"),
        CandidateState.SCORED: _("Hear the user panel and close it"),
        CandidateState.CONSULTED: _("Adopt the candidate, or say why not"),
    }
    found = Candidate.objects.filter(wanted).select_related("sheet__unit").distinct().order_by("pk")
    return [
        DeskItem(
            due=None,
            title=pick(row.title),
            stage=Stage.HEAR,
            unit=pick(row.sheet.unit.name),
            next_step=steps[CandidateState(row.state)],
            url=reverse("needs:candidate", args=[row.code]),
        )
        for row in found[:30]
    ]


def open_items(*, actor: Actor, now: datetime) -> list[OpenItem]:  # noqa: ARG001 - asked so of every app
    """Candidates on which a member drawn for a panel is heard."""
    if actor.person_id is None:
        return []
    said = Voice.objects.filter(candidate=OuterRef("pk"), seat__person_id=actor.person_id)
    waiting = (
        Candidate.objects.filter(state=CandidateState.SCORED, sheet__users__person_id=actor.person_id)
        .exclude(Exists(said))
        .order_by("pk")
    )
    return [
        OpenItem(
            closes=None,
            title=pick(row.title),
            stage=Stage.HEAR,
            note=_("You were drawn for the user panel: would it help you?"),
            url=reverse("needs:speak", args=[row.code]),
        )
        for row in waiting[:20]
    ]


def desk_doors(*, actor: Actor) -> list[Door]:
    """Pages work on needs starts from."""
    doors = []
    if actor.may("need.publish"):
        doors.append(Door("hear", _("Topics of free words"), reverse("needs:topics"), _("Read, name, merge and split")))
        doors.append(Door("hear", _("Digests of needs"), reverse("needs:digests"), _("What a period brought")))
    if actor.may("sheet.keep") or actor.may("candidate.raise") or actor.may("candidate.decide"):
        doors.append(Door("hear", _("Candidates for tasks"), reverse("needs:sheets"), _("Sheets, scores, panels")))
    return doors
