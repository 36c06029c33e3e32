"""The whole-process record of a matter: at each of six stages who could take part, how many did, what it changed.

Fed from the thread (stored links) and from what each app publishes of its own objects. Numbers of people below five,
and those that lack fewer than five of all, are not told (handbook P7); while something is open nothing is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qiao.base.i18n import pick
from qiao.base.lineage import Station, chain, targets_of
from qiao.decide.ballots.models import Ballot
from qiao.decide.consultations.models import Consultation, Opinion
from qiao.decide.consultations.queries import opinion_fate
from qiao.decide.decisions.models import Decision
from qiao.deliver.programmes.models import Project
from qiao.hear.surveys.choices import Asked
from qiao.hear.surveys.queries import round_by_code
from qiao.judge.evaluations.models import Evaluation
from qiao.org.membership.queries import member_count
from qiao.web.providers import stations
from qiao.web.threads import GATHERING, RECORDED

#: Fewer people are not told.
SMALLEST = 5


@dataclass(frozen=True, slots=True)
class Taking:
    """One occasion to take part: what it was, who could, how many did, what changed because of it."""

    station: Station
    who: str
    took: str
    changed: str


@dataclass(frozen=True, slots=True)
class RecordStage:
    """One of the six stages with its occasions; ``empty`` says so where there was none."""

    number: int
    stage: str
    label: str
    takings: tuple[Taking, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    """The record of one matter. ``missed`` counts the stages at which nobody could take part so far."""

    code: str
    here: Station
    stages: tuple[RecordStage, ...]
    missed: int


def process_record(code: str) -> ProcessRecord | None:
    """The record of the matter with this code; None where there is none."""
    if not code.startswith(RECORDED):
        return None
    line = chain(code, gathering=GATHERING)
    found = stations(line.codes)
    here = next((station for station in found if station.code == code), None)
    if here is None:
        return None
    # What an evaluation handed back begins a round of its own: it is not what this matter came out of.
    before = [station for station in found if station.code in line.before]
    stages = tuple(
        RecordStage(number, stage, label, _takings(before if stage == "hear" else found, prefixes, teller), empty)
        for number, (stage, label, prefixes, teller, empty) in enumerate(_stages(), 1)
    )
    return ProcessRecord(code, here, stages, sum(not stage.takings for stage in stages))


Teller = Callable[[Station, Sequence[Station]], tuple[str, str, str]]


def _stages() -> tuple[tuple[str, str, tuple[str, ...], Teller, str], ...]:
    return (
        ("hear", _("Members are heard"), ("S-",), _heard, _("No survey stands behind it.")),
        ("hear", _("Needs are worked out"), ("N-",), _worked_out, _("No need stands behind it.")),
        ("decide", _("Members are consulted"), ("C-",), _consulted, _("Members have not been consulted.")),
        ("decide", _("It is voted on and decided"), ("B-", "D-"), _decided, _("Nothing has been decided.")),
        ("deliver", _("It is carried out"), ("W-",), _delivered, _("No project has been made of it.")),
        ("judge", _("Those served judge it"), ("E-",), _judged, _("Nobody has judged it.")),
    )


def _takings(found: Sequence[Station], prefixes: tuple[str, ...], teller: Teller) -> tuple[Taking, ...]:
    own = [station for station in found if station.code.startswith(prefixes)]
    own.sort(key=lambda station: (station.at is None, station.at.timestamp() if station.at else 0.0, station.code))
    return tuple(Taking(station, *teller(station, found)) for station in own)


def _told(took: int | None, able: int | None = None) -> str:
    """How many took part, without small numbers; "" while it is not counted."""
    if took is None:
        return ""
    if took == 0:
        return _("nobody")
    if took < SMALLEST:
        return _("fewer than 5")
    if able is not None and 0 < able - took < SMALLEST:
        return _("nearly all")
    number = ngettext("%(number)s person", "%(number)s people", took) % {"number": f"{took:,}"}
    if able:
        return _("%(people)s, %(share).0f %% of them") % {"people": number, "share": 100 * took / max(able, took)}
    return number


def _heard(station: Station, found: Sequence[Station]) -> tuple[str, str, str]:
    survey = round_by_code(station.code)
    needs = sum(one.code.startswith("N-") for one in found)
    changed = ngettext("%(number)d need here came out of it.", "%(number)d needs here came out of it.", needs) % {
        "number": needs
    }
    if survey.asked == Asked.VOLUNTEERS or not survey.invited:
        who = _("everybody in %(unit)s who wanted to") % {"unit": pick(survey.unit.name)}
        return who, _told(survey.answered if survey.published else None), changed
    who = _("%(number)s people in %(unit)s who were drawn or asked") % {
        "number": f"{survey.invited:,}", "unit": pick(survey.unit.name),
    }  # fmt: skip
    return who, _told(survey.answered if survey.published else None, survey.invited), changed


def _worked_out(station: Station, found: Sequence[Station]) -> tuple[str, str, str]:  # noqa: ARG001 - all are asked alike
    proposals = sum(one.startswith("P-") for one in targets_of(station.code))
    changed = ngettext("%(number)d proposal was raised.", "%(number)d proposals were raised.", proposals) % {
        "number": proposals
    }
    return _("analysts, from what was said before; published for everybody"), "", changed if proposals else ""


def _consulted(station: Station, found: Sequence[Station]) -> tuple[str, str, str]:  # noqa: ARG001 - all are asked alike
    consultation = Consultation.objects.select_related("unit").get(code=station.code)
    able = member_count(consultation.unit.path)
    who = _("%(number)s members of %(unit)s") % {"number": f"{able:,}", "unit": pick(consultation.unit.name)}
    if consultation.closed is None:
        return who, "", ""
    authors = Opinion.objects.filter(consultation=consultation).values("person").distinct().order_by().count()
    parts = [_("voted on statements: %(people)s") % {"people": _told(consultation.voters or 0, able)}]
    parts.append(_("gave opinions: %(people)s") % {"people": _told(authors, able)})
    fate = opinion_fate(consultation.code)
    changed = [
        _("%(adopted)d opinions adopted, %(partly)d partly adopted, %(not_adopted)d not adopted, each with its reason.")
        % fate
    ]
    if fate["unanswered"]:
        changed.append(_("%(number)d still without an answer.") % {"number": fate["unanswered"]})
    if consultation.version > 1:
        changed.append(_("The text was changed %(times)d times.") % {"times": consultation.version - 1})
    return who, "; ".join(parts), " ".join(changed)


def _decided(station: Station, found: Sequence[Station]) -> tuple[str, str, str]:
    if station.code.startswith("B-"):
        ballot = Ballot.objects.select_related("unit").get(code=station.code)
        if not ballot.roll_size:
            return _("the members of %(unit)s") % {"unit": pick(ballot.unit.name)}, "", ""
        who = _("%(number)s members on the roll") % {"number": f"{ballot.roll_size:,}"}
        return who, _told(ballot.turnout, ballot.roll_size), station.figure
    decision = Decision.objects.get(code=station.code)
    took = ""
    if decision.votes_for is not None:
        took = _("%(favour)d for, %(against)d against, %(abstained)d abstained") % {
            "favour": decision.votes_for, "against": decision.votes_against or 0,
            "abstained": decision.votes_abstained or 0,
        }  # fmt: skip
    projects = sum(one.code.startswith("W-") for one in found)
    changed = ngettext("%(number)d project was made of it.", "%(number)d projects were made of it.", projects) % {
        "number": projects
    }
    return _("the deciding body, bound to answer every opinion first"), took, changed if projects else ""


def _delivered(station: Station, found: Sequence[Station]) -> tuple[str, str, str]:  # noqa: ARG001 - all are asked alike
    project = Project.objects.select_related("unit").get(code=station.code)
    who = _("%(unit)s carries it out; everybody follows milestones and money") % {"unit": pick(project.unit.name)}
    took = ""
    if project.users_asked:
        took = _("asked whether it was done: %(asked)s; confirmed: %(confirmed)s") % {
            "asked": _told(project.users_asked), "confirmed": _told(project.users_confirmed, project.users_asked),
        }  # fmt: skip
    return who, took, station.state


def _judged(station: Station, found: Sequence[Station]) -> tuple[str, str, str]:  # noqa: ARG001 - all are asked alike
    evaluation = Evaluation.objects.get(code=station.code)
    who = _("those it served: %(number)s were asked") % {"number": f"{evaluation.asked or 0:,}"}
    out = evaluation.published is not None
    changed = [station.figure] if station.figure else []
    if evaluation.finding_code:
        changed.append(_("It became a need again: %(code)s.") % {"code": evaluation.finding_code})
    return who, _told(evaluation.received if out else None, evaluation.asked), " · ".join(changed)
