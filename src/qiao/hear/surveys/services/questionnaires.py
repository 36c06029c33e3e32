"""Taking in questionnaires."""

from __future__ import annotations

import hashlib
from datetime import datetime

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.problems import Place, Problem, Problems
from qiao.base.xlsform import Form, Runtime, read_form
from qiao.hear.surveys import rules
from qiao.hear.surveys.models import Questionnaire, QuestionnaireVersion
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
) -> QuestionnaireVersion:
    """Store an XLSForm as a new questionnaire, or with ``code`` as the next version of one.

    The same file again as the newest version changes nothing. Raises Refused without ``questionnaire.upload`` at the
    unit; Problem or Problems, each with sheet and row, for a form that cannot be asked on a page or asks for what is
    never held.
    """
    require(actor, "questionnaire.upload", unit.path)
    form = check_form(file_name, content)
    digest = hashlib.sha256(content).hexdigest()
    with atomic():
        if code:
            questionnaire = Questionnaire.objects.select_for_update().get(code=code)
            require(actor, "questionnaire.upload", questionnaire.unit.path)
            newest = questionnaire.versions.order_by("-number").first()
            if newest is not None and newest.sha256 == digest:
                return newest
            number = newest.number + 1 if newest else 1
        else:
            questionnaire = Questionnaire.objects.create(
                code=next_code("Q"), unit=unit, title=title or {"zh-hans": form.title}, created=now
            )
            number = 1
        version = QuestionnaireVersion.objects.create(
            questionnaire=questionnaire,
            number=number,
            file_name=file_name[-120:],
            content=content,
            sha256=digest,
            languages=list(form.languages),
            questions=sum(1 for question in form.questions if question.type not in {"note", "calculate", "hidden"}),
            uploaded=now,
            uploaded_by_id=actor.account_id,
        )
        audit.record(
            actor=actor, now=now, action="questionnaire.upload", code=questionnaire.code, unit_path=unit.path,
            detail={"version": number, "sha256": digest},
        )  # fmt: skip
    return version


def check_form(file_name: str, content: bytes) -> Form:
    """The form, if a page may ask it. Raises Problem(s) otherwise."""
    form = read_form(content, file_name)
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
    Runtime(form)
    return form
