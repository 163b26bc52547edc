"""How often the samples are laid out, cascaded and turned into boxes: about once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from reportgen.compute import compute
from reportgen.documents import document_content
from reportgen.pipeline import calculate
from reportgen.pipeline.live_preview import preview_job
from reportgen.render.document import render_html
from reportgen.render.layout.section_layout import lay_out_document
from reportgen.render.templates.template_engine import CHECKOUT_TEMPLATES, Template
from reportgen.render.templates.url_fetcher import TEMPLATE_URL, TemplateFetcher
from tests.conftest import ROOT
from tests.factories.agencies import agency
from tests.factories.templates import machine
from tests.render.layout.work_counter import count_work

if TYPE_CHECKING:
    from collections import Counter

    from reportgen.compute.result_types import Results
    from reportgen.render.layout.laid_out_document import Layout

MAX_PAGE_LAYOUTS = 1.15  # for each page
MAX_BOXES = 1.4  # for each element of the final document: pages with a cut cell are made again


def sample(name: str) -> Results:
    if name == "agency":
        return compute(agency(9, 7).scorecard)[0]
    results, _ = calculate(ROOT / f"inputs/{name}.xlsx")
    assert results is not None
    return results


def laid_out(name: str, document: str) -> tuple[Layout, Counter[str]]:
    results = sample(name)
    template = Template(CHECKOUT_TEMPLATES / document)
    html, problems = render_html(
        preview_job(document_content(document, results), template, results.scorecard), machine()
    )
    assert not problems
    css = template.stylesheets()
    options: Any = {"base_url": TEMPLATE_URL, "fetcher": TemplateFetcher(template.folder)}
    with machine().configuration(html + css) as fonts, count_work() as work:
        return lay_out_document(html, css, fonts=fonts, **options), work


@pytest.mark.slow
@pytest.mark.parametrize("document", ["scorecard", "results"])
@pytest.mark.parametrize("name", ["105-06-30", "105-12-25", "112-06-30", "agency"])
def test_a_document_is_laid_out_once(name: str, document: str) -> None:
    layout, work = laid_out(name, document)
    assert work["page layouts"] <= MAX_PAGE_LAYOUTS * len(layout.pages)
    assert work["cascades"] == 1
    assert work["box trees"] <= 2  # the second for pages that rows cannot be moved to
    elements = sum(isinstance(each.tag, str) for each in layout.root[-1].iter())
    assert work["elements"] <= MAX_BOXES * elements
