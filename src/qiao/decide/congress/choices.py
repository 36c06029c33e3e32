"""States and kinds of the workers' congress, its proposals and open affairs (handbook C18)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CongressKind(models.TextChoices):
    """Whose congress it is: of one employer, of several together, of an area, of a trade."""

    SINGLE = "single", _("Workers' congress of one employer")
    JOINT = "joint", _("Joint workers' congress of several employers")
    AREA = "area", _("Area workers' congress")
    SECTOR = "sector", _("Sector workers' congress")


class TermState(models.TextChoices):
    """Where one term of a congress stands."""

    FORMING = "forming", _("Being formed")
    ELECTING = "electing", _("Delegates are elected")
    FILED = "filed", pgettext_lazy("congress", "Awaits certification")
    RETURNED = "returned", _("Sent back for correction")
    IN_TERM = "in_term", _("In term")
    ENDED = "ended", _("Ended")


class Table(models.TextChoices):
    """How many delegates so many workers elect at least."""

    SH = "sh", _("30 for 100 workers, 5 more for each further 100, 175 above 3,000 (Shanghai)")
    ZJ = (
        "zj",
        _("40 for 100 workers and 7 more per 100; 100 for 1,000 and 20 more per 1,000; 200 above 5,000 (Zhejiang)"),
    )


class MajorityOf(models.TextChoices):
    """Of whom a candidate for delegate needs more than half."""

    ELECTORS = "electors", _("Of all electors of the constituency")
    VOTERS = "voters", _("Of those who took part")


class SeatEnd(models.TextChoices):
    """Why a delegate's seat fell vacant."""

    LEFT = "left", _("Left the employer or the constituency")
    RESIGNED = "resigned", pgettext_lazy("delegate", "Resigned")
    RECALLED = "recalled", _("Recalled by the constituency")
    DIED = "died", _("Died")
    TERM = "term", _("The term ended")


class SessionState(models.TextChoices):
    """Where a meeting of the congress stands."""

    CALLED = "called", pgettext_lazy("congress", "Called")
    PAPERS_SENT = "papers_sent", _("Papers sent")
    QUORUM = "quorum", _("Quorum reached")
    VOTES = "votes", pgettext_lazy("congress", "Voting")
    RESOLVED = "resolved", _("Resolved")
    REPORTED = "reported", _("Reported upward")
    FOLLOWED = "followed", _("Followed up")
    CANCELLED = "cancelled", pgettext_lazy("congress", "Called off")


class ItemKind(models.TextChoices):
    """What the congress does with an item: its powers."""

    HEAR = "hear", _("Hear a report")
    CONSIDER = "consider", _("Consider and advise")
    PASS = "pass", _("Review and pass by vote")
    EXAMINE = "examine", _("Examine")
    ELECT = "elect", pgettext_lazy("congress", "Elect")
    RATE = "rate", _("Appraise how managers did their work")


class ItemState(models.TextChoices):
    """Where an item of business stands."""

    LISTED = "listed", _("On the agenda")
    OPEN = "open", _("Vote open")
    CLOSED = "closed", _("Vote closed, papers awaited")
    DONE = "done", _("Settled")


class Outcome(models.TextChoices):
    """What came of an item."""

    HEARD = "heard", _("Heard")
    CONSIDERED = "considered", _("Considered")
    EXAMINED = "examined", _("Examined")
    PASSED = "passed", pgettext_lazy("congress", "Passed")
    NOT_PASSED = "not_passed", pgettext_lazy("congress", "Not passed")
    ELECTED = "elected", pgettext_lazy("congress", "Elected")
    NOT_ELECTED = "not_elected", _("Nobody elected")
    APPRAISED = "appraised", _("Appraised")
    POSTPONED = "postponed", _("Postponed")


class Way(models.TextChoices):
    """How delegates give their secret vote."""

    PHONE = "phone", _("On the phone")
    PAPER = "paper", _("By paper ballots")
    BOTH = "both", _("On the phone, on paper for whoever asks")


class Stance(models.TextChoices):
    """A vote on an item to be passed."""

    FOR = "for", _("In favour")
    AGAINST = "against", _("Against")
    ABSTAIN = "abstain", _("Abstain")


