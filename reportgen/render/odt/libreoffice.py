"""LibreOffice as a converter: a process without window, user profile, macros or network.

Each run has a temporary profile, so that it neither waits for a LibreOffice that somebody works in
nor reads that one's settings. Language, time zone and random numbers are fixed, as they affect the
files it saves.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from reportgen.processes.external_program import run_program

if TYPE_CHECKING:
    from collections.abc import Sequence

START_TIMEOUT_S: Final = 90.0  # to begin, with a new profile, on a slow machine
FILE_TIMEOUT_S: Final = 60.0  # for each file; one of 100 pages takes about five
_MAX_OUTPUT_CHARS: Final = 200  # characters of what it says
_PROGRAM_NAMES: Final = ("soffice", "libreoffice")
_PROGRAM_PATHS: Final = {
    "darwin": ("/Applications/LibreOffice.app/Contents/MacOS/soffice",),
    "win32": (
        r"C:\Program Files\LibreOffice\program\soffice.com",
        r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
    ),
}
# No window, no dialog (first start, recovery, locked file), no document besides those to convert.
_OPTIONS: Final = (
    *("--headless", "--invisible", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
    "--nofirststartwizard",
)
_DEAD_PROXY: Final = "http://127.0.0.1:9"  # the port of the discard service: nobody answers
_FIXED_ENVIRONMENT: Final = {
    "LC_ALL": "C.UTF-8",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "SAL_USE_VCLPLUGIN": "svp",  # draws in memory: no display is needed
    "SAL_RAND_REPEATABLE": "1",  # the same random numbers in every run
    "MAX_CONCURRENCY": "1",  # sheets are read one after another, and their styles come so
    **dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy", "all_proxy"), _DEAD_PROXY),
    "no_proxy": "",
}
_FOLDER_VARIABLES: Final = ("TMPDIR", "TEMP", "TMP", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME")
# Whose values would change how it starts, or what it saves.
_DROPPED_VARIABLES: Final = ("LANGUAGE", "PYTHONHOME", "PYTHONPATH", "DISPLAY", "WAYLAND_DISPLAY")
# The fonts of styles that a document does not use; else they are what the machine has.
_FONTS: Final = {
    f"Writer/DefaultFont{script}": dict.fromkeys(
        ("Standard", "Heading", "List", "Caption", "Index"), font
    )
    for script, font in (("", "Times New Roman"), ("CJK", "標楷體"), ("CTL", "Times New Roman"))
}
# Macros off, nothing loaded from elsewhere, no crash report, no look for updates.
_SETTINGS: Final = {
    "Common/Security/Scripting": {
        "DisableMacrosExecution": "true",
        "MacroSecurityLevel": "3",
        "BlockUntrustedRefererLinks": "true",
        "DisableActiveContent": "true",
    },
    "Common/Misc": {"FirstRun": "false", "CrashReport": "false"},
    "Common/Save/Document": {"CreateBackup": "false", "AutoSave": "false"},
    "Writer/Content/Update": {"Link": "0"},
    "Jobs/Jobs/org.openoffice.Office.Jobs:Job['UpdateCheck']/Arguments": {
        "AutoCheckEnabled": "false"
    },
    **_FONTS,
}
_PROFILE: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry">\n{items}\n</oor:items>\n'
)
_ITEM: Final = (
    '<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse">'
    "<value>{value}</value></prop></item>"
)

# The faces that documents name, and those that stand for them where they are not installed.
_FONT_CONFIGURATION: Final = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>
{folders}
{aliases}
</fontconfig>
"""
_ALIASES: Final = {
    "標楷體": "TW-Kai",
    "DFKai-SB": "TW-Kai",
    "BiauKai": "TW-Kai",
    "Times New Roman": "Liberation Serif",
}


class ConversionError(Exception):
    """LibreOffice failed; holds the reason in Taiwan's Chinese and in English."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(english)
        self.chinese, self.english = chinese, english


def find_program() -> str:
    """Return the path of LibreOffice's program, or "" if it is not installed."""
    found = (shutil.which(name) for name in _PROGRAM_NAMES)
    places = (place for place in _PROGRAM_PATHS.get(sys.platform, ()) if Path(place).is_file())
    return next(filter(None, (*found, *places)), "")


