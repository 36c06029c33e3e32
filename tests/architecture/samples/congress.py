"""Workers' congresses: a term being formed, one in term with a meeting, proposals, open affairs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils.timezone import localdate
from tests.architecture.samples import Place, sample

from qiao.base.access import SYSTEM
from qiao.base.i18n import localized
from qiao.decide.congress import services
from qiao.decide.congress.choices import BreachGround, ItemKind, Matter, ReviewWord, SessionState, TermState, Way
from qiao.decide.congress.models import Congress, Delegate, DelegateProposal, Item, Question, Session
from qiao.decide.congress.rules.quota import Electorate
from qiao.org.units.choices import UnitKind
from qiao.org.units.models import Unit
from qiao.org.units.services import found_unit

DAY = timedelta(days=1)


def _term(place: Place) -> Congress:
    """An assembly of the base union in term: all workers meet."""
    known = Congress.objects.filter(unit=place.base, state=TermState.IN_TERM).first()
    if known is not None:
        return known
    made = services.form_congress(
        actor=SYSTEM, now=place.now, unit=place.base, electorate=Electorate(len(place.people), 2, 3),
        counted=localdate(place.now), source=f"{place.sign}名册",
    )  # fmt: skip
    services.divide_seats(actor=SYSTEM, now=place.now, code=made.code)
    services.file_congress(actor=SYSTEM, now=place.now, code=made.code)
    return services.certify_congress(actor=SYSTEM, now=place.now, code=made.code)


def _forming(place: Place, sign: str) -> Congress:
    """A term being formed, in a further base union of the district."""
    unit = Unit.objects.filter(label=f"{place.label}-{sign}").first() or found_unit(
        actor=SYSTEM, now=place.now, kind=UnitKind.BASE, name=localized(f"{place.sign}{sign}厂", sign),
        label=f"{place.label}-{sign}", parent=place.unit, founded=localdate(place.now) - 900 * DAY,
    )  # fmt: skip
    return services.form_congress(
        actor=SYSTEM, now=place.now, unit=unit, electorate=Electorate(10, 2, 3), counted=localdate(place.now),
        source=f"{place.sign}名册",
    )  # fmt: skip


def _session(place: Place, state: SessionState = SessionState.CALLED) -> Session:
    """A meeting put into a state: how it gets there is tested where the app is."""
    made = services.call_session(
        actor=SYSTEM, now=place.now, congress_code=_term(place).code, title=localized(f"{place.sign}会议", "Meeting"),
        meets=place.now + 40 * DAY, place=localized("礼堂", "Hall"),
    )  # fmt: skip
    services.add_item(
        actor=SYSTEM, now=place.now, session_code=made.code, kind=ItemKind.PASS,
        title=localized(f"{place.sign}办法", "Rules"), text=localized(f"{place.sign}内容", "Content"),
    )  # fmt: skip
    late = state not in (SessionState.CALLED, SessionState.CANCELLED)
    fields: dict[str, object] = {"state": state}
    if late:
        fields |= {"papers_sent": place.now, "opened": place.now, "delegates": 10, "present": 9, "meets": made.meets}
    Session.objects.filter(pk=made.pk).update(**fields)
    made.refresh_from_db()
    return made


@sample("congress:congress", "congress:new-session", "congress:call", "congress:letter", "congress:extend",
        "congress:proposals", "congress:affairs", "congress:new-affair", "congress:worker",
        gone="the district certifies below, its base union runs it")  # fmt: skip
def term(place: Place) -> Mapping[str, object]:
    """A congress in term."""
    return {"code": _term(place).code}


@sample("congress:propose", gone="delegates alone")
def propose(place: Place) -> Mapping[str, object]:
    """The same."""
    return {"code": _term(place).code}


@sample("congress:constituency", "congress:divide")
def forming(place: Place) -> Mapping[str, object]:
    """A term being formed."""
    return {"code": _forming(place, "F").code}


@sample("congress:elect")
def electing(place: Place) -> Mapping[str, object]:
    """A constituency."""
    made = _forming(place, "E")
    row = made.constituencies.create(position=1, name={"zh-hans": f"{place.sign}车间"}, electors=10, seats=10)
    return {"code": made.code, "key": row.pk}


@sample("congress:file", "congress:certify", "congress:return")
def filed(place: Place) -> Mapping[str, object]:
    """Elections that await certification."""
    made = _forming(place, "C")
    Congress.objects.filter(pk=made.pk).update(state=TermState.FILED, filed=place.now)
    return {"code": made.code}


@sample("congress:vacate")
def seat(place: Place) -> Mapping[str, object]:
    """A delegate."""
    found = _term(place)
    return {"code": found.code, "key": Delegate.objects.filter(congress=found).order_by("pk")[0].pk}


@sample("congress:sign")
def call(place: Place) -> Mapping[str, object]:
    """A call for a meeting."""
    found = _term(place)
    made = services.start_call(
        actor=place.members[0], now=place.now, congress_code=found.code, subject=f"{place.sign}夜班"
    )
    return {"code": found.code, "key": made.pk}


@sample("congress:breach")
def breach(place: Place) -> Mapping[str, object]:
    """A breach."""
    found = _term(place)
    made = services.write_letter(
        actor=SYSTEM, now=place.now, congress_code=found.code, ground=BreachGround.PAPERS, text=f"{place.sign}材料迟发"
    )
    return {"code": found.code, "key": made.code}


@sample("congress:session", "congress:move", "congress:cancel", "congress:add-item", "congress:add-file",
        "congress:send", "congress:attendance", "congress:here", "congress:open-meeting")  # fmt: skip
def session(place: Place) -> Mapping[str, object]:
    """A meeting called."""
    return {"code": _session(place).code}


@sample("congress:paper", gone="papers are the unit's own")
def paper(place: Place) -> Mapping[str, object]:
    """A file among the papers."""
    made = _session(place)
    file = services.add_paper(
        actor=SYSTEM, now=place.now, session_code=made.code, name="a.txt", content=place.sign.encode()
    )
    return {"code": made.code, "key": file.pk}


@sample("congress:resolve")
def going_on(place: Place) -> Mapping[str, object]:
    """A meeting that goes on."""
    return {"code": _session(place, SessionState.QUORUM).code}


@sample("congress:report")
def resolved(place: Place) -> Mapping[str, object]:
    """A meeting to report."""
    return {"code": _session(place, SessionState.RESOLVED).code}


@sample("congress:follow")
def reported(place: Place) -> Mapping[str, object]:
    """A meeting to follow up."""
    return {"code": _session(place, SessionState.REPORTED).code}


@sample("congress:item", "congress:drop-item", "congress:settle", "congress:open-vote", "congress:hand",
        "congress:close-vote", "congress:register", "congress:voted")  # fmt: skip
def item(place: Place) -> Mapping[str, object]:
    """An item of business."""
    return {"code": _session(place).items.get().code}


@sample("congress:vote", gone="delegates alone")
def vote(place: Place) -> Mapping[str, object]:
    """The same."""
    return place.other(item)


@sample("congress:tally")
def tally(place: Place) -> Mapping[str, object]:
    """A vote that awaits its papers."""
    found = _session(place, SessionState.VOTES).items.get()
    Item.objects.filter(pk=found.pk).update(state="closed", way=Way.PAPER, delegates=10, cast=9)
    return {"code": found.code}


def _proposal(place: Place) -> DelegateProposal:
    """A filed proposal."""
    found = _term(place)
    made = services.draft_proposal(
        actor=place.members[0], now=place.now, congress_code=found.code, title=f"{place.sign}饮水点",
        text=f"{place.sign}没有", language="zh-hans",
    )  # fmt: skip
    for member in place.members[1:3]:
        services.second_proposal(actor=member, now=place.now, code=made.code)
    services.submit_proposal(actor=place.members[0], now=place.now, code=made.code)
    return services.review_proposal(actor=SYSTEM, now=place.now, code=made.code, word=ReviewWord.FILE)


@sample("congress:proposal", "congress:assign", "congress:take", "congress:reply", gone="its unit reads it")
def filed_proposal(place: Place) -> Mapping[str, object]:
    """A filed proposal."""
    return {"code": _proposal(place).code}


@sample("congress:edit", "congress:split", "congress:rate", "congress:step", gone="its maker alone")
def own_proposal(place: Place) -> Mapping[str, object]:
    """The same."""
    return {"code": _proposal(place).code, "deed": "second"}


@sample("congress:review")
def submitted(place: Place) -> Mapping[str, object]:
    """A proposal handed in."""
    made = _proposal(place)
    DelegateProposal.objects.filter(pk=made.pk).update(state="submitted")
    return {"code": made.code}


def _affair(place: Place, sign: str) -> str:
    """Something to be shown; another sign makes another one."""
    return services.register_affair(
        actor=SYSTEM, now=place.now, congress_code=_term(place).code, matter=Matter.PAY,
        title=localized(f"{place.sign}奖金{sign}", "Bonuses"), due=place.now + 5 * DAY,
    ).code  # fmt: skip


@sample("congress:affair", "congress:show")
def affair(place: Place) -> Mapping[str, object]:
    """Something to be shown."""
    return {"code": _affair(place, "甲")}


@sample("congress:ask", "congress:answer")
def shown(place: Place) -> Mapping[str, object]:
    """Something shown, with a question."""
    code = _affair(place, "乙")
    services.show_affair(actor=SYSTEM, now=place.now, code=code, text=f"{place.sign}总额", shown_by="人事科")
    services.ask_question(actor=place.members[0], now=place.now, code=code, text=f"{place.sign}夜班算吗")
    return {"code": code, "key": Question.objects.get(affair__code=code).pk}


@sample("congress:link")
def link(place: Place) -> Mapping[str, object]:
    """What the employer's office owes."""
    return {"kind": "affair", "key": place.other(affair)["code"]}


@sample("congress:reply-link", shared="whoever holds the link")
def reply(place: Place) -> Mapping[str, object]:
    """A one-time link."""
    return {"secret": services.make_link(actor=SYSTEM, now=place.now, affair=str(place.other(affair)["code"]))}
