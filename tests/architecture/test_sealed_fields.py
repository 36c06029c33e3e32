"""What reaches a person, or tells who they are, is never stored in the open."""

from __future__ import annotations

import re

from django.apps import apps
from django.db import models
from django.utils.translation import override

from qiao.base.vault import EncryptedTextField, FingerprintField

SENSITIVE = re.compile(
    r"phone|mobile|e?mail|contact|address|identity|id_number|bank|iban|account_number", re.IGNORECASE
)
#: What stands in the open, and why. Everything else of these names is sealed or a keyed hash.
OPEN = {
    # What one signs in with, which the database must find and hold unique.
    "people.Account.email", "account.EmailAddress.email",
    # Public channels of offices and organisations, never of persons.
    "mandates.Mandate.office_mail", "mandates.Mandate.office_phone",
    "evaluators.Organisation.contact", "evaluators.Organisation.phone",
    "rights.OfferBody.address", "rights.OfferBody.phone",
    # How it was checked who somebody is: a word of a short list, and the last four signs that tell nobody.
    # Or whether somebody is named, confidential or anonymous.
    "window.Request.identity",
    "joining.Application.identity", "membership.ImportRow.identity_tail",
    # Kind of contact, not the contact.
    "joining.Application.contact_kind",
    # The sheet on which mystery contacts of an office are scored, and the root over what was found.
    "evaluations.Evaluation.contact_sheet", "evaluations.Evaluation.contacts_root",
    # To which office a paper goes.
    "upward.Paper.addressee",
}  # fmt: skip
TEXT = (models.CharField, models.TextField, models.JSONField, models.EmailField)


def test_no_contact_or_identity_is_stored_in_the_open() -> None:
    found = set()
    with override("en"):
        for model in apps.get_models():
            for field in model._meta.concrete_fields:
                named = f"{field.name} {getattr(field, 'verbose_name', '')}"
                if not isinstance(field, TEXT) or isinstance(field, (EncryptedTextField, FingerprintField)):
                    continue
                if SENSITIVE.search(named):
                    found.add(f"{model._meta.label}.{field.name}")
    assert sorted(found - OPEN) == []


def test_the_exceptions_exist() -> None:
    there = {
        f"{model._meta.label}.{field.name}" for model in apps.get_models() for field in model._meta.concrete_fields
    }
    assert sorted(OPEN - there) == []
