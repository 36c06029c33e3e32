"""News."""

from __future__ import annotations

from collections.abc import Mapping

from tests.architecture.samples import Place, sample

from qiao.base.i18n import localized
from qiao.publish.choices import Kind
from qiao.publish.services import propose_correction, release_article, submit_article, write_article


def _draft(place: Place) -> int:
    return write_article(
        actor=place.actor("editor"), now=place.now, unit=place.unit, kind=Kind.NEWS,
        title=localized(f"{place.sign}开会", "A meeting"), body=localized("周三下午。", "On Wednesday."),
    ).pk  # fmt: skip


def _submitted(place: Place) -> int:
    article_id = _draft(place)
    submit_article(actor=place.actor("editor"), now=place.now, article_id=article_id)
    return article_id


@sample("publish:edit", "publish:submit")
def draft(place: Place) -> Mapping[str, object]:
    """A draft."""
    return {"article_id": _draft(place)}


@sample("publish:release", "publish:return")
def submitted(place: Place) -> Mapping[str, object]:
    """A text that waits for the publisher."""
    return {"article_id": _submitted(place)}


@sample("publish:*")
def released(place: Place) -> Mapping[str, object]:
    """A published text."""
    article_id = _submitted(place)
    release_article(actor=place.actor("publisher"), now=place.now, article_id=article_id)
    return {"article_id": article_id}


@sample("publish:release_correction")
def corrected(place: Place) -> Mapping[str, object]:
    """A published text with a correction that waits."""
    article_id = int(str(released(place)["article_id"]))
    propose_correction(
        actor=place.actor("editor"), now=place.now, article_id=article_id, title=localized("更正", "Corrected"),
        body=localized("周四下午。", "On Thursday."), reason=localized("日期有误", "Wrong day"),
    )  # fmt: skip
    return {"article_id": article_id}
