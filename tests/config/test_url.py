"""The address that links in mails, SMS and printed codes begin with."""

from __future__ import annotations

import pytest

from qiao.base.addresses import full_address
from qiao.config.env import site_url

LOCAL = ("127.0.0.1", "localhost", "[::1]")


def url(text: str, *hosts: str, https: bool = False) -> str:
    return site_url(text, hosts=hosts or LOCAL, https=https, port=8470)


@pytest.mark.parametrize(
    ("text", "hosts", "expected"),
    [
        ("https://union.example.org", ("union.example.org",), "https://union.example.org"),
        ("https://Union.Example.org/", ("union.example.org",), "https://union.example.org"),
        ("https://a.example.org:8443", (".example.org",), "https://a.example.org:8443"),
        ("http://[::1]:9000", (), "http://[::1]:9000"),
        ("http://localhost:9000/", (), "http://localhost:9000"),
        ("", (), "http://127.0.0.1:8470"),
        ("", ("union.example.org",), "http://127.0.0.1:8470"),
    ],
)
def test_a_good_address_loses_only_its_slash(text: str, hosts: tuple[str, ...], expected: str) -> None:
    assert url(text, *hosts) == expected


def test_without_one_the_first_name_outside_is_taken_over_tls() -> None:
    assert url("", "127.0.0.1", "union.example.org", "www.example.org", https=True) == "https://union.example.org"
    assert url("", "127.0.0.1", ".example.org", "*", https=True) == "http://127.0.0.1:8470"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("union.example.org", "without a path"),
        ("//union.example.org", "without a path"),
        ("ftp://union.example.org", "without a path"),
        ("https://", "without a path"),
        ("https://union.example.org/qiao", "without a path"),
        ("https://union.example.org/?a=1", "without a path"),
        ("https://union.example.org#top", "without a path"),
        ("https://me:secret@union.example.org", "without a path"),
        ("https://union.example.org:port", "without a path"),
        ("https://[union", "without a path"),
        ("https://union.example.org\n", "without a path"),
        ("https://uni on.example.org", "without a path"),
        ("http://union.example.org", "QIAO_HTTPS is 1"),
        ("https://other.example.org", "QIAO_HOSTS does not name other.example.org"),
        ("https://badunion.example.org.evil", "QIAO_HOSTS does not name"),
    ],
)
def test_a_bad_address_ends_the_start_and_says_what_to_write(text: str, said: str) -> None:
    with pytest.raises(SystemExit, match=said):
        url(text, "union.example.org", https=True)


def test_only_paths_are_completed(settings) -> None:
    settings.SITE_URL = "https://union.example.org"
    assert full_address("/join/R-1/") == "https://union.example.org/join/R-1/"
    assert full_address("https://elsewhere.example/") == "https://elsewhere.example/"
