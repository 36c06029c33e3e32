"""Entry point of `qiao`: every command, none of whose heavy imports are done before it runs."""

from __future__ import annotations

from qiao.cli import allocate as _allocate  # noqa: F401
from qiao.cli import estimate as _estimate  # noqa: F401
from qiao.cli import forms as _forms  # noqa: F401
from qiao.cli import found as _found  # noqa: F401
from qiao.cli import judge as _judge  # noqa: F401
from qiao.cli import judge_seal as _judge_seal  # noqa: F401
from qiao.cli import keys as _keys  # noqa: F401
from qiao.cli import loop as _loop  # noqa: F401
from qiao.cli import messages as _messages  # noqa: F401
from qiao.cli import opinion as _opinion  # noqa: F401
from qiao.cli import sample as _sample  # noqa: F401
from qiao.cli import serve as _serve  # noqa: F401
from qiao.cli import share as _share  # noqa: F401
from qiao.cli import verify as _verify  # noqa: F401
from qiao.cli import weight as _weight  # noqa: F401
from qiao.cli.app import app

__all__ = ["app"]
