"""Kinds of committees and posts, why a mandate ended, what a test of a channel came to (handbook 1.1, C01, C03)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CommitteeKind(models.TextChoices):
    """The committees of a unit. Those for mediation are set up, the others elected."""

    UNION = "union", _("Union committee")
    EXECUTIVE = "executive", _("Executive of the committee")
    WOMEN = "women", _("Women workers' committee")
    AUDIT = "audit", _("Audit committee")
    MEDIATION = "mediation", _("Mediation committee")


class Post(models.TextChoices):
    """What somebody is in a unit."""

    CHAIR = "chair", _("Chair")
    DEPUTY = "deputy_chair", _("Deputy chair")
    MEMBER = "committee_member", _("Committee member")
    WOMEN_HEAD = "women_head", _("Head of the women workers' committee")
    AUDIT_HEAD = "audit_head", _("Head of the audit committee")
    ORGANISER = "organiser", _("Organiser")
    STAFF = "staff", _("Union staff")
    CONTRACTED = "contracted", _("Contracted union worker")
    GROUP_LEADER = "group_leader", _("Union group leader")
    DELEGATE = "delegate", _("Congress delegate")
    WORKER_DIRECTOR = "worker_director", _("Worker director")


class Engagement(models.TextChoices):
    """How much of somebody's working time is the union's: three kinds of post with different clocks."""

    FULL = "full_time", _("Full-time")
    SECONDED = "seconded", _("Seconded")
    PART = "part_time", _("Part-time, beside their work")


class EmployerPost(models.TextChoices):
    """A post in the employer's management, declared: it bars nobody, but everybody sees it."""

    NONE = "none", _("None")
    HR = "hr", _("Head of personnel")
    DEPUTY = "deputy_head", _("Deputy head of the employer")


class EndReason(models.TextChoices):
    """Why a mandate ended."""

    TERM = "term", _("The term ended")
    RESIGNED = "resigned", _("Resigned")
    RECALLED = "recalled", _("Recalled by the members")
    LEFT = "left", _("Left the unit")
    DIED = "died", _("Died")
    CORRECTED = "corrected", _("Entered by mistake")


class TestOutcome(models.TextChoices):
    """What a test of a channel came to."""

    ANSWERED = "answered", _("Answered")
    SILENT = "silent", _("Nobody answered")
    WRONG = "wrong", _("The channel leads elsewhere")


#: Whom members turn to, the nearest first. Delegates and committee members speak for others or for all together.
SPEAKS_FOR_UNIT = (Post.CHAIR, Post.ORGANISER, Post.DEPUTY, Post.CONTRACTED, Post.STAFF)
#: Posts one person holds at a time in one unit (its committee of this kind).
SINGLE = frozenset({Post.CHAIR, Post.WOMEN_HEAD, Post.AUDIT_HEAD})
#: Posts that only an election opens: no officer enters them by hand.
ELECTED = frozenset({Post.CHAIR, Post.DEPUTY, Post.MEMBER, Post.WOMEN_HEAD, Post.AUDIT_HEAD})
