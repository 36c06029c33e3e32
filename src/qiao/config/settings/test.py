"""Settings of the tests: the same product on a throw-away embedded PostgreSQL (or DATABASE_URL)."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_home = Path(os.environ.get("QIAO_TEST_HOME", Path(tempfile.gettempdir()) / f"qiao-test-{os.getuid()}"))
os.environ["QIAO_HOME"] = str(_home)
if not os.environ.get("DATABASE_URL"):
    from qiao.config.database import start_embedded

    os.environ["DATABASE_URL"] = start_embedded(_home / "postgres", durable=False)

from qiao.config.settings.base import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# Tests sign in without a password; those of the second factor and of confirming put these back.
SECOND_FACTOR_ROLES = ()
FRESH_SECONDS = 0
