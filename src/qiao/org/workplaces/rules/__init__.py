"""What an employer's data must be like."""

from __future__ import annotations

from qiao.org.workplaces.rules.regcode import check_sign, normal_reg_code
from qiao.org.workplaces.rules.states import next_states

__all__ = ["check_sign", "next_states", "normal_reg_code"]
