"""Problems."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from tests.architecture.samples import Place, sample

from qiao.base.access import ANONYMOUS, SYSTEM
from qiao.base.i18n import localized
from qiao.judge.problems import services
from qiao.judge.problems.choices import State, Tendency
from qiao.judge.problems.models import Entry

ACCEPTED = "what was taken on is public"


def _raised(place: Place, number: int) -> Entry:
    return services.raise_problem(
        actor=ANONYMOUS, now=place.now,
        given=services.Given(
            nonce=f"sample-{place.label}-{number:04}", unit=place.unit, title=localized(f"{place.sign}公示栏没人管"),
            text=localized("三个月没有更新。"), tendency=Tendency.SERVICE,
        ),
    ).entry  # fmt: skip


def _owned(place: Place, number: int) -> Entry:
    made = services.accept_problem(actor=SYSTEM, now=place.now, code=_raised(place, number).code)
    return services.name_owner(
        actor=SYSTEM, now=place.now, code=made.code, unit=place.unit, owner=place.account("task_owner")
    )


def _running(place: Place, number: int) -> Entry:
    made = _owned(place, number)
    return services.plan_remedy(
        actor=SYSTEM, now=place.now, code=made.code, remedy=localized("每周更新"),
        steps=[(localized("定专人"), place.now.date() + timedelta(days=9))],
    )  # fmt: skip


@sample("problems:accept", "problems:decline")
def raised(place: Place) -> Mapping[str, object]:
    """A problem nobody but the offices concerned sees yet."""
    return {"code": _raised(place, 1).code}


@sample("problems:problem", shared=ACCEPTED)
def accepted(place: Place) -> Mapping[str, object]:
    """A problem in the public ledger."""
    return {"code": services.accept_problem(actor=SYSTEM, now=place.now, code=_raised(place, 2).code).code}


@sample("problems:owner")
def unowned(place: Place) -> Mapping[str, object]:
    """One nobody answers for yet."""
    return {"code": services.accept_problem(actor=SYSTEM, now=place.now, code=_raised(place, 3).code).code}


@sample("problems:plan", gone="only the person who answers for it mends it")
def owned(place: Place) -> Mapping[str, object]:
    """One somebody answers for."""
    return {"code": _owned(place, 4).code}


@sample("problems:step", "problems:extend", "problems:claim", gone="only the person who answers for it mends it")
def running(place: Place) -> Mapping[str, object]:
    """One that is being mended."""
    return {"code": _running(place, 5).code, "position": 1}


def _in(place: Place, number: int, state: State) -> str:
    """One put into a later state: how it gets there is tested where the app is."""
    made = _running(place, number)
    Entry.objects.filter(pk=made.pk).update(
        state=state, claimed=place.now, recheck_from=place.now + timedelta(days=1), users_asked=5, users_confirmed=4,
        claim=localized("已更新"), due=place.now + timedelta(days=30),
    )  # fmt: skip
    return made.code


@sample("problems:recheck")
def claimed(place: Place) -> Mapping[str, object]:
    """One that is said to be mended."""
    return {"code": _in(place, 6, State.CLAIMED)}


@sample("problems:close", "problems:reopen", gone="those who raised it, or a union above")
def rechecked(place: Place) -> Mapping[str, object]:
    """One that was checked again."""
    return {"code": _in(place, 7, State.RECHECKED)}


@sample("problems:say", gone="those who raised it or were drawn")
def asked(place: Place) -> Mapping[str, object]:
    """One its raiser is asked about."""
    member = place.members[0]
    made = services.raise_problem(
        actor=member, now=place.now,
        given=services.Given(
            nonce=f"say-{place.label}-0001", unit=place.base, title=localized(f"{place.sign}没有班车"),
            text=localized("夜班没有车。"),
        ),
    ).entry  # fmt: skip
    return {"code": made.code}
