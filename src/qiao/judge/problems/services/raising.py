"""Raising a problem: by anybody, by an office, by a judgment, by a pattern in requests. Each source once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.timezone import localdate

from qiao.base.access import SYSTEM, Actor, require, require_untied
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.deadlines import Span, SpanUnit
from qiao.base.deadlines import before as so_long_before
from qiao.base.i18n import Localized
from qiao.base.ledger import log
from qiao.base.lineage import link
from qiao.base.problems import Problem
from qiao.base.receipts import give_receipt
from qiao.base.redaction import require_clean
from qiao.hear.needs.services import raise_finding
from qiao.judge.problems.choices import OFFICE_SOURCES, Source, State, Tendency, VoiceKind
from qiao.judge.problems.models import Entry, Voice
from qiao.judge.problems.queries.persons import names_officer
from qiao.judge.problems.rules.settings import REPEAT_MONTHS
from qiao.judge.problems.rules.words import require_no_views
from qiao.judge.problems.services.steps import ACCEPTED_WORDS, log_move, note, start_clock, step_to, tell_all
from qiao.org.settings.queries import value_of
from qiao.org.units.choices import WORKING
from qiao.org.units.models import Unit

_TITLE_SIGNS, _TEXT_SIGNS = 120, 4000


@dataclass(frozen=True, slots=True)
class Given:
    """A problem as somebody writes it. ``nonce``: the same form sent twice is one problem.

    ``about_officer``: whether it is a complaint about one named officer, which does not belong here.
    """

    nonce: str
    unit: Unit
    title: Localized
    text: Localized
    tendency: Tendency = Tendency.OTHER
    shielded: bool = True
    about_officer: bool = False
    source: Source = Source.MEMBERS
    source_code: str = ""


@dataclass(frozen=True, slots=True)
class Raised:
    """The problem, and the receipt of whoever raised it (empty where a machine did)."""

    entry: Entry
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Judgment:
    """A bad result: what was judged, by how many, how sure. ``share``: of those who are not content, 0 to 1."""

    unit: Unit
    title: Localized
    detail: Localized
    source: Source
    source_code: str
    share: float
    lower: float
    upper: float
    n: float | None = None
    rate: float | None = None
    subject: str = ""
    tendency: Tendency = field(default=Tendency.SERVICE)


def raise_problem(*, actor: Actor, now: datetime, given: Given) -> Raised:
    """Raise a problem, signed in or not; who did is shielded unless they say otherwise. Twice is once.

    Of who is not signed in nothing is kept: the receipt is theirs to follow it and to say whether it is mended. An
    office names its source (audit, consultation, own finding) and needs ``problem.record`` at the unit. Raises
    Refused, Problem (a union that has ended, a complaint about one officer, views or belief), Problems for personal
    data.
    """
    unit = given.unit
    if given.source != Source.MEMBERS:
        if given.source not in OFFICE_SOURCES:
            raise Problem("This source enters by itself: choose audit, consultation or own finding.")
        require(actor, "problem.record", unit.path)
    title, text = _checked(given)
    key = "form:" + hashlib.sha256(given.nonce.encode()).hexdigest()[:48]
    with atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        known = Entry.objects.filter(source_key=key).first()
        if known is not None:
            voice = known.voices.filter(kind=VoiceKind.RAISER).first()
            return Raised(known, (voice.receipt or "") if voice else "")
        if unit.state not in WORKING:
            raise Problem("%(unit)s has ended: choose the union that took over its work.", unit=unit.label)
        entry = _create(
            actor=actor, now=now, unit=unit, title=title, text=text, tendency=given.tendency, source=given.source,
            source_code=given.source_code, source_key=key, subject="",
        )  # fmt: skip
        receipt = give_receipt(
            kind="problem", code=entry.code, now=now, content="\n".join([*title.values(), *text.values()]),
            promised=localdate(entry.due),
        )  # fmt: skip
        Voice.objects.create(
            entry=entry, kind=VoiceKind.RAISER, receipt=receipt.number, since=localdate(now),
            shielded=given.shielded and given.source == Source.MEMBERS,
            person_id=actor.person_id if given.source == Source.MEMBERS else None,
            account_id=actor.account_id if given.source != Source.MEMBERS else None,
        )  # fmt: skip
        # Who raised a problem stands in no log: the log is read by those whom it may concern.
        by = actor if given.source != Source.MEMBERS else Actor(name="raiser")
        note(entry, actor=by, now=now, deed="raise", source=given.source.value)
    return Raised(entry, receipt.number)


def record_judgment(*, actor: Actor, now: datetime, judgment: Judgment) -> Entry:
    """A bad judgment becomes a finding in Hear and a problem here, taken on at once: nobody declines it. Exactly once.

    Called by the system or by who ran the evaluation. Called again, it returns the problem there is. Raises Refused.
    """
    require(actor, "evaluation.run", judgment.unit.path)
    key = f"{judgment.source.value}:{judgment.source_code}"
    with atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=judgment.unit.pk)
        need = raise_finding(
            actor=actor, now=now, unit=judgment.unit, title=judgment.title, detail=judgment.detail,
            share=judgment.share, lower=judgment.lower, upper=judgment.upper, n=judgment.n, rate=judgment.rate,
            source_code=judgment.source_code,
        )  # fmt: skip
        known = Entry.objects.filter(source_key=key).first()
        if known is not None:
            return known
        entry = _create(
            actor=SYSTEM, now=now, unit=judgment.unit, title=judgment.title, text=judgment.detail,
            tendency=judgment.tendency, source=judgment.source, source_code=judgment.source_code, source_key=key,
            subject=judgment.subject,
        )  # fmt: skip
        link(source=need.code, target=entry.code, now=now)
        note(entry, actor=SYSTEM, now=now, deed="raise", source=judgment.source.value, of=judgment.source_code)
        take_on(entry, actor=SYSTEM, now=now)
    return entry


def raise_pattern(
    *, now: datetime, unit: Unit, subject: str, key: str, title: Localized, text: Localized, tendency: Tendency
) -> Entry | None:
    """A pattern in requests becomes a problem, unless the unit has one of the same subject open. Once per ``key``."""
    with atomic():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        open_one = Entry.objects.filter(unit=unit, subject=subject).exclude(state__in=[State.CLOSED, State.DECLINED])
        if open_one.exists() or Entry.objects.filter(source_key=key).exists():
            return None
        entry = _create(
            actor=SYSTEM, now=now, unit=unit, title=title, text=text, tendency=tendency, source=Source.REQUESTS,
            source_code="", source_key=key, subject=subject,
        )  # fmt: skip
        note(entry, actor=SYSTEM, now=now, deed="raise", source=Source.REQUESTS.value)
        take_on(entry, actor=SYSTEM, now=now)
    return entry


def take_on(entry: Entry, *, actor: Actor, now: datetime) -> None:
    """The problem is one: public from here on, in the ledger, its owner's clock runs. The caller holds its row."""
    step_to(entry, State.ACCEPTED, actor=actor, now=now)
    entry.accepted, entry.decided_by_id = now, actor.account_id
    entry.save()
    log.append(
        kind="problem.accepted", code=entry.code, now=now,
        content={"unit": entry.unit.label, "source": entry.source, "title": entry.title,
                 "repeats": entry.repeat_of.code if entry.repeat_of else ""},
    )  # fmt: skip
    note(entry, actor=actor, now=now, deed="accept")
    tell_all(entry, actor=actor, now=now, words=ACCEPTED_WORDS)


