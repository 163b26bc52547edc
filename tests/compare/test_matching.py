"""Which items of two editions are the same item."""

from __future__ import annotations

import pytest

from reportgen.compare import Section, matching
from reportgen.compare.matching import item_similarity, match_items
from reportgen.compare.scorecard_items import ItemLine, ScorecardItem
from reportgen.model.scorecard import CellRef

AT = CellRef(sheet="關鍵績效指標", cell="A5")
FORMULA = "計算公式及計量單位"


def item(
    code: str, name: str, parent: str = "", formula: str = "", section: Section = Section.KPIS
) -> ScorecardItem:
    lines = (ItemLine(label=FORMULA, text=formula, at=AT),) if formula else ()
    return ScorecardItem(section=section, code=code, name=name, parent=parent, lines=lines, at=AT)


def items(text: str, section: Section) -> list[ScorecardItem]:
    """``A1=名稱甲; A2=名稱乙^上層``, a code and a name each, and perhaps the parent."""
    found = []
    for part in text.split(";"):
        code, _, name = part.strip().partition("=")
        name, _, parent = name.partition("^")
        found.append(item(code, name, parent, section=section))
    return found if text else []


# old, new, pairs as old code → new code
MATCHES = {
    "the same code and name": ("A=甲乙丙; B=丁戊己", "B=丁戊己; A=甲乙丙", "A-A B-B"),
    "width and spaces do not count": ("Ａ１=甲 乙", "A1=甲乙", "Ａ１-A1"),
    "a name that moved to another code": (
        "A=甲乙丙丁戊; B=己庚辛壬癸", "B=甲乙丙丁戊", "A-B",
    ),
    "the same code with a name that is half the same": ("A=甲乙丙丁", "A=甲乙子丑", "A-A"),
    "the same code with quite another name": ("A=甲乙丙丁", "A=子丑寅卯", "A-A"),
    "a code whose name is similar is not given on": (
        "A=甲乙丙丁戊己; B=甲乙丙丁戊子丑", "A=甲乙丙丁戊丑", "A-A",
    ),
    "half the same is similar": ("A=甲乙丙丁", "A=甲乙子丑; B=甲乙丙丁", "A-A"),
    "less than half is not": ("A=甲乙丙丁戊", "A=甲乙子丑寅; B=甲乙丙丁戊", "A-B"),
    "nor one whose new holder is similar": (
        "A=甲乙丙丁戊子丑", "A=甲乙丙丁戊己; B=甲乙丙丁戊丑", "A-A",
    ),
    "other codes, names that are more than half the same": ("A=甲乙丙丁戊", "B=甲乙丙子丑", "A-B"),
    "other codes, names that are less than half the same": ("A=甲乙丙丁戊", "B=甲乙子丑寅", ""),
    "the most similar first": (
        "A=甲乙丙丁戊己庚; B=甲乙丙丁戊子丑", "C=甲乙丙丁戊己辛", "A-C",
    ),
    "nothing old": ("", "A=甲", ""),
    "nothing new": ("A=甲", "", ""),
}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "pairs"), MATCHES.values(), ids=MATCHES)
def test_items_are_matched(old: str, new: str, pairs: str) -> None:
    before, after = items(old, Section.OBJECTIVES), items(new, Section.OBJECTIVES)
    found, removed, added = match_items(before, after)
    assert sorted(f"{earlier.code}-{later.code}" for earlier, later in found) == pairs.split()
    earlier_items, later_items = [pair[0] for pair in found], [pair[1] for pair in found]
    assert removed == tuple(each for each in before if each not in earlier_items)
    assert added == tuple(each for each in after if each not in later_items)


@pytest.mark.parametrize("section", [Section.STATEMENTS, Section.LIGHTS])
def test_what_is_known_by_name_alone_is_not_matched_by_likeness(section: Section) -> None:
    pairs, removed, added = match_items(
        items("=黃燈一二三四; =綠燈", section), items("=黃燈一二三五; =綠 燈", section)
    )
    assert [(earlier.name, later.name) for earlier, later in pairs] == [("綠燈", "綠 燈")]
    assert ([each.name for each in removed], [each.name for each in added]) == (
        ["黃燈一二三四"],
        ["黃燈一二三五"],
    )


def test_items_of_one_name_are_told_apart_by_their_parents() -> None:
    old = items("=同名^甲; =同名^乙", Section.INITIATIVES)
    new = items("=同名^乙; =同名^甲", Section.INITIATIVES)
    pairs, _, _ = match_items(old, new)
    assert [(earlier.parent, later.parent) for earlier, later in pairs] == [
        ("甲", "甲"),
        ("乙", "乙"),
    ]


def test_the_first_of_equal_items_is_matched_with_the_first() -> None:
    first, second = item("A", "甲", "一"), item("A", "甲", "二")
    pairs, removed, added = match_items([first, second], [item("A", "甲", "三")])
    assert [earlier for earlier, _ in pairs] == [first]
    assert (removed, added) == ((second,), ())


def test_items_without_codes_are_not_matched_by_their_codes() -> None:
    old, new = items("=甲乙丙", Section.CHECKS), items("=丁戊己", Section.CHECKS)
    assert match_items(old, new) == ([], tuple(old), tuple(new))


def test_a_kpi_is_known_by_its_formula_too() -> None:
    old = item("A", "甲乙", formula="獲獎校數/申請校數×100%")
    new = item("B", "甲丙", formula="獲獎校數/申請校數×100%")
    assert item_similarity(old, new) == 0.75  # the mean of 0.5 and 1
    other = item("B", "甲丙", formula="")
    assert item_similarity(old, other) == 0.5  # that of the names is higher
    assert item_similarity(item("A", "甲乙"), item("B", "甲丙")) == 0.75  # both have none
    objective = item("A", "甲乙", formula="一", section=Section.OBJECTIVES)
    assert item_similarity(objective, objective) == 1
    other = item("A", "甲丙", formula="一", section=Section.OBJECTIVES)
    assert item_similarity(objective, other) == 0.5


@pytest.mark.parametrize(("limit", "count"), [(2, 1), (1, 0)])
def test_too_many_items_are_not_compared(
    limit: int, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "MAX_COMPARED_PAIRS", limit)
    pairs, _, _ = match_items(
        items("A=甲乙丙丁戊; C=子丑", Section.KPIS), items("B=甲乙丙丁己", Section.KPIS)
    )
    assert len(pairs) == count
