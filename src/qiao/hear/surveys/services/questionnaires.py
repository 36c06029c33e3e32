"""Taking in questionnaires: as files, and what all new versions have in common."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.problems import Place, Problem, Problems
from qiao.base.xlsform import Form, FormDocument, Runtime, read_document, read_form, to_json
from qiao.hear.surveys import rules
from qiao.hear.surveys.choices import Origin
from qiao.hear.surveys.models import FormFile, Questionnaire, QuestionnaireVersion
from qiao.hear.surveys.services.bank import record_uses
from qiao.hear.surveys.services.media import keep_files
from qiao.org.units.models import Unit


def upload_questionnaire(
    *,
    actor: Actor,
    now: datetime,
    unit: Unit,
    title: Localized,
    file_name: str,
    content: bytes,
    code: str = "",
    files: Sequence[tuple[str, bytes]] = (),
) -> QuestionnaireVersion:
    """Store an XLSForm as a new questionnaire, or with ``code`` as the next version of one.

    ``files`` are pictures and sounds its labels name, as pairs of name and content. The same file again as the newest
    version, with the same files, changes nothing. Parts that only an app can ask are kept for apps; see
    ``runtime_of(…).left_out``. Raises Refused without ``questionnaire.upload`` at the unit; Problem or Problems, each
    with sheet and row, for a form that cannot be asked on a page at all or asks for what is never held.
    """
    require(actor, "questionnaire.upload", unit.path)
    form = check_form(file_name, content)
    document = read_document(content, file_name)
    with atomic():
        if code:
            questionnaire = Questionnaire.objects.select_for_update().get(code=code)
            require(actor, "questionnaire.upload", questionnaire.unit.path)
        else:
            questionnaire = Questionnaire.objects.create(
                code=next_code("Q"), unit=unit, title=title or {"zh-hans": form.title}, created=now
            )
        keep_files(actor=actor, now=now, questionnaire=questionnaire, files=files)
        return store_version(
            actor=actor, now=now, questionnaire=questionnaire, form=form, document=document,
            file_name=file_name, content=content, origin=Origin.FILE,
        )  # fmt: skip


def store_version(
    *,
    actor: Actor,
    now: datetime,
    questionnaire: Questionnaire,
    form: Form,
    document: FormDocument,
    file_name: str,
    content: bytes,
    origin: Origin,
) -> QuestionnaireVersion:
    """The next version of a locked questionnaire, or the newest where nothing differs. The form was checked before."""
    document = with_files(questionnaire, document)
    digest = hashlib.sha256(content).hexdigest()
    newest = questionnaire.versions.order_by("-number").first()
    if newest is not None and newest.sha256 == digest and newest.document.get("files", {}) == document.files:
        return newest
    version = QuestionnaireVersion.objects.create(
        questionnaire=questionnaire,
        number=newest.number + 1 if newest else 1,
        file_name=file_name[-120:],
        content=content,
        sha256=digest,
        document=to_json(document),
        origin=origin,
        languages=list(form.languages),
        questions=sum(1 for question in form.questions if question.type not in {"note", "calculate", "hidden"}),
        uploaded=now,
        uploaded_by_id=actor.account_id,
    )
    record_uses(version=version, document=document)
    audit.record(
        actor=actor, now=now, action="questionnaire.upload", code=questionnaire.code,
        unit_path=questionnaire.unit.path, detail={"version": version.number, "sha256": digest},
    )  # fmt: skip
    return version


def with_files(questionnaire: Questionnaire, document: FormDocument) -> FormDocument:
    """The document with the facts of the newest file of each name that its labels show."""
    wanted = document.used_files()
    newest: dict[str, dict[str, object]] = {}
    if wanted:
        for name, digest, kind, size in (
            FormFile.objects.filter(questionnaire=questionnaire, name__in=wanted)
            .order_by("pk")
            .values_list("name", "sha256", "media_type", "size")
        ):
            newest[name] = {"sha256": digest, "type": kind, "size": size}
    return replace(document, files={name: newest[name] for name in wanted if name in newest})


def check_form(file_name: str, content: bytes) -> Form:
    """The form, if a page may ask it. Raises Problem(s) otherwise."""
    return check_askable(read_form(content, file_name))


def check_askable(form: Form) -> Form:
    """The form, if it asks nothing that is never held and something that a page can ask and count. Raises Problems."""
    faults = list(form.refused)
    faults.extend(
        Problem(
            "The name “%(name)s” is needed for the data.",
            place=Place(form.source, "survey", question.row, "name"),
            hint="Give the question another name.",
            name=question.key,
        )
        for question in form.questions
        if question.key in rules.RESERVED
    )
    if not any(question.type in rules.CLOSED_KINDS for question in form.questions):
        faults.append(
            Problem(
                "No question can be counted.",
                place=Place(form.source, "survey"),
                hint="Add at least one question with given answers (select_one or select_multiple).",
            )
        )
    if faults:
        raise Problems(faults)
    runtime = Runtime(form, partial=True)
    if not any(step.question.type in rules.CLOSED_KINDS for step in (*runtime.steps.values(), *runtime.inner.values())):
        # Nothing to count stays on the page: then the reasons are faults, each with its row.
        raise Problems(list(runtime.left_out))
    return form
