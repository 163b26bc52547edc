"""Read-only links: what they open, that they open nothing else, and the remarks left by them."""

from __future__ import annotations

import json
import re
import shutil
import signal
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pypdfium2
import pytest
from playwright.sync_api import expect

from reportgen.web import review_links
from reportgen.web.review_links import ReviewLinks
from reportgen.web.upload_jobs import (
    JobKind,
    JobStage,
    JobState,
    Page,
    PreviewedDocument,
    UploadJob,
)
from reportgen.web.web_translations import HttpError
from tests.factories.workbooks import sample_bytes
from tests.web.browser import LAPTOP, PHONE, axe, overflow, visiting
from tests.web.client import Client, entered, signed_in
from tests.web.server import SHARED, running, small_templates
from tests.web.view import painted, saved

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.web.server import Server

pytestmark = pytest.mark.slow

REMARK = {"name": "陳科長", "text": "F1.1 的說明請再精簡", "document": "scorecard", "page": 1}


@pytest.fixture(scope="module")
def made(quick: Server) -> tuple[Client, dict[str, Any], str]:
    """A session with a ready item that has a link: the session, the item, the link's token."""
    client = entered(quick)
    item = client.made(sample_bytes())
    return client, item, make_link(client, item["id"])


def make_link(client: Client, item: str) -> str:
    answer = client.ask("POST", f"/api/items/{item}/review")
    assert answer.status == 201, answer.content
    token: str = answer.json()["token"]
    return token


def leave(server: Server, token: str, given: Any = None, **headers: str) -> Any:
    """Leave a remark as the page of the link does, without any session."""
    told = {**REMARK, **(given or {})}
    return Client(server).post(
        f"/api/review/{token}/remarks", told, {"X-Reportgen": token, **headers}
    )


def test_a_link_opens_pages_and_pdf_without_a_session(
    quick: Server, made: tuple[Client, dict[str, Any], str]
) -> None:
    _, item, token = made
    reader = Client(quick)
    page = reader.get(f"/review/{token}")
    assert page.status == 200
    assert "Set-Cookie" not in page.headers
    review = reader.get(f"/api/review/{token}").json()
    assert [each["name"] for each in review["documents"]] == ["scorecard", "results"]
    assert {file["format"] for file in review["files"]} == {"pdf"}
    shown = review["documents"][0]["pages"][0]
    assert shown["places"] == []
    picture = reader.get(f"/api/review/{token}/pages/{shown['source']}/0.png?width=200")
    assert picture.content.startswith(b"\x89PNG")
    name = review["files"][0]["name"]
    assert any(file["name"] == name for file in item["files"])


def test_the_pdf_of_a_link_has_neither_workbook_nor_figures(
    server: Server, owner: Client, tmp_path: Path
) -> None:
    """The PDF to hand in carries the workbook, which the reader must not get by it."""
    item = owner.get("/api/items").json()["items"][0]
    token = make_link(owner, item["id"])
    files = owner.state(item["id"])["files"]
    for file in files:
        if file["format"] != "pdf":
            continue
        whole = owner.get(f"/api/items/{item['id']}/files/{quote(file['name'])}").content
        reading = Client(server).get(f"/api/review/{token}/files/{quote(file['name'])}")
        assert reading.status == 200
        with pypdfium2.PdfDocument(whole) as before, pypdfium2.PdfDocument(reading.content) as now:
            assert before.count_attachments() > 0
            assert now.count_attachments() == 0
            texts = [
                [page.get_textpage().get_text_range() for page in document]
                for document in (before, now)
            ]
        assert texts[0] == texts[1]
        for trace in (b"EmbeddedFile", b"Filespec", b".xlsx", b"PK\x03\x04"):
            assert trace not in reading.content, trace
        assert len(reading.content) < len(whole)


