"""Parts by way of the server: shared, handed in, read, merged; and what a kill leaves of them."""

from __future__ import annotations

import json
import signal
import zipfile
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from openpyxl import load_workbook

from reportgen.web import part_jobs
from tests.factories.owner_parts import blanked, edited, filled, sample_card, workbook_of
from tests.web.client import Client, entered, signed_in, started
from tests.web.server import MANY, SHARED, running, small_templates, until
from tests.web.test_restart import Office, same_client

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

    from tests.web.client import Answer
    from tests.web.server import Server

pytestmark = pytest.mark.slow

UNITS = ("研究組", "教務組")
TYPES = "每年增加創新研習班後之研習類別總數"
PRIZES = "當年度優質學校獲獎校數"
SCHOOLS = "當年度優質學校申請校數"
FIGURES: dict[str, dict[str, object]] = {
    TYPES: {"105": 19},
    PRIZES: {"105": 17},
    SCHOOLS: {"105": 40},
}


@cache
def edition() -> bytes:
    """An edition of five units in which this year's figures are blank."""
    card = sample_card()
    return blanked(card, workbook_of(card), lambda cell: cell == "F11")


def zipped(answer: Answer) -> dict[str, bytes]:
    """The files of a ZIP, by name."""
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def shared(client: Client, item: str) -> dict[str, bytes]:
    """The parts that the server makes, by file name."""
    answer = client.post(f"/api/items/{item}/share", {"due": "2017-01-20", "format": ""})
    assert answer.status == 200, answer.content.decode()
    assert [part["name"] for part in answer.json()["parts"]]
    return zipped(client.get(f"/api/items/{item}/shared.zip"))


def hand_in(client: Client, item: str, content: bytes, name: str) -> Answer:
    headers = {"X-File-Name": quote(name, safe=""), "Content-Type": "application/octet-stream"}
    return client.ask("POST", f"/api/items/{item}/parts", content, headers)


def read(client: Client, item: str) -> dict[str, Any]:
    """The parts once they were read."""
    found: list[dict[str, Any]] = []

    def is_read() -> bool:
        found[:] = [client.get(f"/api/items/{item}/parts").json()]
        return found[0]["stage"] in ("ready", "failed")

    assert until(is_read, 60)
    return found[0]


def merge(client: Client, item: str, key: str, *, partial: bool = False) -> Answer:
    return client.post(f"/api/items/{item}/merge", {"key": key, "partial": partial})


def deliveries(parts: dict[str, Any]) -> dict[str, str]:
    return {unit["owner"]: unit["delivery"] for unit in parts["units"]}


def codes(parts: dict[str, Any]) -> list[str]:
    return [problem["code"] for problem in parts["problems"]]


def cell_of(workbook: bytes, cell: str) -> object:
    page: Any = load_workbook(BytesIO(workbook), read_only=False)["年度資料"]
    return page[cell].value


def test_parts_are_shared_handed_in_and_merged(quick: Server) -> None:
    client = entered(quick)
    item = client.made(edition())["id"]
    assert client.state(item)["parts"] is None
    parts = shared(client, item)
    assert sorted(parts) == sorted(
        f"105-12-25_{unit}.xlsx" for unit in ("研究組", "教務組", "輔導組", "總務組", "資訊室")
    )
    cover: Any = load_workbook(BytesIO(parts["105-12-25_研究組.xlsx"]))["填報說明"]
    assert any(
        "106-01-20" in str(cell) for row in cover.iter_rows(values_only=True) for cell in row
    )
    before = read(client, item)
    assert deliveries(before)["研究組"] == "missing"
    assert before["changes"] == []
    assert client.state(item)["parts"] == {"done": 0, "units": 5}
    delivered = filled(parts["105-12-25_研究組.xlsx"], FIGURES)
    assert hand_in(client, item, delivered, "研究組.xlsx").status == 201
    report = read(client, item)
    assert report["due"] == "106-01-20"
    assert [file["name"] for file in report["files"]] == ["研究組.xlsx"]
    assert deliveries(report)["研究組"] == "delivered"
    assert deliveries(report)["教務組"] == "missing"
    change = next(change for change in report["changes"] if change["item"] == TYPES)
    assert (change["was"], change["now"]) == ("", "19")
    assert (change["owner"], change["signed_by"], change["signed_on"]) == (
        "研究組",
        "王小明",
        "106-01-05",
    )
    assert change["part"] == "研究組.xlsx"
    assert client.state(item)["parts"] == {"done": 1, "units": 5}

    workbook = client.get(f"/api/items/{item}/workbooks/0").content
    assert workbook == edition()  # nothing has changed
    answer = merge(client, item, report["key"])
    assert answer.status == 200, answer.content.decode()
    after = read(client, item)
    assert after["changes"] == []
    assert deliveries(after)["研究組"] == "delivered"
    assert [earlier["number"] for earlier in after["earlier"]] == [0]
    assert client.get(f"/api/items/{item}/workbooks/0").content == edition()
    merged = client.get(f"/api/items/{item}/workbooks/{after['workbook']}").content
    assert cell_of(merged, change["cell"]) == 19
    assert cell_of(edition(), change["cell"]) is None
    assert client.get(f"/api/items/{item}/workbooks/2").status == 404
    assert client.until(item)["stage"] == "ready"
    results = client.get(f"/api/items/{item}/results").json()
    assert "19" in json.dumps(results, ensure_ascii=False)
    assert client.get(f"/api/items/{item}/shared.zip").status == 404  # of the workbook before
    assert client.get(f"/api/items/{item}/parts/{quote('研究組.xlsx')}").content == delivered


