"""The published schemas: every JSON is as they say, and nothing else would be."""

from __future__ import annotations

import ast
import io
import json
import re
import shutil
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl import load_workbook

from reportgen.cli import main
from reportgen.cli.published_schemas import FORMS, file_name, published_schemas
from reportgen.compare import compare_scorecards, comparison_json
from reportgen.compute import compute
from reportgen.exports.results_json import results_json
from reportgen.model.scorecard import Text
from reportgen.provenance import manifest
from reportgen.provenance.manifest import MANIFEST_NAME, attachments
from reportgen.web import server
from reportgen.workbook.parts.owner_part import RECORD_SHEET
from tests.conftest import ROOT, Shared
from tests.factories.approvals import archive_figures, results
from tests.factories.certification_authority import PASSPHRASE, root, service, signer, stamper
from tests.factories.owner_parts import (
    blanked,
    contents_of,
    edition,
    filled,
    sample_card,
    workbook_of,
)
from tests.factories.samples import (
    SAMPLES,
    earlier_edition,
    scorecard,
    teachers_center,
    workbook,
    yearly_review,
)
from tests.factories.scorecards import figure, goal, kpi, read
from tests.factories.workbooks import with_cells
from tests.readers.json_forms import (
    faults,
    known_fields,
    mutations,
    optional_fields,
    unseen_fields,
    validator,
    validator_of,
)

Documents = dict[str, list[Any]]
EDITION = "105-12-25"
SCHEMAS = published_schemas()
EVERY_FORM = pytest.mark.parametrize("name", FORMS)
LARGE_CHARS = 30_000
# What earlier versions did not write, what changes no bytes where it is absent, what is counted.
OPTIONAL = {"codes", "approvals", "figures", "texts", "reprint"}
QUICK = ("--document", "scorecard", "--format", "html")


class Collector:
    """The JSON that commands print and write, by form."""

    def __init__(self) -> None:
        self.documents: Documents = {}

    def add(self, content: Any, name: str = "") -> Any:
        self.documents.setdefault(name or content["schema"], []).append(content)
        return content

    def run(self, *arguments: str) -> Any:
        """Run a command with ``--json``; whether it succeeds does not matter."""
        target = io.StringIO()
        with redirect_stdout(target), redirect_stderr(io.StringIO()):
            main([*arguments, "--json"])
        return self.add(json.loads(target.getvalue()))


@pytest.fixture(scope="session")
def documents(shared: Shared) -> Documents:
    """Every command in its successes and its errors, and every file that is JSON."""
    made: Documents = shared("json-documents", _make_documents)
    return made


def _make_documents(folder: Path) -> Documents:
    collector = Collector()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("REPORTGEN_LANG", "zh-TW")
        Path("inputs").mkdir()
        for name in ("105-06-30", EDITION):
            shutil.copy(ROOT / f"inputs/{name}.xlsx", f"inputs/{name}.xlsx")
        Path("words.xlsx").write_bytes(workbook(yearly_review))
        faults = (("年度資料", "F10", "許多"), ("關鍵績效指標", "D10", "甲/("))
        Path("faulty.xlsx").write_bytes(with_cells(*faults))
        Path("no.xlsx").write_bytes(b"no workbook")
        _single_editions(collector)
        _many_workbooks(collector, patch)
        _parts(collector)
        _archive(collector, patch)
        _approvals(collector)
        _results_and_comparisons(collector)
    return collector.documents