def test_a_link_opens_nothing_else(quick: Server, made: tuple[Client, dict[str, Any], str]) -> None:
    client, item, token = made
    other = client.made(sample_bytes(), "other.xlsx")
    source = other["documents"][0]["pages"][0]["source"]
    stranger = Client(quick, csrf=token)
    names = {file["name"] for file in item["files"] if file["format"] != "pdf"}
    paths = [
        *[f"/api/review/{token}/files/{quote(name)}" for name in sorted(names)],
        f"/api/review/{token}/files/{item['name']}",
        f"/api/review/{token}/files/..%2f..%2fsource%2f{item['name']}",
        f"/api/review/{token}/files/..%2f..%2f..%2fsession.json",
        f"/api/review/{token}/files/%2e%2e",
        f"/api/review/{token}/pages/..%2f..%2fsource/0.png?width=200",
        f"/api/review/{token}/pages/{'0' * 64}/0.png?width=200",
        f"/api/review/{token}/pages/{item['documents'][0]['pages'][0]['source']}/999.png?width=200",
        f"/api/review/{token}/items",
        f"/api/review/{token}/results",
        f"/api/review/{token}/all.zip",
        f"/api/review/{other['id']}",
        f"/api/review/{token[:-1]}",
        f"/api/review/{token}x",
        f"/api/review/{client.csrf}",
        f"/api/review/{client.cookie.partition('=')[2]}",
        "/api/review/",
        "/api/review/%00",
    ]
    if source not in {page["source"] for each in item["documents"] for page in each["pages"]}:
        paths.append(f"/api/review/{token}/pages/{source}/0.png?width=200")
    for path in paths:
        assert stranger.get(path).status == 404, path
    for way in ("items", f"items/{item['id']}", "session", "archive", f"items/{item['id']}/review"):
        for cookie in ("", f"{client.cookie.partition('=')[0]}={token}"):
            answer = Client(quick, cookie).get(f"/api/{way}")
            assert (answer.status, answer.code) == (403, "closed"), way
    for method, path in (
        ("POST", f"/api/items/{item['id']}/review"),
        ("DELETE", f"/api/items/{item['id']}/review"),
        ("DELETE", f"/api/items/{item['id']}"),
        ("POST", "/api/archive"),
    ):
        assert stranger.ask(method, path).code == "closed", path
    for method in ("DELETE", "PUT", "POST"):
        assert stranger.ask(method, f"/api/review/{token}").status == 405


def test_only_ones_own_ready_item_gets_a_link(
    quick: Server, made: tuple[Client, dict[str, Any], str]
) -> None:
    client, item, token = made
    assert make_link(client, item["id"]) == token  # the one that it has
    stranger = entered(quick)
    for method in ("GET", "POST", "DELETE"):
        answer = stranger.ask(method, f"/api/items/{item['id']}/review")
        assert (answer.status, answer.code) == (404, "gone"), method
    refused = client.made(b"no workbook")["id"]
    assert client.ask("POST", f"/api/items/{refused}/review").code == "not ready"
    without = Client(quick, client.cookie)
    assert without.ask("POST", f"/api/items/{item['id']}/review").code == "stale page"


@pytest.mark.parametrize(
    ("given", "headers", "code"),
    [
        ({"text": ""}, {}, "not understood"),
        ({"text": " \n"}, {}, "not understood"),
        ({"text": "x" * 2001}, {}, "not understood"),
        ({"name": ""}, {}, "not understood"),
        ({"name": "x" * 41}, {}, "not understood"),
        ({"page": 0}, {}, "not understood"),
        ({"page": 99}, {}, "not understood"),
        ({"page": True}, {}, "not understood"),
        ({"page": "1"}, {}, "not understood"),
        ({"workbook_version": "1"}, {}, "not understood"),
        ({"workbook_version": 2}, {}, "not understood"),
        ({"document": "other"}, {}, "not understood"),
        ({}, {"X-Reportgen": ""}, "stale page"),
        ({}, {"X-Reportgen": "x"}, "stale page"),
        ({}, {"Origin": "http://evil.example"}, "foreign"),
        ({}, {"Sec-Fetch-Site": "cross-site"}, "foreign"),
        ({}, {"Host": "evil.example"}, "foreign"),
    ],
)
def test_a_remark_that_is_none_is_refused(
    quick: Server,
    made: tuple[Client, dict[str, Any], str],
    given: dict[str, Any],
    headers: dict[str, str],
    code: str,
) -> None:
    client, item, token = made
    before = client.state(item["id"])["remarks"]
    assert leave(quick, token, given, **headers).code == code
    assert client.state(item["id"])["remarks"] == before


