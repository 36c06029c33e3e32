"""Reads of needs, topics, digests and candidates."""

from __future__ import annotations

from qiao.hear.needs.queries.candidates import candidate_by_code, sheet_by_code
from qiao.hear.needs.queries.loop import loop_report
from qiao.hear.needs.queries.reading import (
    awaits,
    became,
    board,
    figure,
    figure_table,
    figure_text,
    follows,
    may_see,
    need_by_code,
    overdue_count,
    published_needs,
    quotes_of_need,
    range_text,
)
from qiao.hear.needs.queries.shell import desk_doors, desk_items, open_items, stations
from qiao.hear.needs.queries.texts import FreeText, TextSource, register_texts, text_sources, texts_of
from qiao.hear.needs.queries.trend import trend_of

__all__ = [
    "FreeText",
    "TextSource",
    "awaits",
    "became",
    "board",
    "candidate_by_code",
    "desk_doors",
    "desk_items",
    "figure",
    "figure_table",
    "figure_text",
    "follows",
    "loop_report",
    "may_see",
    "need_by_code",
    "open_items",
    "overdue_count",
    "published_needs",
    "quotes_of_need",
    "range_text",
    "register_texts",
    "sheet_by_code",
    "stations",
    "text_sources",
    "texts_of",
    "trend_of",
]
