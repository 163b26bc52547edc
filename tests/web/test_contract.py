"""What the server sends is what its description says, and the page reads nothing else."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from reportgen.web.app import url_rules
from reportgen.web.openapi import OPERATIONS, describe_api
from tests.factories.owner_parts import filled
from tests.factories.workbooks import with_cells
from tests.web.browser import visiting
from tests.web.client import Client, entered
from tests.web.schema_check import violations
from tests.web.server import SHARED, running
from tests.web.test_parts_routes import FIGURES, edition, hand_in, read, shared
from tests.web.view import EARLIER, SAMPLE, choose, painted, step

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from tests.web.server import Server

pytestmark = pytest.mark.slow


def with_part(client: Client) -> tuple[str, str]:
    """An item with a part that changes cells, and the key of its report."""
    item = client.made(edition(), "parts.xlsx")["id"]
    hand_in(client, item, filled(shared(client, item)["105-12-25_研究組.xlsx"], FIGURES), "a.xlsx")
    return item, read(client, item)["key"]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with an archive of its own, and a workbook that it follows."""
    folder = tmp_path_factory.mktemp("office")
    with running(folder, environment=SHARED) as server:
        yield server
    assert "Traceback" not in server.said(), server.said()


@pytest.fixture(scope="module")
def client(office: Server) -> Client:
    """A session with a workbook of each kind, a comparison and an archived edition."""
    client = entered(office)
    ready = client.made(with_cells(("基本資料", "B10", "定稿")), SAMPLE.name)
    earlier = client.made(EARLIER.read_bytes(), EARLIER.name)
    client.made(with_cells(("年度資料", "E5", "not a figure")), "refused.xlsx")
    compared = client.post("/api/comparisons", {"old": earlier["id"], "new": ready["id"]})
    client.until(compared.json()["id"])
    client.post("/api/archive", {"item": ready["id"], "reprint": False})
    return client


def test_each_route_is_described_and_nothing_else(client: Client) -> None:
    routes = {
        f"{method} {rule.rule}"
        for rule in url_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == OPERATIONS.keys()
    description = client.get("/api/openapi.json").json()
    assert description == json.loads(json.dumps(describe_api(url_rules())))
    assert description["openapi"] == "3.1.0"
    references = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(description)))
    assert references == description["components"]["schemas"].keys()


REMARK = {"name": "陳科長", "text": "請再精簡", "document": "scorecard", "page": 1}
SLIP = {"role": "自評", "name": "王小明", "remark": "數字已核對", "date": ""}


