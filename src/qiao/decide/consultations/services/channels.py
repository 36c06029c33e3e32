"""What all channels have in common: one sheet of votes and words, handed in for one person; counts at the close."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import Count

from qiao.base.access import Actor
from qiao.base.codes import normal_secret_code
from qiao.base.i18n import LANGUAGES
from qiao.base.problems import Problem
from qiao.decide.consultations.choices import Channel
from qiao.decide.consultations.models import Consultation, Opinion, Sheet, Slip, Voice
from qiao.decide.consultations.queries import clauses_of
from qiao.decide.consultations.rules import likeness, mask
from qiao.decide.consultations.services.take_part import SpokenAlready, submit_opinion, vote_statement
from qiao.org.membership.choices import HOLDING
from qiao.org.membership.queries import membership_of


@dataclass(frozen=True, slots=True)
class Said:
    """What stands on one sheet: votes by statement id, words by the id of their clause ("" for the whole)."""

    votes: Mapping[int, int] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether nothing stands on it."""
        return not self.votes and not any(text.strip() for text in self.words.values())


@dataclass(frozen=True, slots=True)
class Handed:
    """What came of a sheet: receipts, and clauses left out because the person had spoken there by another channel."""

    receipts: tuple[str, ...]
    left_out: tuple[str, ...] = ()


def as_member(consultation: Consultation, person_id: int) -> Actor:
    """The person as a member taking part. Raises Problem for whoever has no standing in the consultation's unit."""
    standing = membership_of(person_id)
    if standing is None or standing.state not in HOLDING or not standing.unit.path.startswith(consultation.unit.path):
        raise Problem("This person is no member of the unit that is asked.")
    return Actor(person_id=person_id, member_paths=(standing.unit.path,))


def hand_in(
    *, now: datetime, consultation: Consultation, person_id: int, channel: Channel, said: Said, evidence: str = ""
) -> Handed:
    """Take everything on a sheet over for one person, in the caller's transaction; who may, the caller has asked.

    Points on which the person has spoken by another channel are left out on paper, and refuse the sheet elsewhere.
    Raises Problem for an empty sheet, a clause that is no longer in the text, and as `submit_opinion`.
    """
    if said.empty:
        raise Problem("Nothing is said yet: answer a statement or write an opinion.")
    member = as_member(consultation, person_id)
    clauses = {clause.key: clause for clause in clauses_of(consultation)}
    statements = set(consultation.statements.values_list("pk", flat=True))
    receipts: list[str] = []
    left_out: list[str] = []
    for statement_id, vote in sorted(said.votes.items()):
        if statement_id not in statements:
            raise Problem("There is no such statement in this consultation.")
        vote_statement(actor=member, now=now, statement_id=statement_id, vote=vote, channel=channel)
    for key, text in said.words.items():
        if not text.strip():
            continue
        if key and key not in clauses:
            raise Problem("The text was changed while you wrote: read the new version, then send your opinion.")
        try:
            receipt = submit_opinion(
                actor=member, now=now, code=consultation.code, clause_id=clauses[key].pk if key else None, text=text,
                language=LANGUAGES[0], channel=channel, evidence=evidence,
            )  # fmt: skip
        except SpokenAlready:
            if channel != Channel.PAPER:
                raise
            left_out.append(clauses[key].label or str(clauses[key].number) if key else "")
        else:
            receipts.append(receipt.number)
    return Handed(tuple(receipts), tuple(left_out))


def receipts_again(consultation: Consultation, person_id: int, said: Said) -> Handed | None:
    """The receipts of a sheet that was taken already, for the same sheet sent twice; None where it is another one."""
    wanted = {
        (key, likeness(mask(text.replace("\r\n", "\n").strip())[0])) for key, text in said.words.items() if text.strip()
    }
    own = Opinion.objects.filter(consultation=consultation, person_id=person_id).select_related("clause")
    found = {(row.clause.key if row.clause else "", row.likeness): row.receipt for row in own}
    if not wanted or not wanted <= set(found):
        return None
    return Handed(tuple(found[one] for one in sorted(wanted)))


def code_hash(code: str) -> bytes:
    """The keyed hash (HMAC-SHA-256) under which a single-use code is known, however it was typed."""
    key = hashlib.sha256(b"qiao.decide.consultations.codes\0" + settings.SECRET_KEY.encode()).digest()
    return hmac.digest(key, normal_secret_code(code).encode(), "sha256")


def count_channels(consultation: Consultation) -> dict[str, int]:
    """How many people took part by each channel first; then voices and codes are gone."""
    rows = Voice.objects.filter(consultation=consultation).order_by("channel").values_list("channel")
    counts = dict(rows.annotate(number=Count("pk")))
    end_channels(consultation)
    return {channel: counts.get(channel, 0) for channel in Channel.values}


def end_channels(consultation: Consultation) -> None:
    """Delete voices, codes and sheets not stored: the consultation takes nothing any more."""
    Voice.objects.filter(consultation=consultation).delete()
    Sheet.objects.filter(stack__consultation=consultation).delete()
    Slip.objects.filter(consultation=consultation).delete()
