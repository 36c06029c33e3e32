"""Evaluations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from tests.architecture.samples import Place, sample
from tests.factories.judge import project

from qiao.base.i18n import localized
from qiao.judge.evaluations import services
from qiao.judge.evaluations.rules.keys import new_keys
from qiao.judge.evaluators.choices import Duty
from qiao.judge.evaluators.queries import own_seat
from qiao.judge.evaluators.services import give_seat


def _commissioned(place: Place, kind: str) -> str:
    work = project(place.base, place.account("task_owner"), place.now, code=f"W-{kind}{place.label}")
    return services.commission_evaluation(
        actor=place.actor("executive"), now=place.now, project_code=work.code,
        title=localized(f"{place.sign}夜班班车", "Night bus"), evaluator=place.account("evaluator"),
        opens=place.now - timedelta(hours=1), closes=place.now + timedelta(days=9),
    ).code  # fmt: skip


@sample("evaluations:key", "evaluations:open", "evaluations:freeze")
def commissioned(place: Place) -> Mapping[str, object]:
    """A commissioned evaluation."""
    return {"code": _commissioned(place, "1")}


@sample("evaluations:*")
def opened(place: Place) -> Mapping[str, object]:
    """An open one."""
    code, run = _commissioned(place, "2"), place.actor("evaluator")
    keys = new_keys()
    services.register_key(actor=run, now=place.now, code=code, keys=keys.registered)
    services.freeze_frame(actor=run, now=place.now, code=code)
    services.open_evaluation(actor=run, now=place.now, code=code, seed=keys.seed)
    services.make_code_sheet(actor=run, now=place.now, code=code)
    return {"code": code, "secret_code": "ABCD-EFGH", "digest": "0" * 64}


@sample("evaluations:interview", "evaluations:interview_kept", "evaluations:contact",
        gone="no such code, no answer was just typed in, no contacts planned")  # fmt: skip
def asking(place: Place) -> Mapping[str, object]:
    """The open one."""
    return {**place.other(opened), "mode": "phone"}


@sample("evaluators:end", gone="whoever asks is no colleague", shared="an evaluator's people are its own")
def seat(place: Place) -> Mapping[str, object]:
    """Somebody seated beside the lead."""
    lead = place.actor("evaluator")
    own = own_seat(lead)
    assert own is not None
    given = give_seat(
        actor=lead, now=place.now, organisation=own.organisation, email=f"asks-{place.label.lower()}@x.example",
        display_name=f"{place.sign}访员", duty=Duty.INTERVIEWER,
    )  # fmt: skip
    return {"key": given.pk}


@sample("evaluations:answer_by_code", "evaluations:bundle", "evaluations:proof", "evaluations:digests",
        "evaluations:thanks", "evaluations:result", "evaluations:respond", "evaluations:sealed",
        "evaluations:recheck",
        gone="the evaluation is still open")  # fmt: skip
def not_yet(place: Place) -> Mapping[str, object]:
    """The open one."""
    return place.other(opened)


@sample("evaluations:answer", gone="only who was served answers", shared="that it runs is public; not who is asked")
def asked(place: Place) -> Mapping[str, object]:
    """The open one."""
    return place.other(opened)


@sample("evaluations:void", gone="only who runs it voids")
def narrow(place: Place) -> Mapping[str, object]:
    """The open one."""
    return place.other(opened)
