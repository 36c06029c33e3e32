"""Making sure who somebody is, and what somebody says of themselves."""

from __future__ import annotations

from datetime import datetime

from django.utils.timezone import localdate

from qiao.base import audit, vault
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.org.people.choices import CheckWay, ConsentKind, Sex
from qiao.org.people.models import Declaration, IdentityCheck, Person
from qiao.org.people.models.contacts import IDENTITY_PURPOSE
from qiao.org.people.queries import has_consent
from qiao.org.people.rules import normal_identity
from qiao.org.people.services.keeping import KEEP, path_of


class NumberTaken(Problem):
    """The number was checked for somebody else: two records of one person, or a mistake. Merging is the register's."""

    def __init__(self, others: list[int]) -> None:
        self.others = others
        super().__init__("This identity number belongs to another record already: they may be one person.")


def check_identity(*, actor: Actor, now: datetime, person: Person, number: str, unit_path: str = "") -> IdentityCheck:
    """Note that the person's identity number was checked. Its keyed hash and last four signs are kept, no more.

    Raises Refused without ``person.keep`` at the person's unit; Problem without the person's consent or for no valid
    number; NumberTaken where another person has it.
    """
    path = path_of(person.pk, unit_path)
    require(actor, KEEP, path)
    normal = normal_identity(number)
    with atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        if not has_consent(person.pk, ConsentKind.IDENTITY_CHECK):
            raise Problem(
                "The person has not consented to the check of their identity number.",
                hint="Ask for it, or enter that you have seen a paper proof.",
            )
        prints = vault.fingerprints(normal, purpose=IDENTITY_PURPOSE)
        others = list(
            IdentityCheck.objects.filter(found_by__in=prints).exclude(person=person).values_list("person_id", flat=True)
        )
        if others:
            raise NumberTaken(others)
        check, _new = IdentityCheck.objects.update_or_create(
            person=person,
            defaults={
                "way": CheckWay.NUMBER, "found_by": prints[0], "last_four": normal[-4:], "checked": localdate(now),
                "checked_by_id": actor.account_id,
            },
        )  # fmt: skip
        audit.record(
            actor=actor, now=now, action="identity.check", unit_path=path, detail={"person": person.pk, "way": "number"}
        )
    return check


def see_paper_proof(*, actor: Actor, now: datetime, person: Person, unit_path: str = "") -> IdentityCheck:
    """Note that an officer saw a paper that shows who the person is; nothing of the paper is kept.

    A check by number stands as it is. Raises Refused without ``person.keep`` at the person's unit.
    """
    path = path_of(person.pk, unit_path)
    require(actor, KEEP, path)
    with atomic():
        Person.objects.select_for_update().get(pk=person.pk)
        check, new = IdentityCheck.objects.get_or_create(
            person=person,
            defaults={"way": CheckWay.PAPER, "checked": localdate(now), "checked_by_id": actor.account_id},
        )
        if new:
            audit.record(
                actor=actor, now=now, action="identity.check", unit_path=path,
                detail={"person": person.pk, "way": "paper"},
            )  # fmt: skip
    return check


def declare(*, actor: Actor, now: datetime, sex: str, migrant: bool | None) -> None:
    """Say something of oneself, or take it back by saying nothing. Nobody else can enter it.

    Raises Problem without a person of the register behind the account.
    """
    if actor.person_id is None:
        raise Problem("This account belongs to nobody of the register.")
    with atomic():
        if not sex and migrant is None:
            Declaration.objects.filter(person_id=actor.person_id).delete()
        else:
            Declaration.objects.update_or_create(
                person_id=actor.person_id,
                defaults={"sex": Sex(sex) if sex else "", "self_declared_migrant": migrant, "said": localdate(now)},
            )
        audit.record(actor=actor, now=now, action="person.declare", detail={"person": actor.person_id})
