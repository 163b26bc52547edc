"""The year by two people whom nginx names, in two browsers; the server is ended and killed."""

from __future__ import annotations

import base64
import io
import json
import re
import signal
import zipfile
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
from playwright.sync_api import expect

from tests.factories.owner_parts import edited, filled
from tests.factories.samples import second_agency
from tests.factories.samples.shared_parts import UNITS, shared_sample
from tests.web.browser import PHONE, axe, needs, overflow, visiting
from tests.web.proxies import NGINX, in_front
from tests.web.server import free_port, running
from tests.web.view import drop, painted, saved, step

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from openpyxl import Workbook
    from playwright.sync_api import Browser, Locator, Page

    from tests.web.browser import Visit
    from tests.web.server import Server

pytestmark = pytest.mark.slow

WANG, CHEN = "王小明", "陳美"
USERS = {WANG: "prepares", CHEN: "heads the section"}
AGENCY = "澄海縣海岸資源管理處"
FORMULA = ("關鍵績效指標", "D6", "海岸環境陳情案件（單位：件）")
FIGURE = ("年度資料", "E6", 81)
FINAL = ("基本資料", "B10", "定稿")
VISION = ("基本資料", "B12", "與海共生、與民共好的澄海")
PRINTED_VISION = re.compile(r"\s*".join(VISION[2]))  # lines are broken anywhere
ROUNDS = ("初核", "複核")
REMARK = "願景請加上「與民共好」"
MERGE = re.compile("^併入")
BUILT_MS = 150_000.0  # for all documents, on a machine that does other things

# The picker of Edge, whose handle reads a file on disk; the test says which is chosen.
PICKER = """window.showOpenFilePicker = async () => {
  const name = await window.chosenOnDisk();
  return [{
    kind: "file",
    name,
    async getFile() {
      const { content, modified } = await window.readFromDisk(name);
      const bytes = Uint8Array.from(atob(content), (char) => char.charCodeAt(0));
      return new File([bytes], name, { lastModified: modified });
    },
  }];
};"""


