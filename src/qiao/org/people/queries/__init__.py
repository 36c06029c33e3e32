"""Reading persons, and what the shell asks this app for."""

from __future__ import annotations

from qiao.org.people.queries.consents import consent_states, consents_in_force, has_consent, persons_consenting
from qiao.org.people.queries.contacts import (
    contacts_of,
    declared_sex,
    freshness,
    persons_by_contact,
    persons_by_contacts,
    persons_by_identities,
    persons_by_identity,
)
from qiao.org.people.queries.messages import channel_order, messages_of, unread_count

__all__ = [
    "channel_order",
    "consent_states",
    "consents_in_force",
    "contacts_of",
    "declared_sex",
    "freshness",
    "has_consent",
    "messages_of",
    "persons_by_contact",
    "persons_by_contacts",
    "persons_by_identities",
    "persons_by_identity",
    "persons_consenting",
    "unread_count",
]
