"""Texts of questionnaires and differences between them, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.translation import get_language, gettext, pgettext

from qiao.base.xlsform.compare import Change, language_code

register = template.Library()


@register.filter
def form_text(texts: Mapping[str, str] | None) -> str:
    """The text of a form in the reader's language; failing that in any."""
    wanted = (get_language() or "zh").partition("-")[0]
    found = texts or {}
    return next((text for key, text in found.items() if language_code(key) == wanted), next(iter(found.values()), ""))


@register.filter
def change_words(change: Change) -> str:
    """What changed, in words."""
    parts = {
        "label": gettext("words"),
        "hint": gettext("hint"),
        "guidance_hint": gettext("longer help"),
        "constraint_message": gettext("message"),
        "required_message": gettext("message"),
        "relevant": gettext("when it is shown"),
        "constraint": gettext("what fits"),
        "required": gettext("must be answered"),
        "type": gettext("kind of answer"),
        "list": gettext("list of answers"),
        "calculation": gettext("how it is computed"),
        "value": gettext("setting"),
        "bank": gettext("item of the bank"),
        "image": gettext("picture"),
        "alt": gettext("what the picture shows"),
    }
    whats = {
        "added": pgettext("version", "added"),
        "removed": pgettext("version", "removed"),
        "moved": pgettext("version", "moved"),
    }
    if change.what in whats:
        return whats[change.what]
    part = parts.get(change.part, change.part)
    return f"{part} ({change.language})" if change.language and change.language != "default" else part