def test_a_large_remark_is_refused_by_its_header(
    quick: Server, made: tuple[Client, dict[str, Any], str]
) -> None:
    assert leave(quick, made[2], {"text": "x" * 20_000}).code == "closed"


def test_remarks_are_limited_in_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review_links, "MAX_REMARKS", 2)
    links, item = ReviewLinks(), ready_item(tmp_path)
    token = links.create(item).token
    for _ in range(2):
        links.add_remark(token, "a", "b", "scorecard", 1)
    with pytest.raises(HttpError, match="too many remarks"):
        links.add_remark(token, "a", "b", "scorecard", 1)
    assert item.state.remarks == 2


def test_a_remark_on_an_item_that_is_just_removed_finds_the_link_ended(tmp_path: Path) -> None:
    folder = tmp_path / "item"
    folder.mkdir()
    links, item = ReviewLinks(), ready_item(folder)
    token = links.create(item).token

    class Removing(ReviewLinks):
        def _store(self, item: UploadJob, review: review_links.Review) -> None:
            shutil.rmtree(folder)
            super()._store(item, review)

    removing = Removing([item])
    with pytest.raises(HttpError, match="link ended"):
        removing.add_remark(token, "a", "b", "scorecard", 1)
    assert item.state.remarks == 0


def ready_item(folder: Path) -> UploadJob:
    page = Page(source="0" * 64, index=0, width=1.0, height=1.0, text="")
    document = PreviewedDocument(name="scorecard", title="", pages=(page,))
    state = JobState(stage=JobStage.READY, documents=(document,))
    kind = JobKind.WORKBOOK
    return UploadJob(id="a", kind=kind, name="a", folder=folder, workbook=folder / "a", state=state)


def test_a_link_ends_after_thirty_days_and_is_made_anew(tmp_path: Path) -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    links, item = ReviewLinks(clock=lambda: now), ready_item(tmp_path)
    first = links.create(item)
    links.add_remark(first.token, "a", "of the first", "scorecard", 1)
    now += timedelta(days=30, seconds=-1)
    assert links.open(first.token)[0] is item
    now += timedelta(seconds=1)
    with pytest.raises(HttpError, match="link ended"):
        links.open(first.token)
    assert links.review_of(item).token == ""
    second = links.create(item)
    assert second.token not in ("", first.token)
    assert second.own_remarks == ()  # those of another reader are not theirs to see
    assert [remark.text for remark in second.remarks] == ["of the first"]


def test_a_link_ends_when_it_is_withdrawn_or_its_item_removed(quick: Server) -> None:
    client = entered(quick)
    item = client.made(sample_bytes())["id"]
    token = make_link(client, item)
    assert leave(quick, token).status == 201
    assert client.ask("DELETE", f"/api/items/{item}/review").status == 204
    assert Client(quick).get(f"/api/review/{token}").code == "link ended"
    assert Client(quick).get(f"/review/{token}").status == 404
    assert leave(quick, token).code == "link ended"
    kept = client.get(f"/api/items/{item}/review").json()
    assert (kept["token"], [remark["name"] for remark in kept["remarks"]]) == (None, ["陳科長"])
    other = make_link(client, item)
    assert other != token
    assert client.ask("DELETE", f"/api/items/{item}").status == 204
    assert Client(quick).get(f"/api/review/{other}").code == "link ended"
    assert leave(quick, other).code == "link ended"
    assert client.post(f"/api/items/{item}/restore", {}).status == 200
    assert Client(quick).get(f"/api/review/{other}").status == 200
    assert client.get(f"/api/items/{item}/review").json()["token"] == other


def test_a_link_comes_back_with_its_item_after_a_restart(tmp_path: Path) -> None:
    item = ready_item(tmp_path)
    token = ReviewLinks().create(item).token
    item.removed = 1.0
    item.mark_removed()
    links = ReviewLinks([item])
    with pytest.raises(HttpError, match="link ended"):
        links.open(token)
    item.bring_back()
    assert links.open(token)[0] is item


