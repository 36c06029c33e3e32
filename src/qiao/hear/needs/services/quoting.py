"""Quotes: members' words where they consented, else an analyst's own; never from a small unit, never with traces."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.utils.timezone import localdate

from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.problems import Problem
from qiao.base.redaction import require_clean
from qiao.hear.needs.choices import StepKind
from qiao.hear.needs.models import Quote, TopicSet, TopicText
from qiao.hear.needs.rules import quoting
from qiao.hear.needs.rules.settings import QUOTE_FLOOR
from qiao.hear.needs.services.shaping import locked_topics, note_step
from qiao.org.settings.queries import value_of

#: Quotes shown for a topic at most.
MOST = 5


def quote_text(*, actor: Actor, now: datetime, row_id: UUID, rewritten: Localized | None = None) -> Quote:
    """Approve words for a topic: the text itself, or ``rewritten`` ones that say the same. Twice is harmless.

    Raises Refused; Problem where the writers did not consent to their own words, the unit is too small for any, the
    words are too near to the original, or there are five already; Problems for what looks like personal data.
    """
    row = TopicText.objects.select_related("topic").get(pk=row_id)
    if row.topic is None:
        raise Problem("This text is in no topic.")
    with atomic():
        made, (topic,) = locked_topics(actor, [row.topic.pk])
        floor = value_of(QUOTE_FLOOR, path=made.unit.path, on=localdate(now))
        if not quoting.large_enough(row, floor):
            raise Problem(
                "This text comes from a unit of fewer than %(floor)d members: nothing of it is quoted, in no words.",
                floor=floor,
            )
        original = str(row.text)
        if rewritten is None and not row.may_quote:
            raise Problem("Not everybody who wrote this agreed to be quoted.", hint="Say it in your own words instead.")
        words = rewritten or {_language(original): original.strip()}
        _check(words, original, rewritten is not None)
        before = Quote.objects.filter(topic=topic, words=words, withdrawn__isnull=True).first()
        if before is not None:
            return before
        if Quote.objects.filter(topic=topic, withdrawn__isnull=True).count() >= MOST:
            raise Problem("Five quotes are enough: withdraw one first.")
        quote = Quote.objects.create(
            topic=topic, words=words, rewritten=rewritten is not None, approved=now, approved_by=actor.account_id
        )
        note_step(made, StepKind.QUOTE, [topic], [], actor=actor, now=now, quote=quote.pk)
    return quote


def withdraw_quote(*, actor: Actor, now: datetime, quote_id: int) -> Quote:
    """Show a quote no more, nowhere: also not in digests that are out. Twice is harmless. Raises Refused.

    Whatever became of its topic, and also when the texts are erased: to take words back is never too late.
    """
    found = Quote.objects.select_related("topic").get(pk=quote_id)
    with atomic():
        made = TopicSet.objects.select_for_update(of=("self",)).select_related("unit").get(pk=found.topic.topic_set_id)
        require(actor, "need.publish", made.unit.path)
        quote = Quote.objects.select_related("topic").get(pk=quote_id)
        if quote.withdrawn is None:
            quote.withdrawn = now
            quote.save(update_fields=["withdrawn"])
            note_step(made, StepKind.UNQUOTE, [quote.topic], [], actor=actor, now=now, quote=quote.pk)
    return quote


def _check(words: Localized, original: str, rewritten: bool) -> None:
    if any(len(text) > quoting.LONGEST for text in words.values()):
        raise Problem("A quote has at most %(most)d signs: say it shorter.", most=quoting.LONGEST)
    # Telephones of offices too: a quote is about a need, not about whom to call.
    require_clean({"text": words}, landlines=True)
    named = next((found for text in words.values() if (found := quoting.named(text))), "")
    if named:
        raise Problem(
            "“%(words)s” looks like somebody's name or address.", words=named,
            hint="Say it in your own words, without who it was.",
        )  # fmt: skip
    if rewritten and not all(quoting.is_rewritten(text, original) for text in words.values()):
        raise Problem("This is still what was written: say it in your own words.")


def _language(text: str) -> str:
    return "zh-hans" if any("\u3400" <= sign <= "\u9fff" for sign in text) else "en"
