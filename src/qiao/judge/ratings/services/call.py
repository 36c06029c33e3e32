"""Calling ratings: by the union above, by members' petition, once more after a void one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as noop

from qiao.base.access import SYSTEM, Actor, Refused, require_untied
from qiao.base.codes import next_code
from qiao.base.counts import SMALL
from qiao.base.days import require_plausible
from qiao.base.db import atomic
from qiao.base.i18n import Localized, in_every_language, localized
from qiao.base.ledger import log
from qiao.base.lineage import link
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.judge.ratings.choices import BEFORE_OPENING, Origin, State, VoidReason
from qiao.judge.ratings.models import CountKey, RatedUnit, Rating, Step
from qiao.judge.ratings.rules import settings as rule
from qiao.judge.ratings.rules.form import POINTS, form_of, keys_of
from qiao.judge.ratings.rules.merging import UNIT_SIGNS, Group, group_small
from qiao.judge.ratings.services.steps import (
    CALL,
    above,
    check_officer,
    day_after,
    free_officers,
    judged_paths,
    locked,
    note,
    require_above,
    tell,
)
from qiao.org.membership.queries import active_members
from qiao.org.people.models import Account
from qiao.org.settings.queries import value_of
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit

#: More officers than this hold no key: every one more is one more who must keep it safe.
MOST_OFFICERS = 5


def call_rating(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    title: Localized,
    points: Sequence[str],
    officers: Sequence[Account],
    opens: datetime,
    closes: datetime,
) -> Rating:
    """Call the rating of one union. Called twice for the same days it is returned as it is.

    Raises Refused without ``rating.call`` above the union; Problem for dates out of order, a union without members, one
    smaller than five (it is counted with its hub: `call_below`), one whose rating is under way, or count officers who
    belong to it.
    """
    path = unit.path[:-UNIT_SIGNS]
    if not path:
        raise Problem("This union has none above it: nobody outside could hold its keys.")
    if not actor.may(CALL, path):
        raise Refused("rating.call is not yours here")
    require_untied(actor, unit.path)
    members = active_members(unit.path).count()
    if members == 0:
        raise Problem("This union has no members: there is nobody to ask.")
    if members < SMALL:
        raise Problem(
            "This union has fewer than %(least)d members: it is counted together with others. Call all below its hub.",
            least=SMALL,
        )  # fmt: skip
    return _call(
        actor=actor, now=now, unit=unit, units=[unit], joint=False, origin=Origin.UPPER, title=title, points=points,
        officers=officers, opens=opens, closes=closes,
    )  # fmt: skip


def call_below(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    title: Localized,
    points: Sequence[str],
    officers: Sequence[Account],
    opens: datetime,
    closes: datetime,
) -> list[Rating]:
    """Call one rating for each base union below ``unit``, small ones together, so that none is told apart.

    Unions that are being rated are left out. Raises as `call_rating`, and where all together have fewer than five.
    """
    if not actor.may(CALL, unit.path):
        raise Refused("rating.call is not yours here")
    with atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        groups = groups_below(unit)
        if not groups:
            raise Problem("All base unions here together have fewer than %(least)d members.", least=SMALL)
        units = {one.path: one for one in Unit.objects.filter(path__startswith=unit.path)}
        made = []
        for group in groups:
            judged = [units[path] for path in group.paths]
            if _running(judged):
                continue
            for one in judged:
                require_untied(actor, one.path)
            made.append(
                _call(
                    actor=actor,
                    now=now,
                    unit=units[group.lead],
                    units=judged,
                    joint=group.joint,
                    origin=Origin.UPPER,
                    title=title,
                    points=points,
                    officers=officers,
                    opens=opens,
                    closes=closes,
                )
            )
    return made


def groups_below(unit: Unit) -> list[Group]:
    """The base unions below ``unit`` in groups that can be counted."""
    bases = Unit.objects.filter(path__startswith=unit.path, kind__in=[UnitKind.BASE, UnitKind.JOINT_BASE])
    rows = active_members(unit.path).order_by().values("unit__path").annotate(number=Count("pk"))
    members = dict.fromkeys(bases.exclude(pk=unit.pk).values_list("path", flat=True), 0)
    for row in rows:
        own = next((row["unit__path"][:end] for end in range(len(row["unit__path"]), 0, -UNIT_SIGNS)
                    if row["unit__path"][:end] in members), None)  # fmt: skip
        if own:
            members[own] += row["number"]
    return group_small(members, least=SMALL, top=unit.path)


def call_by_petition(*, now: datetime, unit: Unit, ground: Localized) -> Rating:
    """The rating a petition has called: nobody's leave is asked. All points, the first count officers who may."""
    today = localdate(now)
    path = unit.path[:-UNIT_SIGNS]
    opens = day_after(unit.path, rule.OBJECTION_DAYS, now) + timedelta(days=2)
    length = value_of(rule.OPEN_DAYS, path=unit.path, on=today)
    officers = free_officers([unit.path], path=path, today=today)[:3]
    return _call(
        actor=SYSTEM, now=now, unit=unit, units=[unit], joint=False, origin=Origin.PETITION,
        title=in_every_language(noop("Members rate %(unit)s"), unit=unit.name), points=list(POINTS),
        officers=officers, opens=opens, closes=opens + timedelta(days=length), ground=ground,
    )  # fmt: skip


