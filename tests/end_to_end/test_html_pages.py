"""The HTML output in a browser: a page that axe-core has nothing against, on any screen."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright

from reportgen.pipeline import Settings, build
from reportgen.pipeline.compare_editions import compare_workbooks
from reportgen.pipeline.rollup_document import render_rollup
from reportgen.render.fonts.font_set import font_folders
from reportgen.rollup import roll_up
from tests.conftest import ROOT
from tests.factories.rollups import city
from tests.web.browser import FLAGS, LAPTOP, PHONE, axe, chromium, needs, overflow

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The HTML of every document of a sample, by the document's template."""
    settings = Settings(
        output=tmp_path_factory.mktemp("html"),
        working_folder=ROOT,
        font_folders=font_folders(),
        formats=("html",),
        documents=("scorecard", "results"),
    )
    old, new = (ROOT / f"inputs/{edition}.xlsx" for edition in ("105-06-30", "105-12-25"))
    written = (*build(new, settings).files, *compare_workbooks(old, new, settings).files)
    made = [file.path for file in written if file.path.suffix == ".html"]
    names = {"平衡計分卡": "scorecard", "執行成果": "results", "修正對照表": "comparison"}
    rolled_up = settings.output / "rollup.html"
    files, _ = render_rollup(roll_up(city(3), ())[0], settings)
    rolled_up.write_bytes(next(data for name, data in files.items() if name.endswith(".html")))
    return {names[path.stem.split("_")[1]]: path for path in made} | {"rollup": rolled_up}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    needs(place := chromium(), "Chromium")
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=place, args=list(FLAGS), chromium_sandbox=not is_root
        )
        yield opened
        opened.close()


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
@pytest.mark.parametrize("name", ["scorecard", "results", "comparison", "rollup"])
def test_it_is_a_page(
    name: str, size: tuple[int, int], pages: dict[str, Path], browser: Browser
) -> None:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(pages[name].as_uri())
    assert page.locator("main").count() == 1
    assert page.locator("meta[name=viewport]").count() == 1
    left, right = page.evaluate(
        "(({left, right}) => [left, innerWidth - right])"
        "(document.querySelector('main h1').getBoundingClientRect())"
    )
    assert min(left, right) >= 16
    assert overflow(page) == []
    axe(page)
    page.close()
