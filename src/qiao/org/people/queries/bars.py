"""What stands against erasing a person: the membership itself, and holds."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qiao.base.i18n import pick
from qiao.org.people.choices import RefusalGround
from qiao.org.people.queries.homes import home_of
from qiao.org.people.rules import Bar


def own_bars(person_id: int) -> list[Bar]:
    """The membership that still stands."""
    home = home_of(person_id)
    if home is None:
        return []
    return [
        Bar(
            RefusalGround.STANDING,
            _("You are a member of %(unit)s. Leave the union first: that works at once.") % {"unit": pick(home.name)},
        )
    ]
