"""Forms by which people take part without an account, and by which officers enter what others said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from qiao.base.i18n import pick
from qiao.decide.consultations.choices import Side, Word
from qiao.decide.consultations.forms.main import UnitField
from qiao.decide.consultations.models import Clause, Statement
from qiao.decide.consultations.services.channels import Said
from qiao.org.units.models import Unit

_LONGEST = 4000


class SheetForm(forms.Form):
    """One sheet: a vote on each statement, words on each clause and on the whole; nothing of it is required."""

    def __init__(self, *args: Any, clauses: Sequence[Clause], statements: Sequence[Statement], **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.clauses, self.statements = list(clauses), list(statements)
        sides = [(str(side.value), side.label) for side in Side]
        for statement in self.statements:
            self.fields[f"vote_{statement.pk}"] = forms.ChoiceField(
                label=f"{statement.number}. {pick(statement.text)}", choices=sides, widget=forms.RadioSelect,
                required=False,
            )  # fmt: skip
        for clause in self.clauses:
            self.fields[f"words_{clause.key}"] = self._words(clause.label or str(clause.number))
        self.fields["words_"] = self._words("")

    def _words(self, label: str) -> forms.CharField:
        return forms.CharField(
            label=_("Your opinion on %(clause)s") % {"clause": label} if label else _("Your opinion on the whole"),
            required=False, max_length=_LONGEST, widget=forms.Textarea(attrs={"rows": 3, "maxlength": _LONGEST}),
        )  # fmt: skip

    @property
    def votes(self) -> Iterator[BoundField]:
        """The fields of the statements."""
        return (self[f"vote_{statement.pk}"] for statement in self.statements)

    @property
    def words(self) -> Iterator[tuple[Clause, BoundField]]:
        """The clauses with their fields."""
        return ((clause, self[f"words_{clause.key}"]) for clause in self.clauses)

    @property
    def whole(self) -> BoundField:
        """The field of the whole."""
        return self["words_"]

    def said(self) -> Said:
        """What stands on the sheet."""
        given = self.cleaned_data
        return Said(
            votes={
                statement.pk: int(given[f"vote_{statement.pk}"])
                for statement in self.statements
                if given.get(f"vote_{statement.pk}")
            },
            words={
                key: given[f"words_{key}"]
                for key in [*(clause.key for clause in self.clauses), ""]
                if given.get(f"words_{key}")
            },
        )


class TypedCodeForm(forms.Form):
    """A single-use code as it stands on a sheet or in a message."""

    code = forms.CharField(
        label=_("Single-use code"), max_length=40,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Twelve letters and digits, as they stand on your sheet or in the message."),
    )  # fmt: skip


class NumberForm(forms.Form):
    """A telephone number to which a code is sent."""

    number = forms.CharField(
        label=_("Your mobile number"), max_length=24, widget=forms.TextInput(attrs={"inputmode": "tel"}),
        help_text=_("The one your union has of you. It is not kept here."),
    )  # fmt: skip


class SentCodeForm(forms.Form):
    """A code that came by SMS."""

    sent = forms.CharField(
        label=_("The code from the message"), max_length=8,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )  # fmt: skip


class SlipsForm(forms.Form):
    """For whom codes are made."""

    unit = UnitField(label=_("Members of"), queryset=Unit.objects.none(), empty_label=None)
    renew = forms.BooleanField(label=_("Sheets were lost: make new codes for those not used yet"), required=False)

    def __init__(self, *args: Any, units: Sequence[Unit], **kw: Any) -> None:
        super().__init__(*args, **kw)
        field = self.fields["unit"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units]).order_by("path")


class StackForm(forms.Form):
    """A stack of sheets."""

    expected = forms.IntegerField(label=_("How many sheets"), min_value=1, max_value=500)
    evidence = forms.CharField(
        label=_("Filed under the number"), max_length=60, help_text=_("As it stands on the folder that is kept.")
    )


class WordForm(forms.Form):
    """For whom a helper writes, and the member's word."""

    word = forms.ChoiceField(label=_("The member's word"), choices=Word.choices, widget=forms.RadioSelect)
    typed_code = forms.CharField(label=_("Single-use code, where there is one"), required=False, max_length=40)
    mobile = forms.CharField(
        label=_("Otherwise the mobile number in the register"), required=False, max_length=24,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )  # fmt: skip
    evidence = forms.CharField(
        label=_("Number of the signed sheet, or day and hour of the call"), required=False, max_length=60
    )
