"""What stands against erasing a person: the membership itself, what is asked and not answered, and holds."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.i18n import day_text, pick
from qiao.org.appeals.choices import AppealState
from qiao.org.appeals.models import Appeal
from qiao.org.people.choices import RefusalGround
from qiao.org.people.models import Account, Person
from qiao.org.people.queries.homes import home_of
from qiao.org.people.rules import Bar
from qiao.org.retention.models import Hold

#: The class under which a person's whole record is held (handbook P8).
PERSON_CLASS = "former_members"


def person_code(person_id: int) -> str:
    """The code by which a hold names one person: the number in the register after an M."""
    return f"M{person_id}"


def own_bars(person_id: int, now: datetime) -> list[Bar]:
    """The membership that still stands, open appeals, holds on the record."""
    return [*_standing(person_id), *_appeals(person_id), *held_bars(person_id, localdate(now))]


def _standing(person_id: int) -> list[Bar]:
    home = home_of(person_id)
    if home is None:
        return []
    return [
        Bar(
            RefusalGround.STANDING,
            _("You are a member of %(unit)s. Leave the union first: that works at once.") % {"unit": pick(home.name)},
        )
    ]


def _appeals(person_id: int) -> list[Bar]:
    accounts = list(Account.objects.filter(person_id=person_id).values_list("pk", flat=True))
    rows = Appeal.objects.filter(
        Q(person_id=person_id) | Q(account_id__in=accounts), state__in=[AppealState.FILED, AppealState.UNDER_REVIEW]
    )
    # An appeal against the refusal of an erasure does not stand against that erasure.
    return [
        Bar(RefusalGround.HOLD, _("The appeal %(code)s is open.") % {"code": code})
        for code in rows.exclude(kind="data_request").order_by("pk").values_list("code", flat=True)
    ]


def held_bars(person_id: int, on: date) -> list[Bar]:
    """Holds in force on a day: on the person by number, on a unit where they stood, or on all former members."""
    paths = Person.objects.filter(pk=person_id, memberships__isnull=False).values_list(
        "memberships__unit__path", flat=True
    )
    above = {path[:length] for path in paths for length in range(5, len(path) + 1, 5)}
    named = Q(code=person_code(person_id))
    whole = Q(code="", unit__isnull=True) | Q(unit__path__in=above)
    holds = Hold.objects.filter(
        named | whole, object_class=PERSON_CLASS, since__lte=on, until__gt=on, ended_at__isnull=True
    )
    return [
        Bar(
            RefusalGround.HOLD,
            _("Held until %(day)s: %(ground)s.") % {"day": day_text(hold.until), "ground": hold.get_ground_display()},
        )
        for hold in holds
    ]
