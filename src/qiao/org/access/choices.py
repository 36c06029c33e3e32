"""Roles (handbook 1.6) and the actions pages and services ask for."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Roles held in a unit, with dates. Members and the public need no grant."""

    BASE_OFFICER = "base_officer", _("Base officer")
    BASE_CHAIR = "base_chair", _("Base chair")
    GROUP_LEADER = "group_leader", _("Group leader")
    HUB_ORGANISER = "hub_organiser", _("Hub organiser")
    ORG_OFFICER = "org_officer", _("Organisation officer")
    SURVEY_OWNER = "survey_owner", _("Survey owner")
    SAMPLE_DRAWER = "sample_drawer", _("Sample drawer")
    ANALYST = "analyst", _("Analyst")
    SECRETARY = "secretary", _("Secretary")
    EXECUTIVE = "executive", _("Executive")
    COUNT_OFFICER = "count_officer", _("Count officer")
    TASK_OWNER = "task_owner", _("Task owner")
    EVALUATOR = "evaluator", _("Third-party evaluator")
    EDITOR = "editor", _("Editor")
    PUBLISHER = "publisher", _("Publisher")
    AUDITOR = "auditor", _("Auditor")
    DPO = "dpo", _("Data protection officer")
    SYS_ADMIN = "sys_admin", _("System administrator")


class Action(models.TextChoices):
    """What pages and services ask for; the table says who holds it."""

    UNIT_FOUND = "unit.found", _("Found units")
    UNIT_CHANGE = "unit.change", _("Rename, move and close units below one's own")
    ACCOUNT_OPEN = "account.open", _("Open accounts")
    MEMBER_ADMIT = "member.admit", _("Admit members")
    MEMBER_LIST = "member.list", _("See the members of the unit")
    MEMBER_EXPORT = "member.export", _("Ask for and approve exports of the register")
    ROLE_GRANT = "role.grant", _("Grant roles")
    SETTING_CHANGE = "setting.change", _("Change settings")
    SETTING_PROTECT = "setting.protect", _("Change privacy limits and retention periods")
    RETENTION_HOLD = "retention.hold", _("Hold records back from deletion")
    AUDIT_READ = "audit.read", _("Read the audit log")
    QUESTIONNAIRE_UPLOAD = "questionnaire.upload", _("Upload questionnaires")
    ROUND_PLAN = "round.plan", _("Plan, open and close survey rounds")
    ROUND_DRAW = "round.draw", _("Draw the sample and make codes")
    ROUND_ENTER = "round.enter", _("Enter answers from paper or file")
    ROUND_READ = "round.read", _("See response rates and full results")
    NEED_PUBLISH = "need.publish", _("Derive, check and publish needs")
    NEED_ANSWER = "need.answer", _("Answer needs that are not taken up")
    PROPOSAL_RAISE = "proposal.raise", _("Raise proposals from needs")
    CONSULTATION_RUN = "consultation.run", _("Draft, notice, open and close consultations")
    OPINION_ANSWER = "opinion.answer", _("Answer opinions")
    BALLOT_RUN = "ballot.run", _("Set up and open ballots")
    BALLOT_COUNT = "ballot.count", _("Close and count ballots")
    DECISION_TAKE = "decision.take", _("Take decisions")
    PROJECT_PLAN = "project.plan", _("Make projects of decisions")
    PROJECT_REPORT = "project.report", _("Report progress of projects")
    PROJECT_VERIFY = "project.verify", _("Verify projects claimed as done")
    EVALUATION_COMMISSION = "evaluation.commission", _("Commission evaluations")
    EVALUATION_RUN = "evaluation.run", _("Run evaluations and hold their key")
    ARTICLE_WRITE = "article.write", _("Write news")
    ARTICLE_RELEASE = "article.release", _("Release news")
    PAPER_DRAFT = "paper.draft", _("Draft papers to the unit above and follow them")
    PAPER_ISSUE = "paper.issue", _("Sign and issue papers to the unit above")
    PAPER_HANDLE = "paper.handle", _("Receive and review papers from below")
    PAPER_ANSWER = "paper.answer", _("Sign written answers to papers from below")
    REPORT_DEMAND = "report.demand", _("Register what is asked of the base")
    CONTACT_LOG = "contact.log", _("Plan and log one's own days at the base")
    CONTACT_CONFIRM = "contact.confirm", _("Confirm officers' days at one's own unit")
    CONTACT_ANSWER = "contact.answer", _("Answer what was raised with officers at the base")
    CONTACT_READ = "contact.read", _("See which officers are behind with their days at the base")
    EMPLOYER_LIST = "employer.list", _("See the list of employers")
    EMPLOYER_CHANGE = "employer.change", _("Enter employers and link their unions")
    EMPLOYER_COUNT = "employer.count", _("Enter headcounts of employers")
    EMPLOYER_IMPORT = "employer.import", _("Import and confirm tables of employers")
    OUTREACH_RUN = "outreach.run", _("Run campaigns of outreach to employers")
    COVERAGE_READ = "coverage.read", _("See what coverage could not print, and why")
    COVERAGE_CERTIFY = "coverage.certify", _("Make test calls to unions of other units")
    TARGET_SET = "target.set", _("Set and change coverage targets")
    TARGET_CONSENT = "target.consent", _("Consent to a coverage target for one's own union")
    DESK = "desk.open", _("Open the desk")
