"""The JSON of a comparison: what changed, with both sides, their cells and the reasons."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from reportgen.compare import compare_scorecards, comparison_json
from reportgen.model.scorecard import CellRef, Revision, RocDate, Scorecard, Text
from tests.factories.samples import scorecard, teachers_center
from tests.readers.json_forms import assert_valid

CARD = scorecard(teachers_center)


def text(words: str, cell: str = "C5") -> Text:
    return Text(text=words, at=CellRef(sheet="修表紀錄", cell=cell))


def written(old: Scorecard, new: Scorecard) -> Any:
    content = comparison_json(compare_scorecards(old, new))
    report = json.loads(content)
    assert_valid(report)
    assert content == (json.dumps(report, ensure_ascii=False, indent=2) + "\n").encode()
    return report


def test_a_change_has_item_lines_and_reasons() -> None:
    kpi = CARD.kpis[0]
    reasons = (
        Revision(day=RocDate(105, 12, 25), item=text("AC1.1"), note=text("更正", "D5")),
        Revision(day=RocDate(105, 12, 26), item=text("其他"), note=text("說明", "D6")),
    )
    new = replace(
        CARD,
        kpis=(replace(kpi, owner=Text(text="研究組", at=kpi.owner.at)), *CARD.kpis[1:]),
        revisions=reasons,
    )
    report = written(replace(CARD, data_year=104, revised=RocDate(105, 6, 30)), new)
    item = {
        "code": "AC1.1",
        "name": "增加各類創新研習班後之類別數",
        "parent": "AC1",
        "sheet": "關鍵績效指標",
        "cell": "A5",
    }
    assert report == {
        "schema": "reportgen.comparison/1",
        "agency": "臺北市教師研習中心",
        "old": {"edition": "105-06-30", "data_year": 104, "status": "範例"},
        "new": {"edition": "105-12-25", "data_year": 105, "status": "範例"},
        "changes": [
            {
                "section": "關鍵績效指標",
                "kinds": ["修正"],
                "old": item,
                "new": item,
                "lines": [
                    {
                        "label": "承辦單位",
                        "old": {"text": "", "sheet": "關鍵績效指標", "cell": "H5"},
                        "new": {"text": "研究組", "sheet": "關鍵績效指標", "cell": "H5"},
                    }
                ],
                "old_order": [],
                "new_order": [],
                "years": [],
                "reasons": [
                    {
                        "day": "105-12-25",
                        "item": "AC1.1",
                        "note": "更正",
                        "sheet": "修表紀錄",
                        "cell": "D5",
                    }
                ],
            }
        ],
        "other_reasons": [
            {
                "day": "105-12-26",
                "item": "其他",
                "note": "說明",
                "sheet": "修表紀錄",
                "cell": "D6",
            }
        ],
    }


def test_a_removed_item_has_no_new_side_and_a_new_order_has_no_item() -> None:
    one, two, three = (
        replace(CARD.values[0], name=text(name)) for name in ("甲", "乙乙", "丙丙丙")
    )
    old, new = replace(CARD, values=(one, two, three)), replace(CARD, values=(three, two))
    removed, order = written(old, new)["changes"]
    assert (removed["kinds"], removed["old"]["name"], removed["new"]) == (["刪除"], "甲", None)
    assert [line["new"] for line in removed["lines"]] == [None]
    assert (order["kinds"], order["old"], order["new"]) == (["調整順序"], None, None)
    assert (order["old_order"], order["new_order"]) == (["乙乙", "丙丙丙"], ["丙丙丙", "乙乙"])


def test_a_new_year_counts_its_figures() -> None:
    figures = tuple(
        replace(figure, values=tuple(value for value in figure.values if value.year < 105))
        for figure in CARD.figures
    )
    (change,) = written(replace(CARD, figures=figures), CARD)["changes"]
    assert (change["old"], change["new"], change["lines"]) == (None, None, [])
    assert change["years"] == [{"year": 105, "figures": len(CARD.figures)}]
