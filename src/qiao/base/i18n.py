"""Texts in several languages, kept as {"zh-hans": "…", "en": "…"}."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import get_language

#: Language code (Django's, lower case) to text; at least one non-empty entry where a text is required.
Localized = dict[str, str]

LANGUAGES = ("zh-hans", "en")


def pick(text: Mapping[str, str] | str | None, language: str | None = None) -> str:
    """The text in ``language`` (default: the one active now), else in Chinese, else in any language there is."""
    if not text:
        return ""
    if isinstance(text, str):
        return text
    wanted = (language or get_language() or LANGUAGES[0]).lower()
    for code in (wanted, wanted.split("-")[0], *LANGUAGES):
        found = text.get(code)
        if found:
            return found
    return next((value for value in text.values() if value), "")


def localized(zh: str, en: str = "") -> Localized:
    """A text in Chinese and, where given, English."""
    return {code: value for code, value in (("zh-hans", zh.strip()), ("en", en.strip())) if value}
