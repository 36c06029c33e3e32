"""What comes into the ledger by itself: bad judgments that were published, patterns in requests. Again is harmless."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext_noop as noop
from django.utils.translation import override

from qiao.base.access import SYSTEM, Actor, Refused
from qiao.base.i18n import LANGUAGES, Localized, in_every_language
from qiao.hear.needs.queries import need_by_code
from qiao.hear.window.choices import Topic
from qiao.hear.window.queries.figures import SMALLEST_CELL
from qiao.judge.evaluations.models import Evaluation
from qiao.judge.problems.choices import Source, Tendency
from qiao.judge.problems.models import Entry
from qiao.judge.problems.queries.patterns import request_patterns
from qiao.judge.problems.rules.settings import PATTERN_COUNT, PATTERN_DAYS
from qiao.judge.problems.services.raising import Judgment, raise_pattern, record_judgment
from qiao.judge.ratings.rules.poor import PoorRating
from qiao.org.settings.queries import federation_path, value_of
from qiao.org.units.models import Unit

_TITLE = noop("Requests about “%(topic)s” are often not solved")
_TEXT = noop(
    "%(unsolved)s askers say that what they brought about “%(topic)s” was not or only partly solved. They were "
    "answered in the %(days)s days to %(day)s."
)
_TEXT_OF = noop(
    "Of %(reached)s askers reached, %(unsolved)s say that what they brought about “%(topic)s” was not or only partly "
    "solved. They were answered in the %(days)s days to %(day)s."
)


def take_up_evaluations(*, actor: Actor, now: datetime) -> int:
    """Every published evaluation with a poor result has its problem; how many are new. Raises Refused."""
    if not actor.system:
        raise Refused("only the clock gathers judgments")
    known = Entry.objects.filter(source=Source.EVALUATION).values("source_code")
    rows = Evaluation.objects.exclude(finding_code="").exclude(code__in=known).select_related("unit").order_by("pk")
    return sum(take_up_evaluation(now=now, evaluation=row) for row in rows)


def take_up_evaluation(*, now: datetime, evaluation: Evaluation) -> bool:
    """The problem of one poor evaluation, whose finding in Hear stands already; whether there is one."""
    if not evaluation.finding_code:
        return False
    _of_finding(
        now=now, unit=evaluation.unit, finding_code=evaluation.finding_code, source=Source.EVALUATION,
        source_code=evaluation.code, subject=f"project:{evaluation.project_code}",
    )  # fmt: skip
    return True


def take_up_rating(found: PoorRating, actor: Actor, now: datetime) -> None:  # noqa: ARG001 - listeners are told who
    """A poor rating of a union by its members is a problem of that union; called in the rating's own transaction."""
    if found.finding_code:
        _of_finding(
            now=now, unit=found.unit, finding_code=found.finding_code, source=Source.RATING, source_code=found.code,
            subject="rating",
        )  # fmt: skip


def _of_finding(
    *, now: datetime, unit: Unit, finding_code: str, source: Source, source_code: str, subject: str
) -> Entry:
    """The problem of a judgment whose finding stands in Hear already: said in the finding's own words."""
    need = need_by_code(finding_code)
    share = need.share or 0.0
    return record_judgment(
        actor=SYSTEM, now=now,
        judgment=Judgment(
            unit=unit, title=need.title, detail=need.detail or need.title, source=source, source_code=source_code,
            share=share, lower=need.lower if need.lower is not None else share,
            upper=need.upper if need.upper is not None else share, n=need.n, rate=need.rate, subject=subject,
        ),
    )  # fmt: skip


def find_patterns(*, actor: Actor, now: datetime) -> int:
    """Topics many of whose askers at one union say that nothing was solved become problems; how many are new.

    Once per union, topic and month, and not while one is open. Raises Refused for anybody but the clock.
    """
    if not actor.system:
        raise Refused("only the clock looks for patterns")
    top, today = federation_path(), localdate(now)
    days = value_of(PATTERN_DAYS, path=top, on=today)
    least = value_of(PATTERN_COUNT, path=top, on=today)
    made = 0
    for found in request_patterns(now=now, days=days, least=least):
        topic = _topic(found.topic)
        # How many were content is told only where it is none or enough of them (handbook P7).
        content = found.reached - found.unsolved
        words = _TEXT_OF if content == 0 or content >= SMALLEST_CELL else _TEXT
        entry = raise_pattern(
            now=now, unit=found.unit, subject=f"topic:{found.topic}",
            key=f"requests:{found.unit.pk}:{found.topic}:{today:%Y-%m}",
            title=in_every_language(_TITLE, topic=topic),
            text=in_every_language(
                words, topic=topic, reached=str(found.reached), unsolved=str(found.unsolved), days=str(days), day=today
            ),
            tendency=Tendency.SERVICE,
        )  # fmt: skip
        made += entry is not None
    return made


def _topic(topic: str) -> Localized:
    texts: Localized = {}
    for code in LANGUAGES:
        with override(code):
            texts[code] = str(Topic(topic).label)
    return texts
