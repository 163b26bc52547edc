"""Approvals of archived editions on the page: rounds, slips, withdrawal, and the print of them."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pypdfium2
import pytest

from reportgen.cli import main
from tests.factories.workbooks import with_cells
from tests.web.client import Client, entered
from tests.web.server import SHARED, running, small_templates

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.web.server import Server

pytestmark = pytest.mark.slow

FINAL = ("基本資料", "B10", "定稿")
POSTS = (("基本資料", "A15", "核章欄"), ("基本資料", "B15", "承辦人、機關首長"))


def templates_with_posts(folder: Path) -> Path:
    """Small templates, of which that of the scorecard has a box to sign."""
    small_templates(folder)
    box = (
        '{% if document.signatories %}<table class="signatures"><tr>'
        "{% for post in document.signatories %}<th>{{ post }}</th>{% endfor %}</tr><tr>"
        "{% for post in document.signatories %}<td></td>{% endfor %}</tr></table>{% endif %}"
    )
    for name in ("scorecard", "results"):
        page = folder / name / "document.html"
        page.write_text(page.read_text("utf-8") + box, "utf-8")
    return folder


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("office")
    templates = templates_with_posts(folder / "templates")
    audit = str(folder / "audit.jsonl")
    arguments = ("--templates", str(templates), "--audit-log", audit)
    with running(folder, *arguments, environment=SHARED) as server:
        yield server
    assert "Traceback" not in server.said(), server.said()


@pytest.fixture(scope="module")
def client(office: Server) -> Client:
    return entered(office)


def text_of(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


def archived(client: Client, day: str, *cells: tuple[str, str, object]) -> str:
    """Archive an edition of a day; return its number."""
    content = with_cells(FINAL, ("基本資料", "B8", day), *cells)
    item = client.made(content, f"{day}.xlsx")
    answer = client.post("/api/archive", {"item": item["id"], "reprint": "#" in day})
    assert answer.json()["archived"], answer.json()
    return str(answer.json()["archived"]["id"])


def approve(client: Client, number: str, role: str, name: str = "王小明", **given: str) -> Any:
    slip = {"role": role, "name": name, "remark": "", "date": "", **given}
    return client.post(f"/api/archive/{number}/approval", slip).json()


def approval_of(client: Client, number: str) -> Any:
    return client.get(f"/api/archive/{number}/approval").json()["approval"]


def states(approval: Any) -> list[str]:
    return [slip["state"] for slip in approval["slips"]]


def codes(answer: Any) -> list[str]:
    return [problem["code"] for problem in answer["problems"]]


def test_the_rounds_are_approved_in_their_order(client: Client) -> None:
    number = archived(client, "105-01-02")
    approval = approval_of(client, number)
    assert (approval["rounds"], approval["next"]) == (["自評", "初核", "複核"], "自評")
    assert (approval["open_rounds"], approval["slips"]) == (["自評"], [])
    assert codes(approve(client, number, "複核")) == ["E651"]
    receipt = approve(client, number, "自評", "王小明", remark="數字已核對", date="2017-01-05")
    assert receipt["written"] == 1
    assert receipt["head"]
    (slip,) = receipt["approval"]["slips"]
    assert (slip["names"], slip["date"], slip["remark"]) == (["王小明"], "2017-01-05", "數字已核對")
    assert (slip["state"], slip["role"], slip["can_be_withdrawn"]) == ("valid", "自評", True)
    assert receipt["approval"]["open_rounds"] == ["初核", "自評"]
    approve(client, number, "自評", "李四")
    last = approve(client, number, "初核", "陳美")["approval"]
    assert last["approved"] == ["自評", "初核"]
    assert [slip["can_be_withdrawn"] for slip in last["slips"]] == [True, True, True]
    assert codes(approve(client, number, "自評")) == ["E652"]


def test_the_posts_of_the_workbook_are_its_rounds(client: Client) -> None:
    number = archived(client, "105-01-03", *POSTS)
    assert approval_of(client, number)["rounds"] == ["承辦人", "機關首長"]


@pytest.fixture(scope="module")
def number(client: Client) -> str:
    """An archived edition whose first round may be approved again and again."""
    return archived(client, "105-01-04")


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"date": "2900-01-01"}, 200, "E654"),
        ({"date": "2999-01-01"}, 400, "not understood"),
        ({"date": "106-01-05"}, 400, "not understood"),
        ({"name": ""}, 200, "E658"),
        ({"name": "<b>王</b>\n"}, 200, ""),
        ({"name": "x" * 41}, 200, "E658"),
        ({"remark": "x" * 501}, 200, "E658"),
        ({"role": "決行"}, 200, "E650"),
        ({"role": 1}, 400, "not understood"),
    ],
)
def test_what_no_slip_can_have_is_refused(
    client: Client, number: str, given: dict[str, Any], status: int, code: str
) -> None:
    slip = {"role": "自評", "name": "王小明", "remark": "", "date": "", **given}
    answer = client.post(f"/api/archive/{number}/approval", slip)
    assert answer.status == status
    told = codes(answer.json()) if status == 200 else [answer.code]
    assert told == ([code] if code else [])
    assert bool(status == 200 and answer.json()["written"]) is (code == "")


def test_an_approval_is_withdrawn_with_a_reason(client: Client) -> None:
    number = archived(client, "105-01-05")
    for role in ("自評", "初核"):
        approve(client, number, role)
    path = f"/api/archive/{number}/withdrawal"
    withdrawal = {"number": 1, "name": "王小明", "remark": "數字待查"}
    assert codes(client.post(path, withdrawal).json()) == ["E652"]
    assert codes(client.post(path, {**withdrawal, "number": 2, "remark": " "}).json()) == ["E658"]
    assert client.post(path, {**withdrawal, "number": "2"}).code == "not understood"
    answer = client.post(path, {**withdrawal, "number": 2}).json()
    assert states(answer["approval"]) == ["valid", "withdrawn", "withdrawal"]
    assert answer["approval"]["slips"][2]["withdraws"] == 2
    assert answer["approval"]["next"] == "初核"
    assert codes(client.post(path, {**withdrawal, "number": 2}).json()) == ["E657"]


def test_a_changed_figure_voids_and_is_named(client: Client) -> None:
    number = archived(client, "105-01-06")
    approve(client, number, "自評")
    content = with_cells(FINAL, ("基本資料", "B8", "105-01-06"), ("年度資料", "E5", 99))
    item = client.made(content, "105-01-06.xlsx")["id"]
    answer = client.post("/api/archive", {"item": item, "reprint": True}).json()
    newer = answer["archived"]["id"]
    told = client.get(f"/api/archive/{number}/approval").json()
    approval = told["approval"]
    assert (approval["id"], approval["name"]) == (newer, "105-01-06#1")
    assert states(approval) == ["void"]
    assert approval["slips"][0]["voided_by"] == "105-01-06#1"
    changes = approval["slips"][0]["changed_figures"]
    assert changes
    assert all(change["was"] != change["now"] for change in changes)
    assert codes(told) == ["W660"]
    assert codes(approve(client, number, "自評")) == ["E659"]  # what is seen is what is approved
    assert approve(client, newer, "自評")["written"] == 2


@contextmanager
def altered(office: Server, content: bytes) -> Iterator[None]:
    """While this lasts, the first letter of a file of the archive is another one."""
    (path,) = [
        path
        for path in office.archive.rglob("*")
        if path.is_file() and path.read_bytes() == content
    ]
    try:
        path.write_bytes(b"x" + content[1:])
        yield
    finally:
        path.write_bytes(content)


def test_a_damaged_slip_is_shown_and_nothing_can_be_added(client: Client, office: Server) -> None:
    number = archived(client, "105-01-07")
    approve(client, number, "自評")
    slip = client.get(f"/api/archive/{number}/slips/1/slip.json").content
    with altered(office, slip):
        told = client.get(f"/api/archive/{number}/approval").json()
        approval = told["approval"]
        assert states(approval) == ["invalid"]
        assert (approval["open_rounds"], approval["slips"][0]["can_be_withdrawn"]) == ([], False)
        assert {"E618", "E660"} <= set(codes(told))
        answer = approve(client, number, "自評")
        assert answer["written"] is None
        assert "E660" in codes(answer)


def test_the_files_of_a_signed_slip_are_checked_by_openssl(
    client: Client, office: Server, tmp_path: Path
) -> None:
    number = archived(client, "105-01-08")
    key = tmp_path / "王小明.pem"
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(key)], check=True)
    signing = ["approve", "105-01-08", "--archive", str(office.archive), "--role", "自評"]
    assert main([*signing, "--name", "王小明", "--sign", str(key)]) == 0
    (slip,) = approval_of(client, number)["slips"]
    assert slip["files"] == ["slip.json", "slip.sig", "key.pem"]
    assert (len(slip["key"]), slip["signature_checked"]) == (64, True)
    for name in slip["files"]:
        answer = client.get(f"/api/archive/{number}/slips/1/{name}")
        (tmp_path / name).write_bytes(answer.content)
    command = "openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in slip.json -sigfile slip.sig"
    subprocess.run(command.split(), cwd=tmp_path, check=True, capture_output=True)
    for path in ("slips/1/other", "slips/2/slip.json", "slips/0/slip.json", "slips/1/..%2fx"):
        assert client.get(f"/api/archive/{number}/{path}").status == 404, path


def test_documents_are_printed_with_the_approvals_of_the_archive(client: Client) -> None:
    number = archived(client, "105-01-09", *POSTS)
    printing = f"/api/archive/{number}/approved.zip"
    answer = client.post(printing, {})
    assert (answer.status, answer.code) == (409, "not made")
    assert "E664" in answer.content.decode()
    approve(client, number, "承辦人", "趙錢孫")
    answer = client.post(printing, {})
    assert answer.status == 200, answer.content.decode()
    assert quote("105-01-09_核可.zip") in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as documents:
        names = documents.namelist()
        assert {name.rpartition(".")[2] for name in names} >= {"pdf", "docx"}
        printed = [documents.read(name) for name in names if name.endswith(".pdf")]
    assert any("趙錢孫" in text_of(content) for content in printed), names
    receipt = client.post(f"/api/archive/{number}/approved-reprint", {}).json()
    assert (receipt["new"], receipt["archived"]["name"]) == (True, "105-01-09#1")
    again = client.post(f"/api/archive/{number}/approved-reprint", {}).json()
    assert again["new"] is False
    approval = approval_of(client, number)
    assert (approval["name"], states(approval)) == ("105-01-09#1", ["valid"])


def test_an_edition_is_restored_as_the_command_does(
    client: Client, office: Server, tmp_path: Path
) -> None:
    number = archived(client, "105-01-10")
    answer = client.get(f"/api/archive/{number}/restored.zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as restored:
        restored.extractall(tmp_path / "page")
    command = ["archive", "restore", "105-01-10", "--archive", str(office.archive)]
    assert main([*command, "-o", str(tmp_path / "command")]) == 0
    page, by_command = (
        {
            path.relative_to(tmp_path / name).as_posix(): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file()
        }
        for name in ("page", "command")
    )
    assert page == by_command
    assert any(path.endswith("/source/105-01-10.xlsx") for path in page)


def test_nothing_is_restored_of_what_is_damaged(client: Client, office: Server) -> None:
    number = archived(client, "105-01-11")
    workbook = client.get(f"/api/archive/files/{number}/source/105-01-11.xlsx").content
    with altered(office, workbook):
        for method, way in (("GET", "restored.zip"), ("POST", "approved.zip")):
            answer = client.ask(method, f"/api/archive/{number}/{way}")
            assert answer.status == 409, way
            assert "E618" in answer.content.decode()


@pytest.mark.parametrize(
    ("method", "way"),
    [
        ("GET", "approval"),
        ("POST", "approval"),
        ("POST", "withdrawal"),
        ("GET", "slips/1/slip.json"),
        ("POST", "approved.zip"),
        ("POST", "approved-reprint"),
        ("GET", "restored.zip"),
    ],
)
def test_what_is_no_edition_is_gone(client: Client, method: str, way: str) -> None:
    body = {"role": "", "name": "", "remark": "", "date": "", "number": 1}
    for number in ("0", "99999", "-1", "x"):  # line 0 is the archive's creation
        path = f"/api/archive/{number}/{way}"
        answer = client.post(path, body) if method == "POST" else client.get(path)
        assert answer.status in (404, 405), path


def test_approvals_are_recorded_in_the_audit_log(client: Client, office: Server) -> None:
    number = archived(client, "105-01-12")
    approve(client, number, "自評", "王小明")
    withdrawal = {"number": 1, "name": "陳美", "remark": "數字待查"}
    client.post(f"/api/archive/{number}/withdrawal", withdrawal)
    log = (office.archive.parent / "audit.jsonl").read_text("utf-8")
    lines = [json.loads(line) for line in log.splitlines()][-2:]
    assert [line["action"] for line in lines] == ["approve", "withdraw"]
    assert [line["name"] for line in lines] == ["王小明", "陳美"]
    assert [line["written"] for line in lines] == [1, 2]
    assert (lines[0]["role"], lines[1]["slip"]) == ("自評", 1)
    assert all(line["edition"].endswith("105-01-12") for line in lines)
