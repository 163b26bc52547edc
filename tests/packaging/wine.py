"""The folder for Windows, unpacked and used under Wine as a person would use it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from tests.conftest import ROOT

COMPILER = "x86_64-w64-mingw32-gcc"
START_S = 180  # until Wine has made its own folder
RUN_S = 600
_LANGUAGE = {"REPORTGEN_LANG": "zh-TW"}
# The batch file sets what Wine does not take from the environment: the temporary folder.
_BATCH = """\
@echo off
set "TEMP=%REPORTGEN_TEST_TEMP%"
set "TMP=%REPORTGEN_TEST_TEMP%"
call "%REPORTGEN_TEST_FOLDER%\\%REPORTGEN_TEST_STARTER%" %*
"""


def version() -> str:
    """Return the program's version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["version"])


ZIP = ROOT / f"dist/reportgen-{version()}-windows.zip"


def windows_path(path: Path) -> str:
    """Return a path as Wine's programs see it."""
    return f"Z:{path}".replace("/", "\\")


@dataclass(frozen=True, slots=True)
class WindowsMachine:
    """The unpacked folder, a working folder, and Wine's own."""

    folder: Path  # the program's
    work: Path  # the current folder of commands
    environment: dict[str, str]
    batch: Path

    def command(self, *arguments: str | Path) -> list[str]:
        """Return the command line of a call of a starter, that of the environment."""
        words = [windows_path(each) if isinstance(each, Path) else each for each in arguments]
        return ["wine", "cmd", "/c", windows_path(self.batch), *words]

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run the program to its end."""
        return self._run(self.command(*arguments))

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; its output is piped, as Wine needs it."""
        return subprocess.run(
            command,
            cwd=self.work,
            env=self.environment,
            capture_output=True,
            check=False,
            encoding="utf-8",
            errors="replace",
            stdin=subprocess.DEVNULL,
            timeout=RUN_S,
        )

    def python(self, code: str, *arguments: Path) -> subprocess.CompletedProcess[str]:
        """Run Python code by the folder's interpreter."""
        interpreter = windows_path(self.folder / "python/reportgen-python.exe")
        words = [windows_path(argument) for argument in arguments]
        return self._run(["wine", interpreter, "-X", "utf8", "-c", code, *words])

    def linux(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run the same command here, with the folder's own fonts."""
        return subprocess.run(
            [sys.executable, "-m", "reportgen", *map(str, arguments)],
            cwd=self.work.with_name("linux"),
            env={**os.environ, **_LANGUAGE, "REPORTGEN_FONTS": str(self.folder / "fonts")},
            capture_output=True,
            check=False,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            timeout=RUN_S,
        )


def unpack(root: Path) -> WindowsMachine:
    """Unpack the zip into a folder with a Chinese name and a space, and start Wine.

    What Wine 8 lacks of Windows, and watchfiles asks for, is compiled beside the interpreter.
    """
    with ZipFile(ZIP) as archive:
        archive.extractall(root / "王小明 的文件")
    (folder,) = (root / "王小明 的文件").iterdir()
    stub = ROOT / "packaging/windows/launcher/bcryptprimitives.c"
    target = folder / "python/bcryptprimitives.dll"
    subprocess.run([COMPILER, "-shared", stub, "-ladvapi32", "-o", target], check=True)
    for name in ("工作", "linux", "暫存", "home"):
        (root / name).mkdir()
    batch = root / "run.bat"
    batch.write_text(_BATCH.replace("\n", "\r\n"), "ascii")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        "HOME": str(root / "home"),  # where Wine puts the user's documents
        "USER": "王小明",  # C:\\users\\王小明
        "WINEPREFIX": str(root / "wine"),
        "WINEDEBUG": "-all",
        "WINEDLLOVERRIDES": "mscoree=;mshtml=",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        **_LANGUAGE,
        "REPORTGEN_TEST_FOLDER": windows_path(folder),
        "REPORTGEN_TEST_STARTER": "reportgen.cmd",
        "REPORTGEN_TEST_TEMP": windows_path(root / "暫存"),
    }
    boot = ["wineboot", "--init"]
    subprocess.run(boot, env=environment, check=True, capture_output=True, timeout=START_S)
    return WindowsMachine(folder, root / "工作", environment, batch)


def stop(machine: WindowsMachine) -> None:
    """End all that Wine runs, as a power failure would."""
    subprocess.run(["wineserver", "-k"], env=machine.environment, check=False, timeout=START_S)


def close(machine: WindowsMachine) -> None:
    """End what Wine still runs, and remove the unpacked folder and Wine's own."""
    stop(machine)
    for folder in (machine.folder.parent, Path(machine.environment["WINEPREFIX"])):
        shutil.rmtree(folder, ignore_errors=True)
