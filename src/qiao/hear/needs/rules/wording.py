"""How sure a need is, in plain words. The scales stand in ``qiao_stats.needs``."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qiao_stats.needs import Close, Sure, how_close, how_sure


def sure_text(adjusted: float | None) -> str:
    """How sure it is that a need stands out; "" where nothing was tested."""
    if adjusted is None:
        return ""
    return {
        Sure.NEARLY_CERTAIN: _("Nearly certain: by chance alone this would be seen less than once in 1,000 times."),
        Sure.VERY_LIKELY: _("Very likely: by chance alone this would be seen less than once in 100 times."),
        Sure.LIKELY: _("Likely: of 20 needs that look like this, about one does so by chance."),
        Sure.NOT_SHOWN: _("Not shown: chance alone may explain it."),
    }[how_sure(adjusted)]


def sure_word(adjusted: float | None) -> str:
    """The same in a word, for lists; "" where nothing was tested."""
    if adjusted is None:
        return ""
    return {
        Sure.NEARLY_CERTAIN: _("nearly certain"),
        Sure.VERY_LIKELY: _("very likely"),
        Sure.LIKELY: _("likely"),
        Sure.NOT_SHOWN: _("cannot be told"),
    }[how_sure(adjusted)]


def close_text(lower: float | None, upper: float | None) -> str:
    """How closely a share is known; "" where it has no interval."""
    if lower is None or upper is None:
        return ""
    return {
        Close.CLOSELY: _("The share is known closely: within 3 points either way."),
        Close.FAIRLY: _("The share is known fairly closely: within 6 points either way."),
        Close.ROUGHLY: _("The share is known roughly: within 12 points either way."),
        Close.BARELY: _("The share is barely known: it may lie more than 12 points higher or lower."),
    }[how_close(lower, upper)]


def rank_text(best: int, worst: int) -> str:
    """The ranks an interval leaves open: "rank 2" or "rank 2 to 4"."""
    if best == worst:
        return _("rank %(rank)d") % {"rank": best}
    return _("rank %(best)d to %(worst)d") % {"best": best, "worst": worst}
