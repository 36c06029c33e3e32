"""What is held of a person is given to that person: each table that refers to one is in their own data, or says why."""

from __future__ import annotations

import ast
import inspect
import sys
import textwrap
from types import FunctionType

from django.apps import apps
from django.db import models

from qiao.org.people.models import Account, Person
from qiao.org.people.rules import own_data

#: Tables that name who did an act in office: the act stands in the audit log, which is given as "what I did".
ACTS = "acts in office: given from the audit log"
SHORT = "gone within days, and asked about as soon as it becomes a record"
LOOSE = "the link is a secret of the vote: it is not shown, so that nobody can be made to show it"

WHY_NOT: dict[str, str] = {
    "consultations.Sheet": ACTS,
    "allocation.Sheet": ACTS,
    "congress.Breach": ACTS,
    "congress.Congress": ACTS,
    "congress.Constituency": ACTS,
    "congress.DelegateProposal": ACTS,
    "congress.Item": ACTS,
    "congress.ReplyLink": ACTS,
    "congress.Session": ACTS,
    "coverage.Campaign": ACTS,
    "coverage.CoverageScope": ACTS,
    "coverage.LeadLine": ACTS,
    "coverage.TargetVersion": ACTS,
    "decisions.DecidedProposal": ACTS,
    "elections.Election": ACTS,
    "elections.Motion": ACTS,
    "evaluators.Organisation": ACTS,
    "evaluators.Seat": "somebody from outside: their own organisation tells them",
    "evaluations.Promise": ACTS,
    "evaluations.Evaluation": ACTS,
    "mandates.TestContact": ACTS,
    "membership.ImportBatch": ACTS,
    "needs.Candidate": ACTS,
    "needs.Score": ACTS,
    "needs.ScorerSeat": ACTS,
    "membership.MemberExport": ACTS,
    "people.Campaign": ACTS,
    "problems.Entry": ACTS,
    "programmes.Project": ACTS,
    "ratings.CountKey": ACTS,
    "retention.Hold": ACTS,
    "unit_settings.SettingValue": ACTS,
    "workplaces.EmployerBatch": ACTS,
    "workplaces.EmployerHeadcount": ACTS,
    "workplaces.UnitEmployer": ACTS,
    "yearbook.AllocationInput": ACTS,
    "yearbook.Assurance": ACTS,
}
#: Apps whose tables name officers as authors only.
OFFICE_APPS = {"rights": ACTS, "surveys": ACTS, "window": ACTS}


def refers(model: type[models.Model], to: type[models.Model]) -> list[str]:
    """The fields that refer to a person, or to an account."""
    return [field.name for field in model._meta.concrete_fields if field.related_model is to]


def given() -> set[str]:
    """The tables that any giver of own data reads, itself or through a function of its own module."""
    from qiao.org.people.rules import own_data as registry

    found: set[str] = set()
    for _app, giver in sys.modules[registry.__module__]._GIVERS:
        waiting, seen = [giver], set()
        while waiting:
            function = waiting.pop()
            if function in seen:
                continue
            seen.add(function)
            for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(function)))):
                if not isinstance(node, ast.Name):
                    continue
                value = function.__globals__.get(node.id)
                if isinstance(value, type) and issubclass(value, models.Model):
                    found.add(value._meta.label)
                elif isinstance(value, FunctionType) and value.__module__ == giver.__module__:
                    waiting.append(value)
            # Read through the person's own relation.
            if "person.memberships" in inspect.getsource(function):
                found.add("membership.Membership")
    return found


def test_every_table_that_refers_to_a_person_is_given_or_says_why_not() -> None:
    assert own_data is not None
    there = given()
    missing = []
    for model in apps.get_models():
        label = model._meta.label
        if label in there or model in (Person, Account):
            continue
        if refers(model, Person):
            missing.append(f"{label}: refers to a person")
        elif refers(model, Account) and label not in WHY_NOT and model._meta.app_label not in OFFICE_APPS:
            missing.append(f"{label}: refers to an account")
    assert missing == []


def test_no_reason_is_given_for_what_is_there_or_gone() -> None:
    labels = {model._meta.label for model in apps.get_models()}
    assert sorted(set(WHY_NOT) - labels) == []
    assert sorted(set(WHY_NOT) & given()) == []
