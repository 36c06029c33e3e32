"""States of consultations and opinions, votes on statements, outcomes of answers (handbook C07)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ConsultationState(models.TextChoices):
    """Where a consultation stands."""

    DRAFT = "draft", _("Draft")
    NOTICED = "noticed", _("Announced")
    OPEN = "open", pgettext_lazy("consultation", "Open")
    CLOSED = "closed", _("Closed, being answered")
    ANSWERED = "answered", _("Answered")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class OpinionState(models.TextChoices):
    """Where an opinion stands."""

    RECEIVED = "received", _("Received")
    GROUPED = "grouped", _("Put together with others")
    ANSWERED = "answered", _("Answered")
    TOLD = "told", _("Answered and told")


class Outcome(models.TextChoices):
    """What became of an opinion; each goes with a reason."""

    ADOPTED = "adopted", _("Adopted")
    PARTLY = "partly", _("Partly adopted")
    NOT_ADOPTED = "not_adopted", _("Not adopted")


class Side(models.IntegerChoices):
    """A vote on a statement."""

    AGREE = 1, _("Agree")
    DISAGREE = -1, _("Disagree")
    PASS = 0, _("Pass")


class Hidden(models.TextChoices):
    """What was hidden in a text before anybody could read it."""

    ID_NUMBER = "id_number", _("an identity number")
    BANK_CARD = "bank_card", _("a bank card number")
    PHONE = "phone", _("a telephone number")
    EMAIL = "email", _("an e-mail address")


class SubmissionState(models.TextChoices):
    """Where a statement stands that a member wrote."""

    WAITING = "waiting", _("Waits for moderation")
    ACCEPTED = "accepted", _("Put to the vote")
    REFUSED = "refused", pgettext_lazy("statement", "Not put to the vote")
    CARRIED = "carried", _("Became an opinion, which is answered")


class Act(models.TextChoices):
    """What moderation did."""

    ACCEPTED = "accepted", _("Put to the vote")
    REFUSED = "refused", pgettext_lazy("statement", "Not put to the vote")
    REMOVED = "removed", _("Taken out of the vote")
    RESTORED = "restored", _("Set right after an appeal")
    WITHHELD = "withheld", _("Words withheld")
    SHOWN = "shown", _("Words shown again")


class ModerationGround(models.TextChoices):
    """Reason codes of the moderation policy: the only grounds there are."""

    PERSONAL = "personal", _("Names or describes a person")
    ABUSE = "abuse", _("Insults, threatens or degrades")
    DUPLICATE = "duplicate", _("Says what another one says already")
    OFF_TOPIC = "off_topic", _("Is not about this consultation")
    NOT_ONE = "not_one", _("Not one claim one can agree with or not")
    ADVERT = "advert", _("Advertises something")


class SuggestionState(models.TextChoices):
    """What became of a suggested group."""

    OPEN = "open", pgettext_lazy("suggestion", "Open")
    TAKEN = "taken", _("Put together")
    REFUSED = "refused", pgettext_lazy("suggestion", "Not taken")


class Channel(models.TextChoices):
    """By which way a person took part (mechanism S6 of the field)."""

    ACCOUNT = "account", _("Signed in")
    CODE = "code", _("With a single-use code")
    PHONE = "phone", _("With a code by SMS")
    PAPER = "paper", _("On a sheet of paper")
    ASSISTED = "assisted", _("Through a helper")


class SlipWay(models.TextChoices):
    """How a code reaches its person."""

    PRINTED = "printed", _("On a printed sheet")
    SENT = "sent", _("By mail or SMS")
    PHONE = "phone", _("By SMS, asked for by number")


class Word(models.TextChoices):
    """How a member confirmed what a helper wrote for them."""

    CODE = "code", _("The member read out the single-use code")
    SIGNATURE = "signature", _("The member signed a sheet that is kept")
    CALL = "call", _("The member confirmed by a call to the number in the register")


class StackState(models.TextChoices):
    """Where a stack of paper sheets stands."""

    TYPING = "typing", _("Being typed")
    VERIFYING = "verifying", _("Being typed again")
    STORED = "stored", pgettext_lazy("stack", "Stored")
