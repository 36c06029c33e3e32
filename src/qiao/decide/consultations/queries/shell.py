"""What consultations tell the shell: stations of threads, desk, what is open, what became of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, time

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.base.lineage import Stage, Station
from qiao.base.models import Receipt
from qiao.base.records import DeskItem, OpenItem, OwnItem, ReceiptState
from qiao.decide.consultations.choices import ConsultationState as S
from qiao.decide.consultations.models import Consultation, Opinion
from qiao.decide.consultations.queries.desk import assigned_items
from qiao.decide.consultations.queries.moderation import moderation_items, submission_state
from qiao.decide.consultations.queries.reading import reaching, under
from qiao.decide.consultations.queries.wording import answer_text, excerpt, state_text
from qiao.decide.consultations.rules import answer_due


def stations(codes: Collection[str]) -> list[Station]:
    """Consultations among these codes, drafts left out. While open no number of opinions is told."""
    own = [code for code in codes if code.startswith("C-")]
    if not own:
        return []
    found = (
        Consultation.objects.filter(code__in=own)
        .exclude(state=S.DRAFT)
        .annotate(received=Count("opinions"), waiting=Count("opinions", filter=Q(opinions__answer__isnull=True)))
        .order_by("opens", "pk")
    )
    return [_station(consultation, consultation.received, consultation.waiting) for consultation in found]


def _station(consultation: Consultation, received: int, waiting: int) -> Station:
    figure, awaits, due = "", "", None
    if consultation.state == S.NOTICED:
        awaits, due = _("Opens for opinions"), consultation.opens
    elif consultation.state == S.OPEN:
        awaits, due = _("Open for opinions"), consultation.closes
        figure = _("opinions until %(day)s") % {"day": date_format(localtime(consultation.closes), "DATE_FORMAT")}
    elif consultation.state == S.CLOSED:
        awaits, due = _("Awaits the answers to opinions"), answer_due(consultation)
        figure = _("%(waiting)d of %(received)d opinions unanswered") % {"waiting": waiting, "received": received}
    elif consultation.state == S.ANSWERED:
        figure = ngettext("%(received)d opinion, answered", "%(received)d opinions, all answered", received) % {
            "received": received
        }
    return Station(
        code=consultation.code,
        stage=Stage.DECIDE,
        kind=_("Consultation"),
        title=pick(consultation.title),
        url=reverse("consultations:consultation", args=[consultation.code]),
        state=str(consultation.get_state_display()),
        at=consultation.answered or consultation.closed or consultation.opens,
        figure=figure,
        finished=consultation.state in (S.ANSWERED, S.WITHDRAWN),
        awaits=awaits,
        due=due,
        weight=2,
    )


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:
    """What those who run consultations and those who answer have to do next. No count is told while one is open."""
    runs = Consultation.objects.filter(
        under(actor.paths("consultation.run")), state__in=[S.DRAFT, S.NOTICED, S.OPEN]
    ).select_related("unit")
    items = [item for consultation in runs.order_by("opens", "pk")[:50] if (item := _running(consultation, now))]
    answering = (
        Consultation.objects.filter(under(actor.paths("opinion.answer")), state=S.CLOSED)
        .select_related("unit")
        .annotate(waiting=Count("opinions", filter=Q(opinions__answer__isnull=True)))
        .order_by("closes", "pk")[:50]
    )
    items += [*moderation_items(actor=actor), *assigned_items(actor=actor)]
    items += [
        DeskItem(
            due=answer_due(consultation),
            title=_("Consultation: %(title)s") % {"title": pick(consultation.title)},
            stage=Stage.DECIDE,
            unit=pick(consultation.unit.name),
            next_step=ngettext("%(number)d opinion to answer", "%(number)d opinions to answer", consultation.waiting)
            % {"number": consultation.waiting}
            if consultation.waiting
            else _("Finish the answers"),
            url=reverse("consultations:answers", args=[consultation.code]),
        )
        for consultation in answering
    ]
    return items


def _running(consultation: Consultation, now: datetime) -> DeskItem | None:
    due, step = consultation.opens, _("Announce it")
    if consultation.state == S.NOTICED:
        step = _("Open the consultation") if consultation.opens <= now else ""
    elif consultation.state == S.OPEN:
        due, step = consultation.closes, _("Close the consultation") if consultation.closes <= now else ""
    if not step:
        return None
    return DeskItem(
        due=due,
        title=_("Consultation: %(title)s") % {"title": pick(consultation.title)},
        stage=Stage.DECIDE,
        unit=pick(consultation.unit.name),
        next_step=step,
        url=reverse("consultations:consultation", args=[consultation.code]),
    )


def open_items(*, actor: Actor, now: datetime) -> list[OpenItem]:
    """Consultations open now: for a member those of the own units, for everybody else all, to read."""
    found = Consultation.objects.filter(state=S.OPEN, closes__gt=now).annotate(number=Count("statements"))
    if actor.is_member:
        found = found.filter(reaching(actor.member_paths))
    return [
        OpenItem(
            closes=consultation.closes,
            title=pick(consultation.title),
            stage=Stage.DECIDE,
            note=ngettext(
                "%(number)d statement to agree or disagree with; every opinion gets an answer",
                "%(number)d statements to agree or disagree with; every opinion gets an answer",
                consultation.number,
            )
            % {"number": consultation.number}
            if consultation.number
            else _("Every opinion gets an answer"),
            url=reverse("consultations:consultation", args=[consultation.code]),
        )
        for consultation in found.order_by("closes", "pk")[:20]
    ]


def own_items(*, actor: Actor, now: datetime) -> list[OwnItem]:
    """The member's own opinions and what became of them. Votes on statements are nobody's, so they are not here."""
    if actor.person_id is None:
        return []
    found = (
        Opinion.objects.filter(person_id=actor.person_id).select_related("consultation", "answer").order_by("-pk")[:50]
    )
    return [
        OwnItem(
            title=excerpt(opinion.text),
            stage=Stage.DECIDE,
            state=state_text(opinion),
            url=reverse("consultations:opinion", args=[opinion.receipt]),
            thread_code=opinion.consultation.code,
            at=datetime.combine(opinion.filed, time(), UTC),
            late=opinion.answer_id is None
            and opinion.consultation.state == S.CLOSED
            and answer_due(opinion.consultation) < now,
        )
        for opinion in found
    ]


def receipt_state(receipt: Receipt) -> ReceiptState | None:
    """What the receipt of an opinion tells without signing in: steps and the answer, never the opinion's words."""
    if receipt.kind == "statement":
        return submission_state(receipt)
    if receipt.kind != "opinion" or not receipt.reference.isdigit():
        return None
    opinion = (
        Opinion.objects.filter(pk=int(receipt.reference), receipt=receipt.number)
        .select_related("consultation", "answer")
        .order_by("pk")
        .first()
    )
    if opinion is None:
        return None
    done = opinion.answer_id is not None
    steps = (
        (_("Received"), True),
        (_("Consultation closed"), opinion.consultation.state in (S.CLOSED, S.ANSWERED)),
        (_("Answered"), done),
    )
    return ReceiptState(
        title=_("Opinion on “%(title)s”") % {"title": pick(opinion.consultation.title)},
        stage=Stage.DECIDE,
        state=state_text(opinion),
        url=reverse("consultations:consultation", args=[opinion.consultation.code]),
        steps=steps,
        answer=answer_text(opinion),
    )
