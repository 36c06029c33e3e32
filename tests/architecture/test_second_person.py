"""Who decides is not tied to the employer concerned (S12), and is not who took the step before (P5).

One table for every service of the org and of contact duty that decides on something a unit or a person is affected by.
A service with a new verb fails until the verb is sorted; one that decides, until it stands in the table.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import textwrap
from collections.abc import Iterator
from functools import cache
from types import FunctionType

import qiao.deliver.contacts
import qiao.org
from qiao.base.access import require_other, require_untied

#: What follows in a row of the table: both are asked; only ties are; the system alone does it; or why neither is.
BOTH, TIES, SYSTEM_ONLY = "both", "ties", "the system's clock alone"
#: Reasons of those that ask no tie.
OWN = "the person's own word about themselves"
OPEN = "prepares only: another decides, and the database holds the two apart"
GENERAL = "a rule for a whole subtree, public with its author and reason: no matter of one employer"
INSIDE = "called by a decision that has asked"
FACT = "a fact with its source that others read and contest, not a decision on somebody"
TIME = "ends what is over, by the dates set before"

#: Verbs that decide on something others are affected by; every one of these services stands in the table below.
DECIDING = frozenset({
    "accept", "admit", "answer", "apply", "approve", "ask", "attest", "begin", "carry", "change", "close", "confirm",
    "decide", "declare", "end", "erase", "grant", "issue", "link", "merge", "move", "note", "overturn", "pass", "place",
    "propose", "receive", "record", "refusal", "refuse", "rename", "reopen", "retain", "return", "review", "revoke",
    "say", "see", "set", "take", "undo", "withdraw",
})  # fmt: skip
#: Verbs that read, tell, count, enter a fact or one's own, prepare what another decides, or run by the clock.
OTHER = frozenset({
    "activate", "add", "agree", "answered", "appeal", "assign", "assure", "call", "cancel", "chase", "check", "choose",
    "code", "contest", "correct", "discard", "dissolve", "draft", "draw", "drop", "enter", "expect", "fall", "file",
    "find", "fold", "follow", "found", "give", "hand", "hold", "import", "is", "keep", "leave", "list", "locked",
    "log", "look", "mark", "match", "may", "nominate", "object", "open", "plan", "read", "refresh", "register",
    "report", "require", "revise", "ruling", "run", "same", "search", "send", "show", "sign", "start", "state", "stop",
    "submit", "tell", "unlink", "upload", "warn", "way", "welcome", "write", "written",
})  # fmt: skip

#: Service → what it asks, or why it does not.
TABLE: dict[str, str] = {
    # Joining
    "joining.approve": BOTH,
    "joining.approve_many": BOTH,
    "joining.refuse": BOTH,
    "joining.take_up": TIES,
    "joining.note_identity": BOTH,
    "joining.ask_back": BOTH,
    "joining.say_known": BOTH,
    "joining.pass_on": "passes on to another unit, which is what somebody tied is to do",
    "joining.reopen": "puts a refusal back to be decided by another; the decision asks",
    "joining.refusal_set_aside": INSIDE,
    "joining.confirm_application": OWN,
    "joining.end_cards": OWN,
    "joining.answer_question": OWN,
    "joining.withdraw": OWN,
    # Register
    "membership.confirm_batch": BOTH,
    "membership.undo_batch": TIES,
    "membership.decide_duplicates": OPEN,
    "membership.decide_export": BOTH,
    "membership.ask_export": TIES,
    "membership.take_export": TIES,
    "membership.decide_twin": BOTH,
    "membership.undo_merge": TIES,
    "membership.propose_ruling": TIES,
    "membership.confirm_ruling": BOTH,
    "membership.withdraw_ruling": "takes back what has no effect yet",
    "membership.overturn_ruling": INSIDE,
    "membership.accept_transfer": TIES,
    "membership.withdraw_transfer": "leaves the standing as it was",
    "membership.admit_member": TIES,
    "membership.admit_worker": TIES,
    "membership.admit_held": TIES,
    "membership.place_held": TIES,
    "membership.erase_held": TIES,
    "membership.end_membership": TIES,
    "membership.retain_members": INSIDE,
    "membership.merge_members": INSIDE,
    "membership.confirm_own": OWN,
    "membership.note_told": "only that a member was told",
    "membership.ask_members": "asks members whether their line holds, and decides nothing",
    "membership.close_group": "groups are the union's own work",
    "membership.set_leader": "groups are the union's own work",
    # Units
    "units.begin_preparing": BOTH,
    "units.approve_unit": BOTH,
    "units.refuse_unit": BOTH,
    "units.set_refusal_aside": INSIDE,
    "units.decide_closing": BOTH,
    "units.carry_out_closing": BOTH,
    "units.ask_closing": OPEN,
    "units.propose_unit": OPEN,
    "units.withdraw_proposal": OWN,
    "units.confirm_units": BOTH,
    "units.undo_units": TIES,
    "units.close_unit": TIES,
    "units.take_step": INSIDE,
    "units.link_sector": TIES,
    "units.record_headcount": TIES,
    "units.move_unit": TIES,
    "units.rename_unit": TIES,
    # Elections, mandates
    "elections.confirm_result": BOTH,
    "elections.return_result": BOTH,
    "elections.confirm_meeting": BOTH,
    "elections.withdraw_election": "leaves the term as it is: another election is due",
    "elections.withdraw_candidate": OWN,
    "mandates.record_test": "a tester of another unit, asked by role; the outcome stands as it was drawn",
    "mandates.end_mandate": FACT,
    "mandates.end_term": TIME,
    "mandates.set_channel": FACT,
    "mandates.withdraw_own_channel": OWN,
    "mandates.declare_employer_post": "declares the very tie",
    # Appeals
    "appeals.take_up_appeal": BOTH,
    "appeals.decide_appeal": BOTH,
    "appeals.withdraw_appeal": OWN,
    # People
    "people.decide_request": TIES,
    "people.withdraw_request": OWN,
    "people.revoke_consent": "always the person's right, by whose hand ever it is written down",
    "people.set_contact": FACT,
    "people.ask_number": TIES,
    "people.confirm_number": BOTH,
    "people.refuse_number": BOTH,
    "people.set_numbers": SYSTEM_ONLY,
    "people.see_paper_proof": FACT,
    "people.declare": OWN,
    "people.ask_code": OWN,
    "people.confirm_contact": OWN,
    "people.close_campaign": TIME,
    "people.carry": "carries a message, and decides nothing",
    "people.close_due": SYSTEM_ONLY,
    "people.erase_person": INSIDE,
    "people.note_look": INSIDE,
    "people.note_taking": INSIDE,
    "people.carry_out_upheld": INSIDE,
    # Roles and ties
    "access.grant_role": "nobody grants themselves anything; roles bar each other in the table of rights",
    "access.grant_to_address": INSIDE,
    "access.end_grant": "takes a right away and gives none",
    "access.declare_tie": "declares the very tie",
    "access.end_tie": OWN,
    # Settings, retention
    "settings.set_value": GENERAL,
    "settings.end_value": GENERAL,
    "settings.withdraw_value": GENERAL,
    "settings.set_calendar_years": GENERAL,
    "retention.set_hold": GENERAL,
    "retention.end_hold": GENERAL,
    # Employers
    "workplaces.confirm_batch": BOTH,
    "workplaces.undo_batch": TIES,
    "workplaces.change_employer": TIES,
    "workplaces.close_employer": TIES,
    "workplaces.link_union": TIES,
    "workplaces.end_union_link": TIES,
    # Coverage
    "coverage.set_target": OPEN,
    "coverage.change_target": OPEN,
    "coverage.answer_target": BOTH,
    "coverage.apply_target": TIES,
    "coverage.withdraw_target": "asks less of the unit, and stays to be read",
    "coverage.move_lead": "outreach is the union's own work",
    "coverage.change_campaign": "outreach is the union's own work",
    "coverage.end_campaign": "outreach is the union's own work",
    # Yearbook
    "yearbook.decide_contest": BOTH,
    # Papers upward
    "upward.issue_paper": BOTH,
    "upward.receive_paper": BOTH,
    "upward.review_paper": BOTH,
    "upward.return_paper": BOTH,
    "upward.answer_paper": BOTH,
    "upward.move_on": INSIDE,
    "upward.close_paper": "the asking unit has read its answer",
    "upward.withdraw_paper": OWN,
    "upward.end_demand": "asks less of the base",
    "upward.end_silence": SYSTEM_ONLY,
    # Days at the base
    "contacts.refuse_own": BOTH,
    "contacts.confirm_duty": BOTH,
    "contacts.attest_presence": BOTH,
    "contacts.answer_issue": TIES,
    "contacts.record_outcome": BOTH,
}


def services() -> Iterator[tuple[str, FunctionType]]:
    """Every public function of a service that acts for somebody, by app and name."""
    for package in (qiao.org, qiao.deliver.contacts):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            parts = found.name.split(".")
            if "services" not in parts or "migrations" in parts:
                continue
            module = importlib.import_module(found.name)
            app = parts[parts.index("services") - 1]
            for name, value in vars(module).items():
                if not isinstance(value, FunctionType) or value.__module__ != found.name or name.startswith("_"):
                    continue
                if "actor" in inspect.signature(value).parameters:
                    yield f"{app}.{name}", value


@cache
def calls(function: FunctionType) -> frozenset[FunctionType]:
    """The functions of ours that a function names, itself and through those it names."""
    found: set[FunctionType] = set()
    waiting = [function]
    while waiting:
        now = waiting.pop()
        if now in found:
            continue
        found.add(now)
        for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(now)))):
            if isinstance(node, ast.Name):
                value = now.__globals__.get(node.id)
                if isinstance(value, FunctionType) and value.__module__.startswith("qiao."):
                    waiting.append(value)
    return frozenset(found)


SERVICES = dict(services())


def test_every_verb_is_sorted() -> None:
    verbs = {name.split(".")[1].split("_")[0] for name in SERVICES}
    assert sorted(verbs - DECIDING - OTHER) == []


def test_every_service_that_decides_stands_in_the_table_and_no_other() -> None:
    deciding = {name for name in SERVICES if name.split(".")[1].split("_")[0] in DECIDING}
    assert sorted(deciding - set(TABLE)) == []
    assert sorted(set(TABLE) - set(SERVICES)) == []


def test_what_the_table_says_is_asked_is_asked() -> None:
    wrong = []
    for name, asks in TABLE.items():
        named = calls(SERVICES[name])
        if asks in (BOTH, TIES) and require_untied not in named:
            wrong.append(f"{name} asks no tie")
        if asks == BOTH and require_other not in named:
            wrong.append(f"{name} lets one person take both steps")
    assert wrong == []


def test_who_asks_is_not_called_an_exception() -> None:
    """A reason that no longer holds leaves the table."""
    late = [
        name
        for name, asks in TABLE.items()
        if (asks not in (BOTH, TIES) and require_untied in calls(SERVICES[name]))
        or (asks == TIES and require_other in calls(SERVICES[name]))
    ]
    assert late == []
