"""What a machine may lack or bar: said in words, with the exit code, and nothing half-written.

Where it is possible the trouble is a real one: a full disk is a small tmpfs, a closed stream is
closed, a missing Pango cannot be loaded.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from reportgen import pipeline
from reportgen.cli import main
from reportgen.pipeline import workbook_check
from reportgen.problems import CATALOGUE, ExitCode
from reportgen.problems.os_errors import OS_ERROR_TRANSLATIONS
from tests.conftest import ROOT
from tests.web.server import small_templates, until

if TYPE_CHECKING:
    from collections.abc import Callable

SAMPLE = ROOT / "inputs/105-12-25.xlsx"
BUILD = ("build", "--quiet", "--templates", "small", "--format", "html")
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(autouse=True)
def _plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REPORTGEN_LANG", "zh-TW")
    shutil.copy(SAMPLE, tmp_path / "105-12-25.xlsx")
    small_templates(tmp_path / "small")


def run(*arguments: str, before: str = "", **given: Any) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own; ``before``: what its Python does first."""
    program = f"{before}\nimport sys\nfrom reportgen.cli import main\nsys.exit(main())"
    settings: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | given
    return subprocess.run([sys.executable, "-c", program, *arguments], check=False, **settings)


def told(capsys: pytest.CaptureFixture[str]) -> str:
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return said.out + said.err


# Where it is written


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        ("a file", "路徑中有一段是檔案，不是資料夾"),
        ("a link", "已有同名的檔案或失效的連結"),
        ("長" * 80 + "/長" * 1000, "名稱太長"),
        ("/sys/none", ""),  # barred to everybody
    ],
)
def test_a_folder_that_cannot_be_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, output: str, reason: str
) -> None:
    (tmp_path / "a file").touch()
    (tmp_path / "a link").symlink_to("nowhere")
    assert main([*BUILD, "105-12-25.xlsx", "-o", output]) == ExitCode.FILE
    said = told(capsys)
    assert "〔E304〕" in said
    assert f"：{reason}" in said
    assert "未產製任何檔案" in said


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_read_only_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o555)
    assert main([*BUILD, "105-12-25.xlsx", "-o", "out"]) == ExitCode.FILE
    assert "沒有權限" in told(capsys)


def test_spaces_and_chinese_in_every_path(tmp_path: Path) -> None:
    folder = tmp_path / "我的 文件 (1)/計分卡 & 'x'"
    folder.mkdir(parents=True)
    shutil.copy(SAMPLE, folder / "新 版.xlsx")
    assert main([*BUILD, str(folder / "新 版.xlsx"), "-o", str(folder / "輸 出")]) == ExitCode.DONE
    assert len(list((folder / "輸 出").rglob("*.html"))) == 1


def test_files_of_a_name_that_is_as_long_as_it_may_be(tmp_path: Path) -> None:
    shutil.copy(SAMPLE, tmp_path / f"{'長' * 83}.xlsx")
    assert main([*BUILD, f"{'長' * 83}.xlsx", "-o", "out"]) == ExitCode.DONE


def test_a_system_whose_encoding_cannot_write_the_name(tmp_path: Path) -> None:
    plain = {"PATH": os.environ["PATH"], "LC_ALL": "POSIX", "PYTHONUTF8": "0"}
    done = run(*BUILD, "105-12-25.xlsx", "-o", "o", env=plain | {"PYTHONCOERCECLOCALE": "0"})
    assert done.returncode == ExitCode.FILE
    assert "〔E309〕" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
    assert not list((tmp_path / "o").rglob("*.*"))


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("unshare"), reason="no disk of its own without unshare")
@pytest.mark.parametrize(("what", "code"), [("o", "E305"), ("tmp", "E505")])
def test_a_full_disk(tmp_path: Path, what: str, code: str) -> None:
    """A tmpfs of 40 kB, for the documents or for temporary files."""
    for name in ("o", "tmp"):
        (tmp_path / name).mkdir()
    script = f'mount -t tmpfs -o size=40k none {what} && TMPDIR=$PWD/tmp exec "$@"; exit 99'
    command = ["unshare", "-rm", "sh", "-c", script, "sh", sys.executable, "-m", "reportgen"]
    build = [*BUILD[:-1], "pdf", "105-12-25.xlsx", "-o", "o"]
    done = subprocess.run([*command, *build], capture_output=True, text=True, check=False)
    if done.returncode == 99 or "unshare" in done.stderr or "mount" in done.stderr:
        pytest.skip("this machine lets nobody mount")
    assert done.returncode == (ExitCode.FILE if what == "o" else ExitCode.ENVIRONMENT)
    assert f"〔{code}〕" in done.stderr
    assert "磁碟空間不足" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    "way",
    [
        "os.fork = none",
        "subprocess.Popen = none; s.choose_start_method = lambda: s.StartMethod.SPAWN",
    ],
)
@pytest.mark.parametrize("command", [["check"], [*BUILD, "-o", "o"]])
def test_no_room_for_a_process(tmp_path: Path, way: str, command: list[str]) -> None:
    """As where a system bounds how many a user may have."""
    before = f"""
import errno, os, subprocess
import reportgen.processes.sandbox as s

def none(*given, **named):
    raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

{way}
"""
    done = run(*command, "105-12-25.xlsx", before=before)
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == ExitCode.ENVIRONMENT
    assert "〔E510〕105-12-25.xlsx 製作中斷" in said
    assert "Traceback" not in said
    assert not (tmp_path / "o").exists()