def _single_editions(collector: Collector) -> None:
    run = collector.run
    for name in (EDITION, "words.xlsx", "faulty.xlsx", "no.xlsx", "absent"):
        run("check", name)
        run("build", name, *QUICK, "--open-data")
        run("explain", name, "F1.2")
    run("build", "words.xlsx", *QUICK)  # in place of another workbook's files
    for _ in range(2):  # the second time there is a copy to be kept
        run("check", "faulty.xlsx", "no.xlsx", "--annotate")
        Path("faulty_檢查.xlsx").write_bytes(b"another")
    template = Path("templates/scorecard/document.html")
    template.parent.mkdir(parents=True)
    template.write_text("<p>\n{{ nothing }}", "utf-8")
    run("build", EDITION, *QUICK)
    shutil.rmtree("templates")
    for arguments in (["Z9.9"], ["F1.1", "--year", "50"], ["F1.1", "--year", "104"]):
        run("explain", EDITION, *arguments)
    for arguments in (
        *(["106-03-29"], ["106-03-29"], ["106-03-29", "--replace"], ["x.pdf"], ["106-13-01"]),
        *(["106-06-30", "--from", EDITION], [EDITION, "--refresh"], ["b", "--from", "no.xlsx"]),
    ):
        run("new", *arguments)
    run("compare", "105-06-30", EDITION, "--format", "html")
    run("compare", "absent", "no.xlsx")
    run("doctor")
    run("doctor", "--output", "no.xlsx/in-a-file")


def _many_workbooks(collector: Collector, patch: pytest.MonkeyPatch) -> None:
    Path("in").mkdir()
    for name in (f"inputs/{EDITION}.xlsx", "faulty.xlsx", "no.xlsx"):
        shutil.copy(name, "in")
    for folder in ("in", "in", "absent"):
        collector.run("collect", folder, "--output", "out", *QUICK, "--open-data")

    def serve(options: object, started: Any) -> None:
        started(SimpleNamespace(link="http://x/?t=1", addresses=("http://x/",), password=""))

    patch.setattr(server, "serve", serve)
    collector.run("serve", "--no-browser")
    collector.run("serve", "absent", "--no-browser")


def _parts(collector: Collector) -> None:
    card = sample_card()
    whole = workbook_of(card)
    blank = blanked(card, whole, lambda cell: False)
    Path("shared.xlsx").write_bytes(blank)
    collector.run("share", "shared.xlsx", "--due", "106-01-20", "-o", "parts")
    first, *_ = sorted(Path("parts").iterdir())
    first.write_bytes(b"another")
    collector.run("share", "shared.xlsx", "-o", "parts", "--replace")
    collector.run("share", "absent")
    collector.run("share", "shared.xlsx", "-o", "parts", "--due", "106-13-01")
    contents = contents_of(edition(blank), edition(whole))
    for line in load_workbook(first)[RECORD_SHEET].iter_rows(values_only=True):
        collector.add(json.loads(str(line[0])), "reportgen.part/1")
    first.write_bytes(filled(first.read_bytes(), contents))
    collector.run("merge", "shared.xlsx", "parts", "--status")
    collector.run("merge", "shared.xlsx", str(first), "no.xlsx")
    collector.run("merge", "shared.xlsx", str(first))
    collector.run("merge", "shared.xlsx", str(first))
    collector.run("merge", "absent", str(first))