def test_the_merged_workbook_is_that_of_the_command(
    quick: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from reportgen.cli import main

    client = entered(quick)
    item = client.made(edition())["id"]
    delivered = filled(shared(client, item)["105-12-25_研究組.xlsx"], FIGURES)
    hand_in(client, item, delivered, "a.xlsx")
    report = read(client, item)
    assert merge(client, item, report["key"]).status == 200
    workbook, part = tmp_path / "105-12-25.xlsx", tmp_path / "a.xlsx"
    workbook.write_bytes(edition())
    part.write_bytes(delivered)
    capsys.readouterr()
    main(["merge", str(workbook), str(part), "--json"])
    told = json.loads(capsys.readouterr().out)
    for change in told["changes"]:
        change["part"] = "a.xlsx"
    assert report["changes"] == told["changes"]
    assert client.get(f"/api/items/{item}/workbooks/1").content == workbook.read_bytes()


def test_a_conflict_stops_the_merge_unless_the_rest_is_wanted(quick: Server) -> None:
    client = entered(quick)
    item = client.made(edition())["id"]
    blank = shared(client, item)["105-12-25_研究組.xlsx"]
    hand_in(client, item, filled(blank, FIGURES), "研究組.xlsx")
    hand_in(client, item, filled(blank, {**FIGURES, TYPES: {"105": 20}}), "研究組.xlsx")
    report = read(client, item)
    assert [file["name"] for file in report["files"]] == ["研究組.xlsx", "研究組_2.xlsx"]
    conflicts = [problem for problem in report["problems"] if problem["code"] == "E718"]
    assert {problem["file"] for problem in conflicts} == {"研究組.xlsx", "研究組_2.xlsx"}
    assert all(problem["cell"] and problem["zh-TW"] and problem["en"] for problem in conflicts)
    assert TYPES not in [change["item"] for change in report["changes"]]
    assert merge(client, item, report["key"]).code == "nothing to merge"
    assert client.get(f"/api/items/{item}/workbooks/0").content == edition()
    assert merge(client, item, report["key"], partial=True).status == 200
    after = read(client, item)
    assert "E718" in codes(after)
    name = quote("研究組.xlsx")
    assert client.ask("DELETE", f"/api/items/{item}/parts/{name}").status == 200
    mended = read(client, item)
    assert "E718" not in codes(mended)
    assert [change["now"] for change in mended["changes"]] == ["20"]


def test_only_what_was_shown_is_merged(quick: Server) -> None:
    client = entered(quick)
    item = client.made(edition())["id"]
    parts = shared(client, item)
    hand_in(client, item, filled(parts["105-12-25_研究組.xlsx"], FIGURES), "a.xlsx")
    old = read(client, item)["key"]
    hand_in(client, item, filled(parts["105-12-25_研究組.xlsx"], {TYPES: {"105": 19}}), "b.xlsx")
    assert merge(client, item, old).code == "parts changed"  # they are being read, or have been
    read(client, item)
    assert merge(client, item, old).code == "parts changed"
    assert client.get(f"/api/items/{item}/workbooks/0").content == edition()
    assert client.get(f"/api/items/{item}/workbooks/1").status == 404


def test_the_same_part_twice_is_one(quick: Server) -> None:
    client = entered(quick)
    item = client.made(edition())["id"]
    part = filled(shared(client, item)["105-12-25_研究組.xlsx"], FIGURES)
    for _ in range(2):
        hand_in(client, item, part, "a.xlsx")
    assert [file["name"] for file in read(client, item)["files"]] == ["a.xlsx"]


def test_a_merge_is_a_new_version_with_its_changes_marked(server: Server) -> None:
    client = entered(server)
    before = client.made(edition())
    item = before["id"]
    assert (before["run"], before["merges"]) == (1, 0)
    part = filled(shared(client, item)["105-12-25_研究組.xlsx"], FIGURES)
    hand_in(client, item, part, "a.xlsx")
    assert merge(client, item, read(client, item)["key"]).status == 200
    after = client.until(item, "ready")
    assert (after["run"], after["merges"], after["edited"]) == (2, 1, [])
    pages = [page for document in after["documents"] for page in document["pages"]]
    assert any(page["changes"] for page in pages)
    edit = {"sheet": "年度資料", "cell": "E6", "value": "1", "run": 2}
    assert client.post(f"/api/items/{item}/cells", edit).json()["problems"] == []
    ended = client.until(item, "ready")
    assert (ended["run"], ended["merges"], len(ended["edited"])) == (3, 1, 1)
    assert [each["number"] for each in read(client, item)["earlier"]] == [0]
    assert client.get(f"/api/items/{item}/workbooks/0").content == edition()


def test_parts_stay_when_the_workbook_is_mended(quick: Server) -> None:
    """A file that lacks what was merged has it to be merged again."""
    client = entered(quick)
    item = client.made(edition())["id"]
    part = filled(shared(client, item)["105-12-25_研究組.xlsx"], FIGURES)
    hand_in(client, item, part, "a.xlsx")
    first = read(client, item)
    assert merge(client, item, first["key"]).status == 200
    assert read(client, item)["changes"] == []
    count = client.state(item)["parts"]
    answer = client.ask("PUT", f"/api/items/{item}/workbook", edition(), {"X-File-Name": "b.xlsx"})
    assert (answer.json()["id"], answer.json()["merges"]) == (item, 0)
    assert client.state(item)["parts"] == count
    found = read(client, item)
    assert found["changes"] == first["changes"]
    assert deliveries(found)["研究組"] == "delivered"
    assert client.until(item, "ready")["name"] == "b.xlsx"
    assert client.get(f"/api/items/{item}/workbooks/0").content == edition()
    assert merge(client, item, found["key"]).status == 200
    assert client.state(item)["merges"] == 1


def test_what_was_shown_of_an_earlier_workbook_is_not_merged(quick: Server) -> None:
    client = entered(quick)
    item = client.made(edition())["id"]
    part = filled(shared(client, item)["105-12-25_研究組.xlsx"], FIGURES)
    hand_in(client, item, part, "a.xlsx")
    old = read(client, item)["key"]
    mended = edited(edition(), lambda book: book["基本資料"].__setitem__("B8", "105-12-26"))
    answer = client.ask("PUT", f"/api/items/{item}/workbook", mended, {"X-File-Name": "a.xlsx"})
    assert answer.status == 200
    assert merge(client, item, old).code == "parts changed"
    read(client, item)
    assert merge(client, item, old).code == "parts changed"
    assert client.get(f"/api/items/{item}/workbooks/0").content == mended


def test_parts_stay_with_an_item_that_is_removed_and_taken_back(quick: Server) -> None:
    client = entered(quick)
    item = client.made(edition())["id"]
    part = filled(shared(client, item)["105-12-25_研究組.xlsx"], FIGURES)
    hand_in(client, item, part, "a.xlsx")  # it may still be read when the item is removed
    assert client.ask("DELETE", f"/api/items/{item}").status == 204
    assert client.get(f"/api/items/{item}/parts").code == "gone"
    assert client.post(f"/api/items/{item}/restore", {}).status == 200
    found = client.get(f"/api/items/{item}/parts").json()
    assert [file["name"] for file in found["files"]] == ["a.xlsx"]
    client.post(f"/api/items/{item}/parts/read", {})
    assert deliveries(read(client, item))["研究組"] == "delivered"
    assert client.get(f"/api/items/{item}/parts/a.xlsx").content == part


def test_what_is_no_part_is_told_of(quick: Server) -> None:
    client = entered(quick)
    item = client.made(edition())["id"]
    hand_in(client, item, edition(), "whole.xlsx")
    hand_in(client, item, b"no workbook", "../../no.xlsx")
    report = read(client, item)
    assert {problem["file"] for problem in report["problems"]} >= {"whole.xlsx", "no.xlsx"}
    assert report["changes"] == []
    assert str(quick.scratch) not in json.dumps(report, ensure_ascii=False)
    assert merge(client, item, report["key"], partial=True).code == "nothing to merge"


def test_the_table_of_deliveries_names_no_folder(quick: Server) -> None:
    client = entered(quick)
    item = client.made(edition())["id"]
    assert client.get(f"/api/items/{item}/delivery.xlsx").code == "not ready"
    part = filled(shared(client, item)["105-12-25_研究組.xlsx"], FIGURES)
    hand_in(client, item, part, "a.xlsx")
    read(client, item)
    content = client.get(f"/api/items/{item}/delivery.xlsx?lang=en").content
    book = load_workbook(BytesIO(content))
    assert book.sheetnames == ["填報狀況", "尚未填寫", "併入明細", "問題"]
    texts = {str(cell) for page in book for row in page.iter_rows(values_only=True) for cell in row}
    assert "a.xlsx" in texts
    assert not any(str(quick.scratch) in text for text in texts)


def test_problems_of_ownership_are_told_when_sharing(quick: Server) -> None:
    client = entered(quick)

    def without_owner(book: Workbook) -> None:
        page: Any = book["關鍵績效指標"]
        heading = next(cell.column for cell in page[4] if cell.value == "承辦單位")
        page.cell(5, heading).value = None

    item = client.made(edited(edition(), without_owner))["id"]
    answer = client.post(f"/api/items/{item}/share", {"due": "", "format": "xlsx"}).json()
    assert "W702" in [problem["code"] for problem in answer["problems"]]
    assert all(problem["zh-TW"] and problem["en"] for problem in answer["problems"])
    broken = client.made(b"no workbook")["id"]
    answer = client.post(f"/api/items/{broken}/share", {"due": "", "format": ""}).json()
    assert answer["parts"] == []
    assert [problem["severity"] for problem in answer["problems"]] == ["error"]
    assert client.get(f"/api/items/{broken}/shared.zip").status == 404


@pytest.mark.parametrize(
    "told",
    [
        {"due": "yesterday", "format": ""},
        {"due": "1911-12-31", "format": ""},
        {"due": "", "format": "pdf"},
        {"due": 5, "format": ""},
        {},
        [],
    ],
)
def test_a_share_that_is_not_understood(quick: Server, told: Any) -> None:
    client = entered(quick)
    item = client.made(b"no workbook")["id"]
    answer = client.post(f"/api/items/{item}/share", told)
    assert (answer.status, answer.code) == (400, "not understood")


def test_the_parts_of_others_are_theirs(quick: Server) -> None:
    client, other = entered(quick), entered(quick)
    item = client.made(edition())["id"]
    hand_in(client, item, b"no workbook", "a.xlsx")
    for method, path in (
        *[("GET", path) for path in ("parts", "parts/a.xlsx", "shared.zip", "delivery.xlsx")],
        ("GET", "workbooks/0"),
        *[("POST", path) for path in ("parts", "parts/read", "share", "merge")],
        ("DELETE", "parts/a.xlsx"),
    ):
        headers = {"X-File-Name": "b.xlsx", "Content-Type": "application/json"}
        body = json.dumps({"due": "", "format": "", "key": "x"}) if method == "POST" else None
        answer = other.ask(method, f"/api/items/{item}/{path}", body, headers)
        assert (answer.status, answer.code) == (404, "gone"), path
    assert [file["name"] for file in read(client, item)["files"]] == ["a.xlsx"]


def test_limits_of_size_and_number(tmp_path: Path) -> None:
    patch = (
        f"{MANY}\nimport reportgen.web.part_jobs as jobs; jobs.MAX_SESSION_PARTS = 2; "
        "jobs.MAX_PART_BYTES = 1024 * 1024; jobs.MAX_MERGES = 0"
    )
    templates = small_templates(tmp_path / "templates")
    with running(
        tmp_path, "--templates", str(templates), environment=SHARED, patch=patch
    ) as server:
        client = entered(server)
        assert client.get("/api/session").json()["part_limit"] == 1024 * 1024
        first, second = (client.made(edition())["id"] for _ in range(2))
        assert hand_in(client, first, b"x" * (1024 * 1024 + 1), "a.xlsx").code == "too large"
        assert hand_in(client, first, b"", "a.xlsx").code == "empty"
        assert hand_in(client, first, b"x", "..").code == "no name"
        part = filled(shared(client, first)["105-12-25_研究組.xlsx"], FIGURES)
        assert hand_in(client, first, part, "a.xlsx").status == 201
        assert hand_in(client, second, b"2", "a.xlsx").status == 201
        assert hand_in(client, second, b"3", "b.xlsx").code == "too many parts"
        assert hand_in(client, first, part, "a.xlsx").status == 201  # it is there already
        assert merge(client, first, read(client, first)["key"]).code == "too many merges"
    assert part_jobs.MAX_MERGES > 0
    assert "Traceback" not in server.said(), server.said()


def test_a_kill_loses_no_part_and_no_merge(tmp_path: Path) -> None:
    office = Office(tmp_path)
    with office.server() as server:
        guest = signed_in(server)
        item = guest.made(edition())["id"]
        parts = shared(guest, item)
        delivered = filled(parts["105-12-25_研究組.xlsx"], FIGURES)
        assert hand_in(guest, item, delivered, "a.xlsx").status == 201
        count = guest.state(item)["parts"]
        server.stop(signal.SIGKILL)  # while they are read, maybe
    with office.server() as server:
        again = same_client(guest, server)
        found = again.get(f"/api/items/{item}/parts").json()
        assert [file["name"] for file in found["files"]] == ["a.xlsx"]
        assert found["due"] == "106-01-20"
        assert again.state(item)["parts"] in (count, {"done": 1, "units": 5})
        again.post(f"/api/items/{item}/parts/read", {})
        key = read(again, item)["key"]
        assert merge(again, item, key).status == 200
        merged = again.get(f"/api/items/{item}/workbooks/1").content
        server.stop(signal.SIGKILL)  # while it is built
    with office.server() as server:
        again = same_client(guest, server)
        assert again.until(item)["stage"] == "ready"
        assert again.get(f"/api/items/{item}/workbooks/0").content == edition()
        assert again.get(f"/api/items/{item}/workbooks/1").content == merged
        assert again.get(f"/api/items/{item}/parts/a.xlsx").content == delivered
        assert again.state(item)["parts"] == {"done": 1, "units": 5}
        assert started(server).get(f"/api/items/{item}/parts").status == 404
    assert "Traceback" not in server.said(), server.said()


def test_a_state_of_before_there_were_parts_is_read(tmp_path: Path) -> None:
    office = Office(tmp_path)
    with office.server() as server:
        guest = signed_in(server)
        item = guest.made(edition())["id"]
        server.stop()
    (record,) = (office.folder / "state").rglob("item.json")
    content = json.loads(record.read_text("utf-8"))
    del content["parts"], content["earlier"]
    record.write_text(json.dumps(content), "utf-8")
    with office.server() as server:
        state = same_client(guest, server).state(item)
        assert (state["stage"], state["parts"]) == ("ready", None)


def test_words_come_back_into_the_review(quick: Server) -> None:
    """Of the sample with words, whose units give the figures and write on them."""
    from tests.sharing.test_words import UNIT, start

    client = entered(quick)
    item = client.made(start())["id"]
    blank = shared(client, item)[f"105-12-25_{UNIT}.xlsx"]
    text = "辦理 {AP3.1} 場次。"
    hand_in(client, item, filled(blank, {"執行說明 AP3.1": {"執行情形": text}}), "a.xlsx")
    report = read(client, item)
    words = [change for change in report["changes"] if change["column"] == "執行情形"]
    assert [change["now"] for change in words] == [text]
    assert merge(client, item, report["key"]).status == 200
    client.until(item)
    told = client.get(f"/api/items/{item}/words").json()["words"]
    assert any(entry["kpi"] == "AP3.1" and "場次" in entry["text"] for entry in told)
