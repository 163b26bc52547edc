"""Two editions: what has changed, what a revision officer reads, and what the JSON tells."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportgen.compare import ChangeKind, Comparison, Section, compare_scorecards, comparison_json
from reportgen.compare.matching import match_items
from reportgen.compare.scorecard_items import ScorecardItem
from reportgen.documents import comparison_document
from reportgen.model.missing_symbols import MissingReason
from reportgen.model.scorecard import (
    CellRef,
    Direction,
    Known,
    Missing,
    Revision,
    RocDate,
    Scorecard,
    Target,
    Text,
)
from reportgen.views.comparison_view import REMOVED_TEXT, comparison_view
from tests.factories.samples import (
    earlier_edition,
    scorecard,
    second_agency,
    teachers_center,
    yearly_review,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportgen.views.comparison_view import ChangeRow

NEW = scorecard(teachers_center)
AT = CellRef(sheet="修表紀錄", cell="C5")


def text(words: str) -> Text:
    return Text(text=words, at=AT)


def edited(card: Scorecard, kind: str, code: str, /, **changes: Any) -> Scorecard:
    """A scorecard in which one item, known by its code or name, says something else."""
    items = tuple(
        replace(each, **changes) if code in (getattr(each, "code", ""), name_of(each)) else each
        for each in getattr(card, kind)
    )
    assert items != getattr(card, kind)
    return put(card, kind, items)


def put(card: Scorecard, kind: str, items: tuple[Any, ...]) -> Scorecard:
    given: dict[str, Any] = {kind: items}
    return replace(card, **given)


def name_of(item: Any) -> str:
    found = getattr(item, "name", None) or getattr(item, "item", None) or getattr(item, "kpi", "")
    return str(found)


def without(card: Scorecard, kind: str, code: str) -> Scorecard:
    items = tuple(
        e for e in getattr(card, kind) if code not in (getattr(e, "code", ""), name_of(e))
    )
    assert len(items) < len(getattr(card, kind))
    return put(card, kind, items)


def told(comparison: Comparison) -> list[tuple[str, str, str]]:
    """Each change: section, what it is called now or was, what has happened."""
    return [
        (
            change.section.value,
            (item.code or item.name) if (item := change.new or change.old) else "",
            "、".join(kind.value for kind in change.kinds),
        )
        for change in comparison.changes
    ]


OLDER: dict[str, tuple[Callable[[], Scorecard], list[tuple[str, str, str]]]] = {
    "nothing": (lambda: NEW, []),
    "dates and layout are no provisions": (
        lambda: replace(NEW, revised=RocDate(105, 1, 2), cover_date=RocDate(105, 1, 3),
                        objectives_per_page=3),
        [],
    ),
    "a statement": (
        lambda: replace(NEW, vision=text("標竿研習")), [("基本資料", "願景", "修正")],
    ),
    "a perspective's label": (
        lambda: edited(NEW, "perspectives", "F", card_name=text("財務構面")),
        [("構面", "F", "修正")],
    ),
    "a KPI's name": (
        lambda: edited(NEW, "kpis", "AC1.1", name=text("增加研習班之類別數")),
        [("關鍵績效指標", "AC1.1", "修正")],
    ),
    "a formula": (
        lambda: edited(NEW, "kpis", "L1.1", formula=text("每年提供研習之類別數(單位：類別數)")),
        [("關鍵績效指標", "L1.1", "修正")],
    ),
    "direction, weight, places, office": (
        lambda: edited(NEW, "kpis", "L1.1", direction=Direction.LOWER, owner=text("研究組"),
                       places=1),
        [("關鍵績效指標", "L1.1", "修正")],
    ),
    "a KPI that came": (
        lambda: without(without(NEW, "kpis", "BP3.1"), "targets", "BP3.1"),
        [("關鍵績效指標", "BP3.1", "新增"), ("目標值", "BP3.1", "新增")],
    ),
    "a KPI that moved": (
        lambda: edited(NEW, "kpis", "AP3.1", objective="AP2"),
        [("關鍵績效指標", "AP3.1", "移列")],
    ),
    "a KPI's code": (
        lambda: edited(edited(NEW, "kpis", "BP3.1", code="BP9.1"), "targets", "BP3.1",
                       kpi="BP9.1"),
        [("關鍵績效指標", "BP3.1", "調整代碼"), ("目標值", "BP3.1", "調整代碼")],
    ),
    "an objective's code, which does not move its KPIs": (
        lambda: edited(edited(NEW, "objectives", "L1", code="L7"), "kpis", "L1.1", objective="L7"),
        [("策略目標", "L1", "調整代碼")],
    ),
    "an objective in another perspective": (
        lambda: edited(NEW, "objectives", "AP2", perspective="C"),
        [("策略目標", "AP2", "移列")],
    ),
    "a theme of an objective": (
        lambda: edited(NEW, "objectives", "AP2", themes=("B",)), [("策略目標", "AP2", "修正")],
    ),
    "a target": (
        lambda: replace(NEW, targets=tuple(
            replace(e, goal=text("12")) if (e.kpi, e.year) == ("AC1.1", 104) else e
            for e in NEW.targets)),
        [("目標值", "AC1.1", "修正")],
    ),
    "a figure": (
        lambda: replace(NEW, figures=(replace(NEW.figures[0], values=(
            replace(NEW.figures[0].values[0], value=Known(value=NEW.figures[0].values[0].value.value  # type: ignore[union-attr]
                                                          + 1)),
            *NEW.figures[0].values[1:])), *NEW.figures[1:])),
        [("年度資料", NEW.figures[0].item.text, "修正")],
    ),
    "a year": (
        lambda: replace(NEW, figures=tuple(
            replace(e, values=tuple(v for v in e.values if v.year < 105)) for e in NEW.figures)),
        [("年度資料", "", "新增年度")],
    ),
    "a rule": (
        lambda: replace(NEW, cross_checks=NEW.cross_checks[:1] + NEW.cross_checks[2:]),
        [("勾稽規則", NEW.cross_checks[1].rule.text, "新增")],
    ),
    "order": (
        lambda: replace(NEW, kpis=tuple(reversed(NEW.kpis))),
        [("關鍵績效指標", "", "調整順序")],  # only F1 has two
    ),
}  # fmt: skip


@pytest.mark.parametrize(("older", "expected"), OLDER.values(), ids=OLDER)
def test_changes(older: Callable[[], Scorecard], expected: list[tuple[str, str, str]]) -> None:
    assert told(compare_scorecards(older(), NEW)) == expected


@pytest.mark.parametrize("older", [each for each, _ in OLDER.values()], ids=OLDER)
def test_the_other_way_round_as_much_has_changed(older: Callable[[], Scorecard]) -> None:
    there, back = compare_scorecards(older(), NEW), compare_scorecards(NEW, older())
    turned = {ChangeKind.ADDED: ChangeKind.REMOVED, ChangeKind.REMOVED: ChangeKind.ADDED}
    if any(ChangeKind.NEW_YEAR in change.kinds for change in there.changes):
        return  # a year that is gone is not one change but one for each figure
    assert sorted(
        (each.section.value, [turned.get(kind, kind).value for kind in each.kinds])
        for each in there.changes
    ) == sorted((each.section.value, [kind.value for kind in each.kinds]) for each in back.changes)


def test_a_code_that_was_given_on_is_not_taken_for_the_same_item() -> None:
    """BP2.1 left and BP3.1 became BP2.1: one removed, one recoded; nothing was rewritten."""
    new = edited(without(NEW, "kpis", "BP2.1"), "kpis", "BP3.1", code="BP2.1")
    assert [each for each in told(compare_scorecards(NEW, new)) if each[0] == "關鍵績效指標"] == [
        ("關鍵績效指標", "BP2.1", "調整代碼"),
        ("關鍵績效指標", "BP2.1", "刪除"),
    ]


def rows(comparison: Comparison) -> dict[str, list[ChangeRow]]:
    view = comparison_view(comparison, "")
    return {section.name: list(section.rows) for section in view.sections}


def shown(side: tuple[tuple[Any, ...], ...]) -> list[str]:
    return [
        "".join(f"[{part.text}]" if part.changed else part.text for part in parts) for parts in side
    ]


def test_what_the_officer_reads() -> None:
    table = rows(compare_scorecards(scorecard(earlier_edition), NEW))
    assert list(table) == [
        "基本資料", "構面", "策略目標", "關鍵績效指標", "目標值", "年度資料", "勾稽規則",
    ]  # fmt: skip
    people, weight, came, recoded, rate, gone = table["關鍵績效指標"]
    assert shown(people.new)[0] == "BC1.1 每年[新建立]合作或諮詢關係之專家學者[資料庫人數]"
    assert shown(people.old)[2] == "(單位：人[次])"
    assert people.notes == ("範例：改以當年度新建立之人數計算，避免重複計次。",)
    assert (shown(weight.new)[-1], shown(weight.old)[-1]) == ("(單位：件)", "[權重：2]")
    assert weight.notes == ("刪除權重。",)
    assert came.old == ()
    assert came.notes[1] == "二、本項新增。"
    assert shown(recoded.new)[0] == "[BP3.1] 學校申請參與優質學校評選之獲獎比率"
    assert recoded.notes == ("代碼由「BP2.1」調整為「BP3.1」。",)
    assert "實支數[+應付未付數]+賸餘數" in shown(rate.new)[1]
    assert shown(gone.new) == [REMOVED_TEXT]
    assert gone.notes == ("一、範例：諮詢輔導已納入其他計畫管考。", "二、本項刪除。")
    order = table["構面"][1]
    assert shown(order.new) == ["C 顧客構面", "P 內部流程構面", "[L 學習成長構面]", "F 財務流程"]
    corrected = table["年度資料"][1]
    assert shown(corrected.new)[1:] == ["104年：[61]", "105年：[68]"]
    assert corrected.notes == ("範例：依資料庫實際件數更正。",)


def test_what_is_new_is_called_by_its_name_once() -> None:
    older = without(NEW, "perspectives", "F")
    older = replace(older, cross_checks=older.cross_checks[1:])
    table = rows(compare_scorecards(older, NEW))
    assert shown(table["構面"][0].new) == ["[F 財務流程]", "[策略地圖名稱：財務]"]
    assert shown(table["勾稽規則"][0].new)[0] == f"[{NEW.cross_checks[0].rule}]"
    assert len(table["勾稽規則"][0].new) == 2


def test_no_change_says_so() -> None:
    assert comparison_view(compare_scorecards(NEW, NEW), "").sections == ()


REASONS = {
    "BP3.1": ["關鍵績效指標", "目標值"],
    "指標 BP3.1 之名稱": ["關鍵績效指標", "目標值"],
    "學校申請參與優質學校評選之獲獎比率": ["關鍵績效指標", "目標值"],
    "願景、BP3.1": ["基本資料", "關鍵績效指標", "目標值"],
    "願 景": ["基本資料"],
    "BP3": [],  # not a part of BP3.1
    "其他": [],
}


@pytest.mark.parametrize(("item", "sections"), REASONS.items(), ids=REASONS)
def test_reasons_go_to_what_they_name(item: str, sections: list[str]) -> None:
    old = without(without(replace(NEW, vision=text("標竿")), "kpis", "BP3.1"), "targets", "BP3.1")
    entry = Revision(day=RocDate(105, 12, 25), item=text(item), note=text("為何"))
    found = compare_scorecards(old, replace(NEW, revisions=(entry,)))
    assert [e.section.value for e in found.changes if entry in e.reasons] == sections
    assert found.other_reasons == (() if sections else (entry,))


@pytest.mark.parametrize(
    ("item", "sections"),
    [
        ("BP3.1", ["關鍵績效指標"]),
        ("BP3.1 目標值", ["目標值"]),
        ("願景、BP3.1", ["基本資料", "關鍵績效指標"]),
    ],
)
def test_a_reason_is_printed_once_for_what_it_names(item: str, sections: list[str]) -> None:
    old = without(without(replace(NEW, vision=text("標竿")), "kpis", "BP3.1"), "targets", "BP3.1")
    entry = Revision(day=RocDate(105, 12, 25), item=text(item), note=text("為何"))
    view = comparison_view(compare_scorecards(old, replace(NEW, revisions=(entry,))), "")
    assert [
        section.name
        for section in view.sections
        for row in section.rows
        if any("為何" in note for note in row.notes)
    ] == sections


def test_a_moved_goal_names_both_perspectives() -> None:
    moved = edited(NEW, "objectives", "L1", perspective="C")
    table = rows(compare_scorecards(NEW, moved))
    (row,) = (row for row in table["策略目標"] if "L1" in shown(row.new)[0])
    assert shown(row.old)[-1].replace("[", "").replace("]", "") == "所屬：學習成長構面"
    assert shown(row.new)[-1].replace("[", "").replace("]", "") == "所屬：顧客構面"
    assert row.notes == ("由「學習成長構面」移列「顧客構面」。",)


@pytest.mark.parametrize("changes", [{"name": text("全新的主題名稱")}, {"code": "Z"}])
def test_a_renamed_theme_is_one_change(changes: dict[str, Any]) -> None:
    renamed = edited(NEW, "themes", "A", **changes)
    if "code" in changes:
        objectives = tuple(
            replace(each, themes=tuple("Z" if code == "A" else code for code in each.themes))
            for each in renamed.objectives
        )
        renamed = replace(renamed, objectives=objectives)
    assert [section for section, _, _ in told(compare_scorecards(NEW, renamed))] == ["策略主題"]


def test_a_goal_of_another_theme_is_told_by_names() -> None:
    renamed = edited(NEW, "themes", "A", name=text("全新的主題名稱"))
    moved = edited(renamed, "objectives", "AC1", themes=("B",))
    table = rows(compare_scorecards(NEW, moved))
    (row,) = table["策略目標"]
    assert "精進卓越研習課程 A" in "".join(shown(row.old)).replace("[", "").replace("]", "")


def test_figures_have_a_minus_sign_and_symbols_are_explained() -> None:
    figure = NEW.figures[0]
    values = (
        replace(figure.values[0], value=Known(value=Fraction(-3))),
        replace(figure.values[1], value=Missing(reason=MissingReason.NOT_YET)),
        *figure.values[2:],
    )
    old = put(NEW, "figures", (replace(figure, values=values), *NEW.figures[1:]))
    view = comparison_view(compare_scorecards(old, NEW), "")
    ((row,),) = (section.rows for section in view.sections)
    assert "：[−3]" in "".join(shown(row.old))
    assert [note.symbol for note in view.symbols] == ["…"]


def test_reasons_of_the_older_edition_are_not_repeated() -> None:
    entry = Revision(day=RocDate(105, 6, 30), item=text("願景"), note=text("為何"))
    old = replace(NEW, vision=text("標竿"), revisions=(entry,))
    found = compare_scorecards(old, replace(NEW, revisions=(entry,)))
    assert [each.reasons for each in found.changes] == [()]
    assert found.other_reasons == ()


def test_json_tells_both_texts_and_both_cells() -> None:
    content = json.loads(comparison_json(compare_scorecards(scorecard(earlier_edition), NEW)))
    assert content["schema"] == "reportgen.comparison/1"
    assert (content["old"]["edition"], content["new"]["edition"]) == ("105-06-30", "105-12-25")
    vision = next(e for e in content["changes"] if (e["new"] or {}).get("name") == "願景")
    assert vision["lines"] == [
        {
            "label": "內容",
            "old": {"text": "標竿研習.創新研究", "sheet": "基本資料", "cell": "B12"},
            "new": {"text": "標竿研習.創新研發", "sheet": "基本資料", "cell": "B12"},
        }
    ]
    assert vision["reasons"][0]["note"] == "範例：依本中心任務修正。"


REVIEWED = scorecard(yearly_review)
WORDS = "執行說明"


def commented(code: str, /, **changes: Any) -> Scorecard:
    """The sample with words, in which those on one KPI say something else."""
    commentaries = tuple(
        replace(commentary, **changes) if commentary.kpi == code else commentary
        for commentary in REVIEWED.commentaries
    )
    assert commentaries != REVIEWED.commentaries
    return replace(REVIEWED, commentaries=commentaries)


def with_words_of(year: int, *codes: str) -> Scorecard:
    """The sample with words on some KPIs in another year, too; the data year is that year."""
    added = tuple(
        replace(commentary, year=year)
        for commentary in REVIEWED.commentaries
        if commentary.kpi in codes
    )
    return replace(REVIEWED, data_year=year, commentaries=REVIEWED.commentaries + added)


OLDER_WORDS: dict[str, tuple[Callable[[], Scorecard], list[tuple[str, str, str]]]] = {
    "nothing": (lambda: REVIEWED, []),
    "progress": (lambda: commented("F1.1", progress=text("舊")), [(WORDS, "F1.1", "修正")]),
    "a reason that came": (
        lambda: commented("BP1.1", shortfall_reason=text("")), [(WORDS, "BP1.1", "修正")],
    ),
    "words of a KPI that came": (
        lambda: replace(REVIEWED, commentaries=REVIEWED.commentaries[1:]),
        [(WORDS, "AC1.1", "新增")],
    ),
    "their order is that of the KPIs": (
        lambda: replace(REVIEWED, commentaries=REVIEWED.commentaries[::-1]), [],
    ),
    "an initiative's stage and end": (
        lambda: edited(REVIEWED, "initiatives", "優質學校評選輔導", stage=None, end=None),
        [("行動方案", "優質學校評選輔導", "修正")],
    ),
    "an initiative of another objective": (
        lambda: edited(REVIEWED, "initiatives", "優質學校評選輔導", objective="BP1"),
        [("行動方案", "優質學校評選輔導", "移列")],
    ),
    "an initiative that came": (
        lambda: without(REVIEWED, "initiatives", "優質學校評選輔導"),
        [("行動方案", "優質學校評選輔導", "新增")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("older", "expected"), OLDER_WORDS.values(), ids=OLDER_WORDS)
def test_changes_of_words(
    older: Callable[[], Scorecard], expected: list[tuple[str, str, str]]
) -> None:
    assert told(compare_scorecards(older(), REVIEWED)) == expected


def test_changed_words_are_printed_by_column() -> None:
    (row,) = rows(compare_scorecards(commented("L1.1", target_reason=text("舊理由。")), REVIEWED))[
        WORDS
    ]
    assert shown(row.new)[0].startswith("L1.1 ")
    assert shown(row.old)[-1].replace("[", "").replace("]", "") == "105年目標調整理由：舊理由。"
    assert row.notes == ("修正105年目標調整理由。",)


TWO, THREE = Fraction(2), Fraction(3)


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        ((TWO, "甲"), (THREE, "甲"), "修正權重。"),
        ((None, "甲"), (THREE, "甲"), "增列權重。"),
        ((TWO, "甲"), (None, "甲"), "刪除權重。"),
        ((TWO, "甲"), (None, "乙"), "修正名稱，刪除權重。"),
    ],
)
def test_a_line_that_one_edition_has_is_added_or_deleted(
    old: tuple[Fraction | None, str], new: tuple[Fraction | None, str], note: str
) -> None:
    older, newer = (
        put(
            NEW,
            "kpis",
            tuple(
                replace(kpi, weight=weight, name=text(name)) if kpi.code == "BP3.1" else kpi
                for kpi in NEW.kpis
            ),
        )
        for weight, name in (old, new)
    )
    (row,) = rows(compare_scorecards(older, newer))["關鍵績效指標"]
    assert row.notes == (note,)


def with_goals(goals: dict[int, str]) -> Scorecard:
    others = [target for target in NEW.targets if target.kpi != "BP3.1"]
    made = [
        Target(kpi="BP3.1", year=year, goal=text(goal), basis=text(""))
        for year, goal in goals.items()
    ]
    return replace(NEW, targets=(*others, *made))


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        ({104: "1", 105: "2"}, {104: "1", 105: "3"}, "修正105年目標值。"),
        ({104: "1"}, {104: "1", 105: "3"}, "增列105年目標值。"),
        ({104: "1", 105: "2"}, {104: "3"}, "修正104年目標值，刪除105年目標值。"),
    ],
)
def test_a_target_that_one_edition_has_is_added_or_deleted(
    old: dict[int, str], new: dict[int, str], note: str
) -> None:
    (row,) = rows(compare_scorecards(with_goals(old), with_goals(new)))["目標值"]
    assert row.notes == (note,)


def test_words_of_a_new_year_are_counted() -> None:
    """They are the next review's; those of the years before stay comparable."""
    newer = with_words_of(106, "F1.1", "BP1.1")
    comparison = compare_scorecards(REVIEWED, newer)
    assert told(comparison) == [(WORDS, "", "新增年度")]
    (row,) = rows(comparison)[WORDS]
    assert (shown(row.new), row.notes) == (["[106年說明 4 項]"], ("新增年度說明。",))
    (change,) = json.loads(comparison_json(comparison))["changes"]
    assert change["years"] == [{"year": 106, "texts": 4}]
    gone = compare_scorecards(newer, REVIEWED)
    assert told(gone) == [(WORDS, "BP1.1", "修正"), (WORDS, "F1.1", "修正")]


