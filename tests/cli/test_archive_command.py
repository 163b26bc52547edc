"""``reportgen archive``: what is typed, what is printed, and the exit codes."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from reportgen import pipeline
from reportgen.archive import open_archive
from reportgen.cli import main
from reportgen.cli.archive_translations import ARCHIVE_TRANSLATIONS
from reportgen.cli.argument_parser import parse, width
from reportgen.model.scorecard import DataStatus, RocDate
from reportgen.pipeline import archive_edition
from reportgen.problems import ExitCode, StoppedError, make_problem
from reportgen.render.templates.template_engine import Template
from tests.conftest import ROOT
from tests.factories.archives import AGENCY, sound

if TYPE_CHECKING:
    from reportgen.pipeline import BuildResult, Settings

EDITION = "105-12-25"
PDF = f"{AGENCY}_平衡計分卡_{EDITION}.pdf"


@pytest.fixture(autouse=True)
def _plain_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inputs").mkdir()
    for edition in (EDITION, "105-12-26"):
        (tmp_path / f"inputs/{edition}.xlsx").write_bytes(edition.encode())
    template = tmp_path / "templates/scorecard"
    (template / "備份").mkdir(parents=True)
    (template / "document.html").write_text("<h1>", "utf-8")
    (template / ".hidden").touch()
    (template / "備份/document_1.html").touch()
    (tmp_path / "kai.ttf").write_bytes(b"a font")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("REPORTGEN_LANG", "zh-TW")


def producing(
    monkeypatch: pytest.MonkeyPatch,
    *,
    status: DataStatus = DataStatus.FINAL,
    pdf: bytes = b"%PDF",
    stop: StoppedError | None = None,
) -> list[Settings]:
    """Let every build make this; answers what was asked for."""
    asked: list[Settings] = []

    def produce(workbook: Path, settings: Settings) -> BuildResult:
        asked.append(settings)
        if stop is not None:
            raise stop
        card: Any = SimpleNamespace(
            agency=AGENCY,
            revised=RocDate(*map(int, workbook.stem.split("-"))),
            title="策略地圖與平衡計分卡",
            status=status,
            data_year=105,
        )
        name = f"{AGENCY}_平衡計分卡_{workbook.stem}"
        found = SimpleNamespace(face=SimpleNamespace(family="TW-Kai"), path=Path("kai.ttf"))
        fonts: Any = SimpleNamespace(found=(found,))
        return pipeline.BuildResult(
            source=pipeline.BuildSource(workbook.name, workbook.read_bytes(), card),
            contents={
                settings.output / f"{name}.pdf": pdf,
                settings.output / f"{name}.docx": b"PK",
            },
            templates=(Template(Path("templates/scorecard")),),
            fonts=fonts,
            problems=(make_problem("N504"),),
        )

    monkeypatch.setattr(archive_edition, "render_edition", produce)
    return asked


def run(*arguments: str) -> int:
    return main(["archive", *arguments])


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    capsys.readouterr()
    run(*arguments, "--json")
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert said["schema"] == f"reportgen.archive.{arguments[0]}/1"
    return said


@pytest.mark.slow
def test_formats_are_asked_for_as_of_a_build(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = producing(monkeypatch)
    assert run("add", EDITION) == ExitCode.DONE
    assert run("add", EDITION, "--format", "pdf,docx,odt") == ExitCode.DONE
    assert [settings.formats for settings in asked] == [("pdf", "docx"), ("pdf", "docx", "odt")]


@pytest.mark.slow
def test_an_edition_from_its_workbook_to_the_hand_over(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked = producing(monkeypatch)
    assert run("add", EDITION, "--printed", "105.12.27", "--by", "王小明") == ExitCode.DONE
    assert asked[0].documents == ()  # the defaults of the edition
    out = capsys.readouterr().out.splitlines()
    assert out[0] == f"已封存 {AGENCY} {EDITION}"
    code = out[1].removeprefix("封存碼 ")
    found = sound(Path("archive"))
    assert not Path("output").exists()
    assert [each.path for each in found.editions[0].files] == [
        f"documents/{AGENCY}_平衡計分卡_{EDITION}.docx",
        f"documents/{PDF}",
        "record.json",
        "reports/problems.json",
        f"source/{EDITION}.xlsx",
        "templates/scorecard/document.html",
    ]

    assert run("add", EDITION) == ExitCode.DONE
    assert capsys.readouterr().out.splitlines()[0] == f"先前已封存 {AGENCY} {EDITION}"

    assert run("head") == ExitCode.DONE
    assert capsys.readouterr().out.splitlines()[0] == code

    assert run("list") == ExitCode.DONE
    name, facts = capsys.readouterr().out.splitlines()
    assert name == f"{AGENCY} {EDITION}"
    assert facts.startswith("  列印日期 105-12-27，")
    assert facts.endswith(" 封存，6 個檔案，定稿")

    assert run("show", EDITION) == ExitCode.DONE
    shown = capsys.readouterr().out
    assert f"documents/{PDF}" in shown
    assert "Python CPython" in shown
    assert "字型: TW-Kai" in shown

    assert run("verify", "--head", code) == ExitCode.DONE
    said = capsys.readouterr().out
    assert said.startswith("封存完好：1 個版次、")
    assert f"與封存碼 {code} 相符，其後又有 0 筆。" in said

    assert run("restore", EDITION, "-o", "back", "--with-fonts") == ExitCode.DONE
    folder = tmp_path / f"back/{AGENCY}_{EDITION}"
    assert (folder / f"documents/{PDF}").read_bytes() == b"%PDF"
    assert (folder / f"source/{EDITION}.xlsx").read_bytes() == EDITION.encode()
    assert [each.read_bytes() for each in (folder / "fonts").iterdir()] == [b"a font"]

    assert run("verify", str(folder / f"documents/{PDF}")) == ExitCode.DONE
    assert f"  {AGENCY} {EDITION} 的 documents/{PDF}（定稿，列印日期" in capsys.readouterr().out
    (folder / f"documents/{PDF}").write_bytes(b"%PDG")
    assert run("verify", str(folder / f"documents/{PDF}")) == ExitCode.ARCHIVE
    assert "〔E625〕" in capsys.readouterr().err
    assert run("restore", EDITION, "-o", "back") == ExitCode.DONE
    assert (folder / f"documents/{PDF}").read_bytes() == b"%PDF"
    assert len([*(folder / "documents/備份").iterdir()]) == 1  # nothing of the user's is lost

    assert run("export", EDITION, "-o", "bags") == ExitCode.DONE
    assert (tmp_path / f"bags/{AGENCY}_{EDITION}/bagit.txt").is_file()
    assert run("export", EDITION, "-o", "bags") == ExitCode.DONE
    assert "（內容相同，未重寫）" in capsys.readouterr().out


def test_a_font_that_is_not_as_archived_is_told_and_all_else_restored(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    producing(monkeypatch)
    assert run("add", EDITION) == ExitCode.DONE
    files = (path for path in Path("archive").rglob("*") if path.is_file())
    (font,) = (path for path in files if path.read_bytes() == b"a font")
    font.write_bytes(b"another")
    assert run("restore", EDITION, "-o", "altered", "--with-fonts") == ExitCode.ARCHIVE
    assert "〔E618〕" in capsys.readouterr().err
    font.unlink()
    lacking = as_json(capsys, "restore", EDITION, "-o", "lacking", "--with-fonts")
    assert [each["code"] for each in lacking["problems"]] == ["E619"]
    assert len(lacking["files"]) == 6


def test_times_are_those_of_the_place(monkeypatch: pytest.MonkeyPatch) -> None:
    from reportgen.cli.archive_reporter import localized_date, localized_time

    monkeypatch.setenv("TZ", "Asia/Taipei")
    time.tzset()
    try:
        assert localized_time("2016-12-25T20:30:00Z", "zh-TW") == "105-12-26 04:30:00"
        assert localized_time("2016-12-25T20:30:00Z", "en") == "2016-12-26 04:30:00"
    finally:
        monkeypatch.undo()
        time.tzset()
    assert localized_date("2016-12-25", "zh-TW") == "105-12-25"
    assert (
        localized_time("?", "en"),
        localized_date("", "en"),
        localized_date("0001-01-01", "zh-TW"),
    ) == ("?", "", "0001-01-01")


@pytest.mark.slow
def test_reprints(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    producing(monkeypatch)
    run("add", EDITION)
    producing(monkeypatch, pdf=b"%PDF other")
    assert run("add", EDITION) == ExitCode.WORKBOOK
    error = capsys.readouterr().err
    assert "〔E602〕" in error
    assert f"{EDITION}: 沒有封存任何內容。" in error
    assert run("add", EDITION, "--reprint", "--printed", "106-02-01") == ExitCode.DONE
    assert run("restore", EDITION) == ExitCode.DONE
    assert run("restore", f"{EDITION}#0") == ExitCode.DONE
    restored = Path("output/restored")
    assert (restored / f"{AGENCY}_{EDITION}_1/documents/{PDF}").read_bytes() == b"%PDF other"
    assert (restored / f"{AGENCY}_{EDITION}/documents/{PDF}").read_bytes() == b"%PDF"
    one, two = as_json(capsys, "list")["editions"]
    assert (one["reprint"], two["reprint"], two["printed"]) == (0, 1, "2017-02-01")


def test_several_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    producing(monkeypatch)
    said = as_json(capsys, "add", EDITION, "105-12-26", "105-12-27")
    first, second, third = said["workbooks"]
    assert (first["new"], second["new"]) == (True, True)
    assert second["head"]["number"] == 3  # the archive itself, the font, two editions
    assert third == {"workbook": "105-12-27", "new": None, "archived": None, "head": None}
    assert [each["code"] for each in said["problems"]] == ["N504", "N504", "E302"]
    assert [each.name for each in sound(Path("archive")).editions] == [EDITION, "105-12-26"]


@pytest.mark.parametrize(
    ("arguments", "code", "exit_code"),
    [
        (["add", EDITION, "--reprint"], "E604", ExitCode.FILE),
        (["add", EDITION, "--printed", "2016-12-25"], "E123", ExitCode.USAGE),
        (["add", EDITION, "--archive", "inputs"], "E605", ExitCode.FILE),
        (["add", "nothing"], "E302", ExitCode.FILE),
        (["list"], "E604", ExitCode.FILE),
        (["verify"], "E604", ExitCode.FILE),
    ],
)
def test_what_is_refused(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: str,
    exit_code: ExitCode,
) -> None:
    producing(monkeypatch)
    assert run(*arguments) == exit_code
    assert f"〔{code}〕" in capsys.readouterr().err
    assert not Path("archive").exists()


def test_drafts_are_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    producing(monkeypatch, status=DataStatus.DRAFT)
    assert run("add", EDITION) == ExitCode.WORKBOOK
    assert "〔E601〕" in capsys.readouterr().err
    assert not Path("archive").exists()


@pytest.mark.parametrize(
    ("arguments", "code", "exit_code"),
    [
        (["show", "105-12-31"], "E613", ExitCode.USAGE),
        (["restore", "../../x"], "E612", ExitCode.USAGE),
        (["export", "x"], "E612", ExitCode.USAGE),
        (["verify", "--head", "nonsense"], "E622", ExitCode.USAGE),
        (["verify", "--head", "99-" + "A" * 20], "E616", ExitCode.ARCHIVE),
        (["verify", "--head", "1-" + "A" * 20], "E617", ExitCode.ARCHIVE),
        (["verify", "--head", "1-" + "A" * 20, "inputs/105-12-25.xlsx"], "E617", ExitCode.ARCHIVE),
        (["verify", "inputs/105-12-26.xlsx"], "E624", ExitCode.ARCHIVE),
    ],
)
def test_what_is_not_there(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: str,
    exit_code: ExitCode,
) -> None:
    producing(monkeypatch)
    run("add", EDITION)
    capsys.readouterr()
    assert run(*arguments) == exit_code
    assert f"〔{code}〕" in capsys.readouterr().err


def test_the_workbooks_errors_stop_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    producing(
        monkeypatch, stop=StoppedError([make_problem("E307", hint="", hint_en="")], ExitCode.FILE)
    )
    assert run("add", EDITION) == ExitCode.FILE
    assert "〔E307〕" in capsys.readouterr().err
    assert open_archive(Path("archive"))[0] is None


def test_what_is_not_finished_is_not_called_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from reportgen.archive import transaction

    def fail(*_: object) -> None:
        raise OSError(5, "Input/output error")

    producing(monkeypatch)
    with monkeypatch.context() as patch:
        patch.setattr(transaction, "_append_log_line", fail)
        assert run("add", EDITION) == ExitCode.FILE
    error = capsys.readouterr().err
    assert "〔E609〕" in error
    assert "沒有封存任何內容" not in error
    assert run("add", EDITION) == ExitCode.DONE
    sound(Path("archive"))


@pytest.mark.slow
def test_damage_is_exit_code_six(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    producing(monkeypatch)
    run("add", EDITION)
    (pdf,) = Path("archive").rglob("*.pdf")
    pdf.chmod(0o644)
    pdf.write_bytes(b"%PDG")
    assert run("verify") == ExitCode.ARCHIVE
    captured = capsys.readouterr()
    assert "〔E618〕" in captured.err
    assert "封存有 1 處不符" in captured.out
    said = as_json(capsys, "verify")
    assert (said["intact"], said["counts"]["editions"]) == (False, 1)
    assert run("restore", EDITION) == ExitCode.ARCHIVE  # what is intact can be had
    assert not Path(f"output/restored/{AGENCY}_{EDITION}/documents/{PDF}").exists()
    assert Path(f"output/restored/{AGENCY}_{EDITION}/source/{EDITION}.xlsx").exists()
    assert run("export", EDITION) == ExitCode.ARCHIVE
    assert not Path("output/bags").exists()
    assert run("show", EDITION) == ExitCode.ARCHIVE
    assert run("list") == ExitCode.DONE


@pytest.mark.slow
def test_options_may_stand_before_the_action(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    producing(monkeypatch)
    run("add", EDITION)
    capsys.readouterr()
    assert main(["archive", "--json", "list"]) == ExitCode.DONE
    assert json.loads(capsys.readouterr().out)["schema"] == "reportgen.archive.list/1"
    assert main(["archive", "--lang", "en", "list"]) == ExitCode.DONE
    assert "archived" in capsys.readouterr().out


@pytest.mark.parametrize("language", ["zh-TW", "en"])
@pytest.mark.parametrize("action", ["", "add", "list", "show", "verify", "restore", "head"])
def test_help_keeps_to_the_terminals_width(
    capsys: pytest.CaptureFixture[str], language: Any, action: str
) -> None:
    with pytest.raises(SystemExit) as end:
        parse(["archive", *action.split(), "--help"], language)
    assert end.value.code == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(width, lines)) <= 80
    about = ARCHIVE_TRANSLATIONS[f"archive {action}".strip()][language == "en"]
    assert "".join(about.split()) in "".join("".join(lines).split())


@pytest.mark.slow
def test_listing_needs_no_layout_engine(capsys: pytest.CaptureFixture[str]) -> None:
    """What is archived can be read where Pango, WeasyPrint and openpyxl are missing."""
    import subprocess

    program = (
        "import sys\n"
        "from reportgen.cli import main\n"
        "main(['archive', 'list']); main(['archive', 'verify']); main(['archive', 'head'])\n"
        "print(sorted({'weasyprint', 'openpyxl', 'jinja2', 'lxml'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.decode().splitlines()[-1] == "[]"


@pytest.mark.slow
def test_the_sample_edition_is_archived_whole(tmp_path: Path) -> None:
    """With nothing put in place of anything: the documents are what a build writes."""
    from reportgen.archive import find_edition, load_files

    workbook = ROOT / f"inputs/{EDITION}.xlsx"
    templates = str(ROOT / "templates")
    arguments = ["--document", "scorecard", "--templates", templates]
    assert run("add", str(workbook), *arguments) == ExitCode.DONE
    found = sound(tmp_path / "archive")
    entry, _ = find_edition(found, EDITION)
    assert entry is not None
    files, _ = load_files(found, entry)
    assert files[f"source/{EDITION}.xlsx"] == workbook.read_bytes()
    assert files[f"documents/{PDF}"].startswith(b"%PDF-")
    record = json.loads(files["record.json"])
    versions = record["environment"]["versions"]
    assert {"weasyprint", "uharfbuzz", "lxml", "Pango", "HarfBuzz", "fontconfig", "zlib"} <= set(
        versions
    )
    assert len({each["sha256"] for each in record["environment"]["fonts"]}) >= 2
    assert str(ROOT) not in files["record.json"].decode()  # no path of a machine
