"""The Python API: its values, what it raises, and the examples of docs/api.md."""

from __future__ import annotations

import doctest
import pkgutil
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import reportgen
from reportgen import api
from reportgen.model.scorecard import Known
from tests.conftest import ROOT
from tests.factories.workbooks import with_cells

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = ROOT / "inputs/105-12-25.xlsx"


@pytest.fixture(name="faulty")
def fixture_faulty(tmp_path: Path) -> Path:
    """The sample with two figures that are no numbers."""
    workbook = tmp_path / "105-12-25.xlsx"
    workbook.write_bytes(with_cells(("年度資料", "E5", "約二"), ("年度資料", "E6", "約三")))
    return workbook


def test_importing_it_loads_nothing_else() -> None:
    code = (
        "import sys, reportgen; reportgen.__version__; dir(reportgen); "
        "print([name for name in sys.modules if name.startswith('reportgen')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['reportgen']"


def test_every_name_of_the_api_is_a_name_of_the_package() -> None:
    assert set(reportgen.__all__) == {*api.__all__, "__version__"}
    for name in api.__all__:
        assert getattr(reportgen, name) is getattr(api, name)
        assert name in dir(reportgen)


def test_no_name_of_the_api_is_a_module() -> None:
    """Or importing the module would replace the function."""
    modules = {module.name for module in pkgutil.iter_modules(reportgen.__path__)}
    assert modules.isdisjoint(reportgen.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        reportgen.nonsense  # noqa: B018


def test_read_and_calculate_give_what_check_gives() -> None:
    reading = reportgen.read(str(SAMPLE))
    assert reading.scorecard.edition == "105-12-25"
    assert {problem.code for problem in reading.problems} == {"W110"}
    results = reportgen.calculate(reading.scorecard).results
    assert results == reportgen.check(SAMPLE).results


def test_errors_are_raised_all_at_once(faulty: Path) -> None:
    with pytest.raises(reportgen.StoppedError) as stop:
        reportgen.read(faulty)
    errors = [problem for problem in stop.value.problems if problem.severity == "error"]
    assert [(problem.code, problem.where.cell) for problem in errors] == [
        ("E111", "E5"),
        ("E111", "E6"),
    ]


def test_check_returns_errors_beside_the_results(faulty: Path) -> None:
    checked = reportgen.check(faulty)
    assert checked.has_errors
    assert {"E111"} < {problem.code for problem in checked.problems}
    assert checked.results is not None


def test_check_of_what_cannot_be_read(tmp_path: Path) -> None:
    checked = reportgen.check(tmp_path / "105-12-25.xlsx")
    assert (checked.results, [problem.code for problem in checked.problems]) == (None, ["E302"])
    assert checked.has_errors


def test_build_with_errors_writes_nothing(faulty: Path, tmp_path: Path) -> None:
    with pytest.raises(reportgen.StoppedError) as stop:
        reportgen.build(faulty, tmp_path / "out")
    assert "E111" in {problem.code for problem in stop.value.problems}
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_build_writes_what_the_command_writes(tmp_path: Path) -> None:
    built = reportgen.build(SAMPLE, tmp_path / "api", documents=["results"], formats=["docx"])
    options = ["--document", "results", "--format", "docx", "-o", "command"]
    subprocess.run(
        [sys.executable, "-m", "reportgen", "build", str(SAMPLE), *options],
        cwd=tmp_path,
        check=True,
        capture_output=True,
    )
    assert {file.path.suffix for file in built.files} == {".docx", ".json", ".xlsx"}
    again = reportgen.build(SAMPLE, tmp_path / "api", documents=["results"], formats=["docx"])
    assert not any(file.changed for file in again.files)
    for file in built.files:
        other = tmp_path / "command" / file.path.relative_to(tmp_path / "api")
        assert file.path.read_bytes() == other.read_bytes()


@pytest.mark.slow
def test_compare_writes_the_table_of_changes(tmp_path: Path) -> None:
    older = ROOT / "inputs/105-06-30.xlsx"
    built = reportgen.compare_workbooks(older, SAMPLE, tmp_path, formats=["docx"])
    assert any("修正對照表" in file.path.name for file in built.files)
    assert built.edition == "105-12-25"


def test_calculate_raises_what_a_changed_scorecard_breaks() -> None:
    from dataclasses import replace

    scorecard = reportgen.read(SAMPLE).scorecard
    first, *others = scorecard.kpis
    broken = replace(first, formula=replace(first.formula, text="（沒有這一項）÷2"))
    with pytest.raises(reportgen.StoppedError, match="沒有這一項"):
        reportgen.calculate(replace(scorecard, kpis=(broken, *others)))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"formats": ["pdf", "rtf"]}, "'rtf' is none of the formats pdf, docx"),
        ({"formats": ["ods"]}, "formats needs one of a document"),
        ({"formats": []}, "one name at least"),
        ({"documents": []}, "one name at least"),
        ({"documents": ["comparison"]}, "'comparison' is no document of one edition"),
        ({"documents": ["../results"]}, "'../results' is no document of one edition"),
    ],
)
def test_arguments_that_cannot_be_right(
    options: dict[str, list[str]], message: str, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        reportgen.build(SAMPLE, tmp_path, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["documents", "formats"])
def test_a_bare_string_is_no_sequence_of_names(name: str, tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r"\['pdf'\]"):
        reportgen.build(SAMPLE, tmp_path, **{name: "pdf"})  # type: ignore[arg-type]


def test_a_folder_of_fonts_that_is_not_there(tmp_path: Path) -> None:
    """Other fonts would be taken in silence."""
    with pytest.raises(NotADirectoryError):
        reportgen.check(SAMPLE, fonts=tmp_path / "none")


def test_a_missing_template_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(reportgen.StoppedError) as stop:
        reportgen.build(SAMPLE, tmp_path / "out", templates=tmp_path)
    assert [problem.code for problem in stop.value.problems][-1] == "E405"


@pytest.mark.slow
def test_examples_of_the_documentation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "inputs", tmp_path / "inputs")
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs/api.md").read_text("utf-8")
    examples = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    test = doctest.DocTestParser().get_doctest(examples, {}, "docs/api.md", None, 0)
    assert len(test.examples) > 10
    output: list[str] = []
    doctest.DocTestRunner().run(test, out=output.append)
    assert "".join(output) == ""


def test_values_are_exact() -> None:
    results = reportgen.calculate(reportgen.read(SAMPLE).scorecard).results
    kpi = results.of("BP3.1")
    assert kpi is not None
    year = kpi.of(105)
    assert year is not None
    assert isinstance(year.actual.value, Known)
    assert str(year.actual.value.value) == "17/40"
