"""The public part of a unit's page: who can be reached, how, when it was last tried."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.i18n import day_text, listed, pick
from qiao.base.records import Door, Panel, PanelLine
from qiao.org.mandates.choices import EmployerPost, Post, TestOutcome
from qiao.org.mandates.models import Mandate
from qiao.org.mandates.queries.posts import mandates_of, representative_of
from qiao.org.mandates.queries.reach import last_tests
from qiao.org.units.models import Unit

#: Posts a unit's page names; delegates, group leaders and contact people stand on the page behind it.
_SHOWN = frozenset({Post.CHAIR, Post.DEPUTY, Post.WOMEN_HEAD, Post.AUDIT_HEAD, Post.ORGANISER, Post.CONTRACTED})


def unit_panels(*, actor: Actor, unit: Unit, now: datetime) -> list[Panel]:  # noqa: ARG001 - the shell asks all alike
    """Named reachable officers of the unit with the office's channel; of the unit above where it has none."""
    today = localdate(now)
    own = [mandate for mandate in mandates_of(unit, today) if mandate.post in _SHOWN]
    lines = [PanelLine(_titled(mandate), _detail(mandate)) for mandate in own]
    note = ""
    if not any(mandate.office_phone or mandate.office_mail for mandate in own):
        found = representative_of(unit, today)
        if found is None:
            note = _("No officer with a public channel is named here yet.")
        else:
            lines.append(PanelLine(_titled(found), _detail(found), reverse("units:unit", args=[found.unit.label])))
            note = _("This unit names nobody who can be reached: turn to %(above)s.") % {"above": pick(found.unit.name)}
    else:
        note = _test_note(unit, now)
    more = Door("", _("All posts and committees"), reverse("mandates:people", args=[unit.label]))
    return [Panel(_("Committee and its channels"), tuple(lines), more, note, first=True)]


def _titled(mandate: Mandate) -> str:
    return _("%(post)s: %(name)s") % {"post": Post(mandate.post).label, "name": mandate.name}


def _detail(mandate: Mandate) -> str:
    parts = [mandate.channel or _("no public channel"), pick(mandate.office_hours)]
    if mandate.employer_post != EmployerPost.NONE:
        parts.append(_("holds a post of the employer: %(post)s") % {"post": EmployerPost(mandate.employer_post).label})
    return listed([part for part in parts if part])


def _test_note(unit: Unit, now: datetime) -> str:
    test = last_tests([unit.pk], localdate(now)).get(unit.pk)
    if test is None:
        return _("This channel has not been tested yet.")
    return _("Last tested by another unit on %(day)s: %(outcome)s.") % {
        "day": day_text(test.tested),
        "outcome": TestOutcome(test.outcome).label,
    }
