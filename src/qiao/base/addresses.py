"""Full addresses, for what is read outside the platform: mails, SMS, printed codes."""

from __future__ import annotations

from django.conf import settings


def full_address(path: str) -> str:
    """The full address of a path of the platform (``/join/`` …); what is no path stays as it is.

    It begins with ``QIAO_URL``, never with what a browser said of the host: whoever asks for a page does not decide
    where the links in other people's mails lead.
    """
    return f"{settings.SITE_URL}{path}" if path.startswith("/") else path
