"""Forms of needs."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField


class WordForm(forms.Form):
    """Wording a drafted need."""

    title = LocalizedField(
        label=_("The need, as people would say it"), max_length=160,
        help_text=_("Such as: no way home after the night shift."),
    )  # fmt: skip
    detail = LocalizedField(label=_("What lies behind it"), required=False, textarea=True, max_length=2000)


class AnswerForm(forms.Form):
    """Answering a need that is not taken up."""

    answer = LocalizedField(
        label=_("No, because …"), textarea=True, max_length=4000,
        help_text=_("Everybody reads this reason beside the need, for good."),
    )  # fmt: skip
