"""Reads of the library, the catalogue and the figures calculators rest on."""

from __future__ import annotations

from qiao.hear.rights.queries.catalogue import catalogue, offer_by_code, offers_for_reports
from qiao.hear.rights.queries.library import (
    Found,
    article_by_code,
    articles_at,
    search_articles,
    suggested,
    versions_of,
    written_by,
)
from qiao.hear.rights.queries.shell import desk_doors, desk_items, unit_panels

__all__ = [
    "Found",
    "article_by_code",
    "articles_at",
    "catalogue",
    "desk_doors",
    "desk_items",
    "offer_by_code",
    "offers_for_reports",
    "search_articles",
    "suggested",
    "unit_panels",
    "versions_of",
    "written_by",
]