def test_readers_see_the_new_version_of_an_item_without_marks(quick: Server) -> None:
    client = entered(quick)
    item = client.made(sample_bytes())["id"]
    token = make_link(client, item)
    assert leave(quick, token).status == 201
    before = Client(quick).get(f"/api/review/{token}").json()
    edit = {"sheet": "年度資料", "cell": "E6", "value": "1", "run": 1}
    assert client.post(f"/api/items/{item}/cells", edit).json()["problems"] == []
    assert client.until(item, "ready")["remarks"] == 1
    after = Client(quick).get(f"/api/review/{token}").json()
    sources = [
        {page["source"] for document in answer["documents"] for page in document["pages"]}
        for answer in (before, after)
    ]
    assert sources[0].isdisjoint(sources[1])
    assert all(not page["changes"] for each in after["documents"] for page in each["pages"])
    assert after["files"]


def test_a_remark_says_of_which_version_its_page_is(tmp_path: Path) -> None:
    """A reader may have the pages of before on show, of which there were more."""
    links, item = ReviewLinks(), ready_item(tmp_path)
    token = links.create(item).token
    links.add_remark(token, "a", "of the first", "scorecard", 1, workbook_version=1)
    item.workbook_version = 2
    item.show_preview({"documents": item.state.documents})
    links.add_remark(token, "a", "of the second", "scorecard", 1)
    review = links.add_remark(token, "a", "read for long", "scorecard", 9, workbook_version=1)
    assert [remark.workbook_version for remark in review.remarks] == [1, 2, 1]
    assert review_links.read_review(item) == review
    for page, version in ((2, 2), (1, 3), (1, 0), (0, 1), (0, 2)):
        with pytest.raises(HttpError, match="not understood"):
            links.add_remark(token, "a", "b", "scorecard", page, workbook_version=version)


def test_a_remark_on_an_earlier_version_leads_to_no_page(quick: Server, browser: Browser) -> None:
    client = entered(quick)
    item = client.made(sample_bytes())["id"]
    token = make_link(client, item)
    leave(quick, token)
    with visiting(browser, quick, Client(quick, "none=none")) as visit:
        reader = visit.tab(f"review/{token}")
        expect(reader.locator(".remarks li button")).to_have_text("策略地圖與平衡計分卡 第 1 頁")
        edit = {"sheet": "年度資料", "cell": "E6", "value": "1", "run": 1}
        assert client.post(f"/api/items/{item}/cells", edit).json()["problems"] == []
        assert client.until(item, "ready")["documents"][0]["workbook_version"] == 2
        reader.locator("#remark-text").fill("這一頁也是")  # the pages of before are on show
        reader.locator("#remark-name").fill("陳科長")
        reader.locator("#leave-remark").click()
        expect(reader.locator(".remarks li")).to_have_count(2)
        leave(quick, token)
        reader.reload()
        places = reader.locator(".remarks li > :first-child")
        before = "策略地圖與平衡計分卡 第 1 版的第 1 頁（現在是第 2 版）"
        expect(places).to_have_text([before, before, "策略地圖與平衡計分卡 第 1 頁"])
        expect(reader.locator(".remarks li button")).to_have_count(1)
        reader.get_by_role("button", name="English").click()
        expect(places.first).to_contain_text("page 1 of version 1 (this is version 2)")
        axe(reader)
    with visiting(browser, quick, client) as visit:
        page = visit.tab(f"#/item/{item}/preview")
        page.locator("#show-remarks").click()
        expect(page.locator(".panel .remarks li > :first-child")).to_have_text(
            [before, before, "策略地圖與平衡計分卡 第 1 頁"]
        )


def test_what_is_stored_is_no_link_if_it_is_damaged(tmp_path: Path) -> None:
    item = ready_item(tmp_path)
    for content in (
        '{"token": "a"}',
        "x",
        "[]",
        '{"token": "a", "expires": "x", "first": 0, "remarks": []}',
    ):
        (tmp_path / "review.json").write_text(content)
        links = ReviewLinks([item])
        assert links.review_of(item) == review_links.Review()
        with pytest.raises(HttpError, match="link ended"):
            links.open("a")


