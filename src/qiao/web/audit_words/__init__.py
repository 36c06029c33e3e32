"""The words of the audit log: what an action was done to, and what was done.

An action is written ``object.verb``. Each half has its word here, so that a new action mostly finds both; the test
beside goes through every action a service writes and names what has none.
"""

from __future__ import annotations

from django.utils.translation import gettext

from qiao.org.access.choices import Action
from qiao.web.audit_words.deeds import verbs
from qiao.web.audit_words.things import objects

__all__ = ["objects", "verbs", "words_of"]


def words_of(action: str) -> str:
    """An action in words; where the table of rights has the very action, in its words."""
    kind, _, verb = action.partition(".")
    thing, deed = objects().get(kind), verbs().get(verb)
    if thing and deed:
        return gettext("%(thing)s: %(deed)s") % {"thing": thing, "deed": deed}
    return str(Action(action).label) if action in Action.values else action
