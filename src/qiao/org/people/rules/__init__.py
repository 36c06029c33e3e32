"""What contacts look like, what is consented to, who belongs where, and what other apps tell this one."""

from __future__ import annotations

from qiao.org.people.rules.consent_texts import NOT_REVOCABLE_ALONE, SWITCHES, ConsentText, current_text, text_of
from qiao.org.people.rules.contacts import masked, normal_contact, normal_identity, normal_mail, normal_mobile
from qiao.org.people.rules.erasing import Bar, bars_of, erasers, register_bars, register_eraser
from qiao.org.people.rules.own_data import OwnGroup, OwnLine, own_data, register_own_data
from qiao.org.people.rules.records import record_label, register_record
from qiao.org.people.rules.settings import ANSWER_WITHIN, ASK_AGAIN, LINK_HOLDS, NUMBER_WAIT
from qiao.org.people.rules.telling import CONSENT_OF, TRIES, USUAL_ORDER, plan

__all__ = [
    "ANSWER_WITHIN",
    "ASK_AGAIN",
    "CONSENT_OF",
    "LINK_HOLDS",
    "NOT_REVOCABLE_ALONE",
    "NUMBER_WAIT",
    "SWITCHES",
    "TRIES",
    "USUAL_ORDER",
    "Bar",
    "ConsentText",
    "OwnGroup",
    "OwnLine",
    "bars_of",
    "current_text",
    "erasers",
    "masked",
    "normal_contact",
    "normal_identity",
    "normal_mail",
    "normal_mobile",
    "own_data",
    "plan",
    "record_label",
    "register_bars",
    "register_eraser",
    "register_own_data",
    "register_record",
    "text_of",
]
