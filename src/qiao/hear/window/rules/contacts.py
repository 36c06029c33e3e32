"""How a contact an asker leaves is read: one field for a mobile number or a mail address."""

from __future__ import annotations

from qiao.org.people.choices import ContactKind
from qiao.org.people.rules import normal_mail, normal_mobile


def clean_contact(text: str) -> tuple[str, str]:
    """Which it is and its form as kept; ("", "") for nothing written. Raises Problem for what is none."""
    if not text.strip():
        return "", ""
    if "@" in text or "＠" in text:
        return ContactKind.MAIL.value, normal_mail(text)
    return ContactKind.MOBILE.value, normal_mobile(text)
