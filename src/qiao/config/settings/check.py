"""Settings for type checking and message tools: complete, but no database is started."""

from __future__ import annotations

import os

os.environ["DATABASE_URL"] = os.environ.get("DATABASE_URL") or "postgresql://nobody@127.0.0.1:1/none"

from qiao.config.settings.base import *  # noqa: F403
