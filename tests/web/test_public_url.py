"""The public URL: what is accepted, and whose headers are believed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from reportgen.cli import main
from reportgen.problems import ExitCode
from reportgen.web.public_url import LOOPBACK_NETWORKS, ProxyHeaders, parse_public_url
from reportgen.web.security import RequestGuard
from reportgen.web.web_translations import HttpError

if TYPE_CHECKING:
    from collections.abc import Iterable


@pytest.mark.parametrize(
    ("text", "origin", "prefix"),
    [
        ("https://plan.gov.tw/reportgen/", "https://plan.gov.tw", "/reportgen"),
        ("https://PLAN.gov.tw/a/b", "https://plan.gov.tw", "/a/b"),
        ("https://plan.gov.tw:443", "https://plan.gov.tw", ""),
        ("https://plan.gov.tw:8443/", "https://plan.gov.tw:8443", ""),
        ("http://10.0.0.7/x/", "http://10.0.0.7", "/x"),
        ("https://[fd00::7]/x/", "https://[fd00::7]", "/x"),
    ],
)
def test_a_public_url_has_an_origin_and_a_prefix(text: str, origin: str, prefix: str) -> None:
    url = parse_public_url(text)
    assert url is not None
    assert (url.origin, url.prefix, url.address) == (origin, prefix, f"{origin}{prefix}/")


@pytest.mark.parametrize(
    "text",
    [
        "plan.gov.tw/reportgen",
        "ftp://plan.gov.tw/",
        "https://",
        "https://user@plan.gov.tw/",
        "https://plan.gov.tw/?a=b",
        "https://plan.gov.tw/#a",
        "https://plan.gov.tw/../",
        "https://plan.gov.tw//a",
        'https://plan.gov.tw/"><script>',
        "https://plan.gov.tw:eight/",
        "https://pl an/",
        "https://機關/",
    ],
)
def test_what_is_no_public_url_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert parse_public_url(text) is None
    with pytest.raises(SystemExit) as end:
        main(["serve", "--public-url", text, "--lang", "en"])
    assert end.value.code == ExitCode.USAGE
    assert "https://host/path/" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "origin", "is_ours"),
    [
        ("plan.gov.tw", "https://plan.gov.tw", True),  # the proxy keeps the Host
        ("127.0.0.1:8000", "https://plan.gov.tw", True),  # or writes its own
        ("plan.gov.tw:8443", "https://plan.gov.tw", True),
        ("127.0.0.1:8000", "http://127.0.0.1:8000", True),  # past the proxy, on this machine
        ("plan.gov.tw", "http://plan.gov.tw", False),
        ("plan.gov.tw", "https://plan.gov.tw:8443", False),
        ("plan.gov.tw", "https://evil.example", False),
        ("evil.example", "https://plan.gov.tw", False),
        ("plan.gov.tw.evil.example", "https://plan.gov.tw", False),
        ("plan.gov.tw", "null", False),
    ],
)
def test_behind_a_proxy_the_public_origin_is_ours(host: str, origin: str, *, is_ours: bool) -> None:
    guard = RequestGuard("127.0.0.1", 8000, parse_public_url("https://plan.gov.tw/reportgen/"))

    def check() -> None:
        guard.check_host(host)
        guard.check_same_site("POST", {"Host": host, "Origin": origin})

    if is_ours:
        check()
    else:
        with pytest.raises(HttpError, match="foreign"):
            check()


@pytest.mark.parametrize(
    ("peer", "address", "user"),
    [
        ("127.0.0.1", "192.0.2.9", "wang"),
        ("::1", "192.0.2.9", "wang"),
        ("10.0.0.8", "10.0.0.8", ""),
    ],
)
def test_only_the_proxys_headers_are_believed(peer: str, address: str, user: str) -> None:
    seen: dict[str, Any] = {}

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        seen.update(environ)
        return []

    environ = {
        "REMOTE_ADDR": peer,
        "HTTP_X_FORWARDED_FOR": "203.0.113.5, 192.0.2.9",  # the first is what the client claims
        "HTTP_X_FORWARDED_USER": "wang",
        "HTTP_REMOTE_USER": "wang",
    }
    ProxyHeaders(app, LOOPBACK_NETWORKS, "Remote-User")(environ, lambda *_: None)  # type: ignore[arg-type]
    assert seen["REMOTE_ADDR"] == address
    assert seen.get("HTTP_REMOTE_USER", "") == user
    assert ("HTTP_X_FORWARDED_USER" in seen) is bool(user)
