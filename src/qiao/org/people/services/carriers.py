"""Carrying a text out of the house: by mail and by SMS. What a carrier says of a failure never holds the address."""

from __future__ import annotations

import ipaddress
import json
import urllib.error
import urllib.request
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.mail import send_mail

from qiao.org.people.choices import ContactKind

TIMEOUT = 10
#: Answers of the gateway that say that there is nobody at this number.
_NOBODY = frozenset({404, 410, 422})


class NotCarried(Exception):
    """The carrier did not take it; ``key`` is a short word for the log. ``nobody``: the address reaches nobody."""

    def __init__(self, key: str, *, nobody: bool = False) -> None:
        self.key = key[:32]
        self.nobody = nobody
        super().__init__(self.key)


def send_to(kind: str, address: str, subject: str, text: str) -> None:
    """Send a text to a contact. Raises NotCarried, from None: the library's error would name the address."""
    if kind == ContactKind.MAIL:
        _by_mail(address, subject, text)
    elif settings.SMS_URL:
        _by_gateway(address, text)
    else:
        _into_outbox(address, text)


def _by_mail(address: str, subject: str, text: str) -> None:
    try:
        send_mail(subject, text, settings.DEFAULT_FROM_EMAIL, [address])
    except Exception as error:
        nobody = type(error).__name__ == "SMTPRecipientsRefused"
        raise NotCarried(type(error).__name__, nobody=nobody) from None


def _by_gateway(number: str, text: str) -> None:
    """POST {"to", "text"} as JSON to ``QIAO_SMS_URL`` with the bearer token ``QIAO_SMS_TOKEN``; 2xx means taken."""
    body = json.dumps({"to": number, "text": text}, ensure_ascii=False).encode()
    request = urllib.request.Request(  # noqa: S310
        _safe(settings.SMS_URL),
        data=body,
        headers={"Content-Type": "application/json", "Authorization": f"Bearer {settings.SMS_TOKEN}"},
        method="POST",
    )
    try:
        with _OPENER.open(request, timeout=TIMEOUT) as answer:
            answer.read(1)
    except urllib.error.HTTPError as error:
        status = error.code
        error.close()
        raise NotCarried(f"http_{status}", nobody=status in _NOBODY) from None
    except (OSError, ValueError) as error:
        raise NotCarried(type(error).__name__) from None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A number is never carried on to wherever an answer points."""

    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


def _safe(url: str) -> str:
    """The gateway's address; raises NotCarried for an open line to another machine."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname or "")):
        return url
    raise NotCarried("open_line")


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _into_outbox(number: str, text: str) -> None:
    """Where no gateway is set the message lies in the outbox, readable by the installation's own user alone."""
    message = EmailMessage()
    message["Subject"] = "SMS"
    message["From"] = settings.DEFAULT_FROM_EMAIL
    message["To"] = f"{number}@sms.invalid"
    message.set_content(text)
    folder = Path(settings.EMAIL_FILE_PATH)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"sms-{uuid4().hex}.log"
    file.touch(mode=0o600)
    file.write_bytes(message.as_bytes() + b"\n" + b"-" * 79 + b"\n")
