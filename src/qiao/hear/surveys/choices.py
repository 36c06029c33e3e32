"""States and kinds of survey rounds (handbook C04)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RoundState(models.TextChoices):
    """Where a round stands. A round with too few answers ends as failed, with its number of answers.

    ``linked``: every finding that came out of it has been answered by an action or by "no, because".
    """

    PLANNED = "planned", _("Round planned")
    PRIVACY_CHECKED = "privacy_checked", _("Privacy checked")
    SAMPLED = "sampled", _("Sample drawn")
    FIELDING = "fielding", pgettext_lazy("survey round", "Open for answers")
    CLOSED = "closed", _("Round closed")
    WEIGHTED = "weighted", _("Answers weighted")
    PUBLISHED = "published", _("Results published")
    FAILED = "published_as_failed", _("Published as failed")
    LINKED = "linked", _("Every finding answered")


#: States in which the results are out.
OUT = (RoundState.PUBLISHED, RoundState.FAILED, RoundState.LINKED)
#: States in which figures are out, and needs can come out of them.
WITH_RESULTS = (RoundState.PUBLISHED, RoundState.LINKED)
#: States after the last answer.
ENDED = (RoundState.CLOSED, RoundState.WEIGHTED, *OUT)


class Asked(models.TextChoices):
    """Who is asked."""

    CENSUS = "census", _("Every member of the unit")
    SAMPLE = "sample", _("A random sample of the members")
    VOLUNTEERS = "volunteers", _("Whoever wants to answer (volunteers, not representative)")
    BASE_UNIONS = "base_unions", _("Every base union, one answer each by its officers")


class StratumBy(models.TextChoices):
    """What the strata of the sample are."""

    DISTRICT = "district", _("The units directly below")
    HUB = "hub", _("The units two levels below")
    EMPLOYMENT = "employment", _("The kind of employment")
    SECTOR = "sector", _("The sector of the employer")
    UNIT_KIND = "unit_kind", _("The kind of the union")
    NONE = "none", _("Nothing: one draw from all")


class UnionSize(models.TextChoices):
    """How large a base union is, as coarse as it goes onto its answer: known from the register, never asked."""

    TINY = "members_lt25", _("Unions with fewer than 25 members")
    SMALL = "members_25_99", _("Unions with 25 to 99 members")
    MIDDLE = "members_100_299", _("Unions with 100 to 299 members")
    LARGE = "members_300", _("Unions with 300 members or more")


class Design(models.TextChoices):
    """How people are reached for the draw."""

    ELEMENTS = "elements", _("Members, drawn one by one")
    TWO_STAGE = "two_stage", _("Unions first, by their size, then members in each")
    CLUSTERS = "clusters", _("Unions first, then every member in each")


class Allocation(models.TextChoices):
    """How a sample is shared out among the strata."""

    PROPORTIONAL = "proportional", _("In proportion to the members")
    EQUAL = "equal", _("The same number from each")
    NEYMAN = "neyman", _("By size and by how much an earlier round varied (Neyman)")
    GIVEN = "given", _("Numbers given for each")


class WeightMethod(models.TextChoices):
    """To what known totals of the register the weights are fitted."""

    STRATA = "strata", _("The strata")
    RAKE = "rake", _("The strata, and the kinds of employment (raked)")
    CELLS = "cells", _("Every stratum by kind of employment (post-stratified)")
    NONE = "none", _("None: volunteers stand for nobody but themselves")


class Delivery(models.TextChoices):
    """What became of asking one invited person. ``unsure``: the job died in the middle of sending to them."""

    WAITING = "waiting", _("Not asked yet")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Asked by mail or SMS")
    LETTER = "letter", _("Asked on paper")
    UNSURE = "unsure", _("Perhaps not reached")
    UNDELIVERABLE = "undeliverable", _("Could not be reached")


class Mode(models.TextChoices):
    """By which way somebody was approached, as coarse as it goes onto the answer."""

    WEB = "web", _("Online")
    PAPER = "paper", _("By letter or slip")
    PHONE = "phone", _("By telephone")


class CheckOutcome(models.TextChoices):
    """What the data protection officer found of a plan."""

    PASSED = "passed", _("May go on")
    REFUSED = "refused", _("Goes back to the owner")


class CallOutcome(models.TextChoices):
    """How the last call ended. Whoever was interviewed has no outcome: that an answer came stands in the invitation."""

    NONE = "none", _("Not called yet")
    NO_ANSWER = "no_answer", _("Nobody answered")
    APPOINTMENT = "appointment", _("Appointment made")
    REFUSED = "refused", _("Does not want to take part")
    WRONG_NUMBER = "wrong_number", _("Wrong number")


class BatchState(models.TextChoices):
    """Where a stack of paper questionnaires stands."""

    TYPING = "typing", _("Being typed")
    VERIFYING = "verifying", _("A share is typed again")
    STORED = "stored", _("Stored")
    DISCARDED = "discarded", _("Discarded")


class Origin(models.TextChoices):
    """Where a version of a questionnaire came from."""

    FILE = "file", _("Uploaded file")
    EDITOR = "editor", _("Written here")


class DraftAct(models.TextChoices):
    """What was done to a draft."""

    BEGIN = "begin", _("Begun")
    ADD = "add", _("Question added")
    CHANGE = "change", _("Question changed")
    MOVE = "move", _("Question moved")
    COPY = "copy", _("Question copied")
    REMOVE = "remove", _("Question removed")
    BANK = "bank", _("Taken from the question bank")
    SETTINGS = "settings", _("Title and languages changed")
    UNDO = "undo", _("Gone back to an earlier state")


class Topic(models.TextChoices):
    """What an item of the question bank is about."""

    WORK = "work", _("Work situation")
    NEEDS = "needs", _("Needs")
    AWARENESS = "awareness", _("Awareness")
    PARTICIPATION = "participation", _("Participation")
    SATISFACTION = "satisfaction", _("Satisfaction")
    OTHER = "other", _("Other items")
