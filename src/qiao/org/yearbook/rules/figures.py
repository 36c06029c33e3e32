"""The figures of the yearly table: none is typed, each says how it is computed."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qiao.org.workplaces.choices import Ownership


@dataclass(frozen=True, slots=True)
class Figure:
    """One column. ``group``: the block of the table it stands in. ``how``: what is counted, in one sentence."""

    key: str
    group: str
    label: str | Promise
    how: str | Promise


_ACTIVE = _("Base unions and joint base unions that are active, or whose election is due or overdue.")
_OWN = _("Active base unions formed at employers of this ownership alone.")

FIGURES: tuple[Figure, ...] = (
    Figure("unions", "unions", _("Base unions"), _ACTIVE),
    Figure("joint", "unions", _("Joint base unions"), _("Of them those of several employers.")),
    Figure("employers", "unions", _("Employers covered"), _("Employers linked with an active union on the day.")),
    Figure(
        "joint_employers",
        "unions",
        _("Employers in joint unions"),
        _("Of them those linked with a joint base union."),
    ),
    Figure("hubs", "unions", _("Hub unions"), _("Hub unions that are not closed.")),
    Figure(
        "members",
        "members",
        _("Members"),
        _("People with active standing in a unit on the day; who is in transfer counts where they come from."),
    ),
    Figure(
        "women",
        "members",
        _("Women among members"),
        _("Members who have said themselves that they are women; who said nothing counts in neither."),
    ),
    Figure(
        "said",
        "members",
        _("Members who said their sex"),
        _("Members whose own statement is in the register: what the number of women rests on."),
    ),
    Figure(
        "above_headcount",
        "members",
        _("Unions with more members than employees"),
        _("Active unions with more members than the last headcounts of their employers add up to: flagged, not cut."),
    ),
    Figure(
        "full_time",
        "staff",
        _("Full-time officers"),
        _("People in a post of the union with all of their working time."),
    ),
    Figure("seconded", "staff", _("Seconded officers"), _("People lent to the union by another employer.")),
    Figure("part_time", "staff", _("Part-time officers"), _("People in a post of the union beside their work.")),
    Figure(
        "contracted", "staff", _("Contracted union workers"), _("People in such a post, whatever their working time.")
    ),
    Figure("delegates", "democracy", _("Congress delegates"), _("Mandates of delegates that hold on the day.")),
    Figure(
        "women_delegates",
        "democracy",
        _("Women among delegates"),
        _("Delegates known in the register who have said themselves that they are women."),
    ),
    Figure(
        "worker_directors", "democracy", _("Worker directors"), _("Mandates of worker directors that hold on the day.")
    ),
    Figure(
        "mediation", "democracy", _("Mediation committees"), _("Mediation committees set up in a unit and not ended.")
    ),
    Figure(
        "in_term", "democracy", _("Unions within their term"), _("Active unions whose elected term runs on the day.")
    ),
    Figure(
        "overdue",
        "democracy",
        _("Elections overdue"),
        _("Active units whose term is over and not followed by another."),
    ),
    Figure(
        "chairs_vacant",
        "democracy",
        _("Chairs vacant"),
        _("Active units in which nobody is chair, nor the one organiser of a small union, on the day."),
    ),
    Figure(
        "fulltime_vacant",
        "democracy",
        _("Full-time chairs missing"),
        _("Active base unions large enough for a full-time chair, by the setting of the place, that have none."),
    ),
    *(Figure(f"own_{kind.value}", "ownership", kind.label, _OWN) for kind in Ownership),
    Figure(
        "own_several",
        "ownership",
        _("Several kinds of ownership"),
        _("Active base unions formed at employers of different ownership."),
    ),
    Figure("own_unknown", "ownership", _("Ownership not known"), _("Active base unions with no employer linked.")),
)
BY_KEY = {figure.key: figure for figure in FIGURES}
OWNERSHIP_KEYS = tuple(figure.key for figure in FIGURES if figure.group == "ownership")
