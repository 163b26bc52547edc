"""7xx: problems of sharing an edition among units, and of merging what they return."""

from __future__ import annotations

from reportgen.problems.entry import Entry, Severity

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTICE

_OWNERSHIP: dict[str, Entry] = {
    "W701": Entry(
        W,
        (
            "{found}的指標都用到「{item}」，分給第一個單位「{owner}」填報。",
            "KPIs of {found} use “{item}”; {owner}, the first of them, is asked for it.",
        ),
        ("一列一個填報單位", "one unit for a row"),
        (
            "同意就不必處理；要由別的單位填報，請在「年度資料」加上「填報單位」欄，填入單位名稱。",
            "Nothing to do if that is right; else name the unit in a column 填報單位 of 年度資料.",
        ),
    ),
    "W702": Entry(
        W,
        (
            "{found} 列沒有填報單位，不在任何一份填報活頁簿裡：{cells}。",
            "rows without a unit, which are in no part: {found} ({cells}).",
        ),
        ("一列一個填報單位", "one unit for a row"),
        (
            (
                "請填用到它們的 KPI 的「承辦單位」，或在「年度資料」加上「填報單位」欄；"
                "由您自己填寫的列不必處理。"
            ),
            (
                "Fill in 承辦單位 of a KPI that uses them, or add a column 填報單位 to 年度資料; "
                "leave those that you fill in yourself."
            ),
        ),
    ),
    "W715": Entry(
        W,
        (
            "{found} 個指標沒有承辦單位，它們的執行說明不在任何一份填報活頁簿裡：{codes}。",
            "KPIs without 承辦單位, whose words are in no part: {found} ({codes}).",
        ),
        ("一個指標一個承辦單位", "one unit for a KPI"),
        (
            "請填這些 KPI 的「承辦單位」；由您自己寫的不必處理。",
            "Fill in 承辦單位 of these KPIs; leave those that you write on yourself.",
        ),
    ),
    "E701": Entry(
        E,
        ("沒有一列資料有填報單位，無從分送。", "no row has a unit: there is nothing to share."),
        ("至少一個「承辦單位」", "a unit in 承辦單位"),
        (
            "請在「關鍵績效指標」填寫「承辦單位」，或在「年度資料」加上「填報單位」欄。",
            "Fill in 承辦單位 on 關鍵績效指標, or add a column 填報單位 to 年度資料.",
        ),
    ),
}

