"""Forms of the register."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.org.membership.choices import Confirmation, Employment, Field
from qiao.org.membership.queries.imports import ImportView
from qiao.org.units.models import Unit


def day_field(**options: Any) -> forms.DateField:
    """A day in the browser's own picker."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class SearchForm(forms.Form):
    """What the register shows."""

    q = forms.CharField(
        label=_("Name or number"),
        required=False,
        max_length=80,
        help_text=_("The beginning of a name, or a member's number."),
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    employment = forms.ChoiceField(
        label=_("Kind of employment"), required=False, choices=[("", _("All")), *Employment.choices]
    )
    standing = forms.ChoiceField(
        label=_("Standing"), required=False, choices=[("", _("Takes part")), ("retained", _("Retained"))]
    )


def how_field() -> forms.ChoiceField:
    """How a worker gave their word for what an officer enters (handbook S6)."""
    return forms.ChoiceField(
        label=_("How did the worker confirm it?"),
        choices=[(way, way.label) for way in (Confirmation.SIGNATURE, Confirmation.CALL)],
        help_text=_("The worker is told and can take it back."),
        widget=forms.RadioSelect,
    )


class LeaveForm(forms.Form):
    """A member leaves."""

    day = day_field(label=_("First day without standing"))
    how = how_field()


class TransferForm(forms.Form):
    """A worker goes over to another unit."""

    unit = forms.CharField(
        label=_("Label of the receiving unit"),
        max_length=40,
        help_text=_("It stands on the unit's page under its name, such as EBF-D03-H14."),
    )
    how = how_field()

    def clean_unit(self) -> Unit:
        """The unit with this label."""
        found = Unit.objects.filter(label__iexact=str(self.cleaned_data["unit"]).strip()).order_by("pk").first()
        if found is None:
            raise forms.ValidationError(_("No unit has this label."))
        return found


class PurposeForm(forms.Form):
    """What an export is for."""

    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=400,
        min_length=10,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the file is for and when you delete it. It stands in the file and in the audit log."),
    )
    contacts = forms.BooleanField(
        label=_("With telephone numbers and addresses"),
        required=False,
        help_text=_("Only where the purpose cannot be fulfilled without them. The second person sees that you ask."),
    )


class UploadForm(forms.Form):
    """A table of members."""

    file = forms.FileField(
        label=_("Table"),
        help_text=_("XLSX, XLS, ODS or CSV; one row for each member, the names of the columns in the first row."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.txt"}),
    )


class MatchForm(forms.Form):
    """Which column holds what, and what holds where there is no column."""

    employment = forms.ChoiceField(
        label=_("Kind of employment of all rows"),
        required=False,
        choices=[("", _("– as the column says –")), *Employment.choices],
    )
    serials = forms.BooleanField(
        label=_("Numbers such as 44260 in columns of days are days as spreadsheets count them"), required=False
    )
    drop_quarantined = forms.BooleanField(label=_("Yes, leave the quarantined columns out for good"), required=False)

    def __init__(self, *args: Any, view: ImportView, **options: Any) -> None:
        super().__init__(*args, **options)
        self.columns = view.columns
        if view.quarantined:
            self.fields["drop_quarantined"].required = True
        else:
            del self.fields["drop_quarantined"]
        for place, column in enumerate(view.columns):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=column.header,
                required=False,
                choices=[("", _("leave out")), *Field.choices],
                initial=column.field,
                help_text=_("%(number)d cells filled") % {"number": column.filled},
            )
        defaults = view.batch.defaults
        self.initial.setdefault("employment", defaults.get("employment", ""))
        self.initial.setdefault("serials", defaults.get("serials", False))
        self.order_fields([*(f"column_{place}" for place in range(len(view.columns))), "employment", "serials"])

    def mapping(self) -> dict[str, str]:
        """Header to field."""
        return {
            column.header: str(self.cleaned_data.get(f"column_{place}") or "")
            for place, column in enumerate(self.columns)
        }


class GroupForm(forms.Form):
    """A union group to found."""

    name = forms.CharField(label=_("Name of the group"), max_length=80)


class LeaderForm(forms.Form):
    """Who leads a group."""

    leader = forms.EmailField(
        label=_("E-mail address of the leader's account"),
        required=False,
        help_text=_("The account holds the role of group leader in this unit. Empty: nobody for now."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
