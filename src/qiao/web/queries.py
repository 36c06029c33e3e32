"""Reads of the shell's own pages."""

from __future__ import annotations

import email
import email.policy
import itertools
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.counts import public_count
from qiao.base.i18n import pick
from qiao.base.ledger.log import Proof, prove
from qiao.base.models import AuditRow, LedgerLeaf, TreeHead
from qiao.base.records import Door
from qiao.org.access.models import RoleGrant
from qiao.org.access.queries import officers_of
from qiao.org.coverage.queries import members_hidden
from qiao.org.membership.models import Membership
from qiao.org.membership.queries import member_count, membership_of
from qiao.org.people.models import Account
from qiao.org.units.choices import UnitKind, UnitState
from qiao.org.units.models import Unit
from qiao.org.units.queries import root_unit
from qiao.web import providers

PAGE = 50


def home() -> dict[str, object]:
    """The newest news for the home page."""
    from qiao.publish.queries import latest

    return {"news": latest(4)}


def membership_line(actor: Actor) -> Membership | None:
    """The member's own standing, or None for an account without a person."""
    return membership_of(actor.person_id) if actor.person_id else None


def doors(actor: Actor) -> list[Door]:
    """The starting points this officer's roles open."""
    table = (
        ("questionnaire.upload", "hear", _("Questionnaires"), "surveys:questionnaires"),
        ("round.plan", "hear", _("Plan a survey"), "surveys:plan"),
        ("round.draw", "hear", _("Survey rounds"), "surveys:rounds"),
        ("round.enter", "hear", _("Survey rounds"), "surveys:rounds"),
        ("round.read", "hear", _("Survey rounds"), "surveys:rounds"),
        ("need.publish", "hear", _("Needs"), "needs:board"),
        ("need.answer", "hear", _("Needs"), "needs:board"),
        ("proposal.raise", "decide", _("Proposals"), "proposals:board"),
        ("consultation.run", "decide", _("New consultation"), "consultations:new"),
        ("opinion.answer", "decide", _("Consultations"), "consultations:board"),
        ("ballot.run", "decide", _("New vote"), "ballots:new"),
        ("ballot.count", "decide", _("Votes of members"), "ballots:board"),
        ("decision.take", "decide", _("Decisions"), "decisions:board"),
        ("project.plan", "deliver", _("Projects"), "programmes:board"),
        ("project.report", "deliver", _("Projects"), "programmes:board"),
        ("project.verify", "deliver", _("Projects"), "programmes:board"),
        ("evaluation.commission", "judge", _("New evaluation"), "evaluations:new"),
        ("evaluation.run", "judge", _("Evaluations"), "evaluations:board"),
        ("article.write", "", _("Newsroom"), "publish:workshop"),
        ("article.release", "", _("Newsroom"), "publish:workshop"),
        ("audit.read", "judge", _("Audit log"), "web:audit"),
    )
    found = [Door(stage, label, reverse(name)) for action, stage, label, name in table if actor.may(action)]
    found += _doors_of_units(actor)
    found += providers.desk_doors(actor=actor)
    return list({door.url: door for door in found}.values())


def _doors_of_units(actor: Actor) -> list[Door]:
    """The register and the officers of the units in which this officer holds a role, each by its name."""
    pages = (
        ("member.list", _("Members of %(unit)s"), "membership:register"),
        ("role.grant", _("Officers of %(unit)s"), "officers:officers"),
    )
    held = {grant.unit_id: grant for grant in actor.grants}
    units = Unit.objects.filter(pk__in=held).order_by("path")
    return [
        Door("", text % {"unit": pick(unit.name)}, reverse(name, args=[unit.label]))
        for unit in units
        for action, text, name in pages
        if actor.may(action, unit.path)
    ]


def ledger_page(before: str, find: str = "") -> dict[str, object]:
    """The newest heads and a page of entries below index ``before``; those with the code or the hash ``find``."""
    entries = LedgerLeaf.objects.order_by("-index")
    if find:
        sign = find.lower()
        is_hash = len(sign) == 64 and all(letter in "0123456789abcdef" for letter in sign)
        entries = entries.filter(leaf_hash=bytes.fromhex(sign)) if is_hash else entries.filter(code=find.upper()[:32])
    if before.isdecimal() and len(before) < 19:
        entries = entries.filter(index__lt=int(before))
    rows, heads = list(entries[: PAGE + 1]), list(TreeHead.objects.order_by("-size")[:5])
    return {
        "heads": heads,
        "pairs": list(itertools.pairwise(heads)),
        "find": find,
        "size": LedgerLeaf.objects.count(),
        "entries": rows[:PAGE],
        "threaded": threaded({row.code for row in rows[:PAGE]}),
        "older": rows[PAGE - 1].index if len(rows) > PAGE else None,
    }


def threaded(codes: Collection[str]) -> set[str]:
    """Those of the codes that stand on a thread: a questionnaire, a unit or a ruling has no thread of its own."""
    return {station.code for station in providers.stations(codes)}


def proof_of(index: int) -> Proof | None:
    """The proof of an entry against the newest head that covers it; None while no head does."""
    head = TreeHead.objects.filter(size__gt=index).order_by("-size").first()
    return prove(index, head) if head else None


