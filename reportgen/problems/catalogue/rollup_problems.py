"""W24x, N24x: problems that appear only when many agencies' workbooks are compared."""

from __future__ import annotations

from reportgen.problems.entry import Entry, Severity

W, N = Severity.WARNING, Severity.NOTICE

_CASCADE: dict[str, Entry] = {
    "W241": Entry(
        W,
        (
            "上級機關「{parent}」沒有可用的活頁簿，上位目標無從對應。",
            "there is no usable workbook of {parent}, whose objectives are referred to.",
        ),
        ("一併彙整的上級機關", "a parent agency that is rolled up, too"),
        (
            "請確認「上級機關」的名稱，或催收、更正該機關的活頁簿。{hint}",
            "Check the name 上級機關, or get that agency's workbook. {hint_en}",
        ),
    ),
    "W242": Entry(
        W,
        (
            "「{parent}」沒有策略目標「{found}」。",
            "{parent} has no objective “{found}”.",
        ),
        ("上級機關的一個策略目標代碼", "the code of an objective of the parent agency"),
        ("代碼有 {codes}。{hint}", "Its codes are {codes}. {hint_en}"),
    ),
    "W243": Entry(
        W,
        (
            "「{agency}」的上級機關一層層往上又回到自己：{found}。",
            "the parent agencies of {agency} lead back to itself: {found}.",
        ),
        ("往上有盡頭的隸屬關係", "parents that come to an end"),
        ("請更正其中一個機關的「上級機關」。", "Correct 上級機關 of one of them."),
    ),
    "W244": Entry(
        W,
        (
            "「{agency}」的上級機關填「{found}」，名單上卻是「{listed}」。",
            "{agency} names {found} as its parent, the roster {listed}.",
        ),
        ("與名單相同的上級機關", "the parent that the roster names"),
        ("已依活頁簿彙整；請更正其中之一。", "The workbook was followed; correct one of the two."),
    ),
}

_COLLECTION: dict[str, Entry] = {
    "W245": Entry(
        W,
        (
            "「{agency}」不在應交機關名單上。",
            "{agency} is not on the roster.",
        ),
        ("名單上的機關", "an agency of the roster"),
        (
            "已照樣彙整；請更正「機關名稱」，或將它加入名單。{hint}",
            "It was rolled up all the same; correct 機關名稱, or add it to the roster. {hint_en}",
        ),
    ),
    "W246": Entry(
        W,
        (
            "「{agency}」的版次 {edition} 交了兩份內容不同的活頁簿，這一份沒有採用。",
            "{agency} handed in two different workbooks of {edition}; this one was not used.",
        ),
        ("一個版次一份活頁簿", "one workbook for an edition"),
        (
            "採用的是「{used}」；請確認哪一份正確，並移走另一份。",
            "“{used}” was used; see which one is right, and take the other away.",
        ),
    ),
    "W247": Entry(
        W,
        (
            "名單上的「{found}」列了不只一次。",
            "the roster names {found} more than once.",
        ),
        ("每個機關一列", "each agency once"),
        ("已只算一次；請刪去多餘的一列。", "It was counted once; delete the others."),
    ),
    "W248": Entry(
        W,
        (
            "資料年度是 {found} 年，彙整的年度是 {year} 年。",
            "its data year is {found}, while {year} is rolled up.",
        ),
        ("{year} 年的資料", "figures of {year}"),
        (
            "{year} 年有數字的 KPI 才列入彙整；請確認是否交錯版次。",
            "Only what has figures of {year} counts; see whether it is the right edition.",
        ),
    ),
    "N241": Entry(
        N,
        (
            "這是「{agency}」較舊的版次 {edition}，沒有列入彙整。",
            "this is an older edition of {agency}, {edition}, and does not count.",
        ),
        ("最新的版次 {used}", "the newest edition, {used}"),
        ("採用的是「{file}」；不需處理。", "“{file}” was used; there is nothing to do."),
    ),
    "N242": Entry(
        N,
        (
            "與「{used}」內容相同，「{agency}」只算一次。",
            "it says the same as “{used}”; {agency} counts once.",
        ),
        ("一個版次一份活頁簿", "one workbook for an edition"),
        ("不需處理；可以移走其中一份。", "There is nothing to do; one of them can go."),
    ),
}

ENTRIES: dict[str, Entry] = {**_CASCADE, **_COLLECTION}
