"""Writing a questionnaire in the browser: one draft at a time, every change a step that can be gone back to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from pyxform.parsing.expression import is_xml_tag

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.codes import next_code
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.problems import Problem, Problems
from qiao.base.xlsform import FormDocument, Node, Option, form_of, from_json, to_json, write_xlsx
from qiao.base.xlsform.document import canonical
from qiao.base.xlsform.edit import add
from qiao.base.xlsform.refused import refused_nodes
from qiao.base.xlsform.workbook import MAX_ROWS
from qiao.hear.surveys.choices import DraftAct, Origin
from qiao.hear.surveys.models import BankItem, DraftStep, FormDraft, Questionnaire, QuestionnaireVersion
from qiao.hear.surveys.queries.bank import document_of_version
from qiao.hear.surveys.queries.shipped import languages, shipped_templates
from qiao.hear.surveys.services.bank import placed
from qiao.hear.surveys.services.questionnaires import check_askable, store_version
from qiao.org.units.models import Unit

#: Steps kept of a draft; the oldest go.
KEPT = 200
#: Changes of one question by one officer within this time are one step: the page saves while one writes.
TOGETHER = timedelta(minutes=5)


class StaleDraft(Problem):
    """Somebody else changed the same thing since the page was opened. Nothing was saved, nothing is lost.

    ``draft`` is what stands now; saving again with its revision puts one's own words in the place of theirs.
    """

    def __init__(self, draft: FormDraft) -> None:
        self.draft = draft
        super().__init__(
            "%(who)s has changed this meanwhile.",
            hint="Both are shown below. Save again to keep yours.",
            who=draft.updated_by.display_name if draft.updated_by else "–",
        )


def begin_questionnaire(*, actor: Actor, now: datetime, unit: Unit, title: Localized, template: str = "") -> FormDraft:
    """A new questionnaire to be written: empty, or from a ready-made one by its key.

    Raises Refused without ``questionnaire.upload`` at the unit, Problem for a template there is not.
    """
    require(actor, "questionnaire.upload", unit.path)
    document = FormDocument(languages=languages(), settings={"default_language": languages()[0]})
    if template:
        found = next((each for each in shipped_templates() if each.key == template), None)
        if found is None:
            raise Problem("There is no such questionnaire to begin with.")
        document = found.document
    with atomic():
        code = next_code("Q")
        settings = {
            **document.settings,
            "title": title.get("zh-hans") or next(iter(title.values()), code),
            "id_string": code.lower().replace("-", "_"),
        }
        questionnaire = Questionnaire.objects.create(code=code, unit=unit, title=title, created=now)
        draft = _begin(actor, now, questionnaire, replace(document, settings=settings), 0)
        audit.record(actor=actor, now=now, action="questionnaire.begin", code=code, unit_path=unit.path)
    return draft


def begin_draft(*, actor: Actor, now: datetime, code: str) -> FormDraft:
    """The draft of a questionnaire: the one there is, or a new one from the newest version.

    Versions themselves never change. Raises Refused without ``questionnaire.upload`` at the questionnaire's unit.
    """
    with atomic():
        questionnaire = _questionnaire(actor, code)
        draft = FormDraft.objects.filter(questionnaire=questionnaire).first()
        if draft is not None:
            return draft
        version = questionnaire.versions.order_by("-number").first()
        document = (
            document_of_version(version).with_uids()
            if version
            else FormDocument(languages=languages(), settings={"default_language": languages()[0]})
        )
        draft = _begin(actor, now, questionnaire, document, version.number if version else 0)
        audit.record(actor=actor, now=now, action="questionnaire.begin", code=code,
                     unit_path=questionnaire.unit.path)  # fmt: skip
    return draft


def change_draft(
    *,
    actor: Actor,
    now: datetime,
    code: str,
    revision: int,
    act: DraftAct,
    change: Callable[[FormDocument], FormDocument],
    about: str = "",
    uid: str = "",
) -> FormDraft:
    """Save one change of a draft as its next revision.

    ``revision`` is the one the officer saw, ``uid`` the question the change is about ("" for none, "settings" for title
    and languages). Others may have changed other questions since: then both changes stand. Raises StaleDraft where the
    same was changed, Problems where the change asks for what is never held or gives a name that cannot be one: nothing
    is saved then. Refused without ``questionnaire.upload``, Problem where there is no draft any more.
    """
    with atomic():
        draft = _locked(actor, code)
        current = from_json(draft.document)
        if revision != draft.revision and uid and _touched(draft, current, revision, uid):
            raise StaleDraft(draft)
        changed = change(current)
        if changed == current and [n.uid for n in changed.walk()] == [n.uid for n in current.walk()]:
            return draft
        _check(current, changed)
        _step(draft, changed, act, about, actor, now)
    return draft


def insert_item(
    *, actor: Actor, now: datetime, code: str, revision: int, key: str, after: str = ""
) -> tuple[FormDraft, str]:
    """Put the newest wording of a bank item into a draft; returns the draft and the new question's uid.

    Raises what `change_draft` raises, BankItem.DoesNotExist for an unknown key.
    """
    wording = BankItem.objects.get(key=key, retired__isnull=True).wordings.order_by("-number")[0]
    made: list[str] = []

    def change(document: FormDocument) -> FormDocument:
        ready = placed(wording, [node.name for node in document.walk()], document.lists)
        node, lists = ready.items[0], ready.lists
        same = from_json(wording.content)
        # A list of the same name with the same choices is shared, not doubled.
        first = same.items[0].list
        if first and document.lists.get(first) == same.lists.get(first):
            node, lists = replace(node, list=first), {}
        spoken = (
            tuple(dict.fromkeys((*document.languages, *same.languages))) if not document.items else (document.languages)
        )
        grown = replace(document, lists={**document.lists, **lists}, languages=spoken)
        grown, new = add(grown, node, after=after)
        made.append(new)
        return grown

    draft = change_draft(
        actor=actor, now=now, code=code, revision=revision, act=DraftAct.BANK, about=key, change=change
    )  # fmt: skip
    return draft, made[-1]


def undo_draft(*, actor: Actor, now: datetime, code: str, to: int) -> FormDraft:
    """Bring a draft back to how it stood at an earlier revision, which is itself a step.

    Raises Problem where that revision is not kept any more.
    """
    with atomic():
        draft = _locked(actor, code)
        step = draft.steps.filter(revision=to).first()
        if step is None:
            raise Problem("This earlier state is not kept any more.")
        _step(draft, from_json(step.document), DraftAct.UNDO, str(to), actor, now)
    return draft


def store_draft(*, actor: Actor, now: datetime, code: str) -> QuestionnaireVersion:
    """Make the draft the next version, which never changes again; the draft ends.

    The same checks as at an upload: raises Problems, whose rows are those of the sheet the draft would be written as
    (see ``survey_rows``), Refused without ``questionnaire.upload``.
    """
    with atomic():
        draft = _locked(actor, code)
        document = from_json(draft.document)
        form = check_askable(form_of(document))
        version = store_version(
            actor=actor, now=now, questionnaire=draft.questionnaire, form=form, document=document,
            file_name=f"{code}.xlsx", content=write_xlsx(document), origin=Origin.EDITOR,
        )  # fmt: skip
        draft.delete()
    return version


def drop_draft(*, actor: Actor, now: datetime, code: str) -> None:
    """Throw a draft away; versions stay. A questionnaire that never had a version goes with its draft."""
    with atomic():
        draft = _locked(actor, code)
        questionnaire = draft.questionnaire
        draft.delete()
        audit.record(actor=actor, now=now, action="questionnaire.drop", code=code, unit_path=questionnaire.unit.path)
        if not questionnaire.versions.exists():
            questionnaire.delete()


def _begin(actor: Actor, now: datetime, questionnaire: Questionnaire, document: FormDocument, base: int) -> FormDraft:
    document = document.with_uids()
    draft = FormDraft.objects.create(
        questionnaire=questionnaire, document=to_json(document), base=base, updated=now, updated_by_id=actor.account_id
    )
    DraftStep.objects.create(
        draft=draft, revision=1, document=draft.document, act=DraftAct.BEGIN, at=now, by_id=actor.account_id
    )
    return draft


def _questionnaire(actor: Actor, code: str) -> Questionnaire:
    found = Questionnaire.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
    require(actor, "questionnaire.upload", found.unit.path)
    return found


def _locked(actor: Actor, code: str) -> FormDraft:
    questionnaire = _questionnaire(actor, code)
    draft = FormDraft.objects.select_for_update(of=("self",)).filter(questionnaire=questionnaire).first()
    if draft is None:
        raise Problem("This draft was stored or thrown away meanwhile.")
    draft.questionnaire = questionnaire
    return draft


def _touched(draft: FormDraft, current: FormDocument, revision: int, uid: str) -> bool:
    """Whether what an officer changes is not any more as they saw it."""
    # Changes made together are one step: the state seen, or the last one kept before it.
    step = draft.steps.filter(revision__lte=revision).order_by("-revision").first()
    if step is None:
        return True
    seen = from_json(step.document)
    if uid == "settings":
        return (seen.settings, seen.languages) != (current.settings, current.languages)
    return _alone(seen, uid) != _alone(current, uid)


def _alone(document: FormDocument, uid: str) -> tuple[Node | None, tuple[Option, ...]]:
    node = document.find(uid)
    return (replace(node, items=()), document.lists.get(node.list, ())) if node else (None, ())


def _check(current: FormDocument, changed: FormDocument) -> None:
    faults = list(refused_nodes(changed))
    before = {node.uid: node.name for node in current.walk()}
    names: dict[str, str] = {}
    size = 0
    for node in changed.walk():
        size += 1
        if before.get(node.uid) != node.name and not is_xml_tag(node.name):
            faults.append(
                Problem(
                    "“%(name)s” cannot be a name.",
                    hint="Begin with a letter or underscore; use letters, digits, _, - and . only.",
                    name=node.name,
                )
            )
        if node.name in names and before.get(node.uid) != node.name:
            faults.append(
                Problem(
                    "There is a question named “%(name)s” already.",
                    hint="Give the question another name.",
                    name=node.name,
                )
            )
        names[node.name] = node.uid
    if size > 2_000 or sum(len(held) for held in changed.lists.values()) > MAX_ROWS:
        faults.append(Problem("The questionnaire is too long to be written here."))
    if faults:
        raise Problems(faults)


def _step(draft: FormDraft, document: FormDocument, act: DraftAct, about: str, actor: Actor, now: datetime) -> None:
    made = to_json(document.with_uids())
    if canonical(made) == canonical(draft.document):
        return
    draft.revision += 1
    draft.document, draft.updated, draft.updated_by_id = made, now, actor.account_id
    draft.save(update_fields=["revision", "document", "updated", "updated_by"])
    newest = draft.steps.order_by("-revision").first()
    again = (
        newest is not None
        and (newest.act, newest.about, newest.by_id) == (act, about, actor.account_id)
        and act == DraftAct.CHANGE
        and now - newest.at < TOGETHER
        and newest.revision > 1
    )
    # While one writes, the state before one began stays the one to go back to; the newest is kept as it stands.
    if again and newest is not None:
        draft.steps.filter(pk=newest.pk).update(revision=draft.revision, document=made)
    else:
        DraftStep.objects.create(
            draft=draft, revision=draft.revision, document=made, act=act, about=about[:120], at=now,
            by_id=actor.account_id,
        )  # fmt: skip
    draft.steps.filter(revision__lte=draft.revision - KEPT).delete()
