"""The one form by which a unit is proposed, and the answers to it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField
from qiao.org.units.choices import LeadForm, UnitKind
from qiao.org.units.forms.fields import day_field
from qiao.org.units.models import Unit
from qiao.org.units.rules import KnownEmployer, kinds_below, known_employers

_MOST_EMPLOYERS = 500


#: So many lines are looked up while the form is filled in, and so many known employers offered for each.
_LOOKED_UP, _OFFERED = 20, 6
_NONE = "none"


def _split(line: str) -> tuple[str, str]:
    """Name and, after the last comma where it looks like one, code of a line."""
    name, _comma, code = line.replace("，", ",").rpartition(",")
    code = code.strip()
    if not name or not (code.isascii() and code.isalnum()):
        name, code = line, ""
    return name.strip()[:200], code.upper()[:32]


class ProposeForm(forms.Form):
    """A new unit below another.

    An employer the platform knows is chosen, not spelled: each line without a code that begins as known ones do asks
    which of them it is, in a field of its own behind the lines.
    """

    kind = forms.ChoiceField(label=_("Kind"))
    name = LocalizedField(label=_("Name of the unit"), max_length=120)
    employers = forms.CharField(
        label=_("Employers"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line: the name, its first letters, or the unified social credit code."),
    )
    headcount = forms.IntegerField(label=_("Employees in all"), min_value=1, max_value=10_000_000)
    founders = forms.IntegerField(
        label=_("Founders"), min_value=1, max_value=1_000_000, help_text=_("How many stand behind the proposal now.")
    )
    lead_form = forms.ChoiceField(label=_("What is to lead the unit"), choices=LeadForm.choices)
    prepares = forms.CharField(label=_("Who prepares the founding"), max_length=160)
    planned = day_field(label=_("Planned day of founding"))
    note = forms.CharField(
        label=_("What else the unit above should know"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, above: Unit, required_at: int, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["kind"]
        if isinstance(field, forms.ChoiceField):
            # Most proposals are of base unions: the lowest kinds stand first.
            field.choices = [(kind.value, kind.label) for kind in reversed(kinds_below(above.kind))]
            field.initial = UnitKind.BASE
        self._offered: dict[str, list[KnownEmployer]] = {}
        if self.is_bound:
            self._offer(str(self.data.get(self.add_prefix("employers"), ""))[:20_000])
        self.fields["lead_form"].help_text = _(
            "From %(number)d members on a committee is required. Below: a committee, one joint with other employers, "
            "or one elected organiser."
        ) % {"number": required_at}

    def _offer(self, text: str) -> None:
        """Behind the lines, one question for each that may be several employers."""
        order = list(self.fields)
        place = order.index("employers") + 1
        for number, line in enumerate([line for line in text.splitlines() if line.strip()][:_LOOKED_UP]):
            name, code = _split(line)
            found = known_employers(code or name, _OFFERED)
            key = f"employer_{number}"
            self._offered[key] = found
            if not found or (len(found) == 1 and name.upper() in (found[0].name.upper(), found[0].reg_code)) or code:
                continue
            self.fields[key] = forms.ChoiceField(
                label=_("Which employer is “%(name)s”?") % {"name": name},
                required=False,
                choices=[
                    *((str(index), f"{one.name} · {one.place}") for index, one in enumerate(found)),
                    (_NONE, _("None of these: as written")),
                ],
                widget=forms.RadioSelect,
            )
            order.insert(place, key)
            place += 1
        self.order_fields(order)

    def clean(self) -> dict[str, Any]:
        """The employers with what was chosen for each line."""
        given: dict[str, Any] = super().clean() or {}
        for number, row in enumerate(given.get("employers") or []):
            key = f"employer_{number}"
            found = self._offered.get(key, [])
            chosen = given.pop(key, None)
            if key not in self.fields:
                # One employer alone, written in full or by its code.
                one = found[0] if len(found) == 1 else None
                if one is not None and (row["reg_code"] or row["name"].upper()) in (one.reg_code, one.name.upper()):
                    row.update(name=one.name, reg_code=one.reg_code)
            elif not chosen and not self.has_error(key):
                self.add_error(key, _("Choose one, or “None of these”."))
            elif chosen and chosen != _NONE:
                row.update(name=found[int(chosen)].name, reg_code=found[int(chosen)].reg_code)
        return {key: value for key, value in given.items() if not key.startswith("employer_")}

    def clean_kind(self) -> UnitKind:
        """The kind chosen."""
        return UnitKind(self.cleaned_data["kind"])

    def clean_lead_form(self) -> LeadForm:
        """The form chosen."""
        return LeadForm(self.cleaned_data["lead_form"])

    def clean_employers(self) -> list[dict[str, str]]:
        """Name and, after the last comma where it looks like one, code of each line."""
        found = []
        for line in str(self.cleaned_data["employers"]).splitlines():
            if not line.strip():
                continue
            name, code = _split(line)
            found.append({"name": name, "reg_code": code})
        if len(found) > _MOST_EMPLOYERS:
            raise forms.ValidationError(_("At most %(most)d lines are possible."), params={"most": _MOST_EMPLOYERS})
        return found


class ReasonForm(forms.Form):
    """A reason, in the officer's own words."""

    reason = forms.CharField(label=_("Reason"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))


class AppealForm(forms.Form):
    """Why a refusal should not stand."""

    ground = forms.CharField(
        label=_("Why the refusal should not stand"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5})
    )


class PreparedForm(forms.Form):
    """The preparation is finished."""

    members = forms.IntegerField(
        label=_("How many have applied to join"), min_value=1, max_value=1_000_000, help_text=_("By their own word.")
    )


class ApproveForm(forms.Form):
    """Label and day of an approved unit."""

    label = forms.SlugField(
        label=_("Label"),
        max_length=32,
        help_text=_("Short, for addresses and letters; it is not reused. Letters A–Z, digits and hyphens."),
    )
    founded = day_field(label=_("Founded"))
