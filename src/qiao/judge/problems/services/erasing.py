"""Who raised a problem is forgotten some time after its end; a declined one with its words."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from qiao.judge.problems.choices import State
from qiao.judge.problems.models import Entry, Verdict, Voice
from qiao.org.retention.rules import Erased, Held, Rule
from qiao.org.settings.choices import Kind, Setter
from qiao.org.settings.rules import Setting

PERIOD = Setting[int](
    "keep.problem_voices",
    _("Who raised a problem, from its end"),
    Kind.YEARS,
    default=2,
    lowest=1,
    highest=6,
    note=_("As long as it can be opened again; the problem itself stays, without persons."),
    setter=Setter.FEDERATION,
    action="setting.protect",
)
#: What stands in the place of erased words, which may not be empty.
ERASED = {"zh-hans": "—", "en": "—"}


def erase_voices(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase who raised or checked problems that ended before ``cutoff``, and the words of declined ones."""
    named = Q(person__isnull=False) | Q(account__isnull=False) | Q(receipt__isnull=False)
    there = Exists(Voice.objects.filter(named, entry=OuterRef("pk"))) | Exists(
        Verdict.objects.filter(entry=OuterRef("pk")).exclude(note="")
    )
    ended = Q(state=State.CLOSED, closed__lt=cutoff) | Q(state=State.DECLINED, declined__lt=cutoff)
    due = Entry.objects.filter(ended).filter(there)
    rows = held.leave_out(due, code="code", path="unit__path").order_by("pk")
    found = list(rows.values_list("pk", "code")[:limit])
    keys = [key for key, _code in found]
    # What was said stays as a count: it loses whose it was.
    Verdict.objects.filter(entry__in=keys).update(note="")
    Voice.objects.filter(entry__in=keys, verdicts__isnull=True).delete()
    Voice.objects.filter(entry__in=keys).update(person=None, account=None, receipt=None)
    Voice.objects.filter(entry__in=Entry.objects.filter(pk__in=keys, state=State.DECLINED)).delete()
    Entry.objects.filter(pk__in=keys, state=State.DECLINED).update(title=ERASED, text=ERASED, reason=ERASED)
    return Erased(tuple(f"problems.entry:{code}" for _key, code in found))


VOICES_RULE = Rule(
    "problem_voices",
    _("Who raised problems"),
    erase_voices,
    period=PERIOD,
    purpose=_("Asking those who raised a problem whether it is mended"),
    remains=_("The problem, its remedy, and how many said what"),
)


def forget_person(person_id: int, now: datetime) -> int:
    """A person's voices lose their name; how many did."""
    del now
    return Voice.objects.filter(person_id=person_id).update(person=None)
