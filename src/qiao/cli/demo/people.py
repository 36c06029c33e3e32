"""What members let be known of themselves: contacts, consents, looks, messages, a data check, requests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from qiao.base.access import SYSTEM, Actor
from qiao.base.i18n import localized
from qiao.cli.demo.world import World
from qiao.org.access.choices import Role
from qiao.org.access.queries import actor_for
from qiao.org.people import services
from qiao.org.people.choices import ContactKind, RequestKind, Sex, Source
from qiao.org.people.models import Person
from qiao.org.people.queries import members_under

#: Invented; its check sign is right.
IDENTITY = "11010119900307889X"


def seed(world: World, earlier: Mapping[str, object]) -> dict[str, object]:  # noqa: ARG001
    """Contacts for the first base union and the members with accounts; for the first of them a whole story."""
    base = world.bases[0]
    ids = list(members_under(base.path))[:200]
    own = [member for member in world.members if member.person_id is not None]
    first = own[0]
    officer = actor_for(world.accounts[Role.BASE_OFFICER.value], world.now.date())
    long_ago, lately = world.now - timedelta(days=420), world.now - timedelta(days=30)
    everybody = sorted({*ids, *(member.person_id or 0 for member in own)})
    rows = [
        (pk, ContactKind.MOBILE.value, f"1990000{place:04}") for place, pk in enumerate(everybody) if place % 9
    ]  # fmt: skip
    rows += [
        (pk, ContactKind.MAIL.value, f"m{pk}@example.org") for place, pk in enumerate(everybody) if place % 3 == 0
    ]  # fmt: skip
    services.add_contacts(actor=SYSTEM, now=long_ago, rows=rows, unit_path=world.root.path, source=Source.IMPORT.value)
    persons = {person.pk: person for person in Person.objects.filter(pk__in=everybody)}
    for place, pk in enumerate(everybody):
        if place % 3:
            services.give_consent(
                actor=SYSTEM, now=long_ago, person=persons[pk], kind="channel_sms", source=Source.SELF.value
            )
    _story(world, first, persons[first.person_id or 0], officer)
    second = own[1]
    filed = services.file_request(
        actor=second, now=world.now - timedelta(days=40), kind=RequestKind.ERASURE, text="不再在本市工作，请删除。"
    )
    name = services.file_request(
        actor=first, now=world.now - timedelta(days=3), kind=RequestKind.CORRECTION, field="name",
        text=f"{persons[first.person_id or 0].name}之",
    )  # fmt: skip
    campaign = services.start_campaign(
        actor=officer, now=world.now - timedelta(days=5), unit=base, reason="换季慰问前核对联系方式",
    )  # fmt: skip
    stale = persons[ids[4]]
    services.mark_stale(actor=SYSTEM, now=lately, person=stale, kind=ContactKind.MOBILE.value)
    # Somebody without a mail address: a number that was confirmed is enough to sign in, by a code sent to it.
    quiet = persons[ids[7]]
    services.set_contact(
        actor=SYSTEM, now=lately, person=quiet, kind=ContactKind.MOBILE, value="199 0000 8007", confirmed=True
    )
    services.open_account_by_number(actor=SYSTEM, now=lately, person=quiet)
    # Who has lost the number: one officer has seen them, the chair is the second person.
    lost, at = persons[ids[10]], world.now - timedelta(days=1)
    change = services.ask_number(
        actor=officer, now=at, person=lost, number="199 0000 8010", seen="身份证和会员卡已见，照片与本人相符"
    )
    services.show_number(actor=officer, now=at, code=change.code, proof=str(change.proof))
    return {"data_check": campaign.code, "erasure": filed.code, "correction": name.code}


def _story(world: World, actor: Actor, person: Person, officer: Actor) -> None:
    """The member whom the sign-in page offers: given, confirmed, looked at, told."""
    day = timedelta(days=1)
    now = world.now
    services.set_contact(
        actor=actor, now=now - 60 * day, person=person, kind=ContactKind.MOBILE, value="199 0000 8001", confirmed=True
    )
    services.set_contact(actor=actor, now=now - 60 * day, person=person, kind=ContactKind.MAIL, value="zh@example.org")
    for kind in ("join", "channel_mail", "identity_check"):
        services.give_consent(actor=actor, now=now - 60 * day, person=person, kind=kind)
    services.give_consent(actor=actor, now=now - 50 * day, person=person, kind="publish_name")
    services.revoke_consent(actor=actor, now=now - 20 * day, person=person, kind="publish_name")
    services.check_identity(actor=SYSTEM, now=now - 58 * day, person=person, number=IDENTITY)
    services.declare(actor=actor, now=now - 57 * day, sex=Sex.FEMALE.value, migrant=None)
    home = actor.member_paths[0]
    if officer.may("contact.look", home):
        for days, reason in ((33, "通知领取高温慰问品"), (4, "核对体检预约电话")):
            services.look_at_contacts(actor=officer, now=now - days * day, person=person, reason=reason)
    services.tell(
        now=now - 2 * day, person_id=person.pk, url="/me/",
        subject=localized("您关注的事项有进展", "Something you spoke of has moved"),
        text=localized("您参与征求意见的班车方案已经作出决定。", "The night bus you gave your opinion on is decided."),
    )  # fmt: skip