def _checked(given: Given) -> tuple[Localized, Localized]:
    title = {code: text.strip() for code, text in given.title.items() if text.strip()}
    text = {code: text.strip() for code, text in given.text.items() if text.strip()}
    if not title or not text:
        raise Problem("Write a short title and what is wrong.")
    if any(len(one) > _TITLE_SIGNS for one in title.values()) or any(len(one) > _TEXT_SIGNS for one in text.values()):
        raise Problem("At most %(title)d signs for the title and %(text)d for the text.", title=_TITLE_SIGNS,
                      text=_TEXT_SIGNS)  # fmt: skip
    if given.about_officer or names_officer(given.unit, [*title.values(), *text.values()]):
        raise Problem(
            "A complaint about one officer goes to the window, where it is protected: the ledger names no person.",
            hint="Bring it as a request and say whom it is about; or write what the union as a whole does wrong.",
        )
    require_no_views({"title": title, "text": text})
    require_clean({"title": title, "text": text})
    return title, text


def _create(
    *, actor: Actor, now: datetime, unit: Unit, title: Localized, text: Localized, tendency: Tendency, source: Source,
    source_code: str, source_key: str, subject: str,
) -> Entry:  # fmt: skip
    entry = Entry(
        code=next_code("PB"), unit=unit, title=title, text=text, tendency=tendency, source=source,
        source_code=source_code.strip().upper(), source_key=source_key, subject=subject, raised=now, clock_from=now,
        raised_by=actor.account_id if source in OFFICE_SOURCES else None,
        repeat_of=_earlier(unit, subject, now) if subject else None,
    )  # fmt: skip
    start_clock(entry, now=now)
    entry.save()
    if entry.source_code:
        link(source=entry.source_code, target=entry.code, now=now)
    log_move(entry, before="", actor=actor, now=now)
    return entry


def _earlier(unit: Unit, subject: str, now: datetime) -> Entry | None:
    """The last closed problem of the same unit and subject within the months that count as coming back."""
    months = value_of(REPEAT_MONTHS, path=unit.path, on=localdate(now))
    since = so_long_before(now, Span(months, SpanUnit.MONTHS))
    rows = Entry.objects.filter(unit=unit, subject=subject, state=State.CLOSED, closed__gte=since)
    return rows.order_by("-closed").first()


def require_impartial(actor: Actor, entry: Entry) -> None:
    """Whoever is tied to the employer concerned decides nothing here (S12)."""
    require_untied(actor, entry.unit.path)
