"""Work that waits in the register of the demonstration, so that the base officer's desk shows what it is for."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from qiao.base.access import SYSTEM, Actor
from qiao.org.membership.models import Membership
from qiao.org.membership.services import hand_over, match_columns, start_transfer, upload_table
from qiao.org.people.models import Person
from qiao.org.units.models import Unit

#: What somebody hands in: with a column nobody may store, a date no one can be sure of, and a namesake.
HANDED_IN = (
    "姓名,政治面貌,用工形式,入会日期\n"
    "湖春晓,群众,直接用工,2026-03-02\n林望舒,群众,劳务派遣,2026年3月9日\n石若水,群众,平台用工,２０２６/３/１６\n"
    "溪清和,群众,直接用工,46100\n{namesake},群众,直接用工,2026-04-01\n"
)


def leave_work(*, now: datetime, bases: list[Unit], officer: Actor) -> None:
    """Something in the register waits: a table for its second person, and a member who wishes to come over."""
    earlier = now - timedelta(hours=20)
    namesake = Person.objects.filter(memberships__unit=bases[0]).order_by("pk")[2].name
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "新会员.csv"
        file.write_text(HANDED_IN.format(namesake=namesake), encoding="gb18030")
        batch = upload_table(actor=officer, now=earlier, unit=bases[0], file=file)
    mapping = {column["header"]: column["field"] for column in batch.columns}
    match_columns(actor=officer, now=earlier, code=batch.code, mapping=mapping)
    hand_over(actor=officer, now=earlier, code=batch.code)
    coming = Membership.objects.filter(unit=bases[1]).order_by("-pk").values_list("pk", flat=True)[0]
    start_transfer(actor=SYSTEM, now=now - timedelta(days=6), membership_id=coming, to=bases[0])