def test_each_answer_is_as_described(client: Client) -> None:
    items = client.get("/api/items").json()["items"]
    ready = next(item["id"] for item in items if item["name"] == SAMPLE.name)
    older = next(item["id"] for item in items if item["name"] == EARLIER.name)
    archived = client.get("/api/archive").json()["editions"][0]
    token = client.post(f"/api/items/{ready}/review", {}).json()["token"]
    extra = client.made(EARLIER.read_bytes(), "extra.xlsx")["id"]
    edit = {"sheet": "年度資料", "cell": "E6"}
    returned, key = with_part(client)
    calls: list[tuple[str, str, Any]] = [
        ("GET", "/healthz", None),
        ("GET", "/api/session", None),
        ("GET", "/api/items", None),
        ("POST", "/api/comparisons", {"old": older, "new": ready}),
        ("GET", "/api/archive", None),
        ("POST", "/api/archive", {"item": ready, "reprint": False}),
        ("POST", "/api/archive", {"item": ready, "reprint": True}),
        ("POST", "/api/archive", {"item": older, "reprint": False}),
        ("GET", f"/api/archive/find?code={archived['codes'][0]}", None),
        ("GET", "/api/archive/find?code=AAAA", None),
        ("POST", "/api/archive/verify", {}),
        ("POST", "/api/archive/identify", "bytes"),
        ("GET", f"/api/archive/{archived['id']}/approval", None),
        ("POST", f"/api/archive/{archived['id']}/approval", SLIP),
        ("POST", f"/api/archive/{archived['id']}/approval", {**SLIP, "role": "複核"}),
        ("POST", f"/api/archive/{archived['id']}/withdrawal", {**SLIP, "number": 1}),
        ("POST", f"/api/archive/{archived['id']}/approved-reprint", {}),
        ("POST", "/api/archive/comparisons", {"edition": int(archived["id"]), "new": ready}),
        *[("GET", f"/api/items/{item['id']}", None) for item in items],
        ("GET", f"/api/items/{ready}/words", None),
        ("GET", f"/api/items/{ready}/previous", None),
        ("POST", f"/api/items/{ready}/review", {}),
        ("POST", f"/api/review/{token}/remarks", REMARK),
        ("GET", f"/api/review/{token}", None),
        ("GET", f"/api/items/{ready}/review", None),
        ("POST", f"/api/items/{extra}/cells", {**edit, "value": "1", "run": 1}),
        ("POST", f"/api/items/{extra}/cells", {**edit, "value": "1", "run": 9}),
        ("PUT", f"/api/items/{extra}/workbook", "no workbook"),
        ("GET", f"/api/items/{extra}", None),
        ("DELETE", f"/api/items/{extra}", None),
        ("GET", "/api/items", None),
        ("POST", f"/api/items/{extra}/restore", {}),
        ("POST", f"/api/items/{ready}/odt", {}),
        ("POST", f"/api/items/{ready}/share", {"due": "", "format": ""}),
        ("POST", f"/api/items/{ready}/parts", "bytes"),
        ("POST", f"/api/items/{ready}/parts/read", {}),
        ("GET", f"/api/items/{returned}/parts", None),
        ("POST", f"/api/items/{returned}/merge", {"key": key}),
        ("DELETE", f"/api/items/{ready}/parts/a.pdf", None),
    ]
    description = client.get("/api/openapi.json").json()
    seen = set()
    for method, path, body in calls:
        if isinstance(body, str):
            answer = client.ask(method, path, body, {"X-File-Name": "a.pdf"})
        elif method == "POST":
            given = {"X-Reportgen": token} if path.startswith("/api/review/") else {}
            answer = client.post(path, body, given)
        else:
            answer = client.ask(method, path)
        if answer.status == 204:
            continue
        form = re.sub(r"/api/items/[\w-]+", "/api/items/{identifier}", path.partition("?")[0])
        form = re.sub(r"/api/review/[\w-]+", "/api/review/{token}", form)
        form = re.sub(r"/api/archive/\d+", "/api/archive/{number}", form)
        form = form.replace("a.pdf", "{name}")
        seen.add(f"{method} {form}")
        responses = description["paths"][form][method.lower()]["responses"]
        schema = responses[str(answer.status)]["content"]["application/json"]["schema"]
        assert violations(answer.json(), schema, description) == [], path
    json_routes = {
        f"{method.upper()} {path}"
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
        for response in operation["responses"].values()
        if "$ref" in response.get("content", {}).get("application/json", {}).get("schema", {})
        and "ErrorAnswer" not in str(response)
    }
    assert json_routes - {"POST /api/items"} == seen  # every upload above was that
    refusal = client.get("/api/items/none")
    assert violations(refusal.json(), {"$ref": "/ErrorAnswer"}, description) == []


def test_the_check_finds_what_is_not_as_described(client: Client) -> None:
    description = client.get("/api/openapi.json").json()
    answer = client.get("/api/session").json()
    schema = {"$ref": "/SessionAnswer"}
    assert violations(answer, schema, description) == []
    for change in ({"busy": "no"}, {"busy": True}, {"other": 1}, {"language": "de"}, {"live": 1}):
        assert violations({**answer, **change}, schema, description), change
    del answer["archive"]
    assert violations(answer, schema, description) == ["$: no archive"]


# Sent only where a formula is read otherwise than it is written (reportgen.exports.results_json).
OPTIONAL = {"/api/items/{id}/results.kpis.formula.reading"}
# Whatever the page reads of an answer and the server did not send, by the first name of its path.
NOTE_MISSING_KEYS = """
window.missing = new Set();
const watched = new WeakMap();
const quiet = new Set(["then", "toJSON", "nodeType", "constructor"]);
function watch(value, path) {
  if (value === null || typeof value !== "object") return value;
  if (!watched.has(value)) watched.set(value, new Proxy(value, {
    get(target, key) {
      if (typeof key === "string" && !(key in target) && !quiet.has(key) && !Array.isArray(target))
        window.missing.add(`${path}.${key}`);
      const found = Reflect.get(target, key);
      return typeof key === "string" && Object.hasOwn(target, key)
        ? watch(found, Array.isArray(target) ? path : `${path}.${key}`) : found;
    },
  }));
  return watched.get(value);
}
const json = Response.prototype.json;
Response.prototype.json = async function () {
  const path = new URL(this.url).pathname
    .replace(/items\\/[^/]+/, "items/{id}").replace(/review\\/[^/]+/, "review/{token}");
  return watch(await json.call(this), path);
};
"""


