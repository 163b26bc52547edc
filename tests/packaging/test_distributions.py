"""The wheel and the source distribution: what is in them, and the same bytes each time."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tarfile
from email.parser import Parser
from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest

from reportgen import __version__
from tests.conftest import ROOT, Shared

if TYPE_CHECKING:
    from email.message import Message
    from pathlib import Path

pytestmark = pytest.mark.slow

MAN_PAGE = f"reportgen-{__version__}.data/data/share/man/man1/reportgen.1"
SCRIPT = """
import reportgen

built: reportgen.WrittenBuild = reportgen.build("a.xlsx", formats=["pdf"], documents=("results",))
names: list[str] = [file.path.name for file in built.files]
reveal_type(reportgen.check("a.xlsx").problems)
results: reportgen.Results = reportgen.calculate(reportgen.read("a.xlsx").scorecard).results
"""
MISTAKES = """
import reportgen

reportgen.build("a.xlsx", formats=["rtf"])
reportgen.check(105)
reportgen.check("a.xlsx").results.kpis
"""


def tracked_files() -> list[str]:
    """Return the files of the checkout, without those that git ignores."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a checkout")
    return [name for name in listed.stdout.decode().split("\0") if (ROOT / name).is_file()]


def copy_checkout(folder: Path, mode: int) -> Path:
    """Copy what is tracked, with other modes and times than in the checkout."""
    for name in tracked_files():
        copy = folder / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes((ROOT / name).read_bytes())
        copy.chmod(mode | ((ROOT / name).stat().st_mode & 0o100))
    return folder


def build_distributions(source: Path, target: Path) -> Path:
    """Build wheel and source distribution into a folder, as ``python -m build`` has them built."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--directory", target],
        cwd=source,
        env={**os.environ, "SOURCE_DATE_EPOCH": "1782864000"},
        check=True,
        capture_output=True,
    )
    return target


@pytest.fixture(name="folder")
def fixture_folder(shared: Shared) -> Path:
    """The folder with both distributions."""
    made: Path = shared("distributions", lambda folder: build_distributions(ROOT, folder))
    return made


@pytest.fixture(name="wheel")
def fixture_wheel(folder: Path) -> Path:
    (wheel,) = folder.glob("*.whl")
    return wheel


def metadata(wheel: Path) -> Message:
    with ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return Parser().parsestr(archive.read(name).decode())


def test_the_wheel_has_the_package_with_its_templates_and_nothing_else(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        man_page = archive.read(MAN_PAGE)
    tracked = tracked_files()
    package = {name for name in tracked if name.startswith("reportgen/")}
    templates = {f"reportgen/{name}" for name in tracked if name.startswith("templates/")}
    assert "reportgen/py.typed" in package
    assert "reportgen/templates/scorecard/document.html" in templates
    assert man_page == (ROOT / "docs/reportgen.1").read_bytes()
    schemas = {
        f"reportgen/{name.removeprefix('docs/')}"
        for name in tracked
        if name.startswith("docs/schemas/")
    }
    assert "reportgen/schemas/results-1.schema.json" in schemas
    assert names == package | templates | schemas | {MAN_PAGE}


def test_the_source_distribution_is_what_is_tracked(folder: Path) -> None:
    """Tests and all, so that whoever packages it can run them."""
    (path,) = folder.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names == {*tracked_files(), "PKG-INFO"}


def test_licence_and_metadata_are_complete(wheel: Path) -> None:
    fields = metadata(wheel)
    assert fields["License-Expression"] == "MIT"
    assert fields.get_all("License-File") == ["LICENSE"]
    assert fields["Description-Content-Type"] == "text/markdown"
    assert fields["Author"]
    assert "Typing :: Typed" in fields.get_all("Classifier", [])
    with ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith("licenses/LICENSE")]
        assert archive.read(name) == (ROOT / "LICENSE").read_bytes()


def test_classifiers_are_known(wheel: Path) -> None:
    """An index refuses a distribution with any other."""
    from trove_classifiers import classifiers

    assert set(metadata(wheel).get_all("Classifier", [])) <= classifiers


def test_the_same_source_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """Whatever modes and times its files have."""
    source = copy_checkout(tmp_path / "source", 0o600)
    again = build_distributions(source, tmp_path / "dist")
    hashes = {
        place: {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in place.iterdir()
            if path.suffix in {".whl", ".gz"}
        }
        for place in (folder, again)
    }
    assert len(hashes[folder]) == 2
    assert hashes[folder] == hashes[again]


def test_scripts_are_type_checked(wheel: Path, tmp_path: Path) -> None:
    """With the unpacked wheel, far from the checkout."""
    with ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    for name, script in {"right": SCRIPT, "wrong": MISTAKES}.items():
        (tmp_path / f"{name}.py").write_text(script, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "right.py", "wrong.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site"), "MYPY_CACHE_DIR": "cache"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr
    wrong = [line for line in done.stdout.splitlines() if line.startswith("wrong.py")]
    right = [line for line in done.stdout.splitlines() if line.startswith("right.py")]
    assert [line.partition("note: ")[2] for line in right] == [
        'Revealed type is "tuple[reportgen.problems.problem.Problem, ...]"'
    ]
    assert [line.rpartition("[")[2] for line in wrong] == ["list-item]", "arg-type]", "union-attr]"]
