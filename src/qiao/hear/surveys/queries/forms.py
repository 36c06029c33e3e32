"""Questionnaires: the compiled form of a version, kept per process."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock

from django.db.models import Count, Prefetch, QuerySet
from django.urls import reverse

from qiao.base.access import Actor
from qiao.base.i18n import LANGUAGES, Localized
from qiao.base.xlsform import Form, Runtime, read_form
from qiao.hear.surveys.models import DraftStep, FormDraft, FormFile, Questionnaire, QuestionnaireVersion
from qiao.org.units.queries import units_at

#: Compiled forms that a process keeps.
KEPT = 64
_compiled: dict[int, Runtime] = {}
_compiling = Lock()


def runtime_of(version_id: int) -> Runtime:
    """The compiled form of a version. A version never changes, so it is compiled once per process.

    Threads that ask for it at the same time wait for the first instead of compiling it each. Parts that only an app can
    ask are not on the page: ``runtime.left_out`` says which. ``runtime.validate(…).values`` of a repeat are a list of
    objects, one for each entry: ``{"family": [{"age": 7}]}``.
    """
    found = _compiled.get(version_id)
    if found is None:
        with _compiling:
            found = _compiled.get(version_id) or _compile(version_id)
            _compiled[version_id] = found
            if len(_compiled) > KEPT:
                del _compiled[next(iter(_compiled))]
    return found


def _compile(version_id: int) -> Runtime:
    name, content, document = QuestionnaireVersion.objects.values_list("file_name", "content", "document").get(
        pk=version_id
    )
    return Runtime(read_form(bytes(content), name), partial=True, media=media_addresses(document.get("files", {})))


def media_addresses(files: Mapping[str, Mapping[str, object]]) -> dict[str, str]:
    """Where each file of a document is served, by name. Who does not know a file's hash cannot guess its address."""
    return {name: reverse("surveys:media", args=[facts["sha256"], name]) for name, facts in files.items()}


def form_file(sha256: str, name: str) -> FormFile:
    """A file by its hash and name; raises FormFile.DoesNotExist."""
    found = FormFile.objects.filter(sha256=sha256, name=name).first()
    if found is None:
        raise FormFile.DoesNotExist
    return found


def draft_of(code: str) -> FormDraft:
    """The draft of a questionnaire; raises FormDraft.DoesNotExist."""
    return FormDraft.objects.select_related("questionnaire__unit", "updated_by").get(questionnaire__code=code)


def draft_steps(draft: FormDraft) -> QuerySet[DraftStep]:
    """What was done to a draft, newest first, without the documents."""
    return draft.steps.defer("document").select_related("by").order_by("-revision")


def own_text(form: Form, texts: Mapping[str, str]) -> Localized:
    """A text of the form as the house keeps texts: by Django's language codes."""
    found = {code: form.text(texts, form.language_for(code)) for code in LANGUAGES}
    return {code: text for code, text in found.items() if text}


def questionnaires(actor: Actor) -> QuerySet[Questionnaire]:
    """Questionnaires of the subtrees in which the actor may upload, with ``rounds``: how often each was used."""
    return (
        Questionnaire.objects.filter(unit__in=units_at(actor.paths("questionnaire.upload")).order_by())
        .select_related("unit", "draft")
        .prefetch_related(Prefetch("versions", QuestionnaireVersion.objects.defer("content", "document")))
        .defer("draft__document")
        .annotate(rounds=Count("versions__rounds"))
        .order_by("-pk")
    )


def questionnaire_by_code(code: str) -> Questionnaire:
    """The questionnaire with this code; raises Questionnaire.DoesNotExist."""
    return Questionnaire.objects.select_related("unit").prefetch_related("versions").get(code=code)


def usable_versions(actor: Actor) -> QuerySet[QuestionnaireVersion]:
    """Versions a round can be planned with, newest first."""
    return (
        QuestionnaireVersion.objects.filter(questionnaire__unit__in=units_at(actor.paths("round.plan")).order_by())
        .select_related("questionnaire")
        .defer("content", "document")
        .order_by("-uploaded", "-pk")
    )


def version_by_id(pk: int) -> QuestionnaireVersion:
    """The version with this key; raises QuestionnaireVersion.DoesNotExist."""
    return QuestionnaireVersion.objects.select_related("questionnaire__unit").defer("content").get(pk=pk)
