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
from qiao.org.people.queries.homes import Home, home_of, homes_of, members_under
from qiao.org.people.queries.looks import looks_of
from qiao.org.people.queries.messages import channel_order, messages_of, unread_count
from qiao.org.people.queries.shell import desk_doors, desk_items, own_doors, receipt_state, unit_doors

__all__ = [
    "Home",
    "channel_order",
    "consent_states",
    "consents_in_force",
    "contacts_of",
    "declared_sex",
    "desk_doors",
    "desk_items",
    "freshness",
    "has_consent",
    "home_of",
    "homes_of",
    "looks_of",
    "members_under",
    "messages_of",
    "own_doors",
    "persons_by_contact",
    "persons_by_contacts",
    "persons_by_identities",
    "persons_by_identity",
    "persons_consenting",
    "receipt_state",
    "unit_doors",
    "unread_count",
]
