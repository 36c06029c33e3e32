"""What the pages of retention show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.records import Door
from qiao.org.retention.models import Hold, LastRun, Proof
from qiao.org.retention.rules import Rule, all_rules
from qiao.org.settings.queries import federation_path, rulings
from qiao.org.settings.rules.registry import all_settings
from qiao.org.settings.rules.words import source_text, value_text


@dataclass(frozen=True, slots=True)
class Line:
    """One class of records: its rule as it stands, what is held, what was erased last."""

    rule: Rule
    keeping: str
    law: str
    is_default: bool
    held: int
    held_until: date | None
    proof: Proof | None
    erased: int
    run: LastRun | None


def table(now: datetime) -> list[Line]:
    """The retention table: four queries, whatever the number of classes."""
    rules = all_rules()
    today = localdate(now)
    periods = rulings([rule.period for rule in rules if rule.period], path=federation_path(), on=today)
    last = Proof.objects.filter(object_class=OuterRef("object_class"), finished__isnull=False).order_by(
        "-started", "-pk"
    )
    proofs = {
        proof.object_class: proof
        for proof in Proof.objects.filter(pk=Subquery(last.values("pk")[:1]), finished__isnull=False)
    }
    erased = dict(Proof.objects.order_by().values_list("object_class").annotate(number=Sum("number")))
    holds = {
        row["object_class"]: (row["held"], row["until"])
        for row in Hold.objects.filter(until__gt=today, ended_at__isnull=True)
        .order_by()
        .values("object_class")
        .annotate(held=Count("pk"), until=Max("until"))
    }
    runs = {run.object_class: run for run in LastRun.objects.all()}
    lines = []
    for rule in rules:
        held, until = holds.get(rule.key, (0, None))
        ruled = periods[rule.period.key] if rule.period else None
        lines.append(
            Line(
                rule=rule,
                keeping=value_text(rule.period, ruled.value) if rule.period and ruled else str(rule.event),
                law=source_text(rule.source or (rule.period.source if rule.period else "")),
                is_default=ruled is not None and ruled.unit_id is None,
                held=held,
                held_until=until,
                proof=proofs.get(rule.key),
                erased=erased.get(rule.key) or 0,
                run=runs.get(rule.key),
            )
        )
    return lines


def open_holds(today: date, actor: Actor) -> QuerySet[Hold]:
    """Holds that stand on a day and are the officer's to see, those that end first on top."""
    standing = Hold.objects.filter(_reached(actor), until__gt=today, ended_at__isnull=True)
    return standing.select_related("unit").order_by("until", "pk")


def ended_holds(today: date, actor: Actor) -> list[Hold]:
    """The newest holds that stand no more and are the officer's to see."""
    ended = Hold.objects.filter(_reached(actor), Q(until__lte=today) | Q(ended_at__isnull=False))
    return list(ended.select_related("unit").order_by("-pk")[:50])


def _reached(actor: Actor) -> Q:
    """Holds on units in the officer's subtrees; those on an object or a whole class are the federation's."""
    top = federation_path()
    reached = Q(unit__isnull=True) if actor.may("retention.hold", top) else Q(pk__in=[])
    for path in actor.paths("retention.hold"):
        reached |= Q(unit__path__startswith=path)
    return reached


def proofs_page(key: str, before: int | None) -> tuple[list[Proof], int | None]:
    """A page of finished proofs of a class (or of all), newest first, and what the next page starts below."""
    rows = Proof.objects.filter(finished__isnull=False).order_by("-pk")
    if key:
        rows = rows.filter(object_class=key)
    if before:
        rows = rows.filter(pk__lt=before)
    found = list(rows[:31])
    for proof in found:
        proof.said = _said(proof.rule)  # type: ignore[attr-defined]
    return found[:30], found[29].pk if len(found) > 30 else None


def _said(rule: str) -> str:
    """The rule a proof was made under, in words: it stands in the ledger as ``keep.looks = 2 y``."""
    key, _is, value = rule.partition(" = ")
    number, _blank, _unit = value.partition(" ")
    setting = next((one for one in all_settings() if one.key == key), None)
    if setting is None or not number.isdecimal():
        return "" if rule == "event" else rule
    return f"{setting.label}: {value_text(setting, int(number))}"


def desk_doors(*, actor: Actor) -> list[Door]:
    """The table and its holds, for those who hold records back."""
    if not actor.may("retention.hold"):
        return []
    return [Door("", _("How long records are kept"), reverse("retention:table"), _("Erasures, proofs and holds"))]
