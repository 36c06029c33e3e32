"""Topics of free words: gathering, reading, naming, merging, splitting, quoting, undoing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from qiao.base.access import ActorRequest, page, require
from qiao.base.clock import now
from qiao.base.i18n import pick, problem_text
from qiao.base.problems import Problem, Problems
from qiao.hear.needs import services
from qiao.hear.needs.forms import AsideForm, GatherForm, MergeForm, NameForm, QuoteForm
from qiao.hear.needs.models import Topic, TopicSet
from qiao.hear.needs.queries import topics as reads


@page("need.publish")
def topics(request: ActorRequest) -> HttpResponse:
    """Sets of topics, and asking for a new one."""
    form = GatherForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = services.gather_topics(
                actor=request.actor, now=now(), unit=given["unit"], title=given["title"], source_codes=form.codes(),
                wanted=given["wanted"],
            )  # fmt: skip
        except Problem as fault:
            form.add_error(None, problem_text(fault))
        else:
            return HttpResponseRedirect(reverse("needs:topic_set", args=[made.code]))
    return render(request, "needs/topics.html", {"form": form, "sets": list(reads.sets(request.actor)[:60])})


@page("need.publish")
def topic_set(request: ActorRequest, code: str) -> HttpResponse:
    """The topics of one set, what was done to them, and the step that can be undone."""
    found = _set(request, code)
    listed, aside = reads.topics_of(found)
    steps, last = reads.steps_of(found)
    context = {"set": found, "rows": listed, "aside": aside, "steps": steps[:30], "last": last}
    return render(request, "needs/topic_set.html", context)


@page("need.publish")
def topic(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """One topic with its texts from the middle outwards."""
    found = _topic(request, code, number)
    start = int(request.GET["from"]) if request.GET.get("from", "").isdecimal() else 0
    start = min(start, 1_000_000)
    rows = reads.texts_of_topic(found, start=start)
    others = [row.topic for row in reads.topics_of(found.topic_set)[0] if row.topic.pk != found.pk]
    context = {
        "topic": found,
        "name": reads.topic_name(found),
        "rows": rows,
        "more": start + reads.PAGE if len(rows) == reads.PAGE else None,
        "quotes": reads.quotes_of(found),
        "name_form": NameForm(initial={"name": found.name}),
        "merge_form": MergeForm(others=others) if others else None,
        "aside_form": AsideForm(),
        "open": found.state == "open" and found.topic_set.erased is None,
        "need": reads.need_of(found),
        "may_raise": found.state == "open" and bool(found.name),
    }
    return render(request, "needs/topic.html", context)


@page("need.publish")
def quote(request: ActorRequest, code: str, number: int, row: UUID) -> HttpResponse:
    """Saying a text in one's own words."""
    found = _topic(request, code, number)
    text = found.rows.filter(pk=row).first()
    if text is None:
        raise Http404
    form = QuoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.quote_text(actor=request.actor, now=now(), row_id=row, rewritten=form.cleaned_data["words"])
        except (Problem, Problems) as fault:
            form.add_error(None, problem_text(fault))
        else:
            return HttpResponseRedirect(reverse("needs:topic", args=[code, number]))
    return render(request, "needs/quote.html", {"form": form, "topic": found, "text": str(text.text)[:600]})


@require_POST
@page("need.publish")
def shape(request: ActorRequest, code: str, number: int) -> HttpResponse:
    """One step on a topic, told by the button pressed."""
    found = _topic(request, code, number)
    acts: dict[str, Callable[[ActorRequest, Topic], str]] = {
        "rename": _rename, "merge": _merge, "split": _split, "aside": _aside, "back": _back, "quote": _quote,
        "unquote": _unquote, "need": _need,
    }  # fmt: skip
    act = acts.get(request.POST.get("act", ""), _nothing)
    try:
        said = act(request, found)
    except (Problem, Problems) as fault:
        messages.error(request, problem_text(fault))
    else:
        messages.success(request, said)
    found.refresh_from_db()
    if found.state == "open":
        return HttpResponseRedirect(reverse("needs:topic", args=[code, number]))
    return HttpResponseRedirect(reverse("needs:topic_set", args=[code]))


