"""Articles of the rights library with their versions, and the catalogue of services."""

from __future__ import annotations

from qiao.hear.rights.models.articles import Article, Version
from qiao.hear.rights.models.catalogue import Offer, OfferBody

__all__ = ["Article", "Offer", "OfferBody", "Version"]
