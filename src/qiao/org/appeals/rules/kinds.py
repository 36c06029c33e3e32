"""What may be appealed against: each app above registers the refusals it knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from qiao.base.access import Actor
from qiao.base.problems import Problem
from qiao.org.appeals.models import Appeal

#: Called in the deciding transaction when an appeal is upheld: sets the refusal aside. It may raise Problem.
OnUpheld = Callable[[Appeal, Actor, datetime], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of refusal: its words, what follows an upheld appeal, and the address of what was refused."""

    key: str
    label: str | Promise
    on_upheld: OnUpheld
    url: Callable[[str], str] | None = None


_KINDS: dict[str, Kind] = {}


def register(key: str, *, label: str | Promise, on_upheld: OnUpheld, url: Callable[[str], str] | None = None) -> None:
    """Add a kind, from AppConfig.ready(). ``url`` gives the page of the refused object by its code.

    Raises ValueError for a key taken by something else.
    """
    kind = Kind(key, label, on_upheld, url)
    if _KINDS.setdefault(key, kind).on_upheld is not on_upheld:
        raise ValueError(f"{key} is registered twice")


def kind_of(key: str) -> Kind:
    """The kind registered under this key; raises Problem where there is none."""
    try:
        return _KINDS[key]
    except KeyError:
        raise Problem("Nothing of the kind “%(kind)s” can be appealed against.", kind=key) from None
