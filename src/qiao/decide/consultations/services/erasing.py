"""What retention erases of consultations: the words of opinions, six years after the close (handbook P8)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from qiao.base.i18n import in_every_language
from qiao.decide.consultations.models import Opinion, Submission
from qiao.org.retention.rules import Erased, Held, Rule
from qiao.org.settings.choices import Kind, Setter
from qiao.org.settings.rules import Setting

WORDS_PERIOD = Setting[int](
    "keep.opinions",
    _("Words of opinions"),
    Kind.YEARS,
    default=6,
    lowest=1,
    highest=10,
    setter=Setter.FEDERATION,
    action="setting.protect",
    note=_("Counted from the close of the consultation."),
)


def erase_words(cutoff: datetime, limit: int, held: Held) -> Erased:
    """Erase words and author of opinions in consultations that closed before ``cutoff``; what became of each stays."""
    due = Opinion.objects.filter(consultation__closed__lt=cutoff).exclude(text="", person=None)
    rows = held.leave_out(due, code="consultation__code", path="consultation__unit__path")
    chosen = list(rows.select_related("consultation").order_by("consultation__closed", "pk")[:limit])
    gone = in_every_language(gettext_noop("their time to be kept is over"))
    for opinion in chosen:
        # The likeness is a hash of the words: it goes with them, and stays different from every other.
        opinion.text, opinion.person, opinion.hidden, opinion.likeness = "", None, [], f"erased:{opinion.pk}"
        opinion.withheld = opinion.withheld or gone
    Opinion.objects.bulk_update(chosen, ["text", "person", "hidden", "likeness", "withheld"])
    gone_opinions = tuple(f"consultations.opinion:{opinion.consultation.code}:{opinion.pk}" for opinion in chosen)
    return Erased(gone_opinions + _erase_statements(cutoff, limit - len(chosen), held))


def _erase_statements(cutoff: datetime, limit: int, held: Held) -> tuple[str, ...]:
    """Words and author of members' statements; those put to the vote stay as statements, which were public."""
    due = Submission.objects.filter(consultation__closed__lt=cutoff).exclude(text="", person=None)
    rows = held.leave_out(due, code="consultation__code", path="consultation__unit__path")
    chosen = list(rows.select_related("consultation").order_by("consultation__closed", "pk")[: max(limit, 0)])
    for row in chosen:
        row.text, row.person, row.hidden, row.likeness = "", None, [], f"erased:{row.pk}"
    Submission.objects.bulk_update(chosen, ["text", "person", "hidden", "likeness"])
    return tuple(f"consultations.submission:{row.consultation.code}:{row.pk}" for row in chosen)


WORDS_RULE = Rule(
    "opinions",
    _("Words of opinions"),
    erase_words,
    period=WORDS_PERIOD,
    purpose=_("An answer to each opinion"),
    remains=_("How many there were, their answers, and what became of them"),
)
