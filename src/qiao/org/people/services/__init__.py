"""Everything that is done with a person's data, each asking first whether the actor may."""

from __future__ import annotations

from qiao.org.people.services.accounts import open_account, open_account_by_number, open_member_account
from qiao.org.people.services.campaigns import answer_check, close_campaign, send_checks, start_campaign
from qiao.org.people.services.consents import give_consent, revoke_consent
from qiao.org.people.services.contacts import (
    add_contacts,
    ask_code,
    confirm_contact,
    drop_contact,
    mark_stale,
    send_code,
    set_contact,
)
from qiao.org.people.services.erasing import erase_person
from qiao.org.people.services.identity import check_identity, declare, see_paper_proof
from qiao.org.people.services.looking import find_persons, look, look_at_contacts, note_look
from qiao.org.people.services.numbers import (
    ask_number,
    confirm_number,
    refuse_number,
    send_proof,
    set_numbers,
    show_number,
    stop_number,
    stop_number_by_link,
    warn_contacts,
)
from qiao.org.people.services.requests import decide_request, file_kin_request, file_request, withdraw_request
from qiao.org.people.services.signing_in import code_came_back, send_sign_in_code, way_in
from qiao.org.people.services.telling import carry, choose_channels, open_message, tell

__all__ = [
    "add_contacts",
    "answer_check",
    "ask_code",
    "ask_number",
    "carry",
    "check_identity",
    "choose_channels",
    "close_campaign",
    "code_came_back",
    "confirm_contact",
    "confirm_number",
    "decide_request",
    "declare",
    "drop_contact",
    "erase_person",
    "file_kin_request",
    "file_request",
    "find_persons",
    "give_consent",
    "look",
    "look_at_contacts",
    "mark_stale",
    "note_look",
    "open_account",
    "open_account_by_number",
    "open_member_account",
    "open_message",
    "refuse_number",
    "revoke_consent",
    "see_paper_proof",
    "send_checks",
    "send_code",
    "send_proof",
    "send_sign_in_code",
    "set_contact",
    "set_numbers",
    "show_number",
    "start_campaign",
    "stop_number",
    "stop_number_by_link",
    "tell",
    "warn_contacts",
    "way_in",
    "withdraw_request",
]
