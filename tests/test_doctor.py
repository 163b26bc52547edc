"""What a machine lacks, said with the command that mends it."""

from __future__ import annotations

import errno
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.doctor import CheckFinding, run_checks
from reportgen.problems import Location, make_problem
from reportgen.render.fonts.font_set import font_folders
from reportgen.render.weasyprint_patches import startup

if TYPE_CHECKING:
    import pytest


def finding(name: str, findings: tuple[CheckFinding, ...]) -> CheckFinding:
    (found,) = [each for each in findings if each.name == name]
    return found


def test_machine_that_has_it_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    findings = run_checks(font_folders(), (tmp_path,))
    assert [each for each in findings if each.problem] == []
    assert Path(finding("TW-Kai", findings).found).is_file()
    assert finding("LibreOffice", findings) == CheckFinding(
        name="LibreOffice", found="/usr/bin/soffice"
    )
    assert finding(str(tmp_path), findings).found == str(tmp_path)
    assert {"Pango", "HarfBuzz-subset"} <= {each.name for each in findings}


def test_machine_without_fonts(tmp_path: Path) -> None:
    findings = run_checks((tmp_path,), ())
    assert [each.problem.code for each in findings[:2] if each.problem] == ["E501", "E501"]
    assert findings[1].name == "TW-Kai、DFKai-SB、BiauKai"


def test_machine_without_pango(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent() -> dict[str, str]:
        raise OSError("cannot load library 'libpango'\nand so on")

    monkeypatch.setattr(startup, "library_versions", absent)
    assert finding("Pango", run_checks((), ())) == CheckFinding(
        name="Pango", problem=make_problem("E502", found="cannot load library 'libpango'")
    )


def test_machine_without_harfbuzz_subset(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = {"Pango": "1.50.0", "HarfBuzz-subset": ""}
    monkeypatch.setattr(startup, "library_versions", lambda: versions)
    findings = run_checks((), ())
    assert finding("Pango", findings) == CheckFinding(name="Pango", found="1.50.0")
    assert finding("HarfBuzz-subset", findings).problem == make_problem("E503")


def test_libreoffice_is_a_notice_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert finding("LibreOffice", run_checks((), ())).problem == make_problem("N504")


def test_folder_that_will_be_made_is_tried_above(tmp_path: Path) -> None:
    folder = tmp_path / "output/105-12-25"
    assert finding(str(folder), run_checks((), (folder,))).found == str(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(dir: Path) -> None:  # noqa: A002
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    assert finding(str(tmp_path), run_checks((), (tmp_path,))).problem == make_problem(
        "E304", Location(file=str(tmp_path)), found=tmp_path, reason="Permission denied"
    )


def test_folder_that_may_not_be_looked_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path) -> bool:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "exists", refuse)
    problem = finding(str(tmp_path), run_checks((), (tmp_path,))).problem
    assert problem is not None
    assert problem.code == "E304"


def test_folder_that_is_a_file(tmp_path: Path) -> None:
    path = tmp_path / "output"
    path.touch()
    problem = finding(str(path), run_checks((), (path,))).problem
    assert problem == make_problem(
        "E304", Location(file=str(path)), found=path, reason="Not a directory"
    )
