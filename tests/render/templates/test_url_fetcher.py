"""A template loads what lies in its folder, and nothing else by any trick."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest
from weasyprint.urls import URLFetchingError

from reportgen.render.layout.layout_engine import lay_out
from reportgen.render.templates.url_fetcher import TEMPLATE_URL, TemplateFetcher


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
    response = fetcher.fetch(TEMPLATE_URL + address)
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
    TEMPLATE_URL,
    TEMPLATE_URL + "absent.css",
    TEMPLATE_URL + "pictures",
    TEMPLATE_URL + "../secret.css",
    TEMPLATE_URL + "%2e%2e/secret.css",
    TEMPLATE_URL + "%2e%2e%2fsecret.css",
    TEMPLATE_URL + "..%5csecret.css",
    TEMPLATE_URL + "pictures/../../secret.css",
    TEMPLATE_URL + "../scorecard2/secret.css",
    TEMPLATE_URL + "/etc/passwd",
    TEMPLATE_URL + "%2fetc%2fpasswd",
    TEMPLATE_URL + "link.css",
    TEMPLATE_URL + "out/secret.css",
    TEMPLATE_URL + "style.css%00.png",
    TEMPLATE_URL + "a" * 300,
    TEMPLATE_URL + "C:%5CWindows%5Cwin.ini",
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
        TemplateFetcher(folder).fetch(TEMPLATE_URL + "pipe.css")


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
        '<link rel="attachment" href="{}">',
        '<a rel="attachment" href="{}">a</a>',
        '<embed src="{}">',
        "<style>@page {{ background: url('{}') }}</style>",
        "<style>p::before {{ content: url('{}') }}</style>",
        "<style>p {{ border: 9px solid; border-image: url('{}') 9 }}</style>",
        "<link rel=stylesheet href=\"data:text/css,@import '{}';\">",
        """<img alt='' src='data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" width="9"
        height="9"><image href="{}" width="9" height="9"/></svg>'>""",
    ],
)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_no_way_of_html_or_css_leads_out(folder: Path, source: str) -> None:
    from weasyprint.text.fonts import FontConfiguration

    for url in ("file:///etc/passwd", "http://example.com/a", "../secret.css", "link.css"):
        fetcher = TemplateFetcher(folder)
        html = source.format(url) + "<p>a"
        layout = lay_out(html, base_url=TEMPLATE_URL, fetcher=fetcher, fonts=FontConfiguration())
        layout.document.write_pdf()
        assert len(set(fetcher.refused)) == 1


@pytest.mark.parametrize(
    "base", ["http://example.com/", "file:///etc/", "//example.com/", "../", "http://a@b/"]
)
def test_another_base_leads_nowhere(folder: Path, base: str) -> None:
    from weasyprint.text.fonts import FontConfiguration

    fetcher = TemplateFetcher(folder)
    html = f'<base href="{base}"><link rel=stylesheet href="passwd"><p>a'
    lay_out(html, base_url=TEMPLATE_URL, fetcher=fetcher, fonts=FontConfiguration())
    assert len(fetcher.refused) == 1


BOMB = "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="9">{}</text></svg>'


@pytest.mark.parametrize(
    "picture",
    [
        f'<!DOCTYPE svg [<!ENTITY a "{"x" * 99}">{BOMB}]>{SVG.format("&j;")}',
        f'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hostname">]>{SVG.format("&a;")}',
        f'<!DOCTYPE svg SYSTEM "http://example.com/a.dtd">{SVG.format("b")}',
        SVG.format('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/hostname"/>'),
        SVG.format("").replace("<text", "<style>@import '/etc/hostname';</style><text"),
        SVG.format("").replace("<text", "<style>text{fill:url(/etc/hostname#a)}</style><text"),
    ],
    ids=["bomb", "entity", "DTD", "XInclude", "import", "fill"],
)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_no_picture_reads_files_or_swells(folder: Path, picture: str) -> None:
    from weasyprint.text.fonts import FontConfiguration

    (folder / "a.svg").write_text(picture, "utf-8")
    secret = Path("/etc/hostname").read_text("utf-8").strip()
    opened: list[str] = []
    sys.addaudithook(lambda event, given: opened.append(str(given[0])) if event == "open" else None)
    fetcher = TemplateFetcher(folder)
    html = '<img alt="" src="a.svg"><p>a'
    layout = lay_out(html, base_url=TEMPLATE_URL, fetcher=fetcher, fonts=FontConfiguration())
    content = layout.document.write_pdf(uncompressed_pdf=True)
    assert len(content) < 1_000_000
    assert "/etc/hostname" not in opened
    assert secret
    assert all("hostname" in url or "example.com" in url for url in fetcher.refused)


def test_a_stylesheet_that_leads_out_is_told_and_never_copied(folder: Path) -> None:
    from reportgen.render.document import render_job
    from tests.factories.templates import LINK, job, machine

    for target in (folder.parent / "secret.css", "/dev/zero", folder / "loop.css", "/proc/version"):
        (folder / "loop.css").unlink(missing_ok=True)
        (folder / "loop.css").symlink_to(target)
        (folder / "link.css").unlink(missing_ok=True)
        made = render_job(job(folder, LINK + "<p>a", "", formats=("html",)), machine())
        assert made.files == {}
        assert [(each.code, each.where.file) for each in made.problems] == [
            ("E406", str(folder / "loop.css"))
        ]


def test_a_page_that_leads_out_is_told(folder: Path) -> None:
    from reportgen.render.document import render_job
    from tests.factories.templates import job, machine

    (folder / "link.css").unlink()
    (folder.parent / "secret.html").write_text("<p>secret", "utf-8")
    (folder / "part.txt").symlink_to(folder.parent / "secret.html")
    made = render_job(job(folder, "<p>a\n{% include 'part.txt' %}"), machine())
    assert [(each.code, each.where.line) for each in made.problems] == [("E402", 2)]
    (folder / "part.html").symlink_to(folder.parent / "secret.html")
    made = render_job(job(folder, "<p>a\n{% include 'part.html' %}"), machine())
    assert [each.code for each in made.problems] == ["E406"]


def test_a_stylesheet_of_many_megabytes_is_told(folder: Path) -> None:
    from reportgen.render.document import render_job
    from tests.factories.templates import LINK, job, machine

    (folder / "link.css").unlink()
    (folder / "inner.css").unlink()
    made = render_job(job(folder, LINK + "<p>a", b" " * 6_000_000), machine())
    assert [each.code for each in made.problems] == ["E407"]
    assert "style.css > 5 MB" in made.problems[0].message()


def test_a_colour_profile_that_leads_out_is_told_where_it_is_said(folder: Path) -> None:
    from reportgen.render.document import render_job
    from tests.factories.templates import LINK, job, machine

    (folder / "link.css").unlink()
    css = "p { color: red }\n@color-profile device-cmyk { src: url(file:///etc/passwd) }"
    made = render_job(job(folder, LINK + "<p>a", css, formats=("pdf",)), machine())
    assert [(each.code, each.where.line) for each in made.problems] == [("E406", 2)]


def test_a_reference_into_another_picture_is_not_followed(folder: Path) -> None:
    from weasyprint.text.fonts import FontConfiguration

    html = '<svg width="9" height="9"><use href="file:///etc/passwd#a"/></svg><p>a'
    fetcher = TemplateFetcher(folder)
    lay_out(html, base_url=TEMPLATE_URL, fetcher=fetcher, fonts=FontConfiguration())
    assert fetcher.refused == []
