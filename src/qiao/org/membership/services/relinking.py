"""Everything in any app that refers to a person, found by asking the models themselves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.db.models import ForeignKey

from qiao.org.people.models import Person


@dataclass(frozen=True, slots=True)
class Reference:
    """One column that holds the number of a person: table, column, key of its rows, and how it is called."""

    app: str
    model: str
    table: str
    column: str
    key: str
    label: str
    unique: bool


@cache
def references_to_person() -> tuple[Reference, ...]:
    """Every foreign key to a person over all installed apps, in a fixed order."""
    found = []
    for relation in Person._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)):
            continue
        field = relation.field  # type: ignore[union-attr]
        if not isinstance(field, ForeignKey):
            continue
        meta = field.model._meta
        found.append(
            Reference(
                meta.app_label, meta.object_name or "", meta.db_table, field.column, str(meta.pk.column),
                str(meta.verbose_name), field.unique,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.table, one.column)))
