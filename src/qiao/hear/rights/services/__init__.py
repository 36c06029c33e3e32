"""What is done with articles and services, one use-case each."""

from __future__ import annotations

from qiao.hear.rights.rules.articles import Wording
from qiao.hear.rights.services.articles import (
    check_version,
    confirm_version,
    expire_due,
    note_helpful,
    publish_version,
    revise_article,
    send_back_version,
    withdraw_version,
    write_article,
)
from qiao.hear.rights.services.catalogue import end_offer, end_offer_body, import_offers, keep_offer, keep_offer_body

__all__ = [
    "Wording",
    "check_version",
    "confirm_version",
    "end_offer",
    "end_offer_body",
    "expire_due",
    "import_offers",
    "keep_offer",
    "keep_offer_body",
    "note_helpful",
    "publish_version",
    "revise_article",
    "send_back_version",
    "withdraw_version",
    "write_article",
]
