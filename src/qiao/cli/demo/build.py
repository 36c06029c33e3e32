"""Building the demonstration, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module

import typer

from qiao.base.clock import now as read_clock
from qiao.base.db import atomic
from qiao.base.ledger.log import sign_head
from qiao.org.units.queries import root_unit

STAGES = (
    ("hear", "hearing: two survey rounds, answers, needs"),
    ("hear_forms", "the question bank, a questionnaire being written"),
    ("decide", "deciding: proposals, consultations, budget votes, decisions"),
    ("decide_desk", "answering: an opinion map, members' statements, a desk half done"),
    ("deliver", "delivering: projects, milestones, money"),
    ("judge", "judging: sealed evaluations"),
    ("needs", "needs: topics of free words, digests, candidates for tasks"),
    ("publish", "publishing: news"),
    ("units", "units: sectors, proposals, a refusal and its appeal"),
    ("people", "contacts, consents, looks, a data check"),
    ("hear_field", "fieldwork: rounds in every state, calls, paper, base unions"),
    ("mandates", "committees, officers, elections"),
    ("settings", "settings, retention"),
    ("joining", "joining: applications, transfers, rulings, a union group"),
    ("upward", "papers upward and the register of reports"),
    ("window", "the service window: requests in every state, a counter, public answers"),
    ("rights", "rights in plain words, services, other systems"),
    ("contacts", "officers' days at the base"),
    ("workplaces", "employers, headcounts, unions formed at them"),
    ("coverage", "coverage: scope, outreach, targets, the night's figures"),
    ("congress", "workers' congresses: delegates, a meeting with an open vote, proposals, open affairs"),
    ("yearbook", "the yearly table, inputs of allocation"),
    ("ratings", "members rate their union: in every state, one plan overdue, one void and run again"),
    ("allocation", "allocation sheets: one of last year paid, one of this year before the decision"),
    ("problems", "the problem ledger: problems in every state, one overdue, one opened again"),
)


def build_once(*, size: str, say: Callable[[str], AbstractContextManager[None]]) -> None:
    """Fill an empty database in one transaction: a killed build leaves nothing behind; a full one is left alone."""
    root = root_unit()
    if root is not None:
        if root.label != "EBF":
            typer.echo(
                "error: this database holds another federation's data; the demonstration will not touch it.", err=True
            )
            raise typer.Exit(2)
        return
    from qiao.cli.demo import world as ground

    moment = read_clock()
    with atomic():
        with say("founding units, admitting members, appointing officers"):
            world = ground.build(now=moment, size=size)
        earlier: dict[str, object] = {}
        for name, text in STAGES:
            stage = import_module(f"qiao.cli.demo.{name}")
            with say(text):
                earlier.update(stage.seed(world, earlier))
        with say("signing the ledger"):
            sign_head(now=moment)