def test_an_initiative_that_came_has_its_objective() -> None:
    older = without(REVIEWED, "initiatives", "優質學校評選輔導")
    (row,) = rows(compare_scorecards(older, REVIEWED))["行動方案"]
    assert shown(row.new)[:2] == ["[優質學校評選輔導]", "[策略目標：BP3 精進學校特色評選]"]
    assert "[開始日期：104年8月1日]" in shown(row.new)


def test_initiatives_of_one_name_are_told_apart_by_objective() -> None:
    alike = tuple(replace(initiative, name=text("同名")) for initiative in REVIEWED.initiatives)
    old = put(REVIEWED, "initiatives", alike)
    comparison = compare_scorecards(old, put(REVIEWED, "initiatives", alike[1:]))
    assert told(comparison) == [("行動方案", "同名", "刪除")]
    assert comparison.changes[0].old is not None
    assert comparison.changes[0].old.parent == alike[0].objective


def test_words_are_compared_as_they_are_printed() -> None:
    """A figure typed by hand that is bound now is no change; a corrected figure is one."""
    by_hand = commented(
        "AP3.1", progress=text("範例：辦理教師聯誼活動 6 場次，與目標值 6 場次相同。")
    )
    document, *problems = comparison_document(by_hand, REVIEWED)
    assert (document.context["sections"], problems) == ((), [(), ()])
    wrong = commented("AP3.1", progress=text("活動 {AP9.9} 場次"))
    document, old_problems, new_problems = comparison_document(REVIEWED, wrong)
    assert [problem.code for problem in (*old_problems, *new_problems)] == ["E261"]
    ((row,),) = (section.rows for section in document.context["sections"])
    assert "活動 {AP9.9} 場次" in "".join(shown(row.new)).replace("[", "").replace("]", "")
    assert "辦理教師聯誼活動 6 場次" in "".join(shown(row.old)).replace("[", "").replace("]", "")
    # A wrong reference in words that are not printed stops nothing.
    assert comparison_document(wrong, wrong)[1:] == ((), ())


