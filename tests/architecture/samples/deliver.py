"""Projects."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate
from tests.architecture.samples import Place, sample
from tests.architecture.samples.decide import decision

from qiao.base.i18n import localized
from qiao.deliver.programmes import services
from qiao.deliver.programmes.models import Evidence, Milestone


def _project(place: Place) -> str:
    start, codes = localdate(place.now), decision(place)
    return services.plan_project(
        actor=place.actor("executive"), now=place.now, decision_code=str(codes["decision_code"]),
        proposal_code=str(codes["proposal_code"]), title=localized(f"{place.sign}夜班班车", "Night bus"),
        goal=localized("有车回家。", "A way home."), unit=place.unit, owner=place.account("task_owner"),
        budget=Decimal(100), starts=start, due=start + timedelta(days=90),
        milestones=[(localized("选线", "Route"), start + timedelta(days=40), 1)],
    ).code  # fmt: skip


@sample("programmes:plan")
def to_plan(place: Place) -> Mapping[str, object]:
    """A decision whose proposal has no project yet."""
    return place.other(decision)


@sample("programmes:start")
def planned(place: Place) -> Mapping[str, object]:
    """A planned project."""
    return {"code": _project(place)}


@sample("programmes:*")
def running(place: Place) -> Mapping[str, object]:
    """A running project."""
    code = _project(place)
    services.start_project(actor=place.actor("executive"), now=place.now, code=code)
    return {"code": code, "milestone_id": Milestone.objects.filter(project__code=code).order_by("pk")[0].pk}


@sample("programmes:verify")
def claimed(place: Place) -> Mapping[str, object]:
    """A project its owner says is done."""
    made = running(place)
    owner, code = place.actor("task_owner"), str(made["code"])
    services.report_milestone(
        actor=owner, now=place.now, milestone_id=int(str(made["milestone_id"])), progress=100, asked=9, confirmed=8
    )
    services.claim_done(actor=owner, now=place.now, code=code)
    return made


@sample("programmes:evidence", gone="only those who plan, report, verify or judge take the file")
def shown(place: Place) -> Mapping[str, object]:
    """A running project with a file that shows how far it is."""
    made = running(place)
    report = services.report_milestone(
        actor=place.actor("task_owner"), now=place.now, milestone_id=int(str(made["milestone_id"])), progress=40,
        evidence_file=SimpleUploadedFile(f"{place.sign}.pdf", b"%PDF-1.7\n"),
    )  # fmt: skip
    return {"code": made["code"], "evidence_id": Evidence.objects.get(report=report).pk}


@sample("programmes:answer_date", gone="the other side of the project answers")
def moved(place: Place) -> Mapping[str, object]:
    """A running project whose owner asks for another date."""
    code = running(place)["code"]
    change = services.ask_deadline_change(
        actor=place.actor("task_owner"), now=place.now, code=str(code),
        new_due=localdate(place.now) + timedelta(days=120), reason=localized(f"{place.sign}道路施工", "Road works"),
    )  # fmt: skip
    return {"code": code, "change_id": change.pk}


@sample("programmes:ask_date", gone="the two sides of the project only")
def dates(place: Place) -> Mapping[str, object]:
    """A running project."""
    return place.other(running)
