"""What the worker does later: the code, an answer, an appeal, where they work now."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.org.joining.forms.applying import WorkForm


class ConfirmForm(forms.Form):
    """The code of an assisted entry."""

    code = forms.CharField(
        label=_("Code from the message"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "one-time-code"})
    )


class AnswerForm(forms.Form):
    """The answer to a question back."""

    name = forms.CharField(label=_("Your name"), max_length=80)
    answer = forms.CharField(label=_("Your answer"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    code = forms.CharField(label=_("Code from the message"), max_length=20, required=False)

    def __init__(self, *args: Any, by_code: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not by_code:
            del self.fields["code"]
        else:
            self.fields["code"].required = True


class AppealForm(forms.Form):
    """Why a refusal should not stand."""

    ground = forms.CharField(
        label=_("Why the refusal should not stand"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5})
    )


class MoveForm(WorkForm):
    """Where a member works now: the same questions as when joining, without those about the poster."""

    def __init__(self, *args: Any, employment: str, **options: Any) -> None:
        super().__init__(*args, employment=employment, **options)
        self.fields.pop("agency_side", None)

    def chose(self) -> bool:
        """Whether one of the employers found, or none of them, was chosen."""
        return bool(self.data.get(self.add_prefix("employer")))
