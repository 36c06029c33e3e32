"""Which consents are in force."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from qiao.base.i18n import pick
from qiao.org.people.choices import ConsentKind
from qiao.org.people.models import Consent
from qiao.org.people.rules import NOT_REVOCABLE_ALONE, SWITCHES, current_text, text_of


def has_consent(person_id: int, kind: str, code: str = "") -> bool:
    """Whether the person has given this consent (for this case, where a code is named) and not taken it back."""
    return Consent.objects.filter(person_id=person_id, kind=kind, code=code, revoked__isnull=True).exists()


def consents_in_force(person_id: int) -> set[str]:
    """The kinds of consent in force that hold for no single case."""
    return set(
        Consent.objects.filter(person_id=person_id, code="", revoked__isnull=True).values_list("kind", flat=True)
    )


def persons_consenting(person_ids: Collection[int], kind: str) -> set[int]:
    """Of these persons those who have given this consent: one query."""
    rows = Consent.objects.filter(person_id__in=person_ids, kind=kind, code="", revoked__isnull=True)
    return set(rows.values_list("person_id", flat=True))


@dataclass(frozen=True, slots=True)
class ConsentState:
    """One consent as its switch shows it; ``since`` while given, ``ended`` when last taken back."""

    kind: str
    label: str
    code: str
    covers: str
    without: str
    version: int
    since: datetime | None = None
    ended: datetime | None = None
    revocable: bool = True

    @property
    def given(self) -> bool:
        """Whether it is in force."""
        return self.since is not None


def consent_states(person_id: int) -> list[ConsentState]:
    """Every switch, given or not, then whatever else this person has consented to; in the language of the request."""
    rows = list(Consent.objects.filter(person_id=person_id).order_by("given", "pk"))
    last = {(row.kind, row.code): row for row in rows}
    keys = [(str(kind), "") for kind in SWITCHES]
    keys += [key for key, row in last.items() if key not in keys and row.revoked is None]
    states = []
    for kind, code in keys:
        row = last.get((kind, code))
        in_force = row is not None and row.revoked is None
        text = text_of(kind, row.version) if row and in_force else current_text(kind)
        states.append(
            ConsentState(
                kind=kind,
                label=str(ConsentKind(kind).label),
                code=code,
                covers=pick(text.covers),
                without=pick(text.without),
                version=text.version,
                since=row.given if row and in_force else None,
                ended=row.revoked if row else None,
                revocable=kind not in NOT_REVOCABLE_ALONE,
            )
        )
    return states
