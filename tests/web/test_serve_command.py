"""The command ``reportgen serve`` where it cannot serve."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from reportgen.cli import main
from reportgen.problems import ExitCode

if TYPE_CHECKING:
    from pathlib import Path


def test_a_port_that_is_taken_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code = main(["serve", "--port", str(port), "--no-browser", "--lang", "zh-TW"])
    assert code == ExitCode.FILE
    said = capsys.readouterr()
    assert said.out == ""
    assert f"〔E311〕無法在 127.0.0.1:{port} 提供頁面：" in said.err
    assert "請換一個 --port" in said.err


@pytest.mark.parametrize("host", ["203.0.113.77", "no.such.host.invalid"])
def test_an_address_of_another_machine_is_told(
    capsys: pytest.CaptureFixture[str], host: str
) -> None:
    assert main(["serve", "--host", host, "--no-browser", "--lang", "en"]) == ExitCode.FILE
    said = capsys.readouterr().err
    assert said.startswith(f"Beware: at {host} other machines can connect")
    assert f"[E311] no page can be served at {host}:0:" in said


def test_a_workbook_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "105-12-26", "--no-browser", "--lang", "en"]) == ExitCode.FILE
    assert "[E302]" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [["--port", "70000"], ["--port", "eight"], ["105-12-25", "112-06-30"], ["--port", "-1"]],
)
def test_odd_arguments_are_refused(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(["serve", *arguments])
    assert end.value.code == ExitCode.USAGE
    assert capsys.readouterr().out == ""
