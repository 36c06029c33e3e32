"""The members' register, its imports and exports."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.architecture.samples import Place, sample

from qiao.org.membership.models import Membership
from qiao.org.membership.services import ask_export, upload_table


@sample("membership:*")
def register(place: Place) -> Mapping[str, object]:
    """The register of the base union and one of its members."""
    member = Membership.objects.filter(unit=place.base).order_by("pk").first()
    assert member is not None
    return {"label": place.base.label, "number": member.person_id}


@sample("membership:stay", gone="the member is not in transfer")
def staying(place: Place) -> Mapping[str, object]:
    """Nobody is on the way."""
    return place.other(register)


@sample("membership:batch", "membership:match", "membership:move_batch")
def batch(place: Place) -> Mapping[str, object]:
    """An uploaded table."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "名册.csv"
        file.write_text("姓名,入会日期\n云一诺,2021-03-05\n", encoding="utf-8")
        made = upload_table(actor=place.actor("base_officer"), now=place.now, unit=place.base, file=file)
    return {"label": place.base.label, "code": made.code}


@sample("membership:decide_export")
def export(place: Place) -> Mapping[str, object]:
    """An export somebody asked for."""
    made = ask_export(
        actor=place.actor("base_officer"),
        now=place.now,
        unit=place.base,
        purpose="换届前请各小组核对会员名册，改正差错。",
    )
    return {"label": place.base.label, "code": made.code}


@sample("membership:take_export", gone="only who asked takes it, once approved")
def taken(place: Place) -> Mapping[str, object]:
    """The same export."""
    return place.other(export)
