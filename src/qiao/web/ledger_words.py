"""The kinds of ledger entries in words."""

from __future__ import annotations

from django.utils.translation import gettext as _


def ledger_kind(kind: str) -> str:
    """What an entry of the ledger is about, in words; the kind itself where no word is known."""
    words = {
        "setting.set": _("Setting changed"),
        "setting.end": _("Own value of a setting given up"),
        "setting.withdraw": _("Change of a setting withdrawn"),
        "retention.erased": _("Records erased, with proof"),
        "questionnaire.frozen": _("Questionnaire frozen"),
        "round.committed": _("Number behind a draw committed to"),
        "round.sampled": _("Sample of a survey drawn"),
        "round.opened": _("Survey round opened"),
        "round.extended": _("Survey round closes later"),
        "round.closed": _("Survey round closed"),
        "round.linked": _("Every finding of a survey answered"),
        "round.weighted": _("Survey answers weighted"),
        "round.frozen": _("Survey data frozen"),
        "window.day": _("A day's requests, filed and ended"),
        "digest.published": _("Digest of needs published"),
        "sheet.published": _("Scoring sheet published or changed"),
        "consultation.text": _("Text of a consultation"),
        "consultation.opened": _("Consultation opened"),
        "consultation.extended": _("Consultation closes later"),
        "consultation.closed": _("Consultation closed"),
        "consultation.answered": _("All opinions answered"),
        "consultation.withdrawn": _("Consultation withdrawn"),
        "ballot.rules": _("Rules of a budget vote"),
        "ballot.opened": _("Budget vote opened"),
        "ballot.closed": _("Budget vote closed"),
        "ballot.result": _("Result of a budget vote"),
        "ballot.withdrawn": _("Budget vote withdrawn"),
        "decision.taken": _("Decision taken"),
        "project.baseline": _("Targets of a project frozen"),
        "election.called": _("Members called to an election"),
        "election.confirmed": _("Result of an election confirmed"),
        "petition.reached": _("Enough members signed a petition"),
        "petition.confirmed": _("Result of a members' meeting confirmed"),
        "unit.approved": _("Unit approved"),
        "unit.closed": _("Unit closed"),
        "standing.ruled": _("Standing of a membership ruled on"),
        "appeal.decided": _("Appeal decided"),
        "coverage.scope": _("Scope of coverage set"),
        "target.applied": _("Target put in force"),
        "tests.drawn": _("Sample of channels to test drawn"),
        "yearbook.frozen": _("Yearly table frozen"),
        "evaluation.terms": _("Terms of an evaluation"),
        "evaluation.key": _("Public key of an evaluation"),
        "evaluation.opened": _("Evaluation opened"),
        "evaluation.closed": _("Evaluation closed, root of the sealed answers"),
        "evaluation.published": _("Result of an evaluation"),
        "evaluation.response": _("The union's response to an evaluation"),
        "evaluation.void": _("Evaluation declared void"),
    }
    return words.get(kind, kind)
