"""Drafts of questionnaires, their questions and files, and the question bank."""

from __future__ import annotations

from collections.abc import Mapping

from tests.architecture.samples import Place, sample
from tests.factories.hear import workbook

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.hear.surveys.services import bank, drafts
from qiao.hear.surveys.services.questionnaires import upload_questionnaire


def _draft(place: Place) -> Mapping[str, object]:
    draft = drafts.begin_questionnaire(
        actor=place.actor("survey_owner"), now=place.now, unit=place.unit,
        title=localized(f"{place.sign}草稿", "Draft"), template="needs",
    )  # fmt: skip
    return {"code": draft.questionnaire.code, "uid": "n2"}


@sample(
    "surveys:editor", "surveys:editor_preview", "surveys:editor_history", "surveys:editor_bank",
    "surveys:editor_question", "surveys:bank_save", "surveys:begin", "surveys:form_files",
)  # fmt: skip
def draft(place: Place) -> Mapping[str, object]:
    """A questionnaire being written."""
    return place.other(_draft)


@sample("surveys:compare", "surveys:version_xlsform")
def version(place: Place) -> Mapping[str, object]:
    """An uploaded questionnaire."""
    made = upload_questionnaire(
        actor=place.actor("survey_owner"), now=place.now, unit=place.unit,
        title=localized(f"{place.sign}问卷", "Questionnaire"), file_name="form.xlsx", content=workbook(),
    )  # fmt: skip
    return {"code": made.questionnaire.code, "number": made.number}


@sample("surveys:bank_item", shared="the bank is everybody's who writes questionnaires")
def item(place: Place) -> Mapping[str, object]:
    """An item that ships with the platform."""
    bank.load_bank(actor=SYSTEM, now=place.now)
    return {"key": "ws_shift"}


@sample("surveys:media", gone="nobody is told this hash")
def media(place: Place) -> Mapping[str, object]:
    """A file nobody added."""
    del place
    return {"sha256": "0" * 64, "name": "p.png"}