@pytest.mark.slow
def test_a_limit_on_the_size_of_files_is_a_full_disk() -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))"
    done = run(*BUILD, "105-12-25.xlsx", "-o", "o", before=limit)
    assert done.returncode in (ExitCode.FILE, ExitCode.ENVIRONMENT)
    assert any(code in done.stderr.decode() for code in ("〔E305〕", "〔E505〕"))


# What is read


def test_a_workbook_that_vanishes_after_it_was_found(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = pipeline.build

    def late(path: Path, settings: pipeline.Settings) -> pipeline.WrittenBuild:
        path.unlink()
        return real(path, settings)

    monkeypatch.setattr(pipeline, "build", late)
    assert main([*BUILD, "105-12-25.xlsx", "-o", "o"]) == ExitCode.FILE
    assert "〔E302〕" in told(capsys)
    assert not (tmp_path / "o").exists()


def test_a_dangling_link_is_no_workbook(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "106-12-25.xlsx").symlink_to("nowhere")
    assert main(["check", "106-12-25.xlsx"]) == ExitCode.FILE
    assert "〔E302〕" in told(capsys)


# What the machine has


def test_a_machine_without_fonts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from reportgen.render.fonts import font_set

    monkeypatch.setattr(font_set, "font_folders", lambda first=None: ())
    assert main([*BUILD, "105-12-25.xlsx", "-o", "o"]) == ExitCode.ENVIRONMENT
    assert told(capsys).count("〔E501〕") == 2


@pytest.mark.slow
def test_a_machine_without_pango(tmp_path: Path) -> None:
    barred = """
import cffi
real = cffi.FFI.dlopen
def dlopen(self, name, flags=0):
    if name and "pango" in name:
        raise OSError(f"cannot load library '{name}'")
    return real(self, name, flags)
cffi.FFI.dlopen = dlopen
"""
    done = run(*BUILD, "105-12-25.xlsx", "-o", "o", before=barred)
    assert done.returncode == ExitCode.ENVIRONMENT
    assert "〔E502〕找不到排版程式庫 Pango" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
    assert not (tmp_path / "o").exists()


@pytest.mark.slow
def test_no_home_no_locale_no_cache_and_no_temporary_folder(tmp_path: Path) -> None:
    bare = {
        "PATH": os.environ["PATH"],
        "HOME": "/proc/none",
        "TMPDIR": "/none",
        "XDG_CACHE_HOME": "/",
    }
    done = run(*BUILD, "105-12-25.xlsx", "-o", "o", env=bare | {"SOURCE_DATE_EPOCH": "9" * 20})
    assert (done.returncode, done.stdout) == (ExitCode.DONE, b"")
    assert len(list((tmp_path / "o").rglob("*.html"))) == 1


@pytest.mark.parametrize(("today", "codes"), [(date(2016, 12, 24), 1), (date(2016, 12, 25), 0)])
def test_an_edition_of_a_day_to_come_is_noticed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, today: date, codes: int
) -> None:
    monkeypatch.setattr(workbook_check, "_today", lambda: today)
    assert main(["check", "105-12-25.xlsx"]) == ExitCode.DONE
    said = told(capsys)
    assert said.count("〔N506〕") == codes
    if codes:
        assert "修表日期 105-12-25 比這台電腦的今天（105-12-24）還晚" in said


# Where it is said


