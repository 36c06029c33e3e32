"""Form fields for texts kept in several languages: Chinese first, English beside or below it and optional."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as noop

from qiao.base.i18n import LANGUAGES, Localized, localized

#: What stands above each input, in the order of `LANGUAGES`.
LABELS = (_("In Chinese"), _("In English (optional)"))
#: Django's words for an empty field; named here so that our catalogue may say it as a person would.
REQUIRED = noop("This field is required.")
_HTML_LANG = {"zh-hans": "zh-Hans"}


class LocalizedWidget(forms.MultiWidget):
    """Two inputs, each with its visible label, one below the other."""

    template_name = "base/localized.html"
    use_fieldset = True

    def __init__(self, *, textarea: bool = False, rows: int = 4, attrs: dict[str, Any] | None = None) -> None:
        inputs: dict[str, forms.Widget | type[forms.Widget]] = {
            code.replace("-", "_"): forms.Textarea(attrs={"rows": rows, "lang": _HTML_LANG.get(code, code)})
            if textarea
            else forms.TextInput(attrs={"lang": _HTML_LANG.get(code, code)})
            for code in LANGUAGES
        }
        super().__init__(inputs, attrs)

    def decompress(self, value: object) -> list[str]:
        """A kept text as the values of the inputs."""
        if isinstance(value, Mapping):
            return [str(value.get(code, "")) for code in LANGUAGES]
        return ["" for _code in LANGUAGES]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the labels to what the template draws."""
        context = super().get_context(name, value, attrs)
        context["labelled"] = list(zip(LABELS, context["widget"]["subwidgets"], strict=True))
        return context


class LinesWidget(LocalizedWidget):
    """As `LocalizedWidget`, for a list of texts: one line each."""

    def __init__(self, *, rows: int = 6, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(textarea=True, rows=rows, attrs=attrs)

    def decompress(self, value: object) -> list[str]:
        """A list of kept texts as lines; a language in which none is written stays empty."""
        texts = list(value) if isinstance(value, Sequence) and not isinstance(value, str) else []
        columns = [[str(text.get(code, "")) for text in texts] for code in LANGUAGES]
        return ["\n".join(column) if any(column) else "" for column in columns]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """A list of kept texts would be taken for the values of the two inputs: turn it into these first."""
        if isinstance(value, list | tuple) and all(isinstance(text, Mapping) for text in value):
            value = self.decompress(value)
        return super().get_context(name, value, attrs)


class LocalizedField(forms.MultiValueField):
    """A text in Chinese and, optionally, in English; cleans to a `Localized` dict ({} where nothing is written)."""

    def __init__(
        self,
        *,
        required: bool = True,
        textarea: bool = False,
        rows: int = 4,
        max_length: int | None = None,
        widget: forms.Widget | None = None,
        **options: Any,
    ) -> None:
        missing = {"required": _("Write the text in Chinese."), "incomplete": _("Write the text in Chinese.")}
        super().__init__(
            fields=(
                forms.CharField(required=required, max_length=max_length, error_messages=missing),
                forms.CharField(required=False, max_length=max_length),
            ),
            widget=widget or LocalizedWidget(textarea=textarea, rows=rows),
            require_all_fields=False,
            required=required,
            error_messages={"required": missing["required"]},
            **options,
        )

    def compress(self, data_list: Sequence[str]) -> Localized:
        """The values of the inputs as a kept text."""
        if not data_list:
            return {}
        text = localized(*(_one_newline(value or "") for value in data_list))
        if "en" in text and "zh-hans" not in text:
            raise ValidationError(_("Write the text in Chinese too."))
        return text


class LocalizedLinesField(forms.MultiValueField):
    """Several texts, one line each; cleans to a list of `Localized`. English is written for all lines or for none."""

    def __init__(
        self, *, required: bool = True, rows: int = 6, most: int = 200, max_length: int = 400, **options: Any
    ) -> None:
        missing = {"required": _("Write at least one line."), "incomplete": _("Write at least one line.")}
        self.most = most
        self.line_length = max_length
        super().__init__(
            fields=(forms.CharField(required=required, error_messages=missing), forms.CharField(required=False)),
            widget=LinesWidget(rows=rows),
            require_all_fields=False,
            required=required,
            error_messages={"required": missing["required"]},
            **options,
        )

    def compress(self, data_list: Sequence[str]) -> list[Localized]:
        """The lines of both inputs, paired; blank lines are left out."""
        if not data_list:
            return []
        chinese, english = (
            [line.strip() for line in (value or "").splitlines() if line.strip()] for value in data_list
        )
        if english and len(english) != len(chinese):
            raise ValidationError(
                _("%(zh)d lines in Chinese, %(en)d in English: write one English line for each Chinese one, or none."),
                params={"zh": len(chinese), "en": len(english)},
            )
        if len(chinese) > self.most:
            raise ValidationError(_("At most %(most)d lines are possible."), params={"most": self.most})
        for number, line in enumerate([*chinese, *english], start=1):
            if len(line) > self.line_length:
                raise ValidationError(
                    _("Line %(number)d is longer than %(most)d signs."),
                    params={"number": (number - 1) % len(chinese) + 1, "most": self.line_length},
                )
        return [localized(zh, en) for zh, en in zip(chinese, english or [""] * len(chinese), strict=True)]


def _one_newline(text: str) -> str:
    """Line ends as LF, however the browser sent them: texts are hashed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
