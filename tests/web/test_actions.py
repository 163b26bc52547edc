"""From nothing to a handed-in, archived document, with every action of the person counted."""

from __future__ import annotations

import zipfile
from copy import copy
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.factories.owner_parts import (
    blanked,
    contents_of,
    edited,
    edition,
    filled,
    sample_card,
    workbook_of,
)
from tests.web.browser import visiting
from tests.web.server import running
from tests.web.view import step

if TYPE_CHECKING:
    from openpyxl import Workbook
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.slow

MOST = 40  # actions, as the office was promised
UNIT = "研究組"
ERRORS = (("年度資料", "D5", "十四", "14"), ("年度資料", "E6", "三十三人", "33"))
UNTYPED = ("填寫說明", "試算", "清單")  # sheets in which nobody types
BUILT_MS = 240_000.0


@dataclass
class Person:
    """Somebody at the page; each click, filled field, chosen file and save is an action."""

    page: Page
    folder: Path
    actions: list[str] = field(default_factory=list)

    def click(self, target: Locator) -> None:
        self.actions.append(f"click {target.inner_text().strip()}")
        target.click(timeout=BUILT_MS)

    def fill(self, target: Locator, text: str) -> None:
        self.actions.append(f"fill in {text}")
        target.fill(text)

    def choose(self, button: Locator, file: Path) -> None:
        """Press the button, then choose a file: two actions."""
        with self.page.expect_file_chooser() as chooser:
            self.click(button)
        self.actions.append(f"choose {file.name}")
        chooser.value.set_files(file)

    def download(self, link: Locator) -> bytes:
        """Download a file; the browser asks nothing."""
        with self.page.expect_download(timeout=BUILT_MS) as download:
            self.click(link)
        return Path(download.value.path()).read_bytes()

    def save(self, name: str, content: bytes) -> Path:
        """Save in Excel under a name; what was typed there is not counted."""
        self.actions.append(f"save {name}")
        file = self.folder / name
        file.write_bytes(content)
        return file


def typed_in(blank: bytes, whole: bytes) -> bytes:
    """A blank workbook into which somebody has typed what another one holds.

    As in Excel, a new cell has the style of its column: it is not locked.
    """

    def type_all(book: Workbook) -> None:
        for source in load_workbook(BytesIO(whole)).worksheets:
            if source.title in UNTYPED:
                continue
            target: Any = book[source.title]
            if source.title == "基本資料":
                contents = {row[0].value: row[1].value for row in source.iter_rows(min_row=5)}
                for row in target.iter_rows(min_row=5):
                    row[1].value = contents.get(row[0].value)
                continue
            columns = {cell.value: cell.column for cell in target[4]}
            years = iter([column for name, column in columns.items() if isinstance(name, int)])
            headings: Any = source[4]
            for heading in headings:
                is_year = isinstance(heading.value, int)
                column = next(years) if is_year else columns[heading.value]
                target.cell(4, column).value = heading.value
                for row in range(5, source.max_row + 1):
                    cell = target.cell(row, column)
                    cell.value = source.cell(row, heading.column).value
                    cell._style = copy(target.column_dimensions[cell.column_letter]._style)

    return edited(blank, type_all)


def with_cells(content: bytes, *cells: tuple[str, str, str]) -> bytes:
    """A workbook after some cells were typed in."""

    def type_in(book: Workbook) -> None:
        for sheet, cell, value in cells:
            page: Any = book[sheet]
            page[cell].value = value

    return edited(content, type_in)


def test_a_document_is_handed_in_and_archived_in_few_actions(
    browser: Browser, tmp_path: Path
) -> None:
    whole = workbook_of(sample_card((UNIT,)))
    begun = blanked(sample_card((UNIT,)), whole, lambda cell: False)
    figures = contents_of(edition(begun), edition(whole))
    with running(tmp_path) as server, visiting(browser, server) as visit:
        page = visit.tab()
        person = Person(page, tmp_path)

        blank = person.download(page.get_by_role("link", name="下載空白活頁簿"))
        errors = [(sheet, cell, wrong) for sheet, cell, wrong, _ in ERRORS]
        draft = with_cells(typed_in(blank, begun), ("基本資料", "B10", "草稿"), *errors)
        file = person.save("105-12-25.xlsx", draft)
        person.choose(page.locator("#choose"), file)
        for left, (sheet, cell, _, right) in enumerate(ERRORS):
            expect(page.get_by_text(f"有 {len(ERRORS) - left} 個錯誤")).to_be_visible()
            person.click(page.get_by_role("button", name=f"在這裡改這一格 {sheet} {cell}"))
            person.fill(page.get_by_label(f"{sheet} {cell} 的新內容"), right)
            person.click(page.get_by_role("button", name="改這一格，再檢查"))

        expect(page.get_by_text(f"在這裡改了 {len(ERRORS)} 格")).to_be_visible()

        person.click(page.get_by_role("link", name="填報", exact=True))
        person.fill(page.get_by_label("交回期限"), "2017-01-20")
        person.click(page.get_by_role("button", name="做成填報活頁簿"))
        sent = person.download(page.get_by_role("link", name="下載填報活頁簿（zip）"))
        with zipfile.ZipFile(BytesIO(sent)) as parts:
            (name,) = parts.namelist()
            part = person.save(name, filled(parts.read(name), figures))
        person.choose(page.get_by_role("button", name="選擇交回的檔案"), part)
        person.click(page.get_by_role("button", name="併入"))
        expect(page.get_by_text("併入前的活頁簿仍可下載")).to_be_visible()

        now = person.download(page.get_by_role("link", name="下載目前的活頁簿"))
        file = person.save("105-12-25.xlsx", with_cells(now, ("基本資料", "B10", "定稿")))
        person.choose(page.get_by_role("button", name="換成改好的檔案"), file)
        expect(page.locator(".which .badge")).to_have_text("定稿", timeout=BUILT_MS)
        person.click(step(page, "下載"))
        documents = person.download(page.get_by_role("link", name="全部下載"))
        person.click(page.locator("#deposit"))
        person.click(page.locator("#deposit-now"))
        expect(page.get_by_role("dialog").locator(".seal").first).to_be_visible(timeout=BUILT_MS)

        print(*(f"{n:2} {action}" for n, action in enumerate(person.actions, 1)), sep="\n")
        assert len(person.actions) <= MOST
    with zipfile.ZipFile(BytesIO(documents)) as archive:
        handed_in = {name: archive.read(name) for name in archive.namelist()}
    printed = {name: content for name, content in handed_in.items() if name.endswith(".pdf")}
    assert len(printed) == 2
    kept = {path.read_bytes() for path in (tmp_path / "archive").rglob("*.pdf")}
    assert kept == set(printed.values())
