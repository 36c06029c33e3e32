"""Who may collect answers of a round with an app: given by name, shown once, revoked at any time."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime

from django.conf import settings
from lxml import etree

from qiao.base import audit
from qiao.base.access import Actor, require
from qiao.base.db import atomic
from qiao.base.problems import Problem
from qiao.hear.surveys.choices import Asked, RoundState
from qiao.hear.surveys.models import Collector, Round
from qiao.hear.surveys.services.submissions import CODE_FIELD

_XF = "http://www.w3.org/2002/xforms"
_XH = "http://www.w3.org/1999/xhtml"


def token_hash(token: str) -> bytes:
    """The keyed hash under which a collector's token is known."""
    key = hashlib.sha256(b"qiao.hear.surveys.collectors\0" + settings.SECRET_KEY.encode()).digest()
    return hmac.digest(key, token.encode(), "sha256")


def add_collector(*, actor: Actor, now: datetime, code: str, name: str) -> str:
    """Give one collector access to a round; returns the token, which is kept nowhere.

    Raises Refused without ``round.collect`` at the unit, Problem for a round that is over or a name used before.
    """
    name = " ".join(name.split())[:120]
    with atomic():
        survey = Round.objects.select_for_update(of=("self",)).select_related("unit").get(code=code)
        require(actor, "round.collect", survey.unit.path)
        if not name:
            raise Problem("Write who collects.")
        if survey.state not in {
            RoundState.PLANNED,
            RoundState.PRIVACY_CHECKED,
            RoundState.SAMPLED,
            RoundState.FIELDING,
        }:
            raise Problem("The round is over: nobody collects any more.")
        if Collector.objects.filter(round=survey, name=name).exists():
            raise Problem("%(name)s has access already. Revoke it, and give access under another name.", name=name)
        token = secrets.token_urlsafe(24)
        Collector.objects.create(
            round=survey, name=name, token_hash=token_hash(token), created=now, created_by_id=actor.account_id
        )
        audit.record(
            actor=actor, now=now, action="round.collector", code=code, unit_path=survey.unit.path, detail={"name": name}
        )
    return token


def revoke_collector(*, actor: Actor, now: datetime, code: str, collector_id: int) -> None:
    """End a collector's access; what was sent stays. Revoking twice changes nothing. Raises Refused as adding does."""
    with atomic():
        survey = Round.objects.select_related("unit").get(code=code)
        require(actor, "round.collect", survey.unit.path)
        found = Collector.objects.select_for_update().get(pk=collector_id, round=survey)
        if found.revoked is not None:
            return
        found.revoked = now
        found.save(update_fields=["revoked"])
        audit.record(
            actor=actor, now=now, action="round.collector_revoked", code=code, unit_path=survey.unit.path,
            detail={"name": found.name},
        )  # fmt: skip


def form_for_app(survey: Round, xform: str, root: str, label: str) -> bytes:
    """The XForm as an app gets it: of a round with invitations it asks for the single-use code first."""
    if survey.asked == Asked.VOLUNTEERS:
        return xform.encode()
    tree = etree.fromstring(xform.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    instance = tree.find(f".//{{{_XF}}}model/{{{_XF}}}instance/*")
    model, body = tree.find(f".//{{{_XF}}}model"), tree.find(f"{{{_XH}}}body")
    if instance is None or model is None or body is None:
        raise Problem("The form cannot be given to an app.")
    asked = etree.SubElement(instance, etree.QName(instance).text.replace(root, CODE_FIELD))
    instance.insert(0, asked)
    path = f"/{root}/{CODE_FIELD}"
    bind = etree.SubElement(model, f"{{{_XF}}}bind", nodeset=path, type="string", required="true()")
    bind.set("constraint", "regex(., '^[0-9A-Za-z]{4}[- ]?[0-9A-Za-z]{4}[- ]?[0-9A-Za-z]{4}$')")
    field = etree.Element(f"{{{_XF}}}input", ref=path)
    etree.SubElement(field, f"{{{_XF}}}label").text = label
    body.insert(0, field)
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8"))
