"""The parts of the page as somebody finds them, and when something has been drawn."""

from __future__ import annotations

import base64
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.conftest import ROOT
from tests.web.browser import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import FloatRect, Locator, Page

SAMPLE = ROOT / "inputs/105-12-25.xlsx"
EARLIER = ROOT / "inputs/105-06-30.xlsx"
AGENCY = "臺北市教師研習中心"
expect.set_options(timeout=PATIENCE)


def choose(page: Page, *files: Path, button: str = "選擇檔案") -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=button).click()
    chooser.value.set_files(list(files))


def step(page: Page, name: str) -> Locator:
    return page.get_by_role("navigation", name="步驟").get_by_role("link", name=name)


def painted(page: Page) -> Locator:
    """The pictures of pages that are there."""
    return page.get_by_role("region", name="文件頁面").locator("img")


def box(locator: Locator) -> FloatRect:
    """Where something is on the screen."""
    end = time.monotonic() + PATIENCE / 1000
    while (rectangle := locator.bounding_box()) is None and time.monotonic() < end:
        time.sleep(0.05)  # a page that is being zoomed has none for a moment
    assert rectangle is not None
    return rectangle


def saved(page: Page, link: Locator) -> tuple[str, bytes]:
    with page.expect_download() as download:
        link.click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


DROP = """(files) => {
    const data = new DataTransfer();
    for (const [name, content] of Object.entries(files)) {
        const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
        data.items.add(new File([bytes], name));
    }
    const event = (kind) => new DragEvent(kind, { dataTransfer: data, bubbles: true });
    document.body.dispatchEvent(event("dragenter"));
    const said = document.querySelector("#drop-cover").textContent;
    document.body.dispatchEvent(event("drop"));
    return said;
}"""


def drop(page: Page, files: dict[str, bytes]) -> str:
    """Drop files on the page; return what it says while they are held over it."""
    encoded = {name: base64.b64encode(content).decode() for name, content in files.items()}
    said: str = page.evaluate(DROP, encoded)
    return said


@contextmanager
def drawn(page: Page) -> Iterator[None]:
    """What is done here has been drawn afterwards: the page gives itself its title last."""
    page.evaluate("document.title = ''")
    yield
    expect(page).not_to_have_title("")


@contextmanager
def heard(page: Page) -> Iterator[None]:
    """What is changed here on the server, the page has heard of afterwards and drawn."""
    with drawn(page):
        yield
        page.evaluate("new BroadcastChannel('reportgen').postMessage('changed')")
