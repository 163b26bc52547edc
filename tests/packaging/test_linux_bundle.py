"""The bundle for Linux makes what the program makes here, wherever it lies, byte for byte."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from assembly.components import common_licences
from assembly.program_files import BILL, project
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.conftest import ROOT
from tests.factories.workbooks import sample_bytes
from tests.web.client import entered
from tests.web.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUNDLE = ROOT / f"dist/reportgen-{project()['version']}-linux-x86_64.tar.gz"
GLIBC = {
    *("ld-linux-x86-64.so.2", "libc.so.6", "libdl.so.2", "libm.so.6", "libpthread.so.0"),
    *("librt.so.1", "libutil.so.1", "libresolv.so.2"),
}
RUN_S = 300
pytestmark = [
    pytest.mark.bundle,
    pytest.mark.skipif(not BUNDLE.exists(), reason="there is no bundle: make bundle"),
]


@pytest.fixture(scope="module", name="folder")
def fixture_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The bundle, unpacked, and then moved into a folder with a Chinese name and a space."""
    root = tmp_path_factory.mktemp("bundle")
    with tarfile.open(BUNDLE) as archive:
        archive.extractall(root / "unpacked", filter="data")
    (root / "unpacked").rename(root / "王小明 的文件")
    (folder,) = (root / "王小明 的文件").iterdir()
    yield folder
    shutil.rmtree(root)


def run(
    folder: Path, work: Path, *arguments: str | Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the bundle's program in a folder, with no more environment than a path and a home."""
    return subprocess.run(
        [folder / "reportgen", *arguments],
        cwd=work,
        env={"PATH": "/usr/bin:/bin", "HOME": str(work), **environment},
        capture_output=True,
        check=False,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        timeout=RUN_S,
    )


def files(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.parametrize("edition", ["105-06-30", "105-12-25", "112-06-30"])
def test_documents_have_the_same_bytes(folder: Path, tmp_path: Path, edition: str) -> None:
    workbook = str(ROOT / f"inputs/{edition}.xlsx")
    build = ["build", workbook, "--format", "pdf,docx,html", "--output"]
    done = run(folder, tmp_path, *build, "there")
    assert done.returncode == 0, done.stderr
    subprocess.run(
        [sys.executable, "-m", "reportgen", *build, str(tmp_path / "here")],
        env={**os.environ, "REPORTGEN_FONTS": str(folder / "fonts")},
        check=True,
        capture_output=True,
        timeout=RUN_S,
    )
    here, there = files(tmp_path / "here"), files(tmp_path / "there")
    assert len(here) == 3
    assert [name for name in here.keys() | there if here.get(name) != there.get(name)] == []


def test_no_other_python_reaches_it(folder: Path, tmp_path: Path) -> None:
    for name in ("reportgen.py", "json.py", "sitecustomize.py"):
        (tmp_path / name).write_text("raise SystemExit(9)", "utf-8")
    done = run(folder, tmp_path, "doctor", PYTHONPATH=str(tmp_path), PYTHONHOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    families = [line for line in done.stdout.splitlines() if "TW-Kai" in line or "Serif" in line]
    assert families
    assert all(str(folder) in line for line in families)


def test_a_link_starts_it(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/reportgen").symlink_to(folder / "reportgen")
    assert run(tmp_path / "bin", tmp_path, "--version").returncode == 0


def test_libraries_need_only_glibc_and_each_other(folder: Path) -> None:
    """Python's own check of what is loaded would find the machine's libraries, too."""
    libraries = [path for path in folder.rglob("*") if ".so" in path.suffixes]
    here = {path.name for path in libraries}
    assert {"libpango-1.0.so.0", "libharfbuzz-subset.so.0"} <= here
    foreign = {}
    for path in [folder / "python/bin/python3.11", *libraries]:
        command = ["patchelf", "--print-needed", str(path)]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        if unknown := set(printed.split()) - here - GLIBC:
            foreign[path.name] = unknown
    assert foreign == {}


def test_no_part_lacks_its_licence(folder: Path) -> None:
    text = (folder / "THIRD_PARTY_NOTICES.txt").read_text("utf-8")
    bill = (folder / BILL).read_text("utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill) is None
    listed = {entry["name"] for entry in json.loads(bill)["components"]}
    packages = {
        path.name.partition("-")[0].lower().replace("_", "-")
        for path in (folder / "site").glob("*.dist-info")
    }
    assert len(packages) > 25
    assert packages <= listed
    assert {"libpango-1.0-0", "libssl3", "python3.11-minimal", "fonts-cns11643-kai"} <= listed
    blocks = [block for block in text.split("\n\n") if "\n  licence:" in block]
    assert len(blocks) == len(listed)
    for block in blocks:
        texts = [line.split()[1] for line in block.splitlines() if line.startswith("  text:")]
        assert texts, block
        assert all((folder / name).stat().st_size for name in texts)
    for path in (folder / "授權").glob("*.txt"):
        for name in common_licences(path.read_text("utf-8", "replace")):
            assert (folder / "授權/common-licenses" / name).stat().st_size


@contextmanager
def serving(folder: Path, work: Path) -> Iterator[Server]:
    """Run the page of the bundle within the context."""
    with subprocess.Popen(
        [folder / "reportgen", "serve", "--no-browser"],
        cwd=work,
        env={"PATH": "/usr/bin:/bin", "HOME": str(work)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
    ) as process:
        try:
            assert process.stdout is not None
            link = process.stdout.readline().strip()
            port = int(link.split(":")[2].partition("/")[0])
            nowhere = work / "nowhere"
            yield Server(process, "", link, port, nowhere, nowhere, nowhere)
        finally:
            process.terminate()


def test_the_page_takes_an_upload(folder: Path, tmp_path: Path) -> None:
    with serving(folder, tmp_path) as server:
        made = entered(server).made(sample_bytes(), "105-12-25.xlsx")
        assert made["stage"] == "ready", made
