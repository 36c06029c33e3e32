"""Classes, states and outcomes of requests (handbook C05), of the counter and of appointments."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What the asker wants (``req.classes``)."""

    QUESTION = "question", _("A question")
    SOLUTION = "solution", _("Something to be put right")
    SUGGESTION = "suggestion", _("A suggestion")


class Topic(models.TextChoices):
    """What it is about (the topics of work orders, handbook 4.3)."""

    PAY = "pay", _("Pay")
    INSURANCE = "insurance", _("Insurance")
    CONTRACT = "contract", _("Contract and dismissal")
    HOURS = "hours", _("Hours and leave")
    SAFETY = "safety", _("Safety and injury")
    MEMBERSHIP = "membership", _("Membership")
    AID = "aid", _("Aid")
    SERVICE = "service", _("The union and its services")
    OTHER = "other", pgettext_lazy("topic", "Something else")


class Channel(models.TextChoices):
    """How it came in; the receipt is the same for all."""

    WEB = "web", _("Web page")
    COUNTER = "counter", _("Counter")
    PHONE = "phone", _("Telephone")
    PAPER = "paper", _("On paper")
    MAIL = "mail", _("By e-mail")
    VISIT = "visit", _("Officer's visit")
    API = "api", _("Another system")


#: Entered by an officer for the asker (S6).
ASSISTED = (Channel.COUNTER, Channel.PHONE, Channel.PAPER, Channel.MAIL)


class Identity(models.TextChoices):
    """What the union may know of the asker."""

    ANONYMOUS = "anonymous", _("Without a name")
    CONFIDENTIAL = "confidential", _("In confidence")
    NAMED = "named", _("With my name")


class About(models.TextChoices):
    """Whom a complaint is about: it keeps the matter from those concerned."""

    NOBODY = "", _("Nobody in particular")
    EMPLOYER = "employer", _("My employer")
    UNION = "union", _("My workplace union or one of its officers")


class State(models.TextChoices):
    """Where a request stands."""

    RECEIVED = "received", _("Received")
    ANSWERED_AT_ONCE = "answered_at_once", _("Answered at once")
    WORK_ORDER = "work_order", _("Work order")
    ASSIGNED = "assigned", _("Assigned")
    RETURNED = "returned", pgettext_lazy("request", "Returned")
    ACCEPTED = "accepted", pgettext_lazy("request", "Taken on")
    IN_HAND = "in_hand", _("In hand")
    EXTENDED = "extended", _("Extended")
    ANSWERED = "answered", _("Answered")
    CALLED_BACK = "called_back", _("Called back")
    RATED = "rated", _("Rated")
    REOPENED = "reopened", _("Reopened")
    ESCALATED = "escalated", _("Before appeal")
    HANDED_OVER = "handed_over", _("Handed to another office")
    LINKED = "linked", _("Joined to another request")
    CLOSED = "closed", pgettext_lazy("request", "Closed")


#: Waits at a desk for triage.
AT_DESK = (State.RECEIVED, State.WORK_ORDER, State.RETURNED, State.REOPENED)
#: Lies with a handler.
WORKED = (State.ASSIGNED, State.ACCEPTED, State.IN_HAND, State.EXTENDED)
#: Answered and to be asked whether it helped.
TO_CHECK = (State.ANSWERED, State.CALLED_BACK, State.RATED)
#: The clock of the promised answer runs.
RUNNING = (*AT_DESK, *WORKED)
#: Not at its end.
OPEN = (*RUNNING, *TO_CHECK, State.ESCALATED)
#: At an end.
ENDED = (State.ANSWERED_AT_ONCE, State.HANDED_OVER, State.LINKED, State.CLOSED)


class TimeClass(models.TextChoices):
    """How much time an answer may take (``req.time_classes``)."""

    GENERAL = "general", _("General")
    HARD = "hard", _("Hard")
    SPECIAL = "special", _("Specially complex")


class Outcome(models.TextChoices):
    """What the asker says of the answer."""

    SOLVED = "solved", _("Solved")
    PARTLY = "partly", _("Partly solved")
    NOT_SOLVED = "not_solved", _("Not solved")
    NOT_REACHED = "not_reached", _("Nobody reached")


class Grade(models.IntegerChoices):
    """The five grades of the rating of a service."""

    VERY_BAD = 1, _("Very bad")
    BAD = 2, _("Bad")
    FAIR = 3, _("Fair")
    GOOD = 4, _("Good")
    VERY_GOOD = 5, _("Very good")


class Words(models.TextChoices):
    """What a message of the thread is, and so who reads it."""

    MESSAGE = "message", _("Message")
    ANSWER = "answer", _("Answer")
    NOTE = "note", _("Note of the office")


class Why(models.TextChoices):
    """Why a request came to a body: the officer reads it."""

    RULE = "rule", _("A rule of receivers names this body.")
    WORKPLACE = "workplace", _("It is the union at the asker's workplace.")
    PLACE = "place", _("It is the body of the place the asker named.")
    EMPLOYER_PLACE = "employer_place", _("The employer lies in its area and has no union.")
    BYPASS = "bypass", _("The asker wants it kept from the union at the workplace.")
    TIED = "tied", _("Those who would handle it below are tied to the employer it is about.")
    NO_DESK = "no_desk", _("The body below has nobody at a window.")
    TOP = "top", _("The asker named neither place nor employer.")
    SENT = "sent", _("An officer sent it here.")
    UPPER = "upper", _("The body below says it is not the right one: the body above decides.")


class LinkState(models.TextChoices):
    """What two requests have to do with each other."""

    DUPLICATE = "duplicate", _("The same matter")


class TicketState(models.TextChoices):
    """Where a queue number stands."""

    WAITING = "waiting", _("Waits")
    CALLED = "called", pgettext_lazy("ticket", "Called")
    SERVED = "served", _("Served")
    MISSED = "missed", _("Not there when called")


class SlotState(models.TextChoices):
    """Where an appointment stands."""

    OFFERED = "offered", _("Free")
    BOOKED = "booked", _("Booked")
    KEPT = "kept", _("Came as booked")
    MISSED = "missed", _("Missed")
    CANCELLED = "cancelled", pgettext_lazy("appointment", "Cancelled")


class Way(models.TextChoices):
    """Where an appointment takes place. Home and telephone are for whoever cannot easily come; no reason is kept."""

    COUNTER = "counter", _("At the counter")
    HOME = "home", _("At home")
    PHONE = "phone", _("By telephone")


class Scope(models.TextChoices):
    """What another system may do with its key."""

    POST = "post", _("File requests")
    STATE = "state", _("See the state of what it filed")


class HookState(models.TextChoices):
    """Whether notices go out to an address."""

    ACTIVE = "active", pgettext_lazy("hook", "On")
    PAUSED = "paused", pgettext_lazy("hook", "Paused")
    DISABLED = "disabled", pgettext_lazy("hook", "Switched off after failures")
    ENDED = "ended", pgettext_lazy("hook", "Ended")


class DeliveryState(models.TextChoices):
    """What became of a notice."""

    WAITING = "waiting", pgettext_lazy("delivery", "Waits")
    DELIVERED = "delivered", pgettext_lazy("delivery", "Delivered")
    DROPPED = "dropped", pgettext_lazy("delivery", "Dropped with its address")