class Disk:
    """A folder of somebody's files, from which the browser's picker gives one."""

    def __init__(self, folder: Path, page: Page) -> None:
        self.folder = folder
        self.chosen = ""
        page.expose_function("chosenOnDisk", lambda: self.chosen)
        page.expose_function("readFromDisk", self._read)

    def save(self, name: str, content: bytes) -> None:
        """Put a new file in the place of the old one, as Excel does."""
        saving = self.folder / "saving.tmp"
        saving.write_bytes(content)
        saving.replace(self.folder / name)

    def _read(self, name: str) -> dict[str, object]:
        file = self.folder / name
        content = base64.b64encode(file.read_bytes()).decode()
        return {"content": content, "modified": file.stat().st_mtime_ns // 1_000_000}


class Office:
    """A server with its state and its archive behind nginx, which can be ended and started."""

    def __init__(self, folder: Path, front: int, back: int) -> None:
        self.folder = folder
        self.arguments = [
            *("--port", str(back), "--public-url", f"https://localhost:{front}/reportgen/"),
            *("--state", str(folder / "state"), "--archive", str(folder / "archive")),
            *("--user-header", "X-Remote-User", "--audit-log", str(folder / "audit.jsonl")),
            *("--archivist", WANG, "--approver", CHEN),
        ]
        self.stack = ExitStack()
        self.server = self._started()

    def _started(self) -> Server:
        return self.stack.enter_context(running(self.folder, *self.arguments))

    @contextmanager
    def away(self, number: int) -> Iterator[None]:
        """End the server by a signal, and start it again afterwards."""
        self.server.stop(number)
        assert self.server.process.returncode == (0 if number == signal.SIGTERM else -number)
        yield
        self.server = self._started()

    def recorded(self) -> list[tuple[str, str]]:
        """Who has done what, but for downloads."""
        lines = map(json.loads, (self.folder / "audit.jsonl").read_text("utf-8").splitlines())
        done = [(line["user"], line["action"]) for line in lines if line["status"] < 400]
        return [(user, action) for user, action in done if action != "download"]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    needs(NGINX.path, NGINX.name)
    (tmp_path / "proxy").mkdir()
    front, back = free_port(), free_port()
    with in_front(NGINX, tmp_path / "proxy", front, back, USERS):
        found = Office(tmp_path, front, back)
        with found.stack:
            yield found
    assert "Traceback" not in found.server.said(), found.server.said()


def coming(browser: Browser, office: Office, name: str, **settings: Any) -> Any:
    """Somebody's browser, which signs in at the proxy."""
    return visiting(
        browser,
        office.server,
        is_named=True,
        ignore_https_errors=True,
        http_credentials={"username": name, "password": USERS[name]},
        **settings,
    )


def with_contents(content: bytes, *cells: tuple[str, str, object]) -> bytes:
    """A workbook as Excel saves it after some cells were filled in."""

    def fill(book: Workbook) -> None:
        for sheet, cell, value in cells:
            page: Any = book[sheet]
            page[cell].value = value

    return edited(content, fill)


def draft() -> bytes:
    """The edition without this year's figures, with rounds of approval and two errors."""
    formula, figure = (*FORMULA[:2], "海岸環境陳情案建（單位：件）"), (*FIGURE[:2], "八十一")
    posts = (("基本資料", "A15", "核章欄"), ("基本資料", "B15", "、".join(ROUNDS)))
    return with_contents(shared_sample().edition, formula, figure, *posts)


def part_filled(content: bytes) -> bytes:
    """A unit's part with this year's figures, words on each KPI, and a signature."""
    rows = second_agency.rows()
    contents: dict[str, dict[str, object]] = {}
    for row in rows["年度資料"]:
        figure: object = row.get(111)
        if isinstance(figure, Fraction):
            figure = float(figure)
        name = "／".join(filter(None, (str(row["資料項"]), str(row.get("組成") or ""))))
        contents[name] = {"111": figure}
    for row in rows["關鍵績效指標"]:
        code = row["代碼"]
        words = f"本年度實績值為 {{{code}}}。"
        contents[f"執行說明 {code}"] = {
            "執行情形": words,
            "未達成原因": "人力不足。",
            "因應策略": "增聘。",
        }
    return filled(content, contents)


def text_of(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


def unzipped(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pdf_of(documents: dict[str, bytes], part: str) -> str:
    """The text of the PDF that has something in its name."""
    (name,) = (name for name in documents if part in name and name.endswith(".pdf"))
    return text_of(documents[name])


def without_connection(page: Page) -> Locator:
    return page.locator("#connection").get_by_text("連線中斷，重新連線中")


def built(page: Page) -> None:
    """Wait in step 4 until every document is there."""
    expect(page.get_by_role("link", name="全部下載")).to_be_visible(timeout=BUILT_MS)


def test_the_year(browser: Browser, office: Office, tmp_path: Path) -> None:
    with (
        coming(browser, office, WANG, picker=PICKER, forced_colors="active") as wang,
        coming(browser, office, CHEN, size=PHONE, has_touch=True, is_mobile=True) as chen,
    ):
        for visit in (wang, chen):
            visit.expected = ("502", "Failed to load resource")  # while the server is away
        page, hers = wang.tab(), chen.tab()
        (tmp_path / "disk").mkdir()
        disk = Disk(tmp_path / "disk", page)
        expect(page.locator("#user")).to_have_text(WANG)
        expect(hers.locator("#user")).to_have_text(CHEN)

        checked_and_mended(office, page, hers, disk)
        parts = shared(page)
        merged(office, page, parts)
        reviewed(office, page, chen)
        number, documents = archived(page, disk)
        approved(hers, number, documents)
        next_edition(page, disk, number)
    assert office.recorded() == [
        *((WANG, action) for action in ("upload", "new version", "set a cell", "share")),
        *[(WANG, "hand in part")] * len(UNITS),
        (WANG, "merge"),
        (WANG, "make link"),
        (CHEN, "open link"),
        (CHEN, "remark"),
        (WANG, "new version"),
        (WANG, "archive"),
        *[(CHEN, "approve")] * len(ROUNDS),
        (CHEN, "print approved"),
        (WANG, "upload"),
        (WANG, "compare"),
    ]


def looked_at(page: Page) -> None:
    """Raises AssertionError where a view is hard to use, or wider than the screen."""
    axe(page)
    assert overflow(page) == []


def checked_and_mended(office: Office, page: Page, hers: Page, disk: Disk) -> None:
    """One error is mended in Excel, one in the page; the server ends while it renders."""
    disk.chosen = "112-06-30.xlsx"
    disk.save(disk.chosen, draft())
    page.locator("#choose").click()
    expect(page.get_by_text("有 2 個錯誤，改好才會產製")).to_be_visible()
    disk.save(disk.chosen, with_contents(draft(), FORMULA))
    expect(page.get_by_text("有 1 個錯誤，改好才會產製")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="在這裡改這一格 年度資料 E6").click()
    page.get_by_label("年度資料 E6 的新內容").fill("81")
    page.get_by_role("button", name="改這一格，再檢查").click()
    expect(page.locator(".bars")).to_contain_text("產製中")
    with office.away(signal.SIGTERM):
        for seen in (page, hers):
            expect(without_connection(seen)).to_be_visible()
            axe(seen)
    for seen in (page, hers):
        expect(without_connection(seen)).to_be_hidden()
    expect(page.locator(".bars .bar")).to_have_count(0, timeout=BUILT_MS)
    expect(painted(page).first).to_be_visible()
    expect(page.get_by_text("在這裡改了 1 格（年度資料 E6）")).to_be_visible()


def shared(page: Page) -> dict[str, bytes]:
    """Share the edition; return the parts as they were downloaded."""
    page.get_by_role("link", name="填報", exact=True).click()
    page.get_by_label("交回期限").fill("2023-01-20")
    page.get_by_role("button", name="做成填報活頁簿").click()
    _, content = saved(page, page.get_by_role("link", name="下載填報活頁簿（zip）"))
    parts = unzipped(content)
    assert sorted(parts) == sorted(f"112-06-30_{unit}.xlsx" for unit in UNITS)
    return parts


def merged(office: Office, page: Page, parts: dict[str, bytes]) -> None:
    """Four parts come, then the last; the server is killed between them."""
    returned = {name: part_filled(part) for name, part in parts.items()}
    late = f"112-06-30_{UNITS[-1]}.xlsx"
    last = {late: returned.pop(late)}
    drop(page, returned)
    units = page.get_by_role("region", name="填報狀況")
    expect(units).to_contain_text("5 個單位中 4 個已填妥")
    expect(units.get_by_role("listitem").filter(has_text=UNITS[-1])).to_contain_text("未交")
    axe(page)
    with office.away(signal.SIGKILL):
        expect(without_connection(page)).to_be_visible()
        expect(units).to_contain_text("5 個單位中 4 個已填妥")
    expect(without_connection(page)).to_be_hidden()
    drop(page, last)
    expect(units).to_contain_text("5 個單位中 5 個已填妥")
    page.get_by_role("button", name=MERGE).click()
    expect(page.get_by_text("併入前的活頁簿仍可下載")).to_be_visible()
    expect(page.get_by_role("region", name="沒有要併入的格子")).to_be_visible()


def reviewed(office: Office, page: Page, chen: Visit) -> None:
    """陳美 reads by the link and leaves a remark, which she sends twice: the server was killed."""
    step(page, "下載").click(timeout=BUILT_MS)
    built(page)
    documents = unzipped(saved(page, page.get_by_role("link", name="全部下載"))[1])
    assert "甲滿意人數" in pdf_of(documents, "成果")
    assert "本年度實績值為 92.0%。" in pdf_of(documents, "檢討").replace("\r\n", "")
    page.locator("#make-link").click()
    link = page.locator("#review-link").input_value()
    axe(page)
    reading = chen.tab(link.removeprefix(office.server.address))
    expect(painted(reading).first).to_be_visible()
    looked_at(reading)
    reading.locator("#show-remarks").tap()
    reading.get_by_role("textbox", name="意見").fill(REMARK)
    reading.get_by_role("textbox", name="姓名").fill(CHEN)
    with office.away(signal.SIGKILL):
        reading.locator("#leave-remark").tap()
        refusal = reading.get_by_role("alert")
        expect(refusal).to_contain_text("連不上程式")
        looked_at(reading)
        refusal.get_by_role("button", name="關閉").tap()
        expect(reading.get_by_role("textbox", name="意見")).to_have_value(REMARK)
    expect(without_connection(reading)).to_be_hidden()  # by itself
    reading.locator("#leave-remark").tap()
    expect(reading.locator(".remark-text")).to_have_text(REMARK)


def archived(page: Page, disk: Disk) -> tuple[str, dict[str, bytes]]:
    """Correct the workbook as it is now, and archive it; return the edition's number and files."""
    step(page, "預覽").click()
    page.locator("#show-remarks").click()
    expect(page.locator(".remark-text")).to_have_text(REMARK)
    page.get_by_role("dialog").get_by_role("button", name="關閉").click()
    page.get_by_role("link", name=re.compile("^填報 5")).click()
    name, content = saved(page, page.get_by_role("link", name="下載目前的活頁簿"))
    disk.save(name, with_contents(content, FINAL, VISION))
    disk.chosen = name
    page.get_by_role("button", name="換成改好的檔案").click()
    step(page, "預覽").click()
    expect(page.locator("#pages")).to_contain_text(PRINTED_VISION, timeout=BUILT_MS)
    step(page, "下載").click(timeout=BUILT_MS)
    built(page)
    documents = unzipped(saved(page, page.get_by_role("link", name="全部下載"))[1])
    expect(page.locator(".remark-text")).to_have_text(REMARK)
    page.locator("#deposit").click()
    page.locator("#deposit-now").click()
    sheet = page.get_by_role("dialog")
    expect(sheet.locator(".seal").first).to_be_visible(timeout=BUILT_MS)
    sheet.get_by_role("link", name="封存").click()
    edition = page.locator("details.edition")
    number = (edition.get_attribute("id") or "").removeprefix("edition-")
    edition.locator("summary").first.click()
    expect(edition).to_contain_text("您不在可以核可的名單上")
    expect(edition).to_contain_text(WANG)
    return number, documents


def approved(hers: Page, number: str, documents: dict[str, bytes]) -> None:
    """陳美 approves each round; the documents with her name are printed and downloaded."""
    hers.get_by_role("link", name="封存", exact=True).click()
    edition = hers.locator(f"#edition-{number}")
    edition.locator("summary").first.click()
    for count, role in enumerate(ROUNDS, 1):
        expect(edition.locator(".rounds .now")).to_contain_text(role)
        looked_at(hers)
        hers.locator(f"#approve-{number}").tap()
        looked_at(hers)
        hers.locator("#slip-now").tap()
        sheet = hers.get_by_role("dialog")
        expect(sheet.get_by_text(f"已寫入第 {count} 號核可單")).to_be_visible()
        sheet.get_by_role("button", name="關閉").click()
    expect(edition.locator(".rounds .done")).to_have_count(len(ROUNDS))
    looked_at(hers)
    with hers.expect_download(timeout=BUILT_MS) as download:
        hers.locator(f"#print-approved-{number}").click()
    printed = unzipped(download.value.path().read_bytes())
    assert CHEN in pdf_of(printed, "計分卡")
    assert CHEN not in pdf_of(documents, "計分卡")


def next_edition(page: Page, disk: Disk, number: str) -> None:
    """Begin the next edition from the one that was archived, and compare the two."""
    page.get_by_role("link", name="產製").click()
    page.locator(".item h3 a").first.click()
    step(page, "下載").click()
    page.locator("#revised").fill("2024-06-30")
    name, content = saved(page, page.get_by_role("link", name="下載下一版的活頁簿"))
    disk.save(name, content)
    disk.chosen = name
    step(page, "選擇活頁簿").click()
    page.locator("#choose").click()
    expect(painted(page).first).to_be_visible(timeout=BUILT_MS)
    step(page, "下載").click(timeout=BUILT_MS)
    built(page)
    page.locator("#older").select_option(f"archived:{number}")
    page.get_by_role("button", name="比較", exact=True).click()
    expect(painted(page).first).to_be_visible(timeout=BUILT_MS)
    expect(page.locator(".which")).to_contain_text("112-06-30 → 113-06-30.xlsx")