@require_POST
@page("need.publish")
def undo(request: ActorRequest, code: str, step: int) -> HttpResponse:
    """Going back behind the last step."""
    if not _set(request, code).steps.filter(pk=step).exists():
        raise Http404
    try:
        services.undo_step(actor=request.actor, now=now(), step_id=step)
    except Problem as fault:
        messages.error(request, problem_text(fault))
    else:
        messages.success(request, gettext("Undone."))
    return HttpResponseRedirect(reverse("needs:topic_set", args=[code]))


def _nothing(request: ActorRequest, found: Topic) -> str:
    raise Problem("Choose what is done with the topic.")


def _rename(request: ActorRequest, found: Topic) -> str:
    form = NameForm(request.POST)
    if not form.is_valid():
        raise Problem("Write a name.")
    services.rename_topic(actor=request.actor, now=now(), topic_id=found.pk, name=form.cleaned_data["name"])
    return gettext("The topic is called “%(name)s”.") % {"name": pick(form.cleaned_data["name"])}


def _merge(request: ActorRequest, found: Topic) -> str:
    chosen = [int(one) for one in request.POST.getlist("others") if one.isdecimal()]
    services.merge_topics(actor=request.actor, now=now(), topic_ids=chosen, into_id=found.pk)
    return gettext("Merged. Every text came along.")


def _split(request: ActorRequest, found: Topic) -> str:
    form = NameForm(request.POST)
    if not form.is_valid():
        raise Problem("Write a name.")
    rows = _keys(request.POST.getlist("rows"))
    services.split_topic(
        actor=request.actor, now=now(), topic_id=found.pk, row_ids=rows, name=form.cleaned_data["name"]
    )  # fmt: skip
    return gettext("A new topic stands in the list.")


def _keys(given: Iterable[str]) -> list[UUID]:
    try:
        return [UUID(one) for one in given]
    except ValueError:
        raise Http404 from None


def _need(request: ActorRequest, found: Topic) -> str:
    need = services.raise_topic(actor=request.actor, now=now(), topic_id=found.pk)
    return gettext("A draft of a need stands on the board: %(code)s. Another analyst checks it.") % {"code": need.code}


def _aside(request: ActorRequest, found: Topic) -> str:
    services.set_aside(
        actor=request.actor, now=now(), topic_id=found.pk, ground=request.POST.get("ground", "")[:300]
    )  # fmt: skip
    return gettext("Set aside. Its texts stay with it.")


def _back(request: ActorRequest, found: Topic) -> str:
    services.take_back(actor=request.actor, now=now(), topic_id=found.pk)
    return gettext("Back in the list.")


def _quote(request: ActorRequest, found: Topic) -> str:
    row = found.rows.filter(pk__in=_keys(request.POST.getlist("row"))).first()
    if row is None:
        raise Problem("Choose texts of this topic: somebody may have moved some of them meanwhile.")
    services.quote_text(actor=request.actor, now=now(), row_id=row.pk)
    return gettext("The quote may be shown.")


def _unquote(request: ActorRequest, found: Topic) -> str:
    wanted = next((one for one in found.quotes.all() if str(one.pk) == request.POST.get("quote")), None)
    if wanted is None:
        raise Http404
    services.withdraw_quote(actor=request.actor, now=now(), quote_id=wanted.pk)
    return gettext("The quote is shown no more.")


def _set(request: ActorRequest, code: str) -> TopicSet:
    try:
        found = reads.set_by_code(code)
    except TopicSet.DoesNotExist:
        raise Http404 from None
    require(request.actor, "need.publish", found.unit.path)
    return found


def _topic(request: ActorRequest, code: str, number: int) -> Topic:
    _set(request, code)
    try:
        return reads.topic_by_number(code, number)
    except Topic.DoesNotExist:
        raise Http404 from None
