"""Which entries of 修表紀錄 are the reasons of which changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reportgen.compare import compare_scorecards
from reportgen.model.scorecard import CellRef, Revision, RocDate, Scorecard, Text
from tests.factories.samples import scorecard, teachers_center

NEW = scorecard(teachers_center)
DAY = RocDate(105, 12, 25)


def text(words: str) -> Text:
    return Text(text=words, at=CellRef(sheet="修表紀錄", cell="C5"))


def entry(item: str, note: str = "為何", day: RocDate = DAY) -> Revision:
    return Revision(day=day, item=text(item), note=text(note))


def renamed(card: Scorecard, code: str, name: str) -> Scorecard:
    """An edition in which a KPI has another name."""
    kpis = tuple(replace(kpi, name=text(name)) if kpi.code == code else kpi for kpi in card.kpis)
    return replace(card, kpis=kpis)


# The mission, the agency's name and BP3.1's name have changed; the perspectives are reordered;
# 106 is a new year.
OLD = renamed(
    replace(
        NEW,
        agency=text("教師研習中心"),
        mission=text("舊"),
        perspectives=tuple(
            replace(perspective, card_order=9 - perspective.card_order)
            for perspective in NEW.perspectives
        ),
        figures=tuple(
            replace(figure, values=tuple(v for v in figure.values if v.year != 105))
            for figure in NEW.figures
        ),
    ),
    "BP3.1",
    "優質學校獲獎比率",
)
AGENCY, MISSION, ORDER, KPI, YEAR = "機關名稱", "使命", "構面", "BP3.1", "年度資料"

NAMED = {
    "使命": [MISSION],
    "使 命": [MISSION],
    "使命之文字": [],  # two characters may stand in any words
    "機關名稱之文字": [AGENCY],
    "使命、機關名稱": [AGENCY, MISSION],
    "使命,機關名稱": [AGENCY, MISSION],
    "使命，機關名稱": [AGENCY, MISSION],
    "使命;機關名稱": [AGENCY, MISSION],
    "使命；機關名稱": [AGENCY, MISSION],
    "使命\n機關名稱": [AGENCY, MISSION],
    "構面": [ORDER],
    "105年": [YEAR],
    "105年度資料": [YEAR],
    "年度資料": [YEAR],
    "104年": [],
    "BP3.1": [KPI],
    "bp3.1 之名稱": [KPI],
    "指標BP3.1名稱": [KPI],
    "BP3.12 之名稱": [],
    "BP3.1.2 之名稱": [],
    "ABP3.1 之名稱": [],
    "1BP3.1 之名稱": [],
    "學校申請參與優質學校評選之獲獎比率": [KPI],  # its name now
    "優質學校獲獎比率": [KPI],  # and before
    "優質學校獲獎比率之文字": [KPI],
    "BP3.1 學校申請參與優質學校評選之獲獎比率": [KPI],
    "使命、BP3.1 之名稱": [MISSION],  # what is named exactly, before what is mentioned
}


@pytest.mark.parametrize(("item", "names"), NAMED.items(), ids=NAMED)
def test_an_entry_belongs_to_what_its_item_names(item: str, names: list[str]) -> None:
    found = compare_scorecards(OLD, replace(NEW, revisions=(entry(item),)))
    named = [
        (change.new.code or change.new.name) if change.new else change.section.value
        for change in found.changes
        if change.reasons
    ]
    assert named == names
    assert found.other_reasons == (() if names else (entry(item),))


def test_a_change_keeps_its_reasons_in_the_order_of_the_entries() -> None:
    entries = (entry("使命", "一"), entry("BP3.1", "二"), entry("使命", "三"))
    found = compare_scorecards(OLD, replace(NEW, revisions=entries))
    reasons = [[reason.note.text for reason in change.reasons] for change in found.changes]
    assert [notes for notes in reasons if notes] == [["一", "三"], ["二"]]


@pytest.mark.parametrize(
    ("before", "is_new"),
    [
        (entry("使命"), False),
        (entry("使命", "別的"), True),
        (entry("願景"), True),
        (entry("使命", day=RocDate(105, 6, 30)), True),
    ],
)
def test_only_an_entry_of_the_new_edition_is_a_reason(before: Revision, is_new: bool) -> None:
    found = compare_scorecards(
        replace(OLD, revisions=(before,)), replace(NEW, revisions=(entry("使命"),))
    )
    assert any(change.reasons for change in found.changes) is is_new


def test_a_removed_item_is_named_by_its_former_code() -> None:
    new = replace(NEW, kpis=tuple(kpi for kpi in NEW.kpis if kpi.code != "L1.1"))
    found = compare_scorecards(NEW, replace(new, revisions=(entry("L1.1 刪除"),)))
    named = [change.old.code for change in found.changes if change.reasons and change.old]
    assert named == ["L1.1", "L1.1"]  # with its targets
