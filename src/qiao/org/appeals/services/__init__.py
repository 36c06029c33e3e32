"""Filing, taking up, deciding and taking back appeals."""

from __future__ import annotations

from qiao.org.appeals.services.decide import decide_appeal, take_up_appeal
from qiao.org.appeals.services.file import file_appeal, file_second, withdraw_appeal
from qiao.org.appeals.services.tell import tell_appellant

__all__ = ["decide_appeal", "file_appeal", "file_second", "take_up_appeal", "tell_appellant", "withdraw_appeal"]