_PARTS: dict[str, Entry] = {
    "E703": Entry(
        E,
        (
            "「{found}」不是填報活頁簿：沒有「填報紀錄」。",
            "“{found}” is no part: it has no sheet 填報紀錄.",
        ),
        ("reportgen share 產生的活頁簿", "a workbook made by reportgen share"),
        (
            (
                "請併入單位填好的那一份原檔；若檔案是另外謄打的，請把數字貼回 reportgen share "
                "產生的檔案。"
            ),
            (
                "Merge the very file that the unit was sent; if the figures stand in another "
                "workbook, paste them into the file made by reportgen share."
            ),
        ),
    ),
    "E704": Entry(
        E,
        (
            "填報活頁簿沒有「{found}」工作表，整份未併入。",
            "the part has no sheet {found}; nothing of it was merged.",
        ),
        ("share 產生時的工作表", "the sheets that it was made with"),
        (
            "請把被改名或刪除的工作表改回原名；已刪除時，請單位重填一份。",
            "Give the sheet its name back; if it is deleted, have the unit fill in a new part.",
        ),
    ),
    "E705": Entry(
        E,
        (
            "「{found}」被更動或不完整，無從得知當初分送的內容，整份未併入。",
            (
                "{found} was altered or is incomplete, so that it is unknown what was shared; "
                "nothing of it was merged."
            ),
        ),
        ("原樣的隱藏工作表", "the hidden sheet as it was made"),
        (
            "請以同一份活頁簿重新執行 reportgen share，把填好的數字貼到新的檔案再併入。",
            "Run reportgen share again, and paste the figures into the new file.",
        ),
    ),
    "E706": Entry(
        E,
        (
            "「{found}」不是分送給這個單位的列，未併入。",
            "“{found}” was not shared with this unit; the row was not merged.",
        ),
        ("分送時的資料項與組成", "items and components as they were shared"),
        (
            "改了名稱的，請改回分送時的寫法；新增的列，請由研考單位加進「年度資料」後重新分送。",
            (
                "Give the row the name that it was shared with; add a new row to 年度資料 of "
                "the edition, which is then shared again."
            ),
        ),
    ),
    "E707": Entry(
        E,
        (
            "「{found}」在 {first} 已有一列，這一列未併入。",
            "“{found}” stands in {first} already; this row was not merged.",
        ),
        ("一個資料項一列", "one row for an item"),
        ("請確認哪一列正確，刪除另一列。", "See which one is right, and delete the other."),
    ),
    "E708": Entry(
        E,
        (
            "鎖定的格子被改成「{found}」（分送時是「{before}」），未併入。",
            "a locked cell was changed to “{found}” (shared as “{before}”); it was not merged.",
        ),
        ("分送時的內容", "the contents that were shared"),
        (
            "請改回「{before}」；分送的內容若有誤，請研考單位更正原活頁簿後重新分送。",
            (
                "Set it back to “{before}”; if that is wrong, have it corrected in the edition and "
                "shared again."
            ),
        ),
    ),
    "W703": Entry(
        W,
        ("填報切結沒有姓名或日期。", "the declaration lacks a name or a date."),
        ("填報人姓名與日期，例如 106-01-05", "name and date, such as 106-01-05"),
        (
            "數字已照樣處理；請單位在「填報說明」補上姓名與日期。",
            "The figures were taken all the same; have name and date filled in on 填報說明.",
        ),
    ),
    "W704": Entry(
        W,
        ("「{found}」裡沒有活頁簿。", "there is no workbook in {found}."),
        ("放填報活頁簿（.xlsx、.ods）的資料夾", "a folder with parts (.xlsx, .ods)"),
        (
            "請把收到的填報活頁簿直接放進這個資料夾（不含子資料夾），再併入一次。",
            "Put the parts into this very folder, not into one below it, and merge again.",
        ),
    ),
    "N705": Entry(
        N,
        (
            "工作表「{found}」是單位自己加的，不會併入。",
            "the sheet {found} was added by the unit and is not merged.",
        ),
        ("share 產生時的工作表", "the sheets that it was made with"),
        ("內容若要保留，請另存這份檔案。", "Keep the file if you need its contents."),
    ),
    "W706": Entry(
        W,
        (
            "「{found}」這一列不見了；活頁簿維持原來的內容。",
            "the row “{found}” is missing; the edition keeps what it has.",
        ),
        ("分送時的每一列", "every row that was shared"),
        (
            "請把這一列補回（資料項、組成與分送時相同）並填寫，再併入一次。",
            "Put the row back with its item and component, fill it in, and merge again.",
        ),
    ),
    "W708": Entry(
        W,
        (
            "指標的{found}被改過；指標的定義不會併入。",
            "{found} of a KPI was changed; definitions are never merged.",
        ),
        ("分送時的內容", "the contents that were shared"),
        (
            "要改定義，請研考單位在原活頁簿修改；否則請改回原來的寫法。",
            "Definitions are changed in the edition's workbook; else restore the cell.",
        ),
    ),
}

