"""Ownership, sectors, states of employers; where a headcount comes from; the words of the import (S11)."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qiao.base.denylist import DeniedClass


class Ownership(models.TextChoices):
    """Kinds of ownership, as the yearly table counts unions by them."""

    STATE = "state", _("State-owned enterprise")
    COLLECTIVE = "collective", _("Collective enterprise")
    PRIVATE = "private", _("Private enterprise")
    SHARES = "shares", _("Company limited by shares")
    FOREIGN = "foreign", _("Foreign, Hong Kong, Macao or Taiwan investment")
    INSTITUTION = "institution", _("Public institution")
    OFFICE = "office", _("Government office")
    SOCIAL = "social", _("Social organisation")
    SOLE = "sole", _("Self-employed business")


class Sector(models.TextChoices):
    """Sectors, as the sector unions of the federation are cut."""

    A = "S-A", _("Manufacturing")
    B = "S-B", _("Building")
    C = "S-C", _("Transport and delivery")
    D = "S-D", _("Trade and catering")
    E = "S-E", _("Education")
    F = "S-F", _("Health")
    G = "S-G", _("Administration and utilities")
    H = "S-H", _("Finance, technology, other")


class EmployerState(models.TextChoices):
    """Whether an employer still employs anybody."""

    OPEN = "open", pgettext_lazy("employer", "In business")
    CLOSED = "closed", pgettext_lazy("employer", "Closed down")


class CountSource(models.TextChoices):
    """Where a headcount comes from."""

    REGISTER = "register", _("Public register")
    ANSWER = "answer", _("Answer of the employer's office")
    VISIT = "visit", _("Counted at a visit")
    RETURN = "return", _("Return of the unit above")
    IMPORT = "import", _("Imported table")


class CountKind(models.TextChoices):
    """Kinds of employment a headcount tells apart."""

    DIRECT = "direct", _("Direct employment")
    AGENCY = "agency", _("Agency (dispatched) work")
    PLATFORM = "platform", _("Platform work")


class Field(models.TextChoices):
    """What a column of an imported table of employers may hold."""

    NAME = "name", _("Name of the employer")
    REG_CODE = "reg_code", _("Unified social credit code")
    PLACE = "place", _("Label of the hub or district")
    SECTOR = "sector", _("Sector")
    OWNERSHIP = "ownership", _("Ownership")
    DIRECT = "direct", _("Employees, direct")
    AGENCY = "agency", _("Employees from agencies")
    PLATFORM = "platform", _("Workers by platform")
    OPENED = "opened", _("Opened on")
    OFFICE = "office", _("Office that answers")


class BatchState(models.TextChoices):
    """Where an import of employers stands."""

    UPLOADED = "uploaded", _("Uploaded")
    MATCHED = "matched", _("Columns matched")
    WAITING = "waiting", _("Waiting for the second person")
    CONFIRMED = "confirmed", _("Confirmed")
    UNDONE = "undone", _("Undone")
    DISCARDED = "discarded", _("Discarded")


class Verdict(models.TextChoices):
    """What becomes of one row of an import."""

    RAW = "raw", _("Not read yet")
    NEW = "new", pgettext_lazy("employer", "New")
    KNOWN = "known", pgettext_lazy("employer", "Known, gets the headcount")
    FAULT = "fault", _("Faulty")


#: The classes of the deny-list as a person reads them.
DENIED_LABELS: Mapping[str, str | Promise] = {
    DeniedClass.ETHNICITY.value: _("Ethnicity"),
    DeniedClass.RELIGION.value: _("Religion"),
    DeniedClass.PARTY.value: _("Party membership"),
    DeniedClass.OPINION.value: _("Opinion or ideology"),
    DeniedClass.SECURITY.value: _("Security or stability mark"),
    DeniedClass.TRACES.value: _("Traces and images"),
}
