"""Which channel an officer may enter for somebody else."""

from __future__ import annotations

import re
import unicodedata

#: A Chinese mobile number, with or without the country's code and separators: mostly somebody's own.
_MOBILE = re.compile(r"(?:\+?86)?1[3-9]\d{9}\Z")


def looks_private(phone: str) -> bool:
    """Whether a telephone number is a mobile one, which only its owner may make public."""
    plain = unicodedata.normalize("NFKC", phone)
    return bool(_MOBILE.match(re.sub(r"[\s\-()·.]", "", plain)))
