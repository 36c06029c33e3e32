"""A person's data as an archive: readable by people (HTML) and by machines (JSON)."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict
from datetime import datetime

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.org.people.models import Person, PersonMessage
from qiao.org.people.queries import looks_of
from qiao.org.people.rules import OwnGroup, OwnLine, own_data
from qiao.org.people.services.taking import note_taking

#: More looks and messages than this are not in an archive; nobody has had so many.
_MOST = 10_000


def own_archive(*, actor: Actor, now: datetime, person: Person) -> bytes:
    """A ZIP with ``my-data.json`` and ``my-data.html`` of everything every app holds about a person, in one language.

    The taking is logged. Whoever calls has made sure that it is the person, or next of kin with a granted request.
    """
    groups = [*own_data(person.pk), _messages(person), _looks(person)]
    note_taking(actor=actor, now=now, person=person)
    plain = {
        "person": person.pk,
        "taken": now.isoformat(timespec="seconds"),
        "groups": [
            {
                "key": group.key,
                "title": group.title,
                "why": group.why,
                "lines": [
                    {key: value for key, value in asdict(line).items() if key in ("label", "value", "since") and value}
                    for line in group.lines
                ],
            }
            for group in groups
        ],
    }
    page = render_to_string("people/archive.html", {"person": person, "groups": groups, "now": now})
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("my-data.json", json.dumps(plain, ensure_ascii=False, indent=1) + "\n")
        archive.writestr("my-data.html", page)
    return file.getvalue()


def _messages(person: Person) -> OwnGroup:
    rows = PersonMessage.objects.filter(person=person).order_by("-at", "-pk")[:_MOST]
    lines = tuple(OwnLine(str(row.subject), str(row.text), f"{row.at:%Y-%m-%d}") for row in rows)
    return OwnGroup("messages", _("What I was told"), lines)


def _looks(person: Person) -> OwnGroup:
    rows, _following = looks_of(person.pk, limit=_MOST)
    lines = tuple(
        OwnLine(f"{row.looker} · {row.office}", f"{row.record}: {row.reason}", f"{row.at:%Y-%m-%d}") for row in rows
    )
    return OwnGroup("looks", _("Who looked at me"), lines)
