"""``reportgen approve``: what is typed, what is printed, and the exit codes."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from reportgen.cli import main
from reportgen.problems import ExitCode
from tests.factories.approvals import approve, archive_figures, results
from tests.factories.archives import AGENCY
from tests.factories.workbooks import with_cells

EDITION = "105-12-25"
PLACE = Path("archive")
ROLE = ("--role", "自評", "--name", "王小明", "--date", "106-01-05")


@pytest.fixture(autouse=True)
def _archived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REPORTGEN_LANG", "zh-TW")
    monkeypatch.delenv("REPORTGEN_KEY_PASSPHRASE", raising=False)
    archive_figures(PLACE, workbook=with_cells())


def run(*arguments: str) -> int:
    return main(["approve", EDITION, *arguments])


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    capsys.readouterr()
    run(*arguments, "--json")
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert report["schema"] == "reportgen.approval/1"
    return report


def change_figure() -> None:
    archive_figures(PLACE, results("1/5", "20%"), workbook=with_cells(), reprint=True)


@pytest.mark.slow
def test_the_rounds_from_the_first_to_the_last(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--status") == ExitCode.DONE
    assert capsys.readouterr().out == f"{AGENCY} {EDITION}：尚未核可，第一階段「自評」\n"
    assert run(*ROLE, "--remark", "同意") == ExitCode.DONE
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "已寫入第 1 號核可單：105-12-25 自評 王小明"
    assert lines[1].startswith("封存碼 2-")
    assert lines[2:] == [
        f"{AGENCY} {EDITION}：自評已核可，下一階段「初核」",
        "  第 1 號　自評　王小明　106-01-05　有效　意見：同意",
    ]
    assert run("--role", "複核", "--name", "張三") == ExitCode.USAGE
    error = capsys.readouterr().err
    assert error.startswith("〔E651〕「複核」之前還沒有初核的核可。")
    assert "reportgen approve 105-12-25 --role 初核 --name" in error
    assert run("--role", "初核", "--name", "李大同", "--name", "陳美") == ExitCode.DONE
    assert run("--role", "複核", "--name", "張三") == ExitCode.DONE
    assert f"{AGENCY} {EDITION}：自評、初核、複核都已核可" in capsys.readouterr().out


@pytest.mark.slow
def test_a_withdrawal(capsys: pytest.CaptureFixture[str]) -> None:
    run(*ROLE)
    assert run("--withdraw", "1", "--name", "王小明", "--remark", "數字待查") == ExitCode.DONE
    lines = capsys.readouterr().out.splitlines()
    assert "已寫入第 2 號：撤回第 1 號核可（自評）" in lines
    assert lines[-3] == f"{AGENCY} {EDITION}：尚未核可，第一階段「自評」"
    assert lines[-2].endswith("　已撤回")
    assert lines[-1].endswith("　撤回第 1 號　意見：數字待查")
    assert run("--withdraw", "1", "--name", "王", "--remark", "再查") == ExitCode.USAGE
    assert "〔E657〕" in capsys.readouterr().err


@pytest.mark.slow
def test_the_remedy_for_a_round_that_was_passed(capsys: pytest.CaptureFixture[str]) -> None:
    run(*ROLE)
    run("--role", "初核", "--name", "李大同")
    capsys.readouterr()
    assert run(*ROLE) == ExitCode.USAGE
    error = capsys.readouterr().err
    assert error.startswith("〔E652〕「自評」之後的初核已經核可（第 2 號），不能再更動「自評」。")
    remedy = "reportgen approve 105-12-25 --withdraw 2 --name 姓名 --remark 原因"
    assert remedy in error
    assert main(remedy.split()[1:]) == ExitCode.DONE
    assert run("--role", "自評", "--name", "陳美") == ExitCode.DONE


@pytest.mark.slow
def test_a_changed_figure_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    run(*ROLE)
    change_figure()
    capsys.readouterr()
    assert run("--status") == ExitCode.DONE
    out, err = capsys.readouterr()
    change = "F1.1 105年 實績值 10%（1/10） → 20%（1/5）"
    assert f"失效（105-12-25#1 已變更：{change}）" in out
    assert err.startswith("〔W660〕")
    assert change in err
    (slip,) = as_json(capsys, "--status")["approval"]["slips"]
    assert slip["state"] == "void"
    assert slip["voided_by"] == "105-12-25#1"
    figure = {"figure": "F1.1 105年 實績值", "was": "10%（1/10）", "now": "20%（1/5）"}
    assert slip["changed_figures"] == [figure]


def test_json_of_what_was_written(capsys: pytest.CaptureFixture[str]) -> None:
    report = as_json(capsys, *ROLE)
    assert report["written"] == 1
    assert report["head"]["number"] == 2
    approval = report["approval"]
    assert (approval["approved"], approval["next"]) == (["自評"], "初核")
    (slip,) = approval["slips"]
    assert (slip["names"], slip["date"], slip["state"]) == (["王小明"], "2017-01-05", "valid")
    refused = as_json(capsys, "--role", "決行", "--name", "王")
    assert (refused["written"], refused["approval"]) == (None, None)
    assert [problem["code"] for problem in refused["problems"]] == ["E650"]
    key = ["--sign", "none.pem"]
    refused = as_json(capsys, "--role", "初核", "--name", "王", *key)
    assert [problem["code"] for problem in refused["problems"]] == ["E656"]


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_a_signed_slip_is_given_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    generate = ["openssl", "genpkey", "-algorithm", "ed25519", "-aes256", "-pass", "pass:秘密"]
    subprocess.run([*generate, "-out", "王.pem"], check=True, capture_output=True)
    assert run(*ROLE, "--sign", "王.pem") == ExitCode.FILE  # its passphrase is not given
    assert "〔E656〕" in capsys.readouterr().err
    monkeypatch.setenv("REPORTGEN_KEY_PASSPHRASE", "秘密")
    assert run(*ROLE, "--sign", "王.pem") == ExitCode.DONE
    capsys.readouterr()
    assert run("--status", "-o", "slips") == ExitCode.DONE
    assert "　簽章相符（金鑰 " in capsys.readouterr().out
    folder = Path("slips/105-12-25_001")
    names = ["key.pem", "slip.json", "slip.sig"]
    assert sorted(path.name for path in folder.iterdir()) == names
    command = "pkeyutl -verify -pubin -inkey key.pem -rawin -in slip.json -sigfile slip.sig"
    subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)
    assert [file["changed"] for file in as_json(capsys, "--status", "-o", "slips")["files"]] == [
        False
    ] * 3


def test_archive_verify_checks_slips_and_tells_the_state(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run(*ROLE)
    capsys.readouterr()
    assert main(["archive", "verify"]) == ExitCode.DONE
    out, err = capsys.readouterr()
    assert err == ""
    assert f"{AGENCY} {EDITION}：自評已核可，下一階段「初核」" in out
    change_figure()
    assert main(["archive", "verify", "--json"]) == ExitCode.DONE  # it is intact, but void
    report = json.loads(capsys.readouterr().out)
    assert report["intact"]
    assert [problem["code"] for problem in report["problems"]] == ["W660"]
    assert report["approvals"][0]["slips"][0]["state"] == "void"
    (slip,) = PLACE.rglob("*slip.json")
    slip.chmod(0o644)
    slip.write_bytes(slip.read_bytes().replace("王小明".encode(), "王大明".encode()))
    assert main(["archive", "verify"]) == ExitCode.ARCHIVE
    out, err = capsys.readouterr()
    assert "〔E618〕" in err
    assert "〔E660〕" in err
    assert "105-12-25/001　不符" in out
    assert run(*ROLE) == ExitCode.ARCHIVE  # nothing is approved on top of it


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "approve 要與 --role 一起使用"),
        (["--role", "自評"], "approve 要與 --name 一起使用"),
        (["--withdraw", "1", "--name", "王"], "--withdraw 要與 --remark 一起使用"),
        (["--withdraw", "1", "--role", "自評"], "--role 不能與 --withdraw 一起使用"),
        (["--withdraw", "0"], "0"),
        (["--status", "--name", "王"], "--name 不能與 --status 一起使用"),
        (["--status", "--sign", "k"], "--sign 不能與 --status 一起使用"),
        (["--role", " "], "--role"),
    ],
)
def test_options_that_do_not_go_together(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(*arguments)
    assert stopped.value.code == ExitCode.USAGE
    assert message in capsys.readouterr().err


def test_dates_that_are_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--role", "自評", "--name", "王", "--date", "2017-01-05") == ExitCode.USAGE
    assert "--date" in capsys.readouterr().err
    assert run("--role", "自評", "--name", "王", "--date", "999-01-05") == ExitCode.USAGE
    assert "〔E654〕" in capsys.readouterr().err


def test_no_archive_and_no_edition(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["approve", "106-01-01", "--status"]) == ExitCode.USAGE
    assert "〔E613〕" in capsys.readouterr().err
    assert main(["approve", EDITION, "--status", "--archive", "none"]) == ExitCode.FILE
    assert "〔E604〕" in capsys.readouterr().err


def test_a_workbook_that_cannot_be_read_has_no_rounds(capsys: pytest.CaptureFixture[str]) -> None:
    archive_figures(Path("other"))
    assert main(["approve", EDITION, "--status", "--archive", "other"]) == ExitCode.WORKBOOK
    assert "〔E1" in capsys.readouterr().err


def test_in_english(capsys: pytest.CaptureFixture[str]) -> None:
    approve(PLACE, "自評")
    assert run("--status", "--lang", "en") == ExitCode.DONE
    assert capsys.readouterr().out.splitlines() == [
        f"{AGENCY} {EDITION}: 自評 approved, next is 初核",
        "  1  自評  王小明  2017-01-05  counts",
    ]
