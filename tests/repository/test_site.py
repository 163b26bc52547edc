"""The site of ``make site``: built without a warning, its links, its search, in a browser."""

from __future__ import annotations

import re
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from threading import Thread
from typing import TYPE_CHECKING, Final, Literal

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.conftest import ROOT
from tests.docs_site import LAPTOP, PHONE, build
from tests.readers.links import faults, html_anchors, html_links
from tests.web.browser import axe, launched, overflow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page, Request

    from tests.conftest import Shared

pytestmark = pytest.mark.slow

DOCS = ROOT / "docs"
CHINESE = [*DOCS.glob("zh/*.md"), DOCS / "使用說明.md"]
ENGLISH = [path for path in DOCS.rglob("*.md") if path not in CHINESE]
PAGES = [
    "index.html",
    "search.html",
    "en/search.html",
    *sorted(path.relative_to(DOCS).with_suffix(".html").as_posix() for path in CHINESE),
    *sorted(f"en/{path.relative_to(DOCS).with_suffix('.html').as_posix()}" for path in ENGLISH),
]


# axe-core looks at each element's colours anew, seconds for hundreds of rows that are all alike.
REMOVE_REPETITIONS = """() => {
    for (const row of document.querySelectorAll("tbody tr:nth-child(n+10)")) row.remove();
    for (const part of document.querySelectorAll("article section section:nth-of-type(n+10)"))
        part.remove();
    for (const entry of document.querySelectorAll(".toc-tree li li:nth-child(n+10)"))
        entry.remove();
}"""


class _Handler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Keep silent."""


@pytest.fixture(scope="session")
def site(shared: Shared) -> Path:
    """The built site."""

    def make(folder: Path) -> Path:
        assert build(folder / "site"), "Sphinx has warned: see its messages above"
        return folder / "site"

    made: Path = shared("docs-site", make)
    return made


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where a server of this machine shows the site."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(site))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for these tests."""
    with launched() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A tab in which nothing may go wrong unseen, and nothing may be asked of another host."""
    wrong: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith((address, "data:")):
            wrong.append(request.url)

    context: BrowserContext = browser.new_context(viewport=PHONE, reduced_motion="reduce")
    context.on("request", note)
    page = context.new_page()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    yield page
    context.close()
    assert wrong == []


def test_each_page_is_built(site: Path) -> None:
    built = {path.relative_to(site).as_posix() for path in site.rglob("*.html")}
    assert built == set(PAGES)


def test_links_lead_somewhere(site: Path) -> None:
    files = list(site.rglob("*.html"))
    anchors = {file: html_anchors(file) for file in files}
    assert faults((link for file in files for link in html_links(file)), anchors) == []


def test_the_theme_speaks_chinese(site: Path) -> None:
    """Its words that Sphinx does not translate are in docs/conf.py; a newer Furo may have more."""
    page = (site / "zh/year.html").read_text("utf-8")
    words = re.findall(r"""(?:>|label=")\s*([A-Z][a-z]+ [^<"]*|[A-Z][a-z]+)\s*[<"]""", page)
    assert set(words) <= {"English", "Furo", "Roll-up"}


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    """Scripts and styles name no other host to load from; the browser below sees the rest."""
    loaded = re.compile(r"""(?:url\(|@import\s+|src=|\bimport\()["']?\s*(?:https?:)?//""")
    found = [
        str(path)
        for path in site.rglob("*")
        if path.suffix in (".html", ".css", ".js") and loaded.search(path.read_text("utf-8"))
    ]
    assert found == []


View = tuple[ViewportSize, Literal["light", "dark"]]
VIEWS: Final[list[View]] = [
    *((PHONE, "light"), (LAPTOP, "dark")),
    *((LAPTOP, "light"), (PHONE, "dark")),
]


@pytest.mark.parametrize(
    ("name", "view"),
    # The pages are made of the same kinds of elements: each view has a quarter of them. The index
    # leads on at once.
    list(zip(sorted(set(PAGES) - {"index.html"}), cycle(VIEWS), strict=False)),
)
def test_page_is_accessible(
    name: str,
    view: View,
    page: Page,
    address: str,
) -> None:
    size, scheme = view
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{address}/{name}")
    for width in (PHONE, LAPTOP):
        page.set_viewport_size(width)
        assert overflow(page) == []
    page.set_viewport_size(size)
    page.evaluate(REMOVE_REPETITIONS)
    axe(page)


@pytest.mark.parametrize(
    ("search", "query", "found"),
    [
        ("search.html", "填報單位", "使用說明"),
        ("search.html", "四捨五入", "公式怎麼讀"),
        ("search.html", "樞紐分析", "一年的工作"),
        ("search.html", "E205", "問題代碼 > E205"),
        ("search.html", "解壓縮", "安裝"),
        ("en/search.html", "bound figures", "The yearly review > Bound figures"),
        ("en/search.html", "E205", "Problem codes > E205"),
        ("en/search.html", "watermark", "Templates"),
    ],
)
def test_search_finds(search: str, query: str, found: str, page: Page, address: str) -> None:
    page.goto(f"{address}/{search}?q={query}")
    results = page.locator("#search-results li a")
    results.first.wait_for()
    page.locator(".search-summary:not(:empty)").wait_for()
    assert found in results.all_inner_texts()
    axe(page)


def test_a_found_page_opens_at_the_words(page: Page, address: str) -> None:
    page.goto(f"{address}/search.html?q=封存碼")
    page.locator(".search-summary:not(:empty)").wait_for()
    page.get_by_role("link", name="使用說明").last.click()
    marked = page.locator("article .highlighted").first
    expect(marked).to_be_in_viewport()
    assert marked.inner_text() == "封存碼"


def test_chinese_that_is_nowhere_is_not_found(page: Page, address: str) -> None:
    """Its characters are all there, and so are its pairs, but never all of them on one page."""
    page.goto(f"{address}/search.html?q=麒麟鸚鵡")
    page.locator(".search-summary:not(:empty)").wait_for()
    assert page.locator("#search-results li").count() == 0


def test_site_is_searched_without_a_server(site: Path, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{(site / 'zh/index.html').as_uri()}")
    page.get_by_role("searchbox").or_(page.get_by_role("textbox")).fill("牴觸")
    page.keyboard.press("Enter")
    page.locator("#search-results li a").first.wait_for()
    page.close()


def test_a_picture_opens_in_full_size(page: Page, address: str) -> None:
    page.goto(f"{address}/zh/gallery.html")
    page.get_by_role("link", name="計分卡 105-12-25 的每一頁").click()
    page.wait_for_url("**/_images/105-12-25-scorecard.png")


def test_each_language_leads_to_the_other(page: Page, address: str) -> None:
    page.set_viewport_size(LAPTOP)
    page.goto(address)
    page.wait_for_url("**/zh/index.html")
    page.get_by_role("link", name="安裝").first.click()
    page.get_by_role("link", name="English").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Getting")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.get_by_role("link", name="中文").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("安裝")
    assert page.evaluate("document.documentElement.lang") == "zh-TW"
