"""Who may keep a person's data: the person, and officers of the unit where the person stands."""

from __future__ import annotations

from qiao.base.access import Actor, require
from qiao.org.people.queries.homes import home_of
from qiao.org.settings.queries import federation_path

KEEP = "person.keep"


def path_of(person_id: int, unit_path: str = "") -> str:
    """The path of the unit whose officers answer for the person: their home, else the one named, else the top."""
    home = home_of(person_id)
    return home.path if home else unit_path or federation_path()


def require_keeping(actor: Actor, person_id: int, unit_path: str = "") -> str:
    """The path concerned; raises Refused unless it is the person, the system, or an officer with ``person.keep``."""
    path = path_of(person_id, unit_path)
    if actor.person_id is None or actor.person_id != person_id:
        require(actor, KEEP, path)
    return path
