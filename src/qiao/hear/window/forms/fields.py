"""Fields several forms share."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from qiao.base.i18n import pick, problem_text
from qiao.base.problems import Problem
from qiao.hear.window.rules.files import MOST, taken_in
from qiao.org.units.models import Unit
from qiao.org.units.queries import find_units, unit_by_label
from qiao.org.workplaces.models import Employer
from qiao.org.workplaces.queries import find_employers

_SHOWN = 6


class NonceForm(forms.Form):
    """A form with a token of its own: sent twice it is one act."""

    nonce = forms.CharField(widget=forms.HiddenInput, max_length=64, min_length=8)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nonce"].initial = secrets.token_hex(16)


class FilesInput(forms.ClearableFileInput):
    """Several files in one control."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:  # noqa: ARG002
        """All files of the control."""
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """Up to `MOST` files, each looked at by its content; cleans to a list of uploads."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        super().__init__(
            widget=FilesInput(attrs={"accept": ".jpg,.jpeg,.png,.pdf,.docx,.xlsx,.txt"}), max_length=255, **options
        )

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        """Check each file and give it back unread."""
        del initial
        uploads = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if self.required and not uploads:
            raise forms.ValidationError(self.error_messages["required"])
        if len(uploads) > MOST:
            raise forms.ValidationError(_("At most %(most)d files at once."), params={"most": MOST})
        for upload in uploads:
            try:
                taken_in(upload.name, upload.read())
            except Problem as problem:
                raise forms.ValidationError(problem_text(problem)) from None
            upload.seek(0)
        return uploads


class UnitLabelField(forms.CharField):
    """A unit by its label; cleans to the unit, or None where nothing is written."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 40)
        options.setdefault("help_text", _("Its label, such as EBF-D01-H01, as on its page."))
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        """The unit with this label."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return unit_by_label(text.strip().upper())
        except Unit.DoesNotExist:
            raise forms.ValidationError(_("There is no unit with this label.")) from None


class WorkplaceMixin(forms.Form):
    """Where somebody works: one line, found among employers and unions; several that fit are offered."""

    workplace = forms.CharField(
        label=_("Where you work"), max_length=120, required=False,
        help_text=_("Name of the employer or of your union. It helps to reach the right people."),
    )  # fmt: skip
    pick = forms.ChoiceField(label=_("Which one?"), required=False, widget=forms.RadioSelect)

    #: Set by a poster or a link: the unit the form was opened at.
    at: Unit | None = None

    def offer(self, text: str) -> None:
        """Find what fits; nothing to choose from where nothing or one thing does."""
        self.found = _matches(text)
        field = self.fields["pick"]
        if len(self.found) < 2 or not isinstance(field, forms.ChoiceField):
            del self.fields["pick"]
            return
        field.choices = [*((key, label) for key, label, _what in self.found), ("none", _("None of these"))]

    def chosen(self) -> tuple[Unit | None, Employer | None, str]:
        """Place, employer, and what was written where neither is known."""
        text = str(self.cleaned_data.get("workplace", "")).strip()
        picked = self.cleaned_data.get("pick", "")
        if not text:
            return self.at, None, ""
        what: Unit | Employer | None = None
        if len(self.found) == 1:
            what = self.found[0][2]
        elif picked and picked != "none":
            what = next((one for key, _label, one in self.found if key == picked), None)
        if isinstance(what, Employer):
            return self.at, what, ""
        if isinstance(what, Unit):
            return what, None, ""
        return self.at, None, text

    def must_choose(self) -> bool:
        """Whether several things fit and none was chosen yet."""
        return "pick" in self.fields and not self.cleaned_data.get("pick")


def _matches(text: str) -> list[tuple[str, str, Unit | Employer]]:
    plain = " ".join(text.split())
    if len(plain) < 2:
        return []
    employers: Sequence[Employer] = find_employers(plain, limit=_SHOWN)
    found: list[tuple[str, str, Unit | Employer]] = [(f"e{one.pk}", one.name, one) for one in employers]
    hits, _more = find_units(plain, size=_SHOWN)
    units = Unit.objects.in_bulk([hit.label for hit in hits], field_name="label")
    found += [
        (f"u{unit.pk}", f"{pick(unit.name)} · {pick(hit.above)}" if hit.above else pick(unit.name), unit)
        for hit in hits
        if (unit := units.get(hit.label)) is not None
    ]
    exact = [one for one in found if one[1].split(" · ")[0] == plain]
    return exact if len(exact) == 1 else found[: 2 * _SHOWN]
