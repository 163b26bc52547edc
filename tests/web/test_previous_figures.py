"""Which archived edition stands beside a new one, and what it printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from reportgen.web.previous_figures import previous_edition
from tests.factories.workbooks import with_cells
from tests.web.browser import PHONE, axe, overflow, visiting
from tests.web.client import entered
from tests.web.server import SHARED, running, small_templates
from tests.web.test_archive_routes import entry

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from reportgen.archive import LogEntry

pytestmark = pytest.mark.slow


class Editions:
    """As much of an archive as is asked for."""

    def __init__(self, *editions: LogEntry) -> None:
        self.editions = editions


@pytest.mark.parametrize(
    ("entries", "number"),
    [
        ([], None),
        ([entry(1, "105-06-30", "定稿")], None),  # of the same year
        ([entry(1, "106-06-30", "定稿")], None),
        ([entry(1, "104-12-25", "定稿"), entry(2, "104-06-30", "定稿")], 1),
        ([entry(1, "099-12-25", "定稿"), entry(2, "104-06-30", "定稿")], 2),
        ([entry(1, "104-12-25", "定稿"), entry(2, "104-12-25", "定稿", 1)], 2),
        ([entry(1, "104-06-30", "定稿"), entry(2, "104-12-25", "草稿")], 1),
        ([entry(1, "104-12-25", "定稿", agency="乙")], None),
    ],
)
def test_the_previous_edition_is_the_last_of_an_earlier_year(
    entries: list[LogEntry], number: int | None
) -> None:
    found = previous_edition(Editions(*entries), "甲", "105-12-25")  # type: ignore[arg-type]
    assert (found and found.number) == number


def test_last_years_archived_figures_stand_beside_this_years(
    browser: Browser, tmp_path: Path
) -> None:
    templates = str(small_templates(tmp_path / "templates"))
    with running(tmp_path, "--templates", templates, environment=SHARED) as server:
        client = entered(server)
        final = ("基本資料", "B10", "定稿")
        older = (("基本資料", "B8", "104-12-25"), final)
        item = client.made(with_cells(*older), "104.xlsx")["id"]
        none: dict[str, object] = {"edition": None, "year": None, "figures": [], "problems": []}
        assert client.get(f"/api/items/{item}/previous").json() == none
        client.post("/api/archive", {"item": item, "reprint": False})
        changed = client.made(with_cells(("年度資料", "F5", 98)), "105.xlsx")["id"]
        before = client.get(f"/api/items/{changed}/previous").json()
        assert before["edition"] == "104-12-25"
        results = client.get(f"/api/items/{changed}/results").json()
        printed = {
            kpi["code"]: year["printed"]
            for kpi in results["kpis"]
            for year in kpi["years"]
            if year["year"] == before["year"]
        }
        different = [
            each["kpi"] for each in before["figures"] if each["printed"] != printed[each["kpi"]]
        ]
        assert 0 < len(different) < len(before["figures"])
        with visiting(browser, server, client, PHONE) as visit:
            page = visit.tab(f"#/item/{changed}/preview")
            page.locator("#tab-figures").click()
            expect(page.locator("table.figures .stage.warning")).to_have_count(len(different))
            expect(page.locator("table.figures thead")).to_contain_text("104-12-25 封存")
            axe(page)
            assert overflow(page) == []
