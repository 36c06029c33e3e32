"""What waits for officers in the list of employers."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.access import Actor
from qiao.base.i18n import pick
from qiao.base.lineage import Stage
from qiao.base.records import DeskItem
from qiao.org.retention.rules.periods import STAGING
from qiao.org.settings.queries import value_of
from qiao.org.workplaces.choices import BatchState
from qiao.org.workplaces.queries.imports import employers_tied, waiting_batches


def desk_items(*, actor: Actor, now: datetime) -> list[DeskItem]:
    """Imports of employers to match, hand over or confirm."""
    if not actor.may("employer.import"):
        return []
    steps = {
        BatchState.UPLOADED.value: _("Match the columns"),
        BatchState.MATCHED.value: _("Look through it and hand it over"),
        BatchState.WAITING.value: _("Confirm as second person"),
    }
    return [
        DeskItem(
            due=batch.uploaded + timedelta(days=value_of(STAGING, path=batch.unit.path, on=localdate(now))),
            title=_("Import of employers: %(code)s") % {"code": batch.code},
            stage=Stage.HEAR,
            unit=pick(batch.unit.name),
            next_step=steps[batch.state],
            url=reverse("workplaces:batch", args=[batch.unit.label, batch.code]),
        )
        for batch in waiting_batches(actor.paths("employer.import"))
        if actor.did(batch.uploaded_by_id) != (batch.state == BatchState.WAITING)
        and not (batch.state == BatchState.WAITING and employers_tied(batch, actor))
    ]