def test_a_terminal_of_cp950_is_given_utf_8() -> None:
    old = os.environ | {"PYTHONIOENCODING": "cp950", "LANG": "zh_TW.BIG5", "LC_ALL": "zh_TW.BIG5"}
    done = run("check", "105-12-25.xlsx", env=old)
    assert done.returncode == ExitCode.DONE
    assert "沒有對應 KPI" in done.stdout.decode("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("first", [2, 0])
def test_closed_streams_change_nothing(tmp_path: Path, first: int) -> None:
    done = run(*BUILD, "105-12-25.xlsx", "-o", "o", preexec_fn=lambda: os.closerange(first, 3))
    assert done.returncode == ExitCode.DONE
    assert b"Traceback" not in done.stdout + done.stderr
    assert len(list((tmp_path / "o").rglob("*.html"))) == 1


def test_a_full_disk_below_standard_output() -> None:
    with Path("/dev/full").open("wb") as full:
        done = run("check", "105-12-25.xlsx", stdout=full)
    assert done.returncode == ExitCode.FILE
    assert done.stderr.decode() == (
        "〔E310〕訊息無法完整輸出：磁碟空間不足。"
        "請檢查輸出導向的檔案或磁碟空間；已經存檔的文件不受影響。\n"
    )


@pytest.mark.slow
def test_a_reader_that_leaves_early(tmp_path: Path) -> None:
    for command in ("check", "doctor"):
        reader, writer = os.pipe()
        os.close(reader)
        try:
            done = run(command, *(["105-12-25.xlsx"] if command == "check" else []), stdout=writer)
        finally:
            os.close(writer)
        assert (done.returncode, done.stderr) == (0, b"")


# Ctrl-C


@pytest.mark.usefixtures("heeded")
@pytest.mark.parametrize("stage", ["read", "render", "write"])
@pytest.mark.parametrize("ended", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_ctrl_c_and_sigterm_in_every_stage(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    stage: str,
    ended: tuple[signal.Signals, int],
) -> None:
    from reportgen.cli import output

    number, code = ended
    before = signal.getsignal(signal.SIGTERM)  # under coverage, that of coverage

    def pressed(self: object, reached: str) -> None:
        if reached == stage:
            os.kill(os.getpid(), number)
            time.sleep(1)

    monkeypatch.setattr(output.ProgressLine, "__call__", pressed)
    assert main([*BUILD, "105-12-25.xlsx", "-o", "o"]) == code
    assert signal.getsignal(signal.SIGTERM) is before
    assert told(capsys).strip() == "已中斷，未寫入任何檔案。"
    assert not list((tmp_path / "o").rglob("*.*"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_is_ignored_stays_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    """As in a job in the background, or under nohup."""
    from reportgen.cli import output

    sent: list[str] = []

    def pressed(self: object, reached: str) -> None:
        os.kill(os.getpid(), number)
        sent.append(reached)

    monkeypatch.setattr(output.ProgressLine, "__call__", pressed)
    before = signal.signal(number, signal.SIG_IGN)
    try:
        assert main([*BUILD, "105-12-25.xlsx", "-o", "o"]) == 0
        assert signal.getsignal(number) is signal.SIG_IGN
    finally:
        signal.signal(number, before)
    assert "write" in sent
    assert list((tmp_path / "o").rglob("*.html"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("send", "number", "code"),
    [
        (os.killpg, signal.SIGINT, 130),
        (os.kill, signal.SIGTERM, 143),
        (os.kill, signal.SIGINT, 130),
    ],
)
def test_the_child_that_renders_ends_with_its_parent(
    tmp_path: Path, send: Callable[[int, int], None], number: signal.Signals, code: int
) -> None:
    """A terminal sends Ctrl-C to both; the parent says so, once. Others end the parent alone."""
    templates = tmp_path / "t/scorecard"
    templates.mkdir(parents=True)
    endless = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    (templates / "document.html").write_text(endless, "utf-8")
    command = [sys.executable, "-m", "reportgen", "build", "105-12-25.xlsx", "-o", "o"]
    process = subprocess.Popen(
        [*command, "--templates", "t"],
        stderr=subprocess.PIPE,
        start_new_session=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )
    deadline = time.monotonic() + 30
    while not list(tmp_path.glob("reportgen-*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.2)
    send(process.pid, number)
    _, said = process.communicate(timeout=10)
    assert process.returncode == code
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    assert said.decode().strip() == "已中斷，未寫入任何檔案。"
    assert not list(tmp_path.glob("reportgen-*"))
    assert not (tmp_path / "o").exists()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Word is made before the PDF")
def test_word_that_is_made_beside_the_pdf_ends_with_them(tmp_path: Path) -> None:
    """It is a child of the child, which is killed and cannot end it."""
    program = """
import os, pathlib, sys, time
from reportgen.processes import resource_limits
from reportgen.cli import main
from reportgen.render import docx

def slow(*given):
    pathlib.Path("begun").write_text(str(os.getpid()))
    time.sleep(60)

docx.convert = slow
resource_limits.available_cores = lambda: 4
sys.exit(main(sys.argv[1:]))
"""
    command = ["build", "--quiet", "--templates", "small", "--document", "scorecard", "-o", "o"]
    process = subprocess.Popen(
        [sys.executable, "-c", program, *command, "105-12-25.xlsx"], stderr=subprocess.PIPE
    )
    try:
        begun = tmp_path / "begun"
        assert until(lambda: begun.exists() and begun.read_text() != "", 30)
        words = int(begun.read_text())
        assert Path(f"/proc/{words}").exists()
        process.terminate()
        process.communicate(timeout=10)
        assert process.returncode == 143
        assert until(lambda: not Path(f"/proc/{words}").exists(), 10)
    finally:
        process.kill()


# The words


def test_what_the_system_says_is_said_in_chinese() -> None:
    known = {os.strerror(number) for number in range(1, 134)}
    assert set(OS_ERROR_TRANSLATIONS) <= known
    assert CATALOGUE["E304"].message[0].endswith("{reason}。")