_MERGING: dict[str, Entry] = {
    "E710": Entry(
        E,
        (
            "這是「{found}」的填報活頁簿，不是「{agency}」的，整份未併入。",
            "this part is of {found}, not of {agency}; nothing of it was merged.",
        ),
        ("同一個機關的填報活頁簿", "a part of the same agency"),
        ("請移走這個檔案，再併入一次。", "Take the file away, and merge again."),
    ),
    "E711": Entry(
        E,
        (
            "這一份是 {found} 版分送的，活頁簿是 {edition} 版，整份未併入。",
            "this part was shared from {found}, the workbook is {edition}; nothing was merged.",
        ),
        ("同一個版次、同一個資料年度", "the same edition and data year"),
        (
            "請併入該版次的活頁簿；或以現在的版次重新分送，把數字貼到新的檔案。",
            (
                "Merge it into the workbook of that edition, or share this one again and paste the "
                "figures into the new file."
            ),
        ),
    ),
    "N711": Entry(
        N,
        (
            "「{owner}」的這一份與「{first}」內容相同，只算一份。",
            "this part of {owner} holds the same as {first}; it counts once.",
        ),
        ("一個單位一份", "one part for a unit"),
        ("不必處理。", "Nothing to do."),
    ),
    "N712": Entry(
        N,
        (
            "「{owner}」的這一份與分送時相同，也沒有簽名，視為未交。",
            "this part of {owner} is as it was shared, and not signed: it counts as missing.",
        ),
        ("填好並簽名的填報活頁簿", "a part that is filled in and signed"),
        (
            "數字本來就對的，請單位在「填報說明」填姓名與日期後交回。",
            "If the figures are right as they are, have name and date filled in on 填報說明.",
        ),
    ),
    "W711": Entry(
        W,
        (
            "「{owner}」交了內容不同的兩份，另一份是「{first}」。",
            "{owner} handed in two different parts; the other is {first}.",
        ),
        ("一個單位一份", "one part for a unit"),
        (
            "不相牴觸的格子都已處理；請問單位哪一份正確，移走另一份再併入一次。",
            (
                "Cells that do not contradict were taken; ask which part is right, take the other "
                "away, and merge again."
            ),
        ),
    ),
    "W712": Entry(
        W,
        (
            "填報單位「{found}」在活頁簿裡已經沒有負責的列。",
            "the unit {found} has no rows in the workbook any more.",
        ),
        ("活頁簿裡的填報單位", "a unit that the workbook names"),
        (
            "數字已照樣處理；單位改名不必處理，改由別的單位填報時請核對數字。{hint}",
            "The figures were taken; check them if another unit has the rows now. {hint_en}",
        ),
    ),
    "W713": Entry(
        W,
        (
            "「{kpi}」的公式在分送後改過：分送時是「{before}」，現在是「{found}」。",
            "the formula of {kpi} was changed since: shared as “{before}”, now “{found}”.",
        ),
        ("與分送時相同的定義", "the definition that was shared"),
        (
            "請確認單位填的數字仍合乎現在的公式。",
            "See whether the unit's figures still suit the formula.",
        ),
    ),
    "E712": Entry(
        E,
        (
            "活頁簿已經沒有「{item}」，單位填的「{found}」無處可放。",
            "the workbook has no row “{item}” any more for the “{found}” of this unit.",
        ),
        ("與分送時相同的資料項與組成", "the item and component that were shared"),
        (
            "資料項改了名的，請在活頁簿改回原名再併入；已刪除的，請把這一格改回分送時的內容「{before}」。",
            (
                "If the item was renamed, give it its name back and merge again; if it was "
                "deleted, set this cell back to “{before}”."
            ),
        ),
    ),
    "E713": Entry(
        E,
        (
            "活頁簿的「{sheet}」沒有「{heading}」欄，「{item}」無處可放。",
            "{sheet} of the workbook has no column {heading} for “{item}”.",
        ),
        ("與分送時相同的欄", "the columns that were there when it was shared"),
        (
            "請在「{sheet}」補上「{heading}」欄，再併入一次。",
            "Add the column {heading} to {sheet}, and merge again.",
        ),
    ),
    "E714": Entry(
        E,
        (
            (
                "「{item}」單位填「{found}」，但活頁簿 {cell} 在分送後已改成「{now}」"
                "（分送時是「{before}」），未併入。"
            ),
            (
                "“{item}” is “{found}” here, but {cell} of the workbook was changed to “{now}” "
                "since (shared as “{before}”); it was not merged."
            ),
        ),
        ("只有一邊改過的格子", "a cell that one side alone has changed"),
        (
            "單位對的，請把活頁簿的這一格改成「{found}」；活頁簿對的，請把這一格改成「{now}」。",
            (
                "If the unit is right, set the workbook's cell to “{found}”; else set this cell to "
                "“{now}”."
            ),
        ),
    ),
    "E715": Entry(
        E,
        (
            (
                "「{item}」的計量單位在分送後由「{unit_before}」改為「{unit}」，"
                "{cell} 未併入「{found}」。"
            ),
            (
                "the unit of measure of “{item}” was changed from {unit_before} to {unit}; "
                "“{found}” was not merged into {cell}."
            ),
        ),
        ("與分送時相同的計量單位", "the unit of measure that was shared"),
        (
            "請依現在的計量單位換算後，直接填入活頁簿 {cell}，並把這一格填成相同的數字。",
            "Convert the figure, enter it into {cell} of the workbook, and enter the same here.",
        ),
    ),
    "E716": Entry(
        E,
        (
            "活頁簿 {cell} 是公式（現值「{now}」），單位填的「{found}」未併入。",
            "{cell} of the workbook is a formula (now “{now}”); “{found}” was not merged.",
        ),
        ("不是公式的格子", "a cell without a formula"),
        (
            "要用單位的數字，請把活頁簿的這一格改成「{found}」；否則請把這一格改成「{now}」。",
            (
                "To take the unit's figure, replace the formula by “{found}”; else set this cell "
                "to “{now}”."
            ),
        ),
    ),
    "E717": Entry(
        E,
        (
            "活頁簿 {cell} 與 {first} 合併，單位填的「{found}」沒有自己的格子。",
            "{cell} of the workbook is merged with {first}: there is no cell for “{found}”.",
        ),
        ("未合併的格子", "a cell of its own"),
        (
            "請在活頁簿取消這個合併儲存格，再併入一次。",
            "Unmerge the cells in the workbook, and merge the part again.",
        ),
    ),
    "W714": Entry(
        W,
        (
            "「{item}」單位清成空白；活頁簿 {cell} 仍是「{now}」。",
            "the unit has cleared “{item}”; {cell} of the workbook is still “{now}”.",
        ),
        ("有內容的格子", "a cell with contents"),
        (
            "確定要清空，請直接在活頁簿清除 {cell}；否則請把這一格填回「{now}」。",
            "If it is to be blank, clear {cell} in the workbook; else enter “{now}” here again.",
        ),
    ),
    "N714": Entry(
        N,
        (
            "這一格是公式，併入的是它的結果「{found}」。",
            "this cell is a formula; its result “{found}” was taken.",
        ),
        ("數字", "a number"),
        ("不必處理。", "Nothing to do."),
    ),
    "E718": Entry(
        E,
        (
            "「{item}」這一份填「{found}」，{others}；活頁簿 {cell} 維持原來的內容。",
            "“{item}” is “{found}” here, but {others}; {cell} of the workbook was left as it is.",
        ),
        ("各份相同的數字", "the same figure in each part"),
        (
            "請問單位哪一個正確，把另一份的這一格改成相同，或移走不用的那一份，再併入一次。",
            (
                "Ask which one is right, make the other the same or take that part away, and merge "
                "again."
            ),
        ),
    ),
    "E722": Entry(
        E,
        (
            "活頁簿沒有「執行說明」工作表，「{item}」的{heading}無處可放。",
            "the workbook has no sheet 執行說明 for {heading} of “{item}”.",
        ),
        ("分送時有的「執行說明」工作表", "the sheet 執行說明 that was there when it was shared"),
        (
            "請執行 reportgen new --refresh 補上「執行說明」工作表，再併入一次。",
            "Add the sheet 執行說明 by reportgen new --refresh, and merge again.",
        ),
    ),
    "E719": Entry(
        E,
        (
            "活頁簿無法就地修改（{found}），什麼都沒有寫入。",
            "the workbook cannot be edited in place ({found}); nothing was written.",
        ),
        ("Excel 或 LibreOffice 存的活頁簿", "a workbook saved by Excel or LibreOffice"),
        (
            "請用 Excel 或 LibreOffice 開啟活頁簿，另存新檔，再併入一次。",
            "Open the workbook in Excel or LibreOffice, save it anew, and merge again.",
        ),
    ),
}

ENTRIES: dict[str, Entry] = {**_OWNERSHIP, **_PARTS, **_MERGING}