def test_the_page_reads_only_what_is_sent(
    office: Server, client: Client, browser: Browser, tmp_path: Path
) -> None:
    shared_item, _ = with_part(client)
    for item in client.get("/api/items").json()["items"]:
        if item["name"] == SAMPLE.name:
            token = client.post(f"/api/items/{item['id']}/review", {}).json()["token"]
            client.post(f"/api/review/{token}/remarks", REMARK, {"X-Reportgen": token})
    with visiting(browser, office, client) as visit:
        visit.context.add_init_script(NOTE_MISSING_KEYS)
        page = visit.tab()
        expect(page.locator(".item").first).to_be_visible()
        broken = tmp_path / "broken.xlsx"
        broken.write_bytes(with_cells(("年度資料", "E5", "not a figure")))
        choose(page, broken)
        expect(page.get_by_text("not a figure").first).to_be_visible()
        for item in client.get("/api/items").json()["items"]:
            page.goto(f"{office.address}#/item/{item['id']}/check")
            expect(page.locator(".verdict")).to_be_visible()
            if not item["has_pages"]:
                continue
            page.goto(f"{office.address}#/item/{item['id']}/preview")
            expect(painted(page).first).to_be_visible()
            for place in page.locator("button.place").all()[:3]:
                place.click()
                expect(page.get_by_role("dialog")).to_be_visible()
                page.keyboard.press("Escape")
            if item["stage"] == "refused":
                continue  # pages of the version before, and no files
            page.goto(f"{office.address}#/item/{item['id']}/finish")
            expect(page.get_by_role("link", name="全部下載")).to_be_visible()
        ready = next(
            item["id"]
            for item in client.get("/api/items").json()["items"]
            if item["name"] == SAMPLE.name
        )
        page.goto(f"{office.address}#/item/{ready}/preview")
        page.locator("#show-remarks").click()
        expect(page.locator(".panel .remarks li").first).to_be_visible()
        page.keyboard.press("Escape")
        page.locator("#tab-figures").click()
        expect(page.locator(".figures-view table").first).to_be_visible()
        page.goto(f"{office.address}#/item/{shared_item}/parts")
        page.locator("#share").click()
        expect(page.locator("#share-outcome a")).to_be_visible()
        page.locator("#merge").click()
        expect(page.get_by_text("第1次併入前")).to_be_visible()
        page.goto(f"{office.address}#/item/{ready}/preview")
        step(page, "下載").click()
        page.locator("#deposit").click()
        page.locator("#deposit-now").click()
        expect(page.get_by_text("先前已經封存")).to_be_visible()
        page.get_by_role("dialog").get_by_role("link").click()
        opened = page.locator("details.edition").first
        opened.locator("summary").first.click()
        expect(opened.locator(".rounds")).to_be_visible()
        page.locator("#verify").click()
        expect(page.get_by_text("封存完整")).to_be_visible()
        assert set(page.evaluate("[...window.missing]")) <= OPTIONAL
        reader = visit.tab(f"review/{client.get(f'/api/items/{ready}/review').json()['token']}")
        expect(reader.locator(".remarks li").first).to_be_visible()
        assert reader.evaluate("[...window.missing]") == []
        page.evaluate("fetch('api/session').then((a) => a.json()).then((found) => found.nothing)")
        page.wait_for_function("window.missing.has('/api/session.nothing')")  # it does look


def test_the_archive_is_searched_by_what_stands_at_a_pages_foot(
    office: Server, client: Client, browser: Browser
) -> None:
    edition = next(
        edition
        for edition in client.get("/api/archive").json()["editions"]
        if edition["name"] == "105-12-25"
    )
    code = edition["codes"][0]
    assert len(code.replace("-", "")) == 25
    assert edition["title"]
    assert edition["user"]
    with visiting(browser, office, client) as visit:
        page = visit.tab("#/archive")
        shown = page.locator(f"#edition-{edition['id']}")
        search = page.locator("#archive-text")
        for text in (
            code,
            code.lower().replace("-", " "),
            f"105-12-25 查驗碼 {code}",
            code[:11],
            edition["title"][:4],
        ):
            search.fill(text)
            expect(shown).to_be_visible()
            search.fill("nothing like that")
            expect(shown).to_be_hidden()
        wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
        search.fill(wrong)
        expect(page.get_by_text("E633").first).to_be_visible()
        search.fill(code)
        shown.locator("summary").first.click()
        expect(shown).to_contain_text(code)
        expect(shown).to_contain_text(edition["user"])
        expect(page.locator(".edition .badge.live")).to_have_count(1)
        expect(page.locator(".edition .badge.live")).to_have_text("現行")
