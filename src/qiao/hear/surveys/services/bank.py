"""The question bank: items and their wordings, and which version of a questionnaire asks them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.i18n import Localized
from qiao.base.problems import Problem, Problems
from qiao.base.xlsform import FormDocument, Node, Option, from_json, to_json
from qiao.base.xlsform.compare import wording_of
from qiao.base.xlsform.refused import refused_nodes
from qiao.hear.surveys.choices import Topic
from qiao.hear.surveys.models import BankItem, BankUse, BankWording, QuestionnaireVersion
from qiao.hear.surveys.queries.shipped import shipped_items
from qiao.org.units.models import Unit

_KEY = re.compile(r"[a-z][a-z0-9_]{1,58}\Z")


def load_bank(*, actor: Actor, now: datetime) -> int:
    """Bring the items that ship with the platform into the bank; returns how many wordings are new.

    An item that is there keeps its wordings: a changed one becomes the next. Running it again changes nothing. Raises
    Refused for anybody but the system and those who may upload questionnaires somewhere.
    """
    if not actor.system and not actor.paths("questionnaire.upload"):
        require(actor, "questionnaire.upload", "")
    new = 0
    with atomic():
        for key, topic, source, document in shipped_items():
            item, _made = BankItem.objects.select_for_update().get_or_create(
                key=key, defaults={"topic": topic, "source": source, "created": now}
            )
            new += _add_wording(item, document, actor, now)
    return new


def save_item(
    *, actor: Actor, now: datetime, unit: Unit, key: str, topic: str, source: Localized, document: FormDocument
) -> BankWording:
    """Put a question with its choices into the bank: a new item, or a new wording of the unit's own.

    ``document`` holds this one question. The same wording again changes nothing. Raises Refused without
    ``questionnaire.upload`` at the unit, Problem for a key that is not one or belongs to others, Problems for what is
    never asked.
    """
    require(actor, "questionnaire.upload", unit.path)
    if not _KEY.match(key):
        raise Problem("“%(key)s” cannot be the name of an item.", key=key,
                      hint="Begin with a letter; use small letters, digits and _ only.")  # fmt: skip
    if topic not in Topic.values:
        raise Problem("Choose what the item is about.")
    if len(document.items) != 1 or document.items[0].holds or not document.items[0].text("label"):
        raise Problem("An item is one question with its words.")
    refused = refused_nodes(document)
    if refused:
        raise Problems(list(refused))
    with atomic():
        item, made = BankItem.objects.select_for_update().get_or_create(
            key=key, defaults={"unit": unit, "topic": topic, "source": source, "created": now}
        )
        if not made and (item.unit_id is None or not item.unit or not item.unit.path.startswith(unit.path)):
            raise Problem("There is an item of this name already, kept by others.", hint="Choose another name.")
        if not made:
            item.topic, item.source, item.retired = topic, source, None
            item.save(update_fields=["topic", "source", "retired"])
        _add_wording(item, document, actor, now)
        audit.record(actor=actor, now=now, action="bank.save", unit_path=unit.path, detail={"item": key})
        return item.wordings.order_by("-number")[0]


def retire_item(*, actor: Actor, now: datetime, key: str) -> BankItem:
    """Offer an item no more; where it was used stays. Raises Refused unless the item is one's unit's own."""
    with atomic():
        item = BankItem.objects.select_for_update(of=("self",)).select_related("unit").get(key=key)
        if item.unit is None:
            raise Problem("Items that ship with the platform stay.")
        require(actor, "questionnaire.upload", item.unit.path)
        if item.retired is None:
            item.retired = now
            item.save(update_fields=["retired"])
            audit.record(actor=actor, now=now, action="bank.retire", unit_path=item.unit.path, detail={"item": key})
    return item


def _add_wording(item: BankItem, document: FormDocument, actor: Actor, now: datetime) -> int:
    node = replace(document.items[0], uid="n1", bank=item.key, row=None)
    document = replace(document, items=(node,))
    wording = wording_of(node, document.lists.get(node.list, ()), document.languages)
    newest = item.wordings.order_by("-number").first()
    if item.wordings.filter(sha256=wording.sha256).exists():
        return 0
    BankWording.objects.create(
        item=item, number=newest.number + 1 if newest else 1, content=to_json(document), sha256=wording.sha256,
        created=now, created_by_id=actor.account_id,
    )  # fmt: skip
    return 1


def record_uses(*, version: QuestionnaireVersion, document: FormDocument) -> int:
    """Note which items of the bank a version asks, as it words them; returns how many."""
    nodes = {node.name: node for node in document.walk() if node.bank and not node.holds}
    items = {item.key: item for item in BankItem.objects.filter(key__in={node.bank for node in nodes.values()})}
    made = BankUse.objects.bulk_create(
        [
            BankUse(
                item=items[node.bank],
                version=version,
                key=name[:200],
                sha256=wording_of(node, document.lists.get(node.list, ()), document.languages).sha256,
            )
            for name, node in nodes.items()
            if node.bank in items
        ],
        ignore_conflicts=True,
    )
    return len(made)


def placed(wording: BankWording, taken: Iterable[str], lists: Iterable[str]) -> FormDocument:
    """A wording ready to be put into a form: under a name and a list's name that are free there."""
    from qiao.base.xlsform.edit import free_name

    document = from_json(wording.content)
    node: Node = document.items[0]
    name = free_name(set(taken), node.name)
    made: dict[str, tuple[Option, ...]] = {}
    listed = node.list
    if node.list in document.lists:
        listed = free_name(set(lists), node.list)
        made = {listed: document.lists[node.list]}
    return replace(document, items=(replace(node, name=name, uid="", list=listed),), lists=made)
