"""What mystery contacts found, for the page of a published result: read from the bundle alone."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.utils.translation import gettext as _

from qiao.base.i18n import percent_text, pick
from qiao.judge.evaluations.models import Evaluation
from qiao.judge.evaluations.rules.bundle import CONTACTS, MANIFEST
from qiao.judge.evaluations.rules.contacts import SHEETS, read_contacts


@dataclass(frozen=True, slots=True)
class ContactLine:
    """One item: how often it was met, in part, not, and did not apply."""

    part: str
    label: str
    met: int
    partly: int
    not_met: int
    apart: int


@dataclass(frozen=True, slots=True)
class ContactFigures:
    """Score in words (empty where it is not told), how many contacts, and item by item."""

    number: int
    score: str
    lines: tuple[ContactLine, ...]


def contact_figures(evaluation: Evaluation) -> ContactFigures | None:
    """The contacts of a published result; None where none were planned."""
    if not evaluation.contacts_planned:
        return None
    files = dict(evaluation.bundle.filter(name__in=[MANIFEST, CONTACTS]).values_list("name", "content"))
    if MANIFEST not in files:
        return None
    told = json.loads(files[MANIFEST])["contacts"]
    if told["score"] is None:
        return ContactFigures(told["number"], "", ())
    sheet = SHEETS[told["sheet"]]
    rows = read_contacts(sheet, files[CONTACTS])
    lines = []
    for place, item in enumerate(sheet.items, start=1):
        scores = [row[place] for row in rows]
        counts = (scores.count(score) for score in ("met", "partly", "not", "na"))
        lines.append(ContactLine(pick(sheet.parts[item.part]), pick(item.label), *counts))
    estimate, lower, upper = (percent_text(share) for share in told["score"])
    score = _("%(estimate)s (%(lower)s–%(upper)s)") % {"estimate": estimate, "lower": lower, "upper": upper}
    return ContactFigures(told["number"], score, tuple(lines))