def rerun_rating(
    *, actor: Actor, now: datetime, code: str, opens: datetime | None = None, closes: datetime | None = None
) -> Rating:
    """Run a void rating again, once: same questions, same officers, a roll of today. Twice returns the one that runs.

    Raises Refused without ``rating.call`` above; Problem for one that is not void, or was itself run again.
    """
    with atomic():
        before = locked(code)
        require_above(actor, CALL, before)
        if before.state != State.VOID:
            raise Problem("Only a void rating is run again.")
        found = Rating.objects.filter(rerun_of=before).first()
        if found is not None:
            return found
        if before.rerun_of_id is not None and before.void_kind in (VoidReason.TURNOUT, VoidReason.FRONTLINE):
            raise Problem("This rating was run again already: once is the rule.")
        opens = opens or day_after(before.unit.path, rule.OBJECTION_DAYS, now) + timedelta(days=2)
        length = value_of(rule.OPEN_DAYS, path=before.unit.path, on=localdate(now))
        units = [row.unit for row in before.rated.select_related("unit").order_by("pk")]
        officers = [key.account for key in before.keys.select_related("account")]
        today = localdate(now)
        fit = [one for one in officers if _fits(one, judged_paths(before), above(before), today)]
        return _call(
            actor=actor, now=now, unit=before.unit, units=units, joint=before.joint, origin=Origin.RERUN,
            title=before.title, points=keys_of(before.form), officers=fit, opens=opens,
            closes=closes or opens + timedelta(days=length), rerun_of=before,
        )  # fmt: skip


def name_officers(*, actor: Actor, now: datetime, code: str, officers: Sequence[Account]) -> Rating:
    """Name the count officers anew before the opening; keys registered so far fall away.

    Raises Refused without ``rating.call`` above, Problem after the opening or for officers who may not hold a key.
    """
    with atomic():
        rating = locked(code)
        require_above(actor, CALL, rating)
        if rating.state not in BEFORE_OPENING:
            raise Problem("Count officers are named before the opening.")
        rating.keys.all().delete()
        _seat(rating, officers, now)
        log.append(kind="rating.officers", code=code, content={"count_officers": len(officers)}, now=now)
        note(rating, actor=actor, now=now, deed="name", officers=[one.pk for one in officers])
    return rating


def _fits(account: Account, judged: list[str], path: str, today: date) -> bool:
    try:
        check_officer(account, judged, path=path, today=today)
    except Problem:
        return False
    return True


def _running(units: Sequence[Unit]) -> bool:
    busy = (*BEFORE_OPENING, State.OPEN, State.CLOSED)
    return RatedUnit.objects.filter(unit__in=list(units), rating__state__in=busy).exists()


def _seat(rating: Rating, officers: Sequence[Account], now: datetime) -> None:
    chosen = list(dict.fromkeys(officers))
    if len(chosen) > MOST_OFFICERS:
        raise Problem("At most %(most)d count officers hold a key.", most=MOST_OFFICERS)
    humans = [one.same_as_id or one.pk for one in chosen]
    if len(set(humans)) != len(humans):
        raise Problem("Two of these accounts belong to one person: name another.")
    for position, account in enumerate(chosen, start=1):
        check_officer(account, judged_paths(rating), path=above(rating), today=localdate(now))
        CountKey.objects.create(rating=rating, account=account, position=position)


