"""What the register forgets: at an erasure all but name and dates, and in time also these (handbook P8)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, Max, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from qiao.base.access import SYSTEM
from qiao.org.membership.choices import ExportState, TwinState
from qiao.org.membership.models import Hold, ImportRow, MemberExport, Membership, StandingRuling, Twin
from qiao.org.people.models import Person
from qiao.org.people.queries.bars import person_code
from qiao.org.people.rules import bars_of
from qiao.org.people.services import erase_person
from qiao.org.retention.rules import Erased, Held, Rule
from qiao.org.settings.choices import Kind, Setter
from qiao.org.settings.rules import Setting

FORMER_PERIOD = Setting[int](
    "keep.former_members", _("Names and dates of former members"), Kind.YEARS,
    default=6, lowest=1, highest=10, setter=Setter.FEDERATION, action="setting.protect",
    note=_("Counted from the day the last standing ended."),
)  # fmt: skip
REST_PERIOD = Setting[int](
    "keep.former_rest", _("What of former members goes beyond name and dates"), Kind.MONTHS,
    default=6, lowest=1, highest=24, setter=Setter.FEDERATION, action="setting.protect",
    note=_("Counted from the day the last standing ended; earlier where the person asks for it."),
)  # fmt: skip
EXPORT_PERIOD = Setting[int](
    "keep.member_exports", _("Requests for exports of the register"), Kind.YEARS,
    default=1, lowest=1, highest=6, setter=Setter.FEDERATION, action="setting.protect",
    note=_("Counted from the end of the export, or from the refusal."),
)  # fmt: skip
#: What a record without a name is called in the register; a sign that stands in every language.
NAMELESS = "—"


def forget_person(person_id: int, now: datetime) -> int:
    """Leave unit, kind and dates of each stretch; employer, group, notices, imports and comparisons go. How many rows.

    Rulings stay their six years: they answer appeals. Called in the transaction of the erasure; again is harmless.
    """
    number = Membership.objects.filter(person_id=person_id, until__isnull=False).update(
        employer=None, group=None, told=None, confirmed=None, batch=None, bound_employer=None, transfer_confirmed=""
    )
    number += Hold.objects.filter(person_id=person_id).delete()[0]
    number += ImportRow.objects.filter(person_number=person_id).delete()[0]
    pairs = Twin.objects.filter(Q(left_id=person_id) | Q(right_id=person_id))
    number += pairs.filter(state__in=[TwinState.DIFFERENT, TwinState.UNDONE]).delete()[0]
    # A merger is undone no more: the record that was merged is erased with the next run.
    number += pairs.filter(state=TwinState.MERGED, undo_until__gt=now).update(undo_until=now)
    return number


def _ended(cutoff: datetime, held: Held, *, standing: bool) -> list[int]:
    """Persons whose last standing ended before ``cutoff`` and whom nothing holds."""
    running = Membership.objects.filter(person=OuterRef("pk"), until__isnull=True)
    people = (
        Person.objects.filter(~Exists(running), memberships__isnull=False)
        .annotate(last=Max("memberships__until"))
        .filter(last__lt=cutoff.date())
        .exclude(name=NAMELESS)
    )
    if held.everything:
        return []
    kept = [int(code[1:]) for code in held.codes if code[:1] == "M" and code[1:].isdecimal()]
    people = people.exclude(pk__in=kept)
    for path in held.paths:
        people = people.exclude(Exists(Membership.objects.filter(person=OuterRef("pk"), unit__path__startswith=path)))
    if standing:
        people = people.filter(
            Q(contacts__isnull=False)
            | Q(identity__isnull=False)
            | Q(declaration__isnull=False)
            | Q(account__isnull=False)
            | Exists(Membership.objects.filter(Q(person=OuterRef("pk")), ~Q(employer=None) | ~Q(group=None)))
        )
    return list(people.order_by("pk").values_list("pk", flat=True).distinct())


def erase_rest(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase of former members what goes beyond name and dates, as an erasure on request would."""
    done: list[str] = []
    for number in _ended(cutoff, held, standing=True):
        if len(done) == limit:
            break
        if bars_of(number, held.at):
            continue
        erase_person(actor=SYSTEM, now=held.at, person=Person.objects.get(pk=number))
        done.append(f"membership.rest:{number}")
    return Erased(tuple(done))


def erase_former(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Take name and ruling from who left so long ago; the dates of a nameless number stay for the counts."""
    done: list[str] = []
    for number in _ended(cutoff, held, standing=False):
        if len(done) == limit:
            break
        if bars_of(number, held.at):
            continue
        person = Person.objects.select_for_update().get(pk=number)
        erase_person(actor=SYSTEM, now=held.at, person=person)
        StandingRuling.objects.filter(person=person).delete()
        person.name = NAMELESS
        person.save(update_fields=["name"])
        done.append(f"membership.former:{number}")
    return Erased(tuple(done))


def erase_merged(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase records that were merged into another and can no longer be undone, with the trace of the merge."""
    due = Twin.objects.filter(state=TwinState.MERGED, undo_until__lt=cutoff).exclude(trace={})
    rows = held.leave_out(due, path="left_unit__path").order_by("pk").select_related("right")[:limit]
    done = []
    for twin in rows:
        code = person_code(twin.right_id)
        if held.covers(code=code):
            continue
        erase_person(actor=SYSTEM, now=held.at, person=twin.right)
        Person.objects.filter(pk=twin.right_id).update(name=NAMELESS)
        Twin.objects.filter(pk=twin.pk).update(trace={}, signs={})
        done.append(f"membership.merged:{twin.pk}")
    return Erased(tuple(done))


def erase_exports(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase requests for exports whose time has run out, that were refused or called back."""
    due = MemberExport.objects.filter(
        Q(state=ExportState.APPROVED, expires__lt=cutoff)
        | Q(state__in=[ExportState.REFUSED, ExportState.RECALLED], decided__lt=cutoff)
        | Q(state=ExportState.ASKED, asked__lt=cutoff)
    )
    rows = list(held.leave_out(due, code="code", path="unit__path").order_by("pk").values_list("pk", "code")[:limit])
    MemberExport.objects.filter(pk__in=[key for key, _code in rows]).delete()
    return Erased(tuple(f"membership.export:{code}" for _key, code in rows))


RULES = (
    Rule(
        "former_rest", _("What of former members goes beyond name and dates"), erase_rest, period=REST_PERIOD,
        purpose=_("Coming back soon without starting anew"), remains=_("Name, unit and dates"),
    ),
    Rule(
        "former_members", _("Names and dates of former members"), erase_former, period=FORMER_PERIOD,
        purpose=_("Proof of rights from the membership"), remains=_("Dates under a number without a name"),
    ),
    Rule(
        "merged_records", _("Records merged into another"), erase_merged,
        event=_("to the end of the time in which a merger can be undone"),
        purpose=_("Undoing a wrong merger"), remains=_("That two records were one"),
    ),
    Rule(
        "member_exports", _("Requests for exports of the register"), erase_exports, period=EXPORT_PERIOD,
        purpose=_("Who took what out, and why"), remains=_("The rows of the audit log"),
    ),
)  # fmt: skip
