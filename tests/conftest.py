"""Documents that several tests look at are made once for a run, whatever processes it has."""

from __future__ import annotations

import fcntl
import gc
import os
import pickle
import signal
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.cli import output
from reportgen.processes import sandbox
from tests.readers.json_forms import assert_valid
from tests.readers.libreoffice import to_pdf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from reportgen.pipeline import WrittenBuild

ROOT = Path(__file__).parent.parent


def pytest_collection_finish() -> None:
    """Look for rubbish among what tests make alone, and less often than Python would."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


@dataclass(frozen=True, slots=True)
class Edition:
    """A built edition and its files."""

    built: WrittenBuild
    pdf: Path
    docx: Path

    @property
    def docx_as_pdf(self) -> Path:
        """The Word file as LibreOffice lays it out, once for all who ask."""
        folder = self.docx.parent / "libreoffice"
        made = folder / f"{self.docx.stem}.pdf"
        with _alone(self.docx.with_suffix(".lock")):
            return made if made.is_file() else to_pdf(self.docx, folder)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """No other process is in here with the same lock."""
    with lock.open("w") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session", autouse=True)
def _in_this_process() -> Iterator[None]:
    """What runs in a child elsewhere runs here, but in the tests of children."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sandbox, "choose_start_method", lambda: sandbox.StartMethod.INLINE)
        yield


@pytest.fixture(autouse=True)
def _valid_reports(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a command prints as JSON in this process, in any test, is as its schema says."""
    printed = output.print_json

    def print_valid(report: Mapping[str, Any]) -> None:
        assert_valid(report)
        printed(report)

    monkeypatch.setattr(output, "print_json", print_valid)


def build_edition(workbook: Path, folder: Path, **settings: object) -> Edition:
    """Build a workbook below a folder."""
    from reportgen.pipeline import Settings, build
    from reportgen.render.fonts.font_set import font_folders

    given = {"working_folder": ROOT, "font_folders": font_folders()} | settings
    built = build(workbook, Settings(output=folder, **given))  # type: ignore[arg-type]
    files = {written.path.suffix: written.path for written in built.files}
    return Edition(built, files[".pdf"], files[".docx"])


Shared = Callable[[str, Callable[[Path], Any]], Any]


@pytest.fixture
def heeded() -> Iterator[None]:
    """Ctrl-C is heeded, though the tests may run in the background, where it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Shared:
    """Makes a thing once for all processes of a run: by its name, in a folder of its own."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def once(name: str, make: Callable[[Path], Any]) -> Any:
        kept = base / f"{name}.pickle"
        with _alone(base / f"{name}.lock"):
            if not kept.exists():
                (base / name).mkdir()
                kept.write_bytes(pickle.dumps(make(base / name)))
            return pickle.loads(kept.read_bytes())

    return once


def _edition(shared: Shared, edition: str, document: str) -> Edition:
    workbook = ROOT / f"inputs/{edition}.xlsx"
    made: Edition = shared(
        f"{document}-{edition}",
        lambda folder: build_edition(workbook, folder, documents=(document,)),
    )
    return made


@pytest.fixture(scope="session")
def teachers_center(shared: Shared) -> Edition:
    """The edition 105-12-25 of 臺北市教師研習中心."""
    return _edition(shared, "105-12-25", "scorecard")


@pytest.fixture(scope="session")
def teachers_results(shared: Shared) -> Edition:
    """Its yearly results."""
    return _edition(shared, "105-12-25", "results")


@pytest.fixture(scope="session")
def teachers_review(shared: Shared) -> Edition:
    """Its yearly review, with words."""
    workbook = ROOT / "inputs/review/105-12-25.xlsx"
    made: Edition = shared(
        "review-105-12-25", lambda folder: build_edition(workbook, folder, documents=("review",))
    )
    return made


@pytest.fixture(scope="session")
def second_agency(shared: Shared) -> Edition:
    """The edition 112-06-30 of 澄海縣海岸資源管理處."""
    return _edition(shared, "112-06-30", "scorecard")


@pytest.fixture(scope="session")
def second_results(shared: Shared) -> Edition:
    """Its yearly results."""
    return _edition(shared, "112-06-30", "results")


@pytest.fixture(scope="session")
def editions(
    teachers_center: Edition,
    teachers_results: Edition,
    second_agency: Edition,
    second_results: Edition,
) -> tuple[Edition, ...]:
    """All of these."""
    return teachers_center, teachers_results, second_agency, second_results


@pytest.fixture(scope="session")
def teachers_changes(shared: Shared) -> WrittenBuild:
    """What has changed from 105-06-30 to 105-12-25."""
    from reportgen.pipeline import Settings, compare_workbooks
    from reportgen.render.fonts.font_set import font_folders

    def make(folder: Path) -> WrittenBuild:
        settings = Settings(output=folder, working_folder=ROOT, font_folders=font_folders())
        old, new = (ROOT / f"inputs/{edition}.xlsx" for edition in ("105-06-30", "105-12-25"))
        return compare_workbooks(old, new, settings)

    made: WrittenBuild = shared("changes-105-12-25", make)
    return made
