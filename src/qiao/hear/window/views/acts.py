"""What an officer can do with a request now: one form and one service for each act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qiao.base import throttle
from qiao.base.access import Actor
from qiao.base.problems import Problem
from qiao.hear.window import services
from qiao.hear.window.choices import AT_DESK, ENDED, TO_CHECK, WORKED, Outcome, State
from qiao.hear.window.forms import officer as f
from qiao.hear.window.models import Request
from qiao.hear.window.queries.reading import all_handlers, former_handlers, handlers_at
from qiao.hear.window.rules.seeing import CHECK, HANDLE, PUBLISH, SETTLE, TAKE, is_handler, may

Run = Callable[[Actor, datetime, Request, forms.Form], object]
Offered = Callable[[Actor, Request], bool]


@dataclass(frozen=True, slots=True)
class Act:
    """One act: its words, its form, what it does, and when it is offered. ``main`` ones stand open."""

    key: str
    label: str | Promise
    form: type[forms.Form]
    run: Run
    offered: Offered
    main: bool = False


def _desk(actor: Actor, request: Request) -> bool:
    return may(actor, TAKE, request)


def _fresh(actor: Actor, request: Request) -> bool:
    return not actor.did(*former_handlers(request))


def _works(actor: Actor, request: Request) -> bool:
    return is_handler(actor, request)


def _checks(actor: Actor, request: Request) -> bool:
    return may(actor, CHECK, request) and not actor.did(*all_handlers(request))


def _bad(request: Request) -> bool:
    return request.ratings.filter(mend_due__isnull=False, mended__isnull=True).exists()


def _sort(actor: Actor, now: datetime, request: Request, form: forms.Form) -> object:
    given = form.cleaned_data
    return services.sort_request(
        actor=actor, now=now, code=request.code, topic=given["topic"], time_class=given["time_class"],
        urgent=given["urgent"], about_account=given["about_account"],
    )  # fmt: skip


def _assign(actor: Actor, now: datetime, request: Request, form: forms.Form) -> object:
    given = form.cleaned_data
    return services.assign(
        actor=actor, now=now, code=request.code, body=given["body"], handler=given["handler"], task=given["task"]
    )


def _call(actor: Actor, now: datetime, request: Request, form: forms.Form) -> object:
    given = form.cleaned_data
    made = services.call_back(
        actor=actor, now=now, code=request.code, outcome=Outcome(given["outcome"]), note=given["note"],
        nonce=given["nonce"], retold={"yes": True, "no": False}.get(given["retold"]),
    )  # fmt: skip
    if given["grade"] and given["outcome"] != Outcome.NOT_REACHED:
        services.rate_request(now=now, code=request.code, grade=given["grade"])
    return made


def _secret(actor: Actor, now: datetime, request: Request, _form: forms.Form) -> object:
    throttle.check("window.secret.send", request.code, limit=3, per=timedelta(hours=1), now=now)
    services.ask_secret(actor=actor, now=now, code=request.code)
    return None


def _file(actor: Actor, now: datetime, request: Request, form: forms.Form) -> object:
    if not (is_handler(actor, request) or may(actor, TAKE, request)):
        raise Problem("This is not yours to do.")
    return [
        services.add_file(actor=actor, now=now, request=request, upload=upload, by_asker=False)
        for upload in form.cleaned_data["papers"]
    ]


ACTS: tuple[Act, ...] = (
    Act(
        "accept", _("Take it on"), forms.Form,
        lambda actor, now, request, _form: services.accept_request(actor=actor, now=now, code=request.code),
        lambda actor, request: (_works(actor, request) and request.state == State.ASSIGNED)
        or (request.handler_id is None and request.state in (State.WORK_ORDER,) and _desk(actor, request)
            and may(actor, HANDLE, request) and _fresh(actor, request)),
        main=True,
    ),
    Act(
        "at_once", _("Answer at once"), f.TextForm,
        lambda actor, now, request, form: services.answer_at_once(
            actor=actor, now=now, code=request.code, text=form.cleaned_data["text"], nonce=form.cleaned_data["nonce"]
        ),
        lambda actor, request: request.state in (State.RECEIVED, State.WORK_ORDER) and _desk(actor, request)
        and _fresh(actor, request),
        main=True,
    ),
    Act(
        "answer", _("Answer the asker"), f.TextForm,
        lambda actor, now, request, form: services.answer_request(
            actor=actor, now=now, code=request.code, text=form.cleaned_data["text"], nonce=form.cleaned_data["nonce"]
        ),
        lambda actor, request: request.state in (State.ACCEPTED, State.IN_HAND, State.EXTENDED)
        and _works(actor, request),
        main=True,
    ),
    Act("call_back", _("Call the asker back"), f.CallBackForm, _call,
        lambda actor, request: request.state == State.ANSWERED and _checks(actor, request), main=True),
    Act(
        "close", _("Close"), f.CloseForm,
        lambda actor, now, request, form: services.close_request(
            actor=actor, now=now, code=request.code, quality=form.cleaned_data["quality"]
        ),
        lambda actor, request: request.state in (State.CALLED_BACK, State.RATED) and _checks(actor, request),
        main=True,
    ),
    Act(
        "mend", _("Bad rating: called, and mended like this"), f.TextForm,
        lambda actor, now, request, form: services.mend_rating(
            actor=actor, now=now, code=request.code, note=form.cleaned_data["text"], nonce=form.cleaned_data["nonce"]
        ),
        lambda actor, request: _checks(actor, request) and _bad(request), main=True,
    ),
    Act(
        "settle", _("Say where it belongs"), f.SettleForm,
        lambda actor, now, request, form: services.settle_receiver(
            actor=actor, now=now, code=request.code, body=form.cleaned_data["body"], reason=form.cleaned_data["reason"]
        ),
        lambda actor, request: request.state == State.RETURNED and may(actor, SETTLE, request), main=True,
    ),
    Act("sort", _("Sort it: topic, time, urgency"), f.SortForm, _sort,
        lambda actor, request: request.state in (*AT_DESK, State.ASSIGNED) and _desk(actor, request)),
    Act("assign", _("Pass it on: body and officer"), f.AssignForm, _assign,
        lambda actor, request: request.state in (State.RECEIVED, State.WORK_ORDER, State.ASSIGNED, State.REOPENED)
        and _desk(actor, request)),
    Act(
        "start", _("Work has begun"), forms.Form,
        lambda actor, now, request, _form: services.start_work(actor=actor, now=now, code=request.code),
        lambda actor, request: request.state == State.ACCEPTED and _works(actor, request),
    ),
    Act(
        "write", _("Write to the asker"), f.TextForm,
        lambda actor, now, request, form: services.write_to_asker(
            actor=actor, now=now, code=request.code, text=form.cleaned_data["text"], nonce=form.cleaned_data["nonce"]
        ),
        lambda actor, request: request.state not in ENDED and (_works(actor, request) or _desk(actor, request)),
    ),
    Act(
        "extend", _("More time, with the reason"), f.ExtendForm,
        lambda actor, now, request, form: services.extend_request(
            actor=actor, now=now, code=request.code, days=form.cleaned_data["days"],
            reason=form.cleaned_data["reason"], nonce=form.cleaned_data["nonce"],
        ),
        lambda actor, request: request.state in (State.ACCEPTED, State.IN_HAND, State.EXTENDED)
        and _works(actor, request),
    ),
    Act(
        "return", _("Give it back: we are not the right ones"), f.ReasonForm,
        lambda actor, now, request, form: services.return_request(
            actor=actor, now=now, code=request.code, reason=form.cleaned_data["reason"]
        ),
        lambda actor, request: request.state in (State.WORK_ORDER, State.ASSIGNED, State.ACCEPTED)
        and not request.hops and (_works(actor, request) or _desk(actor, request)),
    ),
    Act(
        "hand_over", _("Not a union matter: where and why"), f.HandOverForm,
        lambda actor, now, request, form: services.hand_over(
            actor=actor, now=now, code=request.code, where=form.cleaned_data["where"], why=form.cleaned_data["why"],
            nonce=form.cleaned_data["nonce"],
        ),
        lambda actor, request: (request.state in AT_DESK and _desk(actor, request) and _fresh(actor, request))
        or (request.state in WORKED and _works(actor, request)),
    ),
    Act(
        "help", _("Ask another body to help"), f.HelpForm,
        lambda actor, now, request, form: services.ask_help(
            actor=actor, now=now, code=request.code, body=form.cleaned_data["body"], task=form.cleaned_data["task"]
        ),
        lambda actor, request: request.state in WORKED and _works(actor, request),
    ),
    Act(
        "join", _("The same matter as an earlier request"), f.JoinForm,
        lambda actor, now, request, form: services.join_duplicate(
            actor=actor, now=now, code=request.code, other=form.cleaned_data["other"].strip().upper()
        ),
        lambda actor, request: request.state in (State.RECEIVED, State.WORK_ORDER, State.ASSIGNED)
        and _desk(actor, request),
    ),
    Act(
        "note", _("Note for the office"), f.TextForm,
        lambda actor, now, request, form: services.note_request(
            actor=actor, now=now, code=request.code, text=form.cleaned_data["text"], nonce=form.cleaned_data["nonce"]
        ),
        lambda actor, request: _works(actor, request) or _desk(actor, request),
    ),
    Act("secret", _("Send the asker a new secret"), forms.Form, _secret,
        lambda actor, request: request.contact is not None and _desk(actor, request)),
    Act("file", _("Add papers"), f.FilesForm, _file,
        lambda actor, request: request.state not in ENDED and (_works(actor, request) or _desk(actor, request))),
    Act("sample", _("Second call-back, by another unit"), f.CallBackForm, _call,
        lambda actor, request: request.state == State.CLOSED and _checks(actor, request)
        and any(one.unit_id != request.body_id and CHECK in one.actions for one in actor.grants)),
    Act(
        "publish", _("Let everybody read it"), f.PublishForm,
        lambda actor, now, request, form: services.publish_request(
            actor=actor, now=now, code=request.code, text=form.cleaned_data["text"], answer=form.cleaned_data["answer"]
        ),
        lambda actor, request: request.state in (*ENDED, *TO_CHECK) and may(actor, PUBLISH, request),
    ),
    Act(
        "unpublish", _("Take it back from the public"), forms.Form,
        lambda actor, now, request, _form: services.withdraw_publication(actor=actor, now=now, code=request.code),
        lambda actor, request: request.published is not None and may(actor, PUBLISH, request),
    ),
)  # fmt: skip
BY_KEY = {act.key: act for act in ACTS}


def form_of(act: Act, request: Request, data: object = None, files: object = None, **initial: object) -> forms.Form:
    """The form of an act, with what is known already."""
    options: dict[str, object] = {"auto_id": f"{act.key}_%s"}
    if act.key == "assign":
        options["handlers"] = handlers_at(request.body).exclude(pk__in=former_handlers(request))
        initial.setdefault("body", request.body.label)
    elif act.key == "sort":
        initial.update(topic=request.topic, time_class=request.time_class, urgent=request.urgent)
    elif act.key == "publish":
        initial.update(text=request.public_text, answer=request.public_answer)
    return act.form(data, files, initial=initial, **options)  # type: ignore[arg-type]