def _archive(collector: Collector, patch: pytest.MonkeyPatch) -> None:
    def run(action: str, *arguments: str) -> Any:
        return collector.run("archive", action, *arguments)

    run("list")  # there is no archive yet
    for action in ("show", "restore", "export"):
        run(action, EDITION)
    run("head")
    run("verify")
    run("add", EDITION, "absent", *QUICK)
    results_pdf = ("--document", "results", "--format", "pdf")
    run("add", EDITION, "--reprint", *results_pdf)
    collector.run("approve", EDITION, "--role", "自評", "--name", "王小明")
    collector.run("build", EDITION, *results_pdf, "--approvals", "-o", "signed")
    (signed,) = Path("signed").rglob("*.pdf")
    collector.add(json.loads(attachments(signed.read_bytes())[MANIFEST_NAME]))
    run("list")
    authority = root()
    Path("ca.pem").write_bytes(authority.pem)
    Path("key.p12").write_bytes(signer(authority).pkcs12(authority))
    patch.setenv("REPORTGEN_KEY_PASSPHRASE", PASSPHRASE)
    with service(stamper(authority)) as address:
        run("stamp", "--authority", address)
    run("stamp", "--authority", "http://127.0.0.1:9/")
    run("sign", "--key", "key.p12")
    run("sign", "--key", "absent.p12")
    run("head")
    run("verify", "--trust", "ca.pem")
    run("verify", "--head", "no head")
    run("verify", f"inputs/{EDITION}.xlsx", "words.xlsx", "absent.xlsx")
    for action in ("show", "restore", "export"):
        run(action, EDITION, f"{EDITION}#0", "106-01-01")
    for file in Path("output/restored").rglob("*.html"):
        file.write_bytes(b"another")
    run("restore", EDITION, f"{EDITION}#0")
    (document,) = Path("output/restored").rglob("*.pdf")
    collector.add(json.loads(attachments(document.read_bytes())[MANIFEST_NAME]))
    patch.setattr(manifest, "library_versions_used", lambda: {"reportgen": "0"})
    run("rebuild", str(document), "absent.pdf", "-o", "again")
    _add_log(collector, Path("archive"))
    for path in Path("archive").rglob("inventory.json"):
        collector.add(json.loads(path.read_bytes()), "reportgen.archive-inventory/1")
    for path in Path("output/restored").rglob("*.json"):
        name = "reportgen.archive-problems/1" if path.name == "problems.json" else ""
        if path.parent.name != "documents":
            collector.add(json.loads(path.read_bytes()), name)
    damaged = next(Path("archive").rglob("*.xlsx"))
    damaged.chmod(0o644)
    damaged.write_bytes(b"PK")
    run("verify")
    run("show", EDITION)


def _add_log(collector: Collector, archive: Path) -> None:
    for line in (archive / "log.txt").read_text("utf-8").splitlines():
        collector.add(json.loads(line.partition(" ")[2]), "reportgen.archive-log/1")


def _approvals(collector: Collector) -> None:
    place = Path("approved")
    generate = ["openssl", "genpkey", "-algorithm", "ed25519", "-out", "signer.pem"]
    subprocess.run(generate, check=True, capture_output=True)

    def approve(*arguments: str) -> Any:
        return collector.run("approve", EDITION, "--archive", str(place), *arguments)

    approve("--status")  # there is no archive yet
    archive_figures(place, workbook=with_cells())
    approve("--status")
    for role in ("自評", "複核", "初核"):  # 複核 comes too early
        approve("--role", role, "--name", "王小明", "--remark", "同意", "--sign", "signer.pem")
    approve("--withdraw", "2", "--name", "王小明", "--remark", "數字待查")
    archive_figures(place, results("1/5", "20%"), workbook=with_cells(), reprint=True)
    approve("--status", "-o", "slips")
    _add_log(collector, place)
    slips = [path.read_bytes() for path in sorted(Path("slips").rglob("slip.json"))]
    for slip in slips:
        collector.add(json.loads(slip))
    Path("slips/105-12-25_001/slip.json").write_bytes(b"another")
    approve("--status", "-o", "slips")
    collector.run("archive", "verify", "--archive", str(place))
    files = (path for path in place.rglob("*") if path.is_file())
    damaged = next(path for path in files if path.read_bytes() == slips[0])
    damaged.chmod(0o644)
    damaged.write_bytes(b"{}")
    approve("--status")


