"""What officers fill in to keep the window: who receives, prepared answers."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField
from qiao.hear.window.choices import (
    Topic,
)
from qiao.hear.window.forms.fields import UnitLabelField
from qiao.hear.window.services.keeping import TEMPLATE_STATES
from qiao.hear.window.services.steps import MOST_SIGNS


class ReceiverForm(forms.Form):
    """Where requests of a place go."""

    place = UnitLabelField(label=_("Requests from"))
    topic = forms.ChoiceField(label=_("About"), choices=[("", _("everything")), *Topic.choices], required=False)
    body = UnitLabelField(label=_("go to"))


class TemplateForm(forms.Form):
    """A prepared answer."""

    unit = UnitLabelField(label=_("For the unit and all below"))
    state = forms.ChoiceField(label=_("For the step"), choices=[(one.value, one.label) for one in TEMPLATE_STATES])
    topic = forms.ChoiceField(label=_("About"), choices=[("", _("everything")), *Topic.choices], required=False)
    title = LocalizedField(label=_("Title"), max_length=80)
    text = LocalizedField(
        label=_("Text"), textarea=True, max_length=MOST_SIGNS,
        help_text=_("These are filled in: {code} {receipt} {topic} {body} {day} {officer}"),
    )  # fmt: skip
