"""Questionnaires: the compiled form of a version, kept per process."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock

from django.db.models import Count, QuerySet

from qiao.base.access import Actor
from qiao.base.i18n import LANGUAGES, Localized
from qiao.base.xlsform import Form, Runtime, read_form
from qiao.hear.surveys.models import Questionnaire, QuestionnaireVersion
from qiao.org.units.queries import units_at

#: Compiled forms that a process keeps.
KEPT = 64
_compiled: dict[int, Runtime] = {}
_compiling = Lock()


def runtime_of(version_id: int) -> Runtime:
    """The compiled form of a version. A version never changes, so it is compiled once per process.

    Threads that ask for it at the same time wait for the first instead of compiling it each.
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
    name, content = QuestionnaireVersion.objects.values_list("file_name", "content").get(pk=version_id)
    return Runtime(read_form(bytes(content), name))


def own_text(form: Form, texts: Mapping[str, str]) -> Localized:
    """A text of the form as the house keeps texts: by Django's language codes."""
    found = {code: form.text(texts, form.language_for(code)) for code in LANGUAGES}
    return {code: text for code, text in found.items() if text}


def questionnaires(actor: Actor) -> QuerySet[Questionnaire]:
    """Questionnaires of the subtrees in which the actor may upload, with ``rounds``: how often each was used."""
    return (
        Questionnaire.objects.filter(unit__in=units_at(actor.paths("questionnaire.upload")).order_by())
        .select_related("unit")
        .prefetch_related("versions")
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
        .defer("content")
        .order_by("-uploaded", "-pk")
    )


def version_by_id(pk: int) -> QuestionnaireVersion:
    """The version with this key; raises QuestionnaireVersion.DoesNotExist."""
    return QuestionnaireVersion.objects.select_related("questionnaire__unit").defer("content").get(pk=pk)