AGENCY = scorecard(second_agency)


@settings(max_examples=10, deadline=None)
@given(st.data())
def test_forty_random_changes_are_each_told(data: st.DataObject) -> None:
    """Of 40 names that were changed, each is in the table once, with both texts."""
    marks = data.draw(st.permutations(range(len(AGENCY.kpis))))[:20]
    figures = data.draw(st.permutations(range(len(AGENCY.figures))))[:20]
    kpis = tuple(
        replace(kpi, name=text(f"{kpi.name}（修）")) if number in marks else kpi
        for number, kpi in enumerate(AGENCY.kpis)
    )
    changed = tuple(
        replace(figure, note=text(f"更正{number}")) if number in figures else figure
        for number, figure in enumerate(AGENCY.figures)
    )
    found = compare_scorecards(AGENCY, replace(AGENCY, kpis=kpis, figures=changed))
    sections = [each.section for each in found.changes if ChangeKind.CHANGED in each.kinds]
    assert sections.count(Section.KPIS) == 20
    assert sections.count(Section.FIGURES) == 20
    codes = {each.new.code for each in found.changes if each.new and each.section is Section.KPIS}
    assert codes == {AGENCY.kpis[number].code for number in marks}


def test_of_two_that_are_like_one_new_item_the_other_is_removed() -> None:
    def item(code: str, name: str) -> ScorecardItem:
        return ScorecardItem(section=Section.KPIS, code=code, name=name, parent="", lines=(), at=AT)

    old, new = [item("A", "甲乙丙丁戊"), item("B", "甲乙丙丁己")], [item("C", "甲乙丙丁庚")]
    pairs, removed, added = match_items(old, new)
    assert [(before.code, after.code) for before, after in pairs] == [("A", "C")]
    assert ([before.code for before in removed], added) == (["B"], ())
