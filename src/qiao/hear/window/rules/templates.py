"""Prepared answers: places for what differs, filled in when used."""

from __future__ import annotations

import re
from collections.abc import Mapping

from qiao.base.problems import Problem

#: What may stand in braces.
PLACES = ("code", "receipt", "topic", "body", "day", "officer")
_BRACES = re.compile(r"\{([^{}]*)\}")


def require_known_places(text: Mapping[str, str]) -> None:
    """Raise Problem for a place that nobody would fill: the asker would read it."""
    for content in text.values():
        for name in _BRACES.findall(content):
            if name not in PLACES:
                raise Problem(
                    "There is nothing to put in “{%(name)s}”.",
                    hint="These are filled in: %(places)s.",
                    name=name,
                    places=", ".join(f"{{{place}}}" for place in PLACES),
                )


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its places filled; one that is unknown stays as it is."""
    return _BRACES.sub(lambda found: values.get(found[1], found[0]), text)