def _results_and_comparisons(collector: Collector) -> None:
    small = read(
        關鍵績效指標=[
            kpi("甲/乙×100%≥90%（單位：%）", 權重=1, 承辦單位="研究組"),
            kpi("甲/丙（單位：件）", code="AC1.2"),
            kpi("甲＋丁（單位：件）", code="AC1.3"),
            kpi("甲占乙之比率（單位：%）", code="AC1.4"),
        ],
        年度資料=[
            figure("甲", [1, 2], component="子"),
            figure("乙", [3, 4]),
            figure("丙", [0, 0]),
            figure("戊", [1, 2]),
            figure("丁", [1, None], component="子"),
        ],
        目標值=[{**goal(80), "依據": "計畫"}],
        燈號=[{"名稱": "綠燈", "達成率下限": 0}],
        勾稽規則=[{"規則": "甲<乙", "說明": "合理"}, {"規則": "戊/丙<1"}],
    )
    for card in (small, *map(scorecard, SAMPLES.values())):
        collector.add(json.loads(results_json(compute(card)[0])))
    older, newer = scorecard(earlier_edition), scorecard(teachers_center)
    figures = tuple(
        replace(figure, values=tuple(value for value in figure.values if value.year < 105))
        for figure in newer.figures
    )
    reordered = replace(newer, figures=figures, kpis=tuple(reversed(newer.kpis)))
    entry = replace(newer.revisions[0], item=Text(text="其他", at=newer.revisions[0].note.at))
    reviewed = scorecard(yearly_review)
    commentary = replace(reviewed.commentaries[0], year=reviewed.data_year + 1)
    next_year = replace(reviewed, commentaries=(*reviewed.commentaries, commentary))
    for old, new in (
        (older, newer),
        (reordered, replace(newer, revisions=(entry,))),
        (reviewed, next_year),
    ):
        collector.add(json.loads(comparison_json(compare_scorecards(old, new))))


@pytest.mark.slow
@EVERY_FORM
def test_every_example_is_valid(documents: Documents, name: str) -> None:
    for content in documents[name]:
        assert faults(content, name) == []


@pytest.mark.slow
def test_every_field_occurs_in_an_example(documents: Documents) -> None:
    assert documents.keys() == FORMS.keys()
    assert unseen_fields(documents) == []


@pytest.mark.slow
@EVERY_FORM
def test_whatever_else_is_refused(documents: Documents, name: str) -> None:
    fields, optional = known_fields(SCHEMAS[name]), optional_fields(SCHEMAS[name])
    seen: set[tuple[object, ...]] = set()
    count = 0
    for content in sorted(documents[name], key=lambda content: len(str(content))):
        if len(str(content)) > LARGE_CHARS:
            break  # it has nothing that smaller ones have not, and takes long
        for change, mutated in mutations(content, fields, seen):
            path, _, kind = change.rpartition(" ")
            if kind == "removed" and path.rpartition(".")[2] in optional:
                continue
            assert not validator(name).is_valid(mutated), change
            count += 1
    assert count >= len(fields)


@EVERY_FORM
def test_every_schema_explains_itself(name: str) -> None:
    schema = SCHEMAS[name]
    validator_of(schema).check_schema(schema)
    assert schema["description"]
    for form in (schema, *schema.get("$defs", {}).values()):
        if form.get("type") != "object":
            continue
        assert form["additionalProperties"] is False
        assert set(form["required"]) | OPTIONAL >= form["properties"].keys()
        for field, content in form["properties"].items():
            assert content["title"], field
            assert content["description"].endswith((".", "….")), field


def test_every_form_has_a_name_of_its_own() -> None:
    assert len({schema["$id"] for schema in SCHEMAS.values()}) == len(SCHEMAS)
    published = {path.name for path in (ROOT / "docs/schemas").glob("*.json")}
    assert published == set(map(file_name, FORMS))


def test_every_name_of_a_form_in_the_program_has_a_schema() -> None:
    """A new name, ``reportgen.something/1``, is found here if FORMS lacks it."""
    found = set()
    for path in sorted((ROOT / "reportgen").rglob("*.py")):
        source = path.read_text("utf-8")
        if not re.search(r'"reportgen\.[a-z{.-]+', source):
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
                found |= {text} if re.fullmatch(r"reportgen\.[a-z.-]+/[0-9]+", text) else set()
            elif isinstance(node, ast.JoinedStr):
                parts = [
                    re.escape(str(part.value)) if isinstance(part, ast.Constant) else "[a-z-]+"
                    for part in node.values
                ]
                pattern = "".join(parts)
                if re.match(r"reportgen\\\.[^ ]*/[0-9]+$", pattern):
                    assert [name for name in FORMS if re.fullmatch(pattern, name)], pattern
    assert found - FORMS.keys() == set()
    assert len(found) > 20
