"""An .ods on the page: checked, made, marked, and the next edition of it."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import unquote
from zipfile import ZipFile

import pytest

from reportgen.workbook import read_bytes
from tests.factories.open_documents import raw_of, sample_ods, written
from tests.factories.workbooks import with_cells
from tests.web.client import entered

if TYPE_CHECKING:
    from tests.web.server import Server


@pytest.mark.slow
def test_an_ods_is_made_and_carried_on(quick: Server) -> None:
    client = entered(quick)
    state = client.made(sample_ods(), "105-12-25.ods")
    assert state["stage"] == "ready"
    assert state["files"]
    following = client.get(f"/api/items/{state['id']}/next.xlsx")
    assert following.status == 200
    card = read_bytes(following.content)[0]
    assert card is not None
    assert card.agency.text == read_bytes(sample_ods())[0].agency.text  # type: ignore[union-attr]


@pytest.mark.slow
def test_its_marked_copy_is_an_ods(quick: Server) -> None:
    client = entered(quick)
    faulty = written(raw_of(with_cells(("年度資料", "F5", "19人"))))
    state = client.made(faulty, "105-12-25.ods")
    assert state["stage"] == "refused"
    assert state["marked"] is True
    answer = client.get(f"/api/items/{state['id']}/marked.xlsx")
    assert answer.status == 200
    assert unquote(answer.headers["Content-Disposition"]).endswith("105-12-25_檢查.ods")
    with ZipFile(BytesIO(answer.content)) as package:
        assert "✖〔E112〕" in package.read("content.xml").decode()


def test_the_page_offers_ods_to_choose(quick: Server) -> None:
    assert 'accept=".xlsx,.xlsm,.ods"' in entered(quick).get("/").content.decode()
