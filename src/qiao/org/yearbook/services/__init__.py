"""Computing and freezing the yearly table; entering, contesting and deciding inputs of allocation."""

from __future__ import annotations

from qiao.org.yearbook.services.assure import assure_register
from qiao.org.yearbook.services.compute import compute_year
from qiao.org.yearbook.services.freeze import freeze_year
from qiao.org.yearbook.services.inputs import contest_input, decide_contest, enter_input

__all__ = ["assure_register", "compute_year", "contest_input", "decide_contest", "enter_input", "freeze_year"]