def _call(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    units: Sequence[Unit],
    joint: bool,
    origin: Origin,
    title: Localized,
    points: Sequence[str],
    officers: Sequence[Account],
    opens: datetime,
    closes: datetime,
    rerun_of: Rating | None = None,
    ground: Mapping[str, str] | None = None,
) -> Rating:
    today, path = localdate(now), unit.path
    if not title:
        raise Problem("The rating needs a title: those asked read it first.")
    require_clean({"title": title})
    require_plausible(opens, closes)
    if closes <= opens or opens <= now:
        raise Problem("The end lies before the beginning or in the past: choose later days.")
    first = day_after(path, rule.OBJECTION_DAYS, now)
    if opens <= first:
        raise Problem("Members may object to the roll until %(day)s: the vote opens after it.", day=localdate(first))
    form = form_of(points, most=value_of(rule.DIMENSIONS, path=path, on=today))
    needed = value_of(rule.KEYS_NEEDED, path=path, on=today)
    if officers and len(set(officers)) < needed:
        raise Problem("Name at least %(needed)d count officers: so many open the box together.", needed=needed)
    with atomic():
        # The judged units' rows are held, so that two officers at once call one rating.
        list(Unit.objects.select_for_update(of=("self",)).filter(pk__in=[one.pk for one in units]).order_by("pk"))
        same = Rating.objects.filter(
            rated__unit=units[0], opens=opens, closes=closes, called_by=actor.account_id, state=State.CALLED
        ).first()
        if same is not None:
            return same
        if _running(units):
            raise Problem("This union is being rated now: open that rating.")
        rating = Rating.objects.create(
            code=next_code("MR"), unit=unit, title=title, origin=origin, joint=joint, form=form, called=now,
            called_by=actor.account_id, rerun_of=rerun_of, needed_keys=needed, opens=opens, closes=closes,
            min_turnout=value_of(rule.MIN_TURNOUT, path=path, on=today),
            min_frontline=value_of(rule.MIN_FRONTLINE, path=path, on=today),
            poor_below=value_of(rule.POOR_BELOW, path=path, on=today),
        )  # fmt: skip
        RatedUnit.objects.bulk_create([RatedUnit(rating=rating, unit=one) for one in units])
        _seat(rating, officers, now)
        Step.objects.create(rating=rating, state=State.CALLED, at=now, by=actor.account_id, ground=ground or {})
        log.append(
            kind="rating.called", code=rating.code, now=now,
            content={
                "unit": unit.label, "rated": len(units), "origin": origin.value, "form": form,
                "opens": opens.isoformat(), "closes": closes.isoformat(), "keys_needed": needed,
                "min_turnout": rating.min_turnout, "min_frontline": rating.min_frontline,
                "poor_below": rating.poor_below, "rerun_of": rerun_of.code if rerun_of else "",
            },
        )  # fmt: skip
        if rerun_of is not None:
            link(source=rerun_of.code, target=rating.code, now=now)
        note(rating, actor=actor, now=now, deed="call", origin=origin.value)
        tell(
            rating, actor=actor, now=now, title=noop("Called: %(title)s"),
            body=noop("Members judge their union in a secret vote. The roll is frozen next; members may object to it."),
        )  # fmt: skip
    return rating


def enter_beside(*, actor: Actor, now: datetime, code: str, shares: Mapping[str, float], source: str) -> Rating:
    """Enter what the upper union's own sheet says: shown beside the members' result, never mixed into it.

    ``shares`` by the keys of the settings ``rate.must_pass``. Raises Refused without ``rating.call`` above, Problem for
    unknown keys, shares outside 0 to 1, or without a source.
    """
    if not source.strip():
        raise Problem("Write where these figures come from.")
    if set(shares) - set(rule.MUST_PASS) or any(not 0 <= share <= 1 for share in shares.values()):
        raise Problem("A share lies between 0 and 100 %.")
    with atomic():
        rating = locked(code)
        require_above(actor, CALL, rating)
        today = localdate(now)
        rating.beside = {
            "source": source.strip()[:200], "day": today.isoformat(),
            "lines": [
                {"key": key, "share": shares[key], "line": value_of(one, path=rating.unit.path, on=today)}
                for key, one in rule.MUST_PASS.items() if key in shares
            ],
        }  # fmt: skip
        rating.save(update_fields=["beside"])
        note(rating, actor=actor, now=now, deed="enter_sheet")
    return rating


def default_title(unit: Unit, year: int) -> Localized:
    """What a rating is called where nobody says otherwise."""
    names = unit.name
    first = next(iter(names.values()), unit.label)
    return localized(
        f"{names.get('zh-hans', first)} {year} 年会员评家", f"Members rate {names.get('en', first)}, {year}"
    )