class Grade(models.TextChoices):
    """What a delegate says of one side of the managers' work."""

    GOOD = "good", pgettext_lazy("appraisal", "Good")
    FAIR = "fair", pgettext_lazy("appraisal", "Fair")
    POOR = "poor", pgettext_lazy("appraisal", "Poor")
    NONE = "none", _("I cannot say")


class Aspect(models.TextChoices):
    """What managers are appraised for: their work for the workers, nothing of their person or opinions.

    The list is fixed: no setting and no form adds a question.
    """

    AGREEMENT = "agreement", _("Keeping the collective agreement and the congress's resolutions")
    PAY = "pay", _("Pay, social insurance and hours as agreed")
    SAFETY = "safety", _("Safety and health at work")
    OPENNESS = "openness", _("Showing what has to be shown, answering questions")
    PROPOSALS = "proposals", _("Settling delegates' proposals")


class ProposalState(models.TextChoices):
    """Where a delegate's proposal stands."""

    DRAFT = "draft", _("Draft")
    SECONDED = "seconded", pgettext_lazy("delegates' proposal", "Seconded")
    SUBMITTED = "submitted", _("Handed in")
    FILED = "filed", pgettext_lazy("delegates' proposal", "Filed")
    RETURNED = "returned", pgettext_lazy("delegates' proposal", "Returned")
    AS_SUGGESTION = "as_suggestion", _("Passed on as a suggestion")
    ASSIGNED = "assigned", pgettext_lazy("delegates' proposal", "Assigned")
    IN_HAND = "in_hand", _("In hand")
    REPLIED = "replied", _("Replied")
    RE_HANDLED = "re_handled", _("Handled a second time")
    CLOSED = "closed", pgettext_lazy("delegates' proposal", "Closed")
    REPORTED = "reported", _("Reported to the congress")
    SPLIT = "split", _("Split into two")
    WITHDRAWN = "withdrawn", pgettext_lazy("delegates' proposal", "Withdrawn")


class ReviewWord(models.TextChoices):
    """What the proposal committee may say."""

    FILE = "file", _("File it: a unit replies by a day")
    SUGGEST = "suggest", _("Pass it on as a suggestion")
    RETURN = "return", _("Return it, with the reason")


class Rating(models.TextChoices):
    """What the proposer says of the reply."""

    SATISFIED = "satisfied", _("Satisfied")
    PARTLY = "partly", _("Partly satisfied")
    NOT = "not", _("Not satisfied")


class AffairState(models.TextChoices):
    """Where an item of open affairs stands."""

    DUE = "due", _("To be shown")
    SHOWN = "shown", _("Shown")
    QUESTIONED = "questioned", _("Questions wait")
    ANSWERED = "answered", pgettext_lazy("open affairs", "Questions answered")


class Matter(models.TextChoices):
    """What an employer shows its workers."""

    PLANS = "plans", _("Plans and business results")
    PAY = "pay", _("Pay, bonuses, social insurance")
    AGREEMENT = "agreement", _("Collective agreement: how it is kept")
    HOURS = "hours", _("Working hours, leave, holidays")
    SAFETY = "safety", _("Safety, health, accidents")
    TRAINING = "training", _("Training and its funds")
    WELFARE = "welfare", _("Welfare funds and canteens")
    CHANGE = "change", _("Restructuring, moves, lay-offs")
    RULES = "rules", _("Rules that touch workers' interests")
    OTHER = "other", _("Something else")


class BreachState(models.TextChoices):
    """Where a breach of the congress's rights stands on the ladder."""

    LETTER = "letter", _("Letter of the union sent")
    MENDED = "mended", _("Mended")
    PASSED_ON = "passed_on", _("Before the authorities")
    CLOSED = "closed", pgettext_lazy("breach", "Closed")


class BreachGround(models.TextChoices):
    """What was not kept."""

    NO_MEETING = "no_meeting", _("No meeting held in time")
    PAPERS = "papers", _("Papers late or missing")
    BYPASSED = "bypassed", _("Decided without the congress")
    NOT_SHOWN = "not_shown", _("Open affairs not shown")
    UNANSWERED = "unanswered", _("Questions or proposals not answered")
    HINDERED = "hindered", _("Delegates hindered or disadvantaged")
