"""Receivers and prepared answers."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from qiao.base.access import ActorRequest, Refused, page
from qiao.base.clock import now
from qiao.base.i18n import problem_text
from qiao.base.problems import Problem, Problems
from qiao.hear.window import services
from qiao.hear.window.forms.keeping import ReceiverForm, TemplateForm
from qiao.hear.window.models import AnswerTemplate, ReceiverRule


@page("request.settle")
def keeping(request: ActorRequest) -> HttpResponse:
    """Where requests go, and what is answered to them."""
    receiver, template = ReceiverForm(auto_id="receiver_%s"), TemplateForm(auto_id="template_%s")
    if request.method == "POST":
        template_sent = request.POST.get("act") == "template"
        form: ReceiverForm | TemplateForm
        if template_sent:
            form = template = TemplateForm(request.POST, auto_id="template_%s")
        else:
            form = receiver = ReceiverForm(request.POST, auto_id="receiver_%s")
        if form.is_valid():
            try:
                if template_sent:
                    services.keep_template(actor=request.actor, now=now(), **form.cleaned_data)
                else:
                    services.set_receiver(actor=request.actor, now=now(), **form.cleaned_data)
            except Refused:
                form.add_error(None, _("This unit is not yours."))
            except (Problem, Problems) as problem:
                form.add_error(None, problem_text(problem))
            else:
                messages.success(request, _("Kept."))
                return redirect("window:keeping")
    own = Q(pk__in=[])
    for path in request.actor.paths("request.settle"):
        own |= Q(place__path__startswith=path)
    mine = Q(pk__in=[])
    for path in request.actor.paths("request.settle"):
        mine |= Q(unit__path__startswith=path)
    rules = ReceiverRule.objects.filter(own, until__isnull=True).select_related("place", "body", "employer")
    rows = AnswerTemplate.objects.filter(mine, ended__isnull=True).select_related("unit")
    context = {
        "receiver": receiver, "template": template, "rules": list(rules.order_by("place__path", "topic", "pk")[:200]),
        "templates": list(rows.order_by("unit__path", "state", "pk")[:200]),
    }  # fmt: skip
    return render(request, "window/keeping.html", context)


@page("request.settle")
@require_POST
def end(request: ActorRequest, what: str, key: int) -> HttpResponse:
    """End a rule, or use a prepared answer no more."""
    try:
        if what == "rule":
            services.end_receiver(actor=request.actor, now=now(), rule_id=key)
        elif what == "template":
            services.end_template(actor=request.actor, now=now(), template_id=key)
        else:
            raise Http404
    except (ReceiverRule.DoesNotExist, AnswerTemplate.DoesNotExist):
        raise Http404 from None
    return redirect("window:keeping")
