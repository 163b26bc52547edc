"""A template loads what lies in its folder, and nothing else by any trick."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import pytest
from weasyprint.urls import URLFetchingError

from reportgen.render.layout import lay_out
from reportgen.render.resources import BASE_URL, TemplateFetcher

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a stylesheet and a link out, a file beside it, and no network."""
    place = tmp_path / "scorecard"
    (place / "pictures").mkdir(parents=True)
    (place / "style.css").write_text("p { color: red }", "utf-8")
    (place / "pictures/徽 章.png").write_bytes(b"\x89PNG")
    (tmp_path / "secret.css").write_text("secret", "utf-8")
    (tmp_path / "scorecard2").mkdir()
    (tmp_path / "scorecard2/secret.css").write_text("secret", "utf-8")
    (place / "link.css").symlink_to(tmp_path / "secret.css")
    (place / "out").symlink_to(tmp_path)
    (place / "inner.css").symlink_to(place / "style.css")
    return place


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **given: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.parametrize(
    ("address", "content", "kind"),
    [
        ("style.css", b"p { color: red }", "text/css"),
        ("./pictures/../style.css", b"p { color: red }", "text/css"),
        ("inner.css", b"p { color: red }", "text/css"),
        ("style.css?v=2#x", b"p { color: red }", "text/css"),
        ("pictures/%E5%BE%BD%20%E7%AB%A0.png", b"\x89PNG", "image/png"),
        ("/style.css", b"p { color: red }", "text/css"),
    ],
)
def test_files_of_the_folder_are_served(
    folder: Path, address: str, content: bytes, kind: str
) -> None:
    fetcher = TemplateFetcher(folder)
    response = fetcher.fetch(BASE_URL + address)
    assert response.read() == content
    assert response.content_type == kind
    assert fetcher.refused == []


def test_data_uri_is_served(folder: Path) -> None:
    fetcher = TemplateFetcher(folder)
    assert fetcher.fetch("data:text/plain;base64,YWJj").read() == b"abc"
    assert fetcher.refused == []


OUTSIDE = [
    "file:///etc/passwd",
    "file://localhost/etc/passwd",
    "http://example.com/style.css",
    "https://template.invalid/style.css",
    "http://template.invalid",
    "http://template.invalid.example.com/style.css",
    "http://template.invalid@example.com/style.css",
    "http://template.invalid:80/style.css",
    "ftp://example.com/a",
    "javascript:alert(1)",
    "/etc/passwd",
    "style.css",
    "",
    BASE_URL,
    BASE_URL + "absent.css",
    BASE_URL + "pictures",
    BASE_URL + "../secret.css",
    BASE_URL + "%2e%2e/secret.css",
    BASE_URL + "%2e%2e%2fsecret.css",
    BASE_URL + "..%5csecret.css",
    BASE_URL + "pictures/../../secret.css",
    BASE_URL + "../scorecard2/secret.css",
    BASE_URL + "/etc/passwd",
    BASE_URL + "%2fetc%2fpasswd",
    BASE_URL + "link.css",
    BASE_URL + "out/secret.css",
    BASE_URL + "style.css%00.png",
    BASE_URL + "a" * 300,
    BASE_URL + "C:%5CWindows%5Cwin.ini",
]


@pytest.mark.parametrize("url", OUTSIDE)
def test_everything_else_is_refused_and_kept(folder: Path, url: str) -> None:
    fetcher = TemplateFetcher(folder)
    with pytest.raises(ValueError, match="not in the template's folder"):
        fetcher.fetch(url)
    assert fetcher.refused == [url]


def test_socket_and_fifo_are_no_files(folder: Path) -> None:
    os.mkfifo(folder / "pipe.css")
    with pytest.raises(ValueError, match="not in the template's folder"):
        TemplateFetcher(folder).fetch(BASE_URL + "pipe.css")


def test_data_uri_cannot_reach_out(folder: Path) -> None:
    fetcher = TemplateFetcher(folder)
    with pytest.raises((ValueError, URLFetchingError)):
        fetcher.fetch("data")


@pytest.mark.parametrize(
    "source",
    [
        '<link rel="stylesheet" href="{}">',
        "<style>@import '{}';</style>",
        "<style>p {{ background: url('{}') }}</style>",
        "<style>@font-face {{ font-family: x; src: url('{}') }} p {{ font-family: x }}</style>",
        '<img src="{}" alt="">',
        '<object data="{}"></object>',
        '<p style="list-style-image: url({}); display: list-item">',
        '<svg width="9" height="9"><image href="{}" width="9" height="9"/></svg>',
    ],
)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_no_way_of_html_or_css_leads_out(folder: Path, source: str) -> None:
    from weasyprint.text.fonts import FontConfiguration

    for url in ("file:///etc/passwd", "http://example.com/a", "../secret.css", "link.css"):
        fetcher = TemplateFetcher(folder)
        html = source.format(url) + "<p>a"
        layout = lay_out(html, base_url=BASE_URL, fetcher=fetcher, fonts=FontConfiguration())
        layout.document.write_pdf()
        assert len(set(fetcher.refused)) == 1