def convert(
    program: str,
    files: Sequence[bytes],
    source: str,
    target: str,
    filter_: str,
    *,
    font_folders: Sequence[Path] = (),
) -> list[bytes]:
    """Return files of one type converted to another, in their order, by one run of LibreOffice.

    ``font_folders`` are those of further fonts, where the pages matter: faces that are not
    installed are then replaced by those that the PDF is set in.

    ``source`` and ``target`` are the file extensions, such as ``docx`` and ``odt``; ``filter_`` is
    the name of LibreOffice's export filter. Raises ConversionError if it does not start, fails,
    takes longer than 90 s and 60 s a file, or leaves a file out; OSError if temporary files cannot
    be written.
    """
    with tempfile.TemporaryDirectory(prefix="reportgen-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        names = [str(number) for number in range(1, len(files) + 1)]
        for stem, content in zip(names, files, strict=True):
            (folder / f"{stem}.{source}").write_bytes(content)
        _write_profile(folder / "profile")
        if font_folders:
            (folder / "fonts.conf").write_text(_font_configuration(font_folders), "utf-8")
        out = folder / "out"
        command = [
            *(program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", *_OPTIONS),
            *("--convert-to", f"{target}:{filter_}", "--outdir", str(out)),
            *(str(folder / f"{stem}.{source}") for stem in names),
        ]
        output = _run_libreoffice(command, folder, START_TIMEOUT_S + FILE_TIMEOUT_S * len(files))
        return [_read_output(out / f"{stem}.{target}", output) for stem in names]


def _font_configuration(folders: Sequence[Path]) -> str:
    """Return a fontconfig file: the system's fonts, those of the folders, and the aliases."""
    return _FONT_CONFIGURATION.format(
        folders="\n".join(f"<dir>{escape(str(folder))}</dir>" for folder in folders),
        aliases="\n".join(
            f'<alias binding="same"><family>{name}</family><prefer>'
            f"<family>{name}</family><family>{other}</family></prefer></alias>"
            for name, other in _ALIASES.items()
        ),
    )


def _write_profile(folder: Path) -> None:
    """Create a user profile in ``folder``, with macros, updates and crash reports off."""
    items = "\n".join(
        _ITEM.format(path=path, name=name, value=value)
        for path, values in _SETTINGS.items()
        for name, value in values.items()
    )
    (folder / "user").mkdir(parents=True)
    (folder / "user/registrymodifications.xcu").write_text(_PROFILE.format(items=items), "utf-8")


def _run_libreoffice(command: list[str], folder: Path, seconds: float) -> str:
    """Run a command in ``folder``, and return the last line of its output, in brackets.

    Raises ConversionError if it does not start, fails, or takes more than ``seconds``.
    """
    environment = {
        name: value for name, value in os.environ.items() if name not in _DROPPED_VARIABLES
    }
    environment |= _FIXED_ENVIRONMENT | {
        name.upper(): _FIXED_ENVIRONMENT[name] for name in _FIXED_ENVIRONMENT if "proxy" in name
    }
    environment |= dict.fromkeys(_FOLDER_VARIABLES, str(folder))
    if (configuration := folder / "fonts.conf").exists():
        environment["FONTCONFIG_FILE"] = str(configuration)
    output = folder / "output"
    try:
        code = run_program(
            command, folder=folder, environment=environment, output=output, timeout=seconds
        )
    except TimeoutError:
        raise ConversionError(
            f"超過 {seconds:.0f} 秒仍未完成", f"it did not end within {seconds:.0f} s"
        ) from None
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ConversionError(f"無法啟動（{why}）", f"it does not start ({why})") from error
    words = _last_output_line(output)
    if code:
        raise ConversionError(f"結束代碼 {code}{words}", f"exit code {code}{words}")
    return words


def _last_output_line(output: Path) -> str:
    """Return the last line of an output file, in brackets, "" if there is none.

    Lines about Java are ignored.
    """
    lines = output.read_text("utf-8", "replace").splitlines()
    messages = [line.strip() for line in lines if line.strip() and "java" not in line.lower()]
    kept = "".join(char for char in (messages or [""])[-1] if char.isprintable())[
        :_MAX_OUTPUT_CHARS
    ]
    return f" ({kept})" if kept else ""


def _read_output(path: Path, output: str) -> bytes:
    """Return the content of a converted file; raises ConversionError if it does not exist.

    ``output`` is the program's last output, for the message.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise ConversionError(f"沒有產生檔案{output}", f"it made no file{output}") from None
