"""The members' register, its imports and exports."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.architecture.samples import LONG_AGO, Place, sample

from qiao.base.access import SYSTEM
from qiao.org.membership.choices import Employment
from qiao.org.membership.models import Membership
from qiao.org.membership.queries import twins_at
from qiao.org.membership.services import admit_member, ask_export, search_twins, upload_table
from qiao.org.people.models import Person
from qiao.org.people.services import set_contact


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


@sample("membership:twin")
def twin(place: Place) -> Mapping[str, object]:
    """Two records of the base union with one name and one telephone."""
    for _ in range(2):
        person = Person.objects.create(name=f"{place.sign}双生")
        admit_member(
            actor=SYSTEM, now=place.now, person=person, unit=place.base, employment=Employment.DIRECT, since=LONG_AGO
        )
        mobile = "13800000001" if place.label == "D1" else "13800000002"
        set_contact(actor=SYSTEM, now=place.now, person=person, kind="mobile", value=mobile)
    search_twins(actor=place.actor("base_officer"), now=place.now, unit=place.base)
    return {"label": place.base.label, "key": twins_at(place.base.path)[0].pk}
