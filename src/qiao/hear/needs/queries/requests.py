"""Requests at the window as a source of the digest and of topics."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from qiao.base.i18n import localized
from qiao.base.problems import Problem
from qiao.hear.needs.queries.texts import FreeText
from qiao.hear.needs.rules import Line
from qiao.hear.window.queries import texts_for_topics, topic_counts

#: How a stretch of requests is named among the sources of topics: "requests:2026-01-01:2026-03-31".
PREFIX = "requests:"


def request_lines(*, path: str, since: date, until: date) -> list[Line]:
    """Requests by topic; those the window hides come without a number."""
    return [
        Line(
            key=f"request:{row.topic}",
            title=row.label,
            count=row.n,
            note=localized(f"共 {row.total} 件", f"of {row.total} requests"),
            delicate=True,
        )
        for row in topic_counts(path, since, until)
    ]


def request_texts(code: str, path: str) -> Sequence[FreeText]:
    """The words of requests of a stretch of days, names and numbers taken out. Nobody agreed to be quoted.

    Raises Problem for a code that names no days.
    """
    try:
        since, until = (date.fromisoformat(part) for part in code.removeprefix(PREFIX).split(":"))
    except ValueError:
        raise Problem("Name the days of requests as requests:2026-01-01:2026-03-31.") from None
    return [
        # Who asked is not read: the same words in a hundred requests may be one person's, and count once.
        FreeText(code[:32], row.text, None, may_quote=False, members=0)
        for row in texts_for_topics(path, since, until)
    ]
