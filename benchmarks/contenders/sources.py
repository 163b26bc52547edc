"""Documents for the contenders: the sample edition, generated agencies, ever larger scorecards.

None has an image, as not every contender accepts one.
"""

from __future__ import annotations

import json
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.contenders.contender import ROOT, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reportgen.model.scorecard import Kpi, Scorecard
    from tests.factories.agencies import Agency

SAMPLE = ROOT / "inputs/105-12-25.xlsx"
SEED = 7
SIZES = (5, 15, 30, 60)  # KPIs of agencies
FORMS = ("workbook", "html", "view", "docx")


def sample(folder: Path) -> Source:
    """Return the sample edition."""
    return _in_all_forms(SAMPLE, folder)


def agencies(count: int, folder: Path, jobs: int) -> tuple[Source, ...]:
    """Return the documents of several agencies; their workbooks are alone in a folder."""
    numbers = [agency.number for agency in islice(_without_pictures(), count)]
    with ProcessPoolExecutor(jobs) as pool:
        return tuple(pool.map(partial(_agency, folder=folder), numbers))


def growing(folder: Path, times: int) -> Iterator[Source]:
    """Yield agencies of several sizes, and the last with its KPIs repeated ``times`` times."""
    largest: Scorecard | None = None
    for size in SIZES:
        agency_found = next(
            agency for agency in _without_pictures() if len(agency.scorecard.kpis) == size
        )
        yield _agency(agency_found.number, folder=folder)
        largest = agency_found.scorecard
    if largest is not None and times > 1:
        yield _write_source(grown(largest, times), f"{SIZES[-1]}×{times}", folder)


def grown(scorecard: Scorecard, times: int) -> Scorecard:
    """Return the scorecard with every KPI repeated under codes of its own."""
    codes = {kpi.code for kpi in scorecard.kpis}
    kpis: list[Kpi] = []
    for kpi in scorecard.kpis:
        kpis.append(kpi)
        number = 0
        for _ in range(times - 1):
            while (code := f"{kpi.objective}.{number}") in codes or number == 0:
                number += 1
            codes.add(code)
            kpis.append(replace(kpi, code=code))
    return replace(scorecard, kpis=tuple(kpis))


def _without_pictures() -> Iterator[Agency]:
    from tests.factories.agencies import generate, most

    return (candidate for candidate in generate(most(), SEED) if not candidate.contents.has_picture)


def _agency(number: int, *, folder: Path) -> Source:
    from tests.factories.agencies import agency

    generated = agency(number, SEED)
    return _in_all_forms(generated.write(_form_folder(folder, "workbook")), folder)


def _write_source(scorecard: Scorecard, name: str, folder: Path) -> Source:
    from reportgen.workbook import write

    path = _form_folder(folder, "workbook") / f"{name}.xlsx"
    write(scorecard, path)
    return _in_all_forms(path, folder)


def _in_all_forms(workbook: Path, folder: Path) -> Source:
    """Return a document in all forms; raise StoppedError for an invalid workbook."""
    from benchmarks.contenders.own import settings
    from reportgen.pipeline import render_edition
    from reportgen.views.scorecard_view import scorecard_view

    result = render_edition(workbook, settings(Path(), ("html", "docx")))
    card = result.source.scorecard
    paths = {form: _form_folder(folder, form) / f"{workbook.stem}.{form}" for form in FORMS[1:]}
    for path, content in result.contents.items():
        paths[path.suffix[1:]].write_bytes(content)
    view = json.dumps(asdict(scorecard_view(card)), ensure_ascii=False)
    paths["view"].write_text(view, "utf-8")
    return Source(name=workbook.stem, kpis=len(card.kpis), workbook=workbook, **paths)


def _form_folder(folder: Path, form: str) -> Path:
    form_folder = folder / form
    form_folder.mkdir(parents=True, exist_ok=True)
    return form_folder
