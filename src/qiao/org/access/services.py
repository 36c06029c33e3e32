"""Granting and ending roles; closing a unit with its members and its officers."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.timezone import localdate

from qiao.base import audit
from qiao.base.access import Actor, Refused, require
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.problems import Problem
from qiao.org.access.choices import Role, TieKind
from qiao.org.access.models import RoleGrant, TieDeclaration
from qiao.org.access.queries.actors import others_of
from qiao.org.access.rules import bar_between, overlap, require_free
from qiao.org.membership.queries import active_members
from qiao.org.membership.services import retain_members
from qiao.org.membership.services.merge import merge_members
from qiao.org.people.models import Account
from qiao.org.people.services import open_account
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.units.queries import root_unit
from qiao.org.units.rules import takes_in
from qiao.org.units.services import close_unit, found_unit
from qiao.org.workplaces.models import Employer


def grant_role(
    *, actor: Actor, now: datetime, account: Account, role: Role, unit: Unit, since: date, until: date | None = None
) -> RoleGrant:
    """Grant a role in a unit and all below it, from a day on and, where given, until another.

    Granting it again changes nothing. An evaluator comes from outside: the account holds no other role anywhere, and
    its person is no member below the unit. The same holds the other way round.

    Raises Refused without ``role.grant`` at the unit, Problem for oneself, a closed unit, an end before the beginning,
    or where the account holds a role that may not stand beside it in an overlapping subtree (evaluator and system
    administrator: anywhere).
    """
    require(actor, "role.grant", unit.path)
    role = Role(role)
    if actor.did(account.pk):
        raise Problem("Nobody grants roles to themselves: ask another officer who grants roles here.")
    if not takes_in(unit):
        raise Problem("%(unit)s is closed.", unit=unit.label)
    if until is not None and until <= since:
        raise Problem("The role must end after it begins.")
    with atomic():
        # The account row is locked, so that two grants at once cannot pass the check side by side.
        account = Account.objects.select_for_update().get(pk=account.pk)
        if not account.is_active:
            raise Problem("This account is closed.")
        _check_beside(account, role, unit, since, timezone.localdate(now))
        same = RoleGrant.objects.filter(account=account, role=role, unit=unit, until=until).order_by("pk").first()
        if same is not None:
            return same
        grant = RoleGrant.objects.create(account=account, role=role, unit=unit, since=since, until=until)
        audit.record(
            actor=actor,
            now=now,
            action="role.grant",
            code=unit.label,
            unit_path=unit.path,
            detail={"account": account.pk, "role": role.value},
        )
    return grant


def _check_beside(account: Account, role: Role, unit: Unit, since: date, today: date) -> None:
    """Raise Problem where the role may not stand beside another one held now or later."""
    held = list(
        RoleGrant.objects.filter(
            Q(until__isnull=True) | Q(until__gt=max(since, today)),
            Q(account=account) | Q(account__in=others_of(account)),
        )
        .select_related("unit")
        .order_by("pk")
    )
    for grant in held:
        bar = bar_between(role, grant.role, near=overlap(unit.path, grant.unit.path))
        if bar is not None:
            raise Problem(
                "%(role)s and %(other)s may not be held by one person: give one of them to somebody else. %(reason)s",
                role=role.label,
                other=Role(grant.role).label,
                reason=bar.reason,
            )
    own = Q(person__account=account) | Q(person__account__in=others_of(account))
    if role == Role.EVALUATOR and active_members(unit.path).filter(own).exists():
        raise Problem("An evaluator comes from outside: this person is a member here.")


def grant_to_address(
    *,
    actor: Actor,
    now: datetime,
    email: str,
    display_name: str,
    role: Role,
    unit: Unit,
    since: date,
    until: date | None = None,
    own: str = "",
) -> RoleGrant:
    """Grant a role to whoever has this address; without an account one is opened under ``display_name``.

    ``own``: the address of the account the same human has already: from then on both act as one.

    Raises as `grant_role` and `qiao.org.people.services.open_account`; nothing is opened where the grant fails.
    """
    require(actor, "role.grant", unit.path)
    with atomic():
        account = Account.objects.filter(email__iexact=email).order_by("pk").first()
        if account is None:
            if not display_name:
                raise Problem("No account has this address: write the name too, and one is opened.")
            account = open_account(actor=actor, now=now, email=email, display_name=display_name)
        if own:
            account = same_human(actor=actor, now=now, account=account, own=own)
        return grant_role(actor=actor, now=now, account=account, role=role, unit=unit, since=since, until=until)


def same_human(*, actor: Actor, now: datetime, account: Account, own: str) -> Account:
    """Note that an account belongs to the human of another one, that with the address ``own``: they act as one.

    What one did, the other does not check or confirm, and roles that exclude each other are not spread over both.
    Noting it again changes nothing. Raises Refused without ``role.grant``, Problem where there is no such account,
    where the accounts belong to two persons of the register, or where their roles exclude each other already.
    """
    require(actor, "role.grant")
    with atomic():
        first = Account.objects.select_for_update().filter(email__iexact=own.strip()).exclude(email="").first()
        if first is None:
            raise Problem("No account has the address %(email)s.", email=own.strip())
        account = Account.objects.select_for_update().get(pk=account.pk)
        root = first.same_as_id or first.pk
        if account.pk == first.pk or root == (account.same_as_id or account.pk):
            return account
        group = [*others_of(account), account]
        persons = {one.person_id for one in (*group, first, *others_of(first)) if one.person_id is not None}
        if len(persons) > 1:
            raise Problem("These accounts belong to two different persons of the register.")
        Account.objects.filter(pk__in=[one.pk for one in group]).update(same_as_id=root)
        account.refresh_from_db()
        today = localdate(now)
        for grant in RoleGrant.objects.filter(account__in=[one.pk for one in group]).select_related("unit"):
            if grant.until is None or grant.until > today:
                _check_beside(account, Role(grant.role), grant.unit, grant.since, today)
        audit.record(actor=actor, now=now, action="account.same", detail={"account": account.pk, "as": root})
    return account


def end_grant(*, actor: Actor, now: datetime, grant_id: int) -> RoleGrant:
    """End a role today; ending it twice changes nothing.

    Raises Refused without ``role.grant`` at its unit, Problem where what the role is held for does not let it end.
    """
    today = timezone.localdate(now)
    with atomic():
        grant = RoleGrant.objects.select_for_update(of=("self",)).select_related("unit").get(pk=grant_id)
        require(actor, "role.grant", grant.unit.path)
        if grant.until is not None and grant.until <= today:
            return grant
        if not actor.system:
            require_free(grant.account_id, grant.role)
        grant.until = max(today, grant.since)
        grant.save(update_fields=["until"])
        audit.record(
            actor=actor,
            now=now,
            action="role.end",
            code=grant.unit.label,
            unit_path=grant.unit.path,
            detail={"account": grant.account_id, "role": grant.role},
        )
    return grant


def dissolve_unit(*, actor: Actor, now: datetime, unit: Unit, day: date) -> Unit:
    """Close a unit: its members go to the unit above as retained, its officers' roles end. All of it or nothing.

    Raises as `qiao.org.units.services.close_unit`.
    """
    return close_unit(actor=actor, now=now, unit=unit, day=day)


def follow_closing(actor: Actor, now: datetime, unit: Unit, receiver: Unit, day: date, merged: bool) -> None:
    """What the end of a unit brings with it: its members go on, the roles held in it end."""
    if merged:
        merge_members(actor=actor, now=now, unit=unit, receiver=receiver, day=day)
    else:
        retain_members(actor=actor, now=now, unit=unit, day=day)
    open_grants = RoleGrant.objects.filter(unit=unit, until__isnull=True).order_by("pk")
    for key in open_grants.values_list("pk", flat=True):
        end_grant(actor=actor, now=now, grant_id=key)


def found_federation(
    *, actor: Actor, now: datetime, name: Localized, label: str, officer_email: str, officer_name: str
) -> Unit:
    """Found the federation at the top of an empty installation with its first organisation officer, or nothing at all.

    Raises Refused without ``unit.found`` and ``role.grant`` everywhere, Problem where there is a federation already.
    """
    if root_unit() is not None:
        raise Problem("This installation has its federation already.")
    day = localdate(now)
    with atomic():
        unit = found_unit(
            actor=actor, now=now, kind=UnitKind.FEDERATION, name=name, label=label, parent=None, founded=day
        )
        account = open_account(actor=actor, now=now, email=officer_email, display_name=officer_name)
        grant_role(actor=actor, now=now, account=account, role=Role.ORG_OFFICER, unit=unit, since=day)
    return unit


def declare_tie(*, actor: Actor, now: datetime, employer: Employer, kind: TieKind) -> TieDeclaration:
    """Declare that one belongs to an employer's management, or that close kin do (S12); the same once more is one.

    From now on the account decides nothing that concerns the employer or the union formed at it. No name of kin is
    taken. Raises Refused for whoever is not signed in.
    """
    if actor.account_id is None:
        raise Refused("a tie is declared from one's own account")
    kind = TieKind(kind)
    with atomic():
        Account.objects.select_for_update().get(pk=actor.account_id)
        held = TieDeclaration.objects.filter(
            account_id=actor.account_id, employer=employer, kind=kind, until__isnull=True
        ).first()
        if held is not None:
            return held
        tie = TieDeclaration.objects.create(account_id=actor.account_id, employer=employer, kind=kind, since=now)
        audit.record(actor=actor, now=now, action="tie.declare", code=employer.code, unit_path=employer.place.path)
    return tie


def end_tie(*, actor: Actor, now: datetime, tie_id: int) -> TieDeclaration:
    """Say that a tie has ended; it stays in the list with its dates. Ending it twice changes nothing.

    Raises Refused for another account's declaration.
    """
    with atomic():
        tie = TieDeclaration.objects.select_for_update(of=("self",)).select_related("employer__place").get(pk=tie_id)
        if not actor.did(tie.account_id):
            raise Refused("a tie is ended by whoever declared it")
        if tie.until is not None:
            return tie
        tie.until = now
        tie.save(update_fields=["until"])
        audit.record(actor=actor, now=now, action="tie.end", code=tie.employer.code, unit_path=tie.employer.place.path)
    return tie
