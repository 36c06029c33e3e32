"""Sending one notice: to the address that was looked at, without redirects, with an end to the waiting."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from dataclasses import dataclass
from urllib.parse import urlsplit

from qiao.hear.window.rules.hooks import LONGEST, TIMEOUT, allowed_addresses


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the receiver said; ``status`` None where nobody answered."""

    status: int | None
    fault: str = ""

    @property
    def came_through(self) -> bool:
        """Whether the notice was taken: any answer from 200 to 299."""
        return self.status is not None and 200 <= self.status < 300


def post(url: str, body: str, headers: dict[str, str]) -> Outcome:
    """Send a body. Faults of the network are an outcome; Problem is raised for an address that must not be told."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = str(allowed_addresses(host, port)[0])
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = _Pinned(host, port, address, ssl.create_default_context())
    else:
        connection = http.client.HTTPConnection(address, port, timeout=TIMEOUT)
    # A receiver that sends a byte now and then would hold the worker for ever: the line is cut.
    too_slow = threading.Event()
    cut = threading.Timer(LONGEST, _cut, [connection, too_slow])
    cut.start()
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, body.encode(), {"Host": parts.netloc, **headers})
        response = connection.getresponse()
        # A line that was cut looks like the end of an answer: told before it is cut, so that it is never taken for one.
        if too_slow.is_set():
            return Outcome(None, "TooSlow")
        return Outcome(response.status, "" if 200 <= response.status < 300 else response.reason[:80])
    except (OSError, http.client.HTTPException) as fault:
        return Outcome(None, f"{type(fault).__name__}"[:80])
    finally:
        cut.cancel()
        connection.close()


def _cut(connection: http.client.HTTPConnection, too_slow: threading.Event) -> None:
    too_slow.set()
    if connection.sock is not None:
        with contextlib.suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)


class _Pinned(http.client.HTTPSConnection):
    """A connection to one address whose certificate must be that of the host."""

    def __init__(self, host: str, port: int, address: str, context: ssl.SSLContext) -> None:
        super().__init__(host, port, timeout=TIMEOUT, context=context)
        self._address = address
        self._tls = context

    def connect(self) -> None:
        """Connect to the address that was looked at."""
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host)
