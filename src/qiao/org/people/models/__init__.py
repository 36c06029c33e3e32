"""Persons, accounts, and what belongs to a person: contacts, identity, consents, looks, messages, requests."""

from __future__ import annotations

from qiao.org.people.models.campaigns import Campaign, CheckLink
from qiao.org.people.models.consents import Consent
from qiao.org.people.models.contacts import Contact, Declaration, IdentityCheck
from qiao.org.people.models.looks import Look
from qiao.org.people.models.messages import ChannelOrder, Delivery, PersonMessage
from qiao.org.people.models.numbers import NumberChange
from qiao.org.people.models.person import Account, AccountManager, Person
from qiao.org.people.models.requests import DataRequest

__all__ = [
    "Account",
    "AccountManager",
    "Campaign",
    "ChannelOrder",
    "CheckLink",
    "Consent",
    "Contact",
    "DataRequest",
    "Declaration",
    "Delivery",
    "IdentityCheck",
    "Look",
    "NumberChange",
    "Person",
    "PersonMessage",
]