def demo_accounts() -> QuerySet[Account]:
    """Accounts with a person or a role, officers first."""
    offices = Exists(RoleGrant.objects.filter(account=OuterRef("pk")))
    return Account.objects.annotate(office=offices).prefetch_related("grants__unit").order_by("-office", "pk")[:40]


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of the demonstration's outbox."""

    to: str
    subject: str
    text: str


def outbox() -> list[Mail]:
    """The newest mails of the file outbox, newest first."""
    folder = Path(settings.EMAIL_FILE_PATH)
    files = (
        sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime_ns, reverse=True) if folder.exists() else []
    )
    mails = []
    for file in files[:30]:
        for part in file.read_bytes().split(b"\n" + b"-" * 79)[:1]:
            message = email.message_from_bytes(part, policy=email.policy.default)
            body = message.get_body(("plain",))
            mails.append(
                Mail(str(message["To"]), str(message["Subject"]), str(body.get_content()) if body is not None else "")
            )
    return mails


def database_answers() -> bool:
    """Whether the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def audit_rows(actor: Actor, *, unit: str = "", kind: str = "", day: date | None = None) -> QuerySet[AuditRow]:
    """Audit rows in the auditor's subtrees, newest first; of a unit's subtree, a kind of object, a day where given.

    Rows without a unit (sign-ins, keys) are shown to whoever may read the log of the whole federation.
    """
    paths = actor.paths("audit.read")
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(unit_path__startswith=path)
    if "" in paths or ((top := root_unit()) and top.path in paths):
        condition |= Q(unit_path="")
    found = AuditRow.objects.filter(condition)
    if unit:
        chosen = Unit.objects.filter(label=unit).values_list("path", flat=True).first()
        found = found.filter(unit_path__startswith=chosen) if chosen else found.none()
    if kind:
        found = found.filter(action__startswith=f"{kind}.")
    if day:
        found = found.filter(at__date=day)
    return found.order_by("-pk")


def audit_page(
    actor: Actor, before: str, *, unit: str = "", kind: str = "", day: date | None = None
) -> tuple[list[AuditRow], int | None]:
    """A page of `audit_rows`, and the id the next page starts below."""
    found = audit_rows(actor, unit=unit, kind=kind, day=day)
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    rows = list(found[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None


def public_members(unit: Unit) -> int | None:
    """The members of a unit with all below it as everybody may see them; None where they are few.

    Also None where coverage hides them: nearly all who work there are members, or the figure would give away, by
    subtraction, one hidden beside it. Two queries.
    """
    members = member_count(unit.path)
    return None if members_hidden(unit) else public_count(members)


def unit_panels(unit: Unit, *, actor: Actor, now: datetime) -> dict[str, object]:
    """Members (hidden when few), the named officers of a unit, and what every app has to say of it."""
    return {
        "unit": unit,
        "members": public_members(unit),
        "officers": officers_of(unit),
        "panels": providers.unit_panels(actor=actor, unit=unit, now=now),
        "doors": providers.unit_doors(actor=actor, unit=unit, now=now) if actor.is_officer else [],
    }


def union() -> dict[str, object]:
    """Size of the federation, and the public pages about it in three groups."""
    root = root_unit()
    alive = open_units()
    table = (
        (
            _("For every worker"),
            (
                (
                    _("Directory of units"),
                    "units:directory",
                    _("Every body with its named officers"),
                ),
                (_("Officers at the base"), "contacts:rota", _("Who comes where and when; whoever wishes may speak")),
                (_("Find a receipt"), "web:receipt", _("What became of what you filed, without signing in")),
                (_("Appeals"), "appeals:by_receipt", _("A refusal is looked at again by somebody else")),
            ),
        ),
        (
            _("How alive it is"),
            (
                (_("Coverage"), "coverage:top", _("Who is reached, who is not, and which unions really work")),
                (_("Yearly table"), "yearbook:latest", _("Unions, members, officers: computed, never typed")),
                (_("What is asked of the base"), "upward:register", _("Every form and report, with the day it ends")),
            ),
        ),
        (
            _("By which rules"),
            (
                (
                    _("Settings"),
                    "unit_settings:settings",
                    _("Every limit and term, and who set it"),
                ),
                (_("Who may do what"), "access:table", _("Roles, and which of them nobody holds together")),
                (_("What is kept how long"), "retention:table", _("And the proofs of what was deleted")),
                (_("Ledger"), "web:ledger", _("What nobody changes in silence, with its proofs")),
            ),
        ),
    )
    groups = [(title, [Door("", label, reverse(name), note) for label, name, note in rows]) for title, rows in table]
    return {
        "root": root,
        "members": public_members(root) if root else None,
        "units": sum(alive.values()),
        "base_unions": alive.get(UnitKind.BASE, 0) + alive.get(UnitKind.JOINT_BASE, 0),
        "groups": groups,
    }


def open_units() -> dict[str, int]:
    """Units that are not closed, by kind."""
    rows = (
        Unit.objects.exclude(state=UnitState.CLOSED).values_list("kind").annotate(number=Count("pk")).order_by("kind")
    )
    return dict(rows)
