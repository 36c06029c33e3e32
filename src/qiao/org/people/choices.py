"""Kinds and states of what is known about a person, and of what passes between them and the platform."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ContactKind(models.TextChoices):
    """Ways to reach a person outside the platform."""

    MOBILE = "mobile", _("Mobile number")
    MAIL = "mail", _("E-mail address")


class ContactState(models.TextChoices):
    """How sure it is that a contact reaches the person."""

    UNCONFIRMED = "unconfirmed", _("Not confirmed")
    CONFIRMED = "confirmed", _("Confirmed")
    STALE = "stale", _("Reaches nobody")


class Source(models.TextChoices):
    """Who gave what is stored."""

    SELF = "self", _("Given by the person")
    OFFICER = "officer", _("Entered by an officer")
    IMPORT = "import", _("Taken over from a table")


class CheckWay(models.TextChoices):
    """How it was made sure that the person is who they say (real-name register)."""

    NUMBER = "number", _("Identity number checked")
    PAPER = "paper", _("Paper proof seen")


class Sex(models.TextChoices):
    """As the person says it; for the share of women only."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    OTHER = "other", _("Other")


class ConsentKind(models.TextChoices):
    """Consents (handbook P6): each for one purpose, dated, and taken back at any time.

    Those for one channel each begin with ``channel_``.
    """

    JOIN = "join", _("Membership")
    IDENTITY_CHECK = "identity_check", _("Check of who I am")
    SENSITIVE_AID = "sensitive_aid", _("Health, money and household for aid")
    MEANS_CHECK = "means_check", _("Asking the civil affairs office about my means")
    CHILD_DATA = "child_data", _("Data of my child under 14")
    HOME_VISIT = "home_visit", _("A visit at home")
    PAIRING = "pairing", _("A helper at my side")
    CONTACT_BY_HELPER = "contact_by_helper", _("My helper may contact me")
    SHARE_CASE = "share_case", _("Passing my case on")
    REPRESENT = "represent", _("Acting for me")
    PUBLISH_NAME = "publish_name", _("Publishing my name")
    SEE_BY_OTHER_UNIT = "see_by_other_unit", _("Another unit may open my record")
    CHANNEL_MAIL = "channel_mail", _("Messages by e-mail")
    CHANNEL_SMS = "channel_sms", _("Messages by SMS")


class Channel(models.TextChoices):
    """Where a message is carried."""

    INBOX = "inbox", _("On the platform")
    MAIL = "mail", _("E-mail")
    SMS = "sms", _("SMS")


class DeliveryState(models.TextChoices):
    """What has become of a message on one channel."""

    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    SKIPPED = "skipped", _("Not needed")


class CampaignState(models.TextChoices):
    """Where a data check stands."""

    OPEN = "open", _("Under way")
    CLOSED = "closed", _("Closed")


class LinkState(models.TextChoices):
    """What has become of one person's link in a data check."""

    WAITING = "waiting", _("Not sent yet")
    SENT = "sent", _("Sent")
    UNREACHED = "unreached", _("Reached nobody")
    CONFIRMED = "confirmed", _("Confirmed")
    CORRECTED = "corrected", _("Corrected")
    EXPIRED = "expired", _("Expired")


class NumberState(models.TextChoices):
    """Where a change of a lost number stands."""

    ASKED = "asked", pgettext_lazy("number", "Asked for")
    SHOWN = "shown", pgettext_lazy("number", "The new number is shown")
    CONFIRMED = "confirmed", pgettext_lazy("number", "Confirmed by a second person")
    SET = "set", pgettext_lazy("number", "The new number holds")
    REFUSED = "refused", _("Refused")
    STOPPED = "stopped", pgettext_lazy("number", "Stopped by the member")
    EXPIRED = "expired", _("Expired")


class RequestKind(models.TextChoices):
    """What a person, or their next of kin, may ask of the one who answers for data protection."""

    CORRECTION = "correction", _("Correction")
    ERASURE = "erasure", _("Erasure")
    KIN_ACCESS = "kin_access", _("Access by next of kin")


class RequestState(models.TextChoices):
    """Where such a request stands."""

    FILED = "filed", _("Filed")
    GRANTED = "granted", _("Granted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class RefusalGround(models.TextChoices):
    """Why something may not be erased or given."""

    STANDING = "standing", _("The membership still stands: end it first")
    LEGAL_DUTY = "legal_duty", _("A law says that it is kept")
    HOLD = "hold", _("An open case or a court holds it")
    UNPROVEN = "unproven", _("It is not shown that this is so, or who asks")