def test_links_and_remarks_outlive_the_server_and_leave_no_token_in_the_log(tmp_path: Path) -> None:
    templates = str(small_templates(tmp_path / "templates"))
    audit = tmp_path / "audit.jsonl"
    arguments = (
        "--state",
        str(tmp_path / "state"),
        "--templates",
        templates,
        "--audit-log",
        str(audit),
    )
    with running(tmp_path, *arguments, environment=SHARED) as server:
        client = signed_in(server)
        item = client.made(sample_bytes())["id"]
        token = make_link(client, item)
        Client(server).get(f"/review/{token}")
        assert leave(server, token).status == 201
        version = client.state(item)["version"]
        server.stop(signal.SIGKILL)
    with running(tmp_path, *arguments, environment=SHARED) as server:
        (remark,) = Client(server).get(f"/api/review/{token}").json()["remarks"]
        assert {key: remark[key] for key in REMARK} == REMARK
        again = Client(server, client.cookie, client.csrf)
        assert again.state(item)["remarks"] == 1
        assert again.state(item)["version"] > version
        assert leave(server, token).status == 201
        assert again.ask("DELETE", f"/api/items/{item}/review").status == 204
    log = audit.read_text("utf-8")
    assert token not in log
    lines = [json.loads(line) for line in log.splitlines()]
    told = [
        line["action"] for line in lines if "link" in line["action"] or line["action"] == "remark"
    ]
    assert told == ["make link", "open link", "remark", "remark", "withdraw link"]
    assert all(line["identifier"] == item for line in lines if line["action"] == "remark")


@pytest.mark.parametrize("size", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_the_head_of_section_reads_and_the_owner_sees_the_remarks(
    quick: Server, browser: Browser, size: tuple[int, int]
) -> None:
    client = entered(quick)
    item = client.made(sample_bytes())["id"]
    evil = "<img src=x onerror=\"document.title='hacked'\"><script>alert(1)</script>"
    with visiting(browser, quick, client, size) as visit:
        page = visit.tab(f"#/item/{item}/finish")
        page.locator("#make-link").click()
        link = page.locator("#review-link").input_value()
        assert re.fullmatch(rf"{re.escape(quick.address)}review/[\w-]{{32}}", link)
        axe(page)
        assert overflow(page) == []
        with visiting(browser, quick, Client(quick, "none=none"), size) as other:
            other.expected = ()
            reader = other.context.new_page()
            reader.set_default_timeout(30_000)
            reader.goto(link)
            expect(painted(reader).first).to_be_visible()
            if size == PHONE:
                reader.locator("#show-remarks").click()
            axe(reader)
            assert overflow(reader) == []
            reader.locator("#remark-text").fill(f"{evil}\n第二行")
            reader.locator("#remark-name").fill("<b>陳科長</b>")
            reader.locator("#leave-remark").click()
            expect(reader.locator(".remarks li")).to_contain_text(evil)
            expect(reader.locator("#show-remarks")).to_contain_text("1")
            if size == PHONE:
                reader.keyboard.press("Escape")
            name, content = saved(reader, reader.get_by_role("link", name="PDF"))
            assert name.endswith("_審閱.pdf")
            assert content.startswith(b"%PDF")
            assert reader.title() != "hacked"
        page.goto(f"{quick.address}#/")
        expect(page.locator(".item .badge.live")).to_have_text("意見 1 則")
        page.goto(f"{quick.address}#/item/{item}/preview")
        page.locator("#show-remarks").click()
        expect(page.locator(".panel .remarks li")).to_contain_text(evil)
        expect(page.locator(".panel .remarks li")).to_contain_text("<b>陳科長</b>")
        assert page.locator(".panel img, .panel b").count() == 0
        axe(page)
        page.goto(f"{quick.address}#/item/{item}/finish")
        page.locator("#withdraw-link").click()
        expect(page.locator("#make-link")).to_be_focused()
    with visiting(browser, quick, Client(quick, "none=none"), size) as other:
        reader = other.context.new_page()
        reader.goto(link)
        expect(reader.get_by_role("heading", level=1)).to_have_text("這個連結不能再用了")
        axe(reader)
