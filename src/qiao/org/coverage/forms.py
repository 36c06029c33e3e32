"""Forms of coverage, outreach and targets."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qiao.base.fields import LocalizedField
from qiao.org.coverage.choices import Channel, DeclineReason, LeadState, Measure
from qiao.org.coverage.models import Lead
from qiao.org.coverage.rules import next_lead_states
from qiao.org.units.models import Unit
from qiao.org.workplaces.choices import Sector
from qiao.org.workplaces.forms import UnitField, day_field


class ScopeForm(forms.Form):
    """Which employers rates refer to."""

    text = LocalizedField(label=_("Which employers are meant"), max_length=300)
    source = forms.CharField(
        label=_("Which list they stand in"), max_length=200,
        help_text=_("Such as: business register of the district, as of 2026-03-31."),
    )  # fmt: skip
    least_workers = forms.IntegerField(
        label=_("Only employers with at least so many workers"), min_value=0, initial=0,
        help_text=_("0 takes in every employer, also those nobody has counted."),
    )  # fmt: skip


class CampaignForm(forms.Form):
    """A campaign of outreach."""

    unit = UnitField(label=_("Label of the hub or district"))
    title = LocalizedField(label=_("Title"), max_length=120)
    goal = LocalizedField(
        label=_("Goal"), max_length=300, textarea=True, rows=2,
        help_text=_("What is to be reached at employers, never a number of persons."),
    )  # fmt: skip
    sector = forms.ChoiceField(label=_("Sector"), required=False, choices=[("", _("All sectors")), *Sector.choices])
    starts = day_field(label=_("From"))
    ends = day_field(label=_("To"))


class LeadForm(forms.Form):
    """A contact, and how far the employer has come."""

    to = forms.ChoiceField(label=pgettext_lazy("outreach", "Where it stands now"))
    day = day_field(label=_("Day of the contact"))
    channel = forms.ChoiceField(label=_("How"), required=False, choices=[("", "–"), *Channel.choices])
    text = forms.CharField(
        label=_("What was said or done"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("About the employer. No names or numbers of workers, nothing of who thinks what."),
    )  # fmt: skip
    reason = forms.ChoiceField(label=_("If declined: why"), required=False, choices=[("", "–"), *DeclineReason.choices])
    unit = UnitField(label=_("If formed: label of the union unit"), required=False)
    next_step = forms.CharField(label=_("Next step"), required=False, max_length=200)
    next_due = day_field(label=_("By when"), required=False)

    def __init__(self, *args: Any, lead: Lead, **options: Any) -> None:
        super().__init__(*args, **options)
        states = [LeadState(lead.state), *next_lead_states(lead.state)]
        field = self.fields["to"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(state.value, state.label) for state in states]


class TargetForm(forms.Form):
    """A target with its source. There is no field for persons."""

    measure = forms.ChoiceField(label=_("What is counted"), choices=Measure.choices)
    document = forms.CharField(label=_("Source: document"), max_length=200, required=False)
    level = forms.CharField(label=_("Source: level that set it"), max_length=120, required=False)
    source_value = forms.DecimalField(
        label=_("Source: value in per cent"), max_digits=5, decimal_places=2, min_value=0, max_value=100,
        required=False,
    )  # fmt: skip
    source_due = day_field(label=_("Source: by when"), required=False)
    value = forms.DecimalField(
        label=_("Value here in per cent"), max_digits=5, decimal_places=2, min_value=0, max_value=100
    )
    due = day_field(label=_("Here by when"))
    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, passed_down: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("document", "level", "source_value", "source_due"):
            if passed_down:
                del self.fields[name]
            else:
                self.fields[name].required = True
        if passed_down:
            del self.fields["measure"]


class ChangeForm(forms.Form):
    """Another value of a target."""

    value = forms.DecimalField(
        label=_("Value here in per cent"), max_digits=5, decimal_places=2, min_value=0, max_value=100
    )
    due = day_field(label=_("Here by when"))
    reason = forms.CharField(label=_("Reason"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


class PassDownForm(TargetForm):
    """A target passed down to a unit below."""

    unit = UnitField(label=_("Label of the unit below"))

    def __init__(self, *args: Any, above: Unit, **options: Any) -> None:
        super().__init__(*args, passed_down=True, **options)
        self.above = above
        self.order_fields(["unit", "value", "due", "reason"])
