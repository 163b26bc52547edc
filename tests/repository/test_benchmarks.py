"""The benchmark beside peers: it runs, counts what processes take, and drops nobody silently."""

from __future__ import annotations

import dataclasses
import json
import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks import peers
from benchmarks.contenders import environment, measure, own, processes, sources, tables
from benchmarks.contenders.contender import Contender, Source
from benchmarks.contenders.everyone import CONTENDERS
from benchmarks.contenders.made import look_at
from benchmarks.contenders.processes import FailedError, Took
from reportgen.views.scorecard_view import scorecard_view
from reportgen.workbook import read

if TYPE_CHECKING:
    from pathlib import Path

    from reportgen.model.scorecard import Scorecard

BY_NAME = {each.name: each for each in CONTENDERS}
WEASYPRINT, TYPST, DOCXTPL = (BY_NAME[name] for name in ("WeasyPrint", "Typst", "docxtpl"))
BURN = "import time\nwhile time.process_time() < 0.2: pass"


@pytest.fixture(scope="module")
def card() -> Scorecard:
    found, problems = read(sources.SAMPLE)
    assert found is not None, problems
    return found


def source(folder: Path, name: str = "甲") -> Source:
    """A document that costs little, in each form that is text."""
    places = {form: folder / f"{name}.{form}" for form in sources.FORMS}
    places["html"].write_text(f"<p>{name}</p>", "utf-8")
    return Source(name=name, kpis=1, **places)


def simple(name: str, code: str) -> Contender:
    return Contender(
        name=name,
        begins="html",
        makes=("pdf",),
        lacks="all",
        version=lambda: "1",
        once=lambda file, folder: [sys.executable, "-S", "-c", code, file, folder / "out.pdf"],
    )


COPY = simple("copy", "import shutil, sys; shutil.copy(*sys.argv[1:])")
BROKEN = simple("broken", "raise SystemExit('no paper')")


def test_each_contender_begins_from_a_form_of_the_document_and_tells_its_version() -> None:
    forms = {each.name for each in dataclasses.fields(Source)}
    assert len(BY_NAME) == len(CONTENDERS)
    for each in CONTENDERS:
        assert each.begins in forms
        assert set(each.makes) <= {"pdf", "docx"}
        assert each.once or each.stays
    assert own.CONTENDERS[0].version().startswith("reportgen ")


@pytest.mark.slow
def test_a_command_counts_with_what_it_starts_and_fails_with_its_words(tmp_path: Path) -> None:
    inner = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BURN!r}])"
    took = processes.run([sys.executable, "-c", inner], {}, tmp_path, every=0.02)
    assert took.cpu >= 0.2
    assert took.memory > 1
    with pytest.raises(FailedError, match="no paper"):
        processes.run([sys.executable, "-c", "raise SystemExit('no paper')"], {}, tmp_path)


@pytest.mark.slow
def test_weasyprint_stays_warm(tmp_path: Path) -> None:
    documents = [source(tmp_path, name) for name in "甲乙丙"]
    figures = measure.warm([WEASYPRINT, COPY], [documents[:1], documents[1:]], tmp_path / "warm")
    took = figures["WeasyPrint"]
    assert isinstance(took, Took)
    assert took.clock > 0
    assert took.memory > 1
    assert figures["copy"] == measure.NO_FORM


def test_a_batch_tells_who_failed(tmp_path: Path) -> None:
    documents = [source(tmp_path, name) for name in "甲乙丙"]
    figures = measure.batch([COPY, BROKEN], documents, 2, tmp_path / "batch")
    took = figures["copy"]
    assert isinstance(took, Took)
    assert took.cpu > 0
    assert figures["broken"] == "failed"


def test_a_file_that_was_not_made_is_a_failure(tmp_path: Path) -> None:
    with pytest.raises(FailedError, match="0 of 2 pdf"):
        measure.check(WEASYPRINT, tmp_path, 2)


def test_a_table_tells_ratios_and_who_has_none() -> None:
    figures: measure.Figures = {
        own.PDF: Took(2, 1, 30),
        "WeasyPrint": Took(2, 2, 40),
        "Typst": "failed",
    }
    table = tables.cold_table(CONTENDERS, figures).splitlines()
    rows = {line.split(" | ")[0].strip("| "): line for line in table}
    assert "| 2.00 | 1.00 | 0.50 | – | 30 |" in rows[own.PDF]
    assert "| 2.00 | 2.00 | 1.00 | 0.50 | 40 |" in rows["WeasyPrint"]
    assert "failed" in rows["Typst"]
    assert "not measured" in rows["Chromium"]
    assert own.FROM_TEMPLATE not in rows
    assert len({line.count("|") for line in table}) == 1


def test_growth_is_told_by_the_pages_that_are_added() -> None:
    taken = [Took(0, 1.0, 10), Took(0, 2.0, 20), Took(0, 4.0, 40)]
    found: list[measure.Figures] = [{"WeasyPrint": each} for each in taken]
    table = tables.growth_table([WEASYPRINT], (5, 60, 240), (5, 15, 25), found)
    assert table.endswith("| 1.00 | 2.00 | 4.00 | 100 → 200 | 10 → 40 |")


def test_a_grown_scorecard_has_codes_of_its_own(card: Scorecard) -> None:
    codes = [kpi.code for kpi in sources.grown(card, 3).kpis]
    assert len(codes) == len(set(codes)) == 3 * len(card.kpis)


def test_the_record_keeps_its_words() -> None:
    text = "before\n<!-- cold -->\nlong ago\n<!-- /cold -->\nafter\n"
    assert peers.recorded(text, "cold", "now") == text.replace("long ago", "now")
    with pytest.raises(ValueError, match="no place for warm"):
        peers.recorded(text, "warm", "now")
    kept = peers.RECORD.read_text("utf-8")
    for part in ("machine", *peers.PARTS, "lacks"):
        assert "kept" in peers.recorded(kept, part, "kept")


def test_a_peer_is_chosen_by_a_word() -> None:
    assert [each.name for each in peers.chosen(["typ"])] == ["Typst"]
    assert peers.chosen(None) == list(CONTENDERS)


@pytest.mark.slow
def test_the_part_from_the_template_on_makes_the_whole_document(
    card: Scorecard, tmp_path: Path
) -> None:
    view = tmp_path / "view"
    view.write_text(json.dumps(dataclasses.asdict(scorecard_view(card))), "utf-8")
    with own.open_maker("template") as make:
        assert isinstance(make, own.FromTemplate)
        make.ready(sources.SAMPLE)
        make(sources.SAMPLE, tmp_path)
    made = look_at(tmp_path / "out.pdf", view)
    assert made.lost == 0
    assert made.pages == 8
    assert made.passes == ("3a", "ua1")


@pytest.mark.slow
@pytest.mark.parametrize("peer", [TYPST, DOCXTPL], ids=lambda each: each.name)
def test_a_peers_template_loses_no_letter(peer: Contender, card: Scorecard, tmp_path: Path) -> None:
    if not environment.PYTHON.exists() or peer.absent():
        pytest.skip("benchmarks/peers.py has not been run here: it installs the peers")
    view = tmp_path / "view"
    view.write_text(json.dumps(dataclasses.asdict(scorecard_view(card))), "utf-8")
    assert peer.once is not None
    processes.run(peer.once(view, tmp_path), peer.environment, tmp_path)
    assert look_at(tmp_path / f"out.{peer.makes[0]}", view).lost == 0
