"""E1xx: the contents of a workbook, and its file.

``label`` names the cell for people: its column's heading, or its year and item.
"""

from __future__ import annotations

from reportgen.model.missing_symbols import (
    MissingReason,
    filling_instructions,
    filling_instructions_en,
)
from reportgen.problems.entry import Entry, Severity

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTICE

_NO_FIGURE = MissingReason.NO_FIGURE
_NUMBER = ("只填數字，例如 1234.5", "a number alone, such as 1234.5")
_DATE = (
    "民國日期，例如 105-12-25、105/12/25 或 105年12月25日",
    "a ROC date, such as 105-12-25, 105/12/25 or 105年12月25日",
)
_WORKBOOK = ("活頁簿（.xlsx 或 .ods）", "a workbook (.xlsx or .ods)")

_BLANKS: dict[str, Entry] = {
    "E101": Entry(
        E,
        ("「{label}」尚未填寫。", "“{label}” is blank."),
        ("必填的內容", "a content; the cell is required"),
        ("請填寫這一格；整列不需要時請刪除整列。", "Fill it in, or delete the row."),
    ),
    "E136": Entry(
        E,
        ("「{label}」尚未填寫。", "“{label}” is blank."),
        ("必填的內容", "a content; the item is required"),
        ("請填寫這一格。", "Fill it in."),
    ),
    "E102": Entry(
        E,
        ("尚未填寫：{year}年「{item}」。", "{year} “{item}” is blank."),
        (
            "定稿的資料年度每一格都要有內容",
            "every figure of the data year, as this edition is final",
        ),
        (
            f"請填入數字；{_NO_FIGURE.instruction}。",
            f"Enter the number; where there is none, enter “{_NO_FIGURE.symbol}”.",
        ),
    ),
    "E120": Entry(
        E,
        ("缺少項目「{found}」。", "the item “{found}” is missing."),
        ("「項目」欄有「{found}」這一列", "a row “{found}” in the column 項目"),
        (
            "請新增一列，「項目」填「{found}」並填寫內容。{hint}",
            "Add a row with the item “{found}” and its content. {hint_en}",
        ),
    ),
    "E121": Entry(
        E,
        ("這張工作表沒有任何資料列。", "this sheet has no rows."),
        ("至少一列資料", "at least one row"),
        ("請從標題列的下一列開始填寫。", "Start filling it in below the headings."),
    ),
}

_LAYOUT: dict[str, Entry] = {
    "E103": Entry(
        E,
        ("缺少工作表「{found}」。", "the sheet “{found}” is missing."),
        ("名為「{found}」的工作表", "a sheet named “{found}”"),
        (
            "請將工作表改回此名稱，或從空白活頁簿複製一張。{hint}",
            "Give the sheet its name back, or copy one from a blank workbook. {hint_en}",
        ),
    ),
    "E104": Entry(
        E,
        ("找不到「{found}」欄。", "there is no column “{found}”."),
        ("標題列有「{found}」", "“{found}” in the heading row"),
        (
            "請在標題列補上這個欄名。{hint}",
            "Put this name into the heading row. {hint_en}",
        ),
    ),
    "E105": Entry(
        E,
        (
            "欄名「{found}」重複，{first} 已經有了。",
            "the heading “{found}” stands in {first} already.",
        ),
        ("每個欄名只出現一次", "each heading once"),
        ("請刪除或改名其中一欄。", "Delete or rename one of the two columns."),
    ),
    "E106": Entry(
        E,
        ("「{found}」重複，{first} 已經有了。", "“{found}” stands in {first} already."),
        ("同一張工作表的「{label}」不重複", "each “{label}” once in its sheet"),
        ("請刪除重複的一列，或改用其他代碼。", "Delete the second row, or change its code."),
    ),
    "E137": Entry(
        E,
        (
            "項目「{found}」重複，{first} 已經有了。",
            "the item “{found}” stands in {first} already.",
        ),
        ("每個項目只有一列", "each item in one row"),
        ("請刪除其中一列。", "Delete one of the two rows."),
    ),
    "E107": Entry(
        E,
        (
            "「{label}」填了「{found}」，但「{sheet}」工作表沒有這個代碼。",
            "“{label}” says “{found}”, which is no code of the sheet “{sheet}”.",
        ),
        ("「{sheet}」工作表的代碼：{codes}", "a code of the sheet “{sheet}”: {codes}"),
        (
            "請從清單選取，或先在「{sheet}」新增。{hint}",
            "Choose one, or add it to “{sheet}”. {hint_en}",
        ),
    ),
    "E116": Entry(
        E,
        (
            "資料項「{found}」重複，{first} 已經有了。",
            "the figure “{found}” stands in {first} already.",
        ),
        ("「資料項」加「組成」不重複", "each 資料項 with its 組成 once"),
        (
            "請刪除重複的一列；若是不同的數，請改名或填寫不同的「組成」。",
            "Delete one of the two rows, or tell them apart by name or component.",
        ),
    ),
}

_CONTENTS: dict[str, Entry] = {
    "E108": Entry(
        E,
        ("「{label}」的「{found}」不是日期。", "“{label}”: “{found}” is no date."),
        _DATE,
        ("請改填民國日期，例如 105-12-25。", "Enter a ROC date such as 105-12-25."),
    ),
    "E109": Entry(
        E,
        ("「{label}」填了「{found}」，但沒有這一天。", "“{label}”: there is no day “{found}”."),
        _DATE,
        ("請核對年、月、日。", "Check the year, the month and the day."),
    ),
    "E111": Entry(
        E,
        ("「{label}」的「{found}」不是數字。", "“{label}”: “{found}” is no number."),
        _NUMBER,
        (
            f"請只填數字；{filling_instructions()}。",
            f"Enter a number alone; {filling_instructions_en()}.",
        ),
    ),
    "E112": Entry(
        E,
        (
            "「{label}」的「{found}」帶有單位「{unit}」。",
            "“{label}”: “{found}” carries the unit “{unit}”.",
        ),
        _NUMBER,
        (
            "請只填「{number}」，單位請寫在單位欄或公式裡。",
            "Enter {number} alone; the unit has its own column.",
        ),
    ),
    "E113": Entry(
        E,
        ("「{label}」不能填「{found}」。", "“{label}” cannot be “{found}”."),
        ("{choices}", "one of {choices}"),
        ("請從「{choices}」擇一填寫。", "Choose one of {choices}."),
    ),
    "E114": Entry(
        E,
        (
            "「{label}」是公式，但檔案裡沒有計算結果。",
            "“{label}” holds a formula without a result.",
        ),
        (
            "已經由 Excel 計算並存檔的公式，或直接填寫內容",
            "a formula that Excel has calculated, or a content",
        ),
        (
            "請用 Excel 開啟這個活頁簿，存檔後再試。",
            "Open the workbook in Excel, save it, and try again.",
        ),
    ),
    "E115": Entry(
        E,
        ("「{label}」是錯誤值 {found}。", "“{label}” shows the error {found}."),
        ("沒有錯誤的內容", "a content without an error"),
        ("請修正這一格的公式，或直接填寫內容。", "Mend the formula, or enter the content itself."),
    ),
    "E117": Entry(
        E,
        (
            "「{label}」是邏輯值 {found}，不是數字。",
            "“{label}” is the truth value {found}, no number.",
        ),
        _NUMBER,
        ("請改填數字。", "Enter a number."),
    ),
    "E118": Entry(
        E,
        ("「{label}」的 {found} 超出範圍。", "“{label}”: {found} is out of range."),
        ("{allowed}", "{allowed}"),
        ("請核對這一格，可填的範圍是 {allowed}。", "Check it; the range is {allowed}."),
    ),
    "E138": Entry(
        E,
        ("「{label}」應為整數，但填了 {found}。", "“{label}” must be a whole number, not {found}."),
        ("{allowed} 的整數", "a whole number, {allowed}"),
        ("請改填整數，可填的範圍是 {allowed}。", "Enter a whole number; the range is {allowed}."),
    ),
    "E119": Entry(
        E,
        (
            "「{found}」的「{character}」（{codepoint}）沒有字型可以列印。",
            "no font has a glyph for “{character}” ({codepoint}) in “{found}”.",
        ),
        (
            "全字庫正楷體、標楷體或 Times 相容字型所收的字",
            "characters of TW-Kai, of DFKai-SB or of the Times-compatible face",
        ),
        (
            "請改用其他字，或安裝全字庫正楷體（fonts-cns11643-kai）。{hint}",
            "Replace the character, or install TW-Kai (fonts-cns11643-kai). {hint_en}",
        ),
    ),
    "E122": Entry(
        E,
        ("「{label}」是日期（{found}），不是數字。", "“{label}” is a date ({found}), no number."),
        _NUMBER,
        (
            "請將儲存格格式改為「通用格式」，再重新填寫數字。",
            "Set the cell's format to General and enter the number again.",
        ),
    ),
    "E123": Entry(
        E,
        ("「{label}」的「{found}」是西元年。", "“{label}”: “{found}” is a year of the common era."),
        _DATE,
        ("請改填民國日期「{meant}」。", "Enter the ROC date {meant}."),
    ),
    "E125": Entry(
        E,
        (
            "「{label}」的「{found}」以括號表示，無法確定是負數或註記。",
            "“{label}”: “{found}” is in brackets, which may mean a negative number or a remark.",
        ),
        _NUMBER,
        ("負數請填「-{number}」，否則請填「{number}」。", "Enter -{number} or {number}."),
    ),
    "E126": Entry(
        E,
        (
            "「{label}」有 {found} 字，太長了。",
            "“{label}” has {found} characters, which is too long.",
        ),
        ("最多 {most} 字", "at most {most} characters"),
        (
            "請縮短到 {most} 字以內，使文件容得下；細節請另以附件說明。",
            "Shorten it to {most} characters, so that a page can hold it.",
        ),
    ),
    "E156": Entry(
        E,
        (
            "「{label}」的「{found}」看不出完成到哪個階段。",
            "“{label}”: it is not clear which stage “{found}” means.",
        ),
        ("這些階段之一：{stages}", "one of these stages: {stages}"),
        (
            "請填已完成的階段名稱或比率：{stages}；尚未完成任何階段請填 0%。",
            "Enter the stage that is done, or its share: {stages}; 0% before the first is done.",
        ),
    ),
    "E127": Entry(
        E,
        ("「{label}」的「{found}」不是目標值。", "“{label}”: “{found}” is no target."),
        ("例如 ≥90%、≤3、12 或 80~90", "such as ≥90%, ≤3, 12 or 80~90"),
        ("{hint}；沒有目標值請留空白。", "{hint_en}; leave it blank for no target."),
    ),
}

_FILES: dict[str, Entry] = {
    "E129": Entry(
        E,
        (
            "這張工作表超過 {most} 列，其餘未讀取。",
            "there are more than {most} rows; the rest is not read.",
        ),
        ("最多 {most} 列資料", "at most {most} rows"),
        ("請刪除不需要的資料列。", "Delete the rows that are not needed."),
    ),
    "E128": Entry(
        E,
        ("這張圖片無法列印：{reason}。", "this picture cannot be printed: {reason_en}."),
        ("PNG、JPEG 或 GIF 圖片", "a PNG, JPEG or GIF picture"),
        (
            "請另存為一般大小的 PNG，再以「插入 → 圖片」重新插入。",
            "Save it as a PNG of ordinary size and insert it again with Insert → Pictures.",
        ),
    ),
    "E130": Entry(
        E,
        (
            "這個檔案其實是{found}，不是 .xlsx 或 .ods 活頁簿。",
            "this is {found_en}, not a workbook (.xlsx or .ods).",
        ),
        _WORKBOOK,
        (
            "只能讀取 .xlsx 與 .ods 活頁簿。{remedy}",
            "Only .xlsx and .ods workbooks are read. {remedy_en}",
        ),
    ),
    "E131": Entry(
        E,
        ("活頁簿有密碼保護，無法讀取。", "the workbook is protected by a password."),
        ("沒有開啟密碼的活頁簿", "a workbook that opens without a password"),
        (
            "請在 Excel 以「檔案 → 資訊 → 保護活頁簿」、在 LibreOffice 以另存新檔清除密碼後存檔。",
            "Clear it: in Excel under File → Info → Protect Workbook, in LibreOffice by Save As.",
        ),
    ),
    "E132": Entry(
        E,
        ("檔案不完整或已損壞（{detail}）。", "the file is incomplete or damaged ({detail})."),
        _WORKBOOK,
        (
            "請重新複製原始檔案；若 Excel 或 LibreOffice 能開啟，請另存新檔後再試。",
            "Copy the original again; if Excel or LibreOffice opens it, save it under a new name.",
        ),
    ),
    "E133": Entry(
        E,
        (
            "檔案過大或內容可疑（{found}），未予讀取。",
            "too large or suspicious ({found}); not read.",
        ),
        ("解壓縮後 100 MB 以內的一般活頁簿", "an ordinary workbook of at most 100 MB unpacked"),
        (
            "電腦正忙時請再試一次；否則請刪除多餘的內容，或將工作表複製到新的活頁簿。",
            "Try again if the computer was busy; else copy the sheets into a new workbook.",
        ),
    ),
}

_WARNINGS: dict[str, Entry] = {
    "W110": Entry(
        W,
        (
            "策略地圖有 {found}，但計分卡沒有對應 KPI。",
            "{found} stands on the map, but no KPI belongs to it.",
        ),
        ("每個策略目標至少一個 KPI", "at least one KPI for each objective"),
        ("請確認是否刻意。", "Please confirm that this is meant."),
    ),
    "W111": Entry(
        W,
        ("構面「{found}」沒有任何策略目標。", "the perspective “{found}” has no objective."),
        ("每個構面至少一個策略目標", "at least one objective for each perspective"),
        ("請確認是否刻意。", "Please confirm that this is meant."),
    ),
    "W112": Entry(
        W,
        ("「{label}」的 {found} 與 {first} 相同。", "“{label}”: {found} stands in {first} too."),
        ("不重複的順序", "different numbers"),
        (
            "請改填不同的數字；未修改時依工作表的先後排列。",
            "Number them differently; until then the sheet's order decides.",
        ),
    ),
    "W135": Entry(
        W,
        (
            "這張圖片沒有替代文字，暫以「{taken}」代替。",
            "this picture has no alternative text; “{taken}” stands in for it.",
        ),
        ("說明圖片內容的文字，供無法看圖的讀者使用", "words for readers who cannot see it"),
        (
            "請在圖片上按右鍵，選「編輯替代文字」填寫圖片的內容。",
            "Right-click it, choose Edit Alt Text, and say what it shows.",
        ),
    ),
    "W113": Entry(
        W,
        (
            "檔名與修表日期（{revised}）不一致。",
            "the name does not agree with the revision date, {revised}.",
        ),
        ("檔名與修表日期一致", "a file named after its revision date"),
        ("請確認開啟的是正確的檔案。", "Check that this is the right file."),
    ),
    "W114": Entry(
        W,
        (
            "填了上位目標「{found}」（共 {count} 列），但「基本資料」沒有填「上級機關」。",
            "refers upwards to “{found}” ({count} in all), but 基本資料 names no 上級機關.",
        ),
        ("上位目標所屬的上級機關", "the agency whose objectives are meant"),
        (
            "請在「基本資料」加一列「上級機關」，填寫其機關名稱。",
            "Add a row 上級機關 to 基本資料, with the agency's name.",
        ),
    ),
}

_NEW: dict[str, Entry] = {
    "E150": Entry(
        E,
        ("「{found}」不是民國年度。", "{found} is no ROC year."),
        ("1 至 999 的民國年度", "a ROC year from 1 to 999"),
        ("請改用民國年度。{hint}", "Give a ROC year. {hint_en}"),
    ),
    "E151": Entry(
        E,
        ("「{found}」不能作為活頁簿的檔名。", "“{found}” cannot be the name of a workbook."),
        ("以 {suffix} 結尾的檔名，或修表日期", "a name that ends in {suffix}, or a date"),
        (
            "請寫完整的檔名（以 {suffix} 結尾），或只寫修表日期，例如 106-03-29。",
            "Give a name that ends in {suffix}, or the revision date alone, such as 106-03-29.",
        ),
    ),
    "E152": Entry(
        E,
        ("「{found}」已經存在，未取代。", "“{found}” is there already; it was not replaced."),
        ("還沒有用過的檔名", "a name that is still free"),
        (
            "請換一個檔名；確定要取代時請加 --replace，原檔會留在「備份」資料夾。",
            "Choose another name, or add --replace: the old file is then kept in 備份.",
        ),
    ),
    "E153": Entry(
        E,
        (
            "重做會失去活頁簿裡的{found}，因此未重做。",
            "making it anew would lose {found_en}; it was left as it is.",
        ),
        ("只有規定的工作表與欄", "nothing but the workbook's own sheets and columns"),
        (
            "請先把這些內容移到別的檔案；或用 --from 另外產生一個活頁簿，再自行複製過去。",
            "Move them to another file, or make a second workbook with --from and copy them over.",
        ),
    ),
    "E154": Entry(
        E,
        (
            "--refresh 不能與 {found} 一起使用。",
            "--refresh cannot go together with {found_en}.",
        ),
        ("--refresh 之外不指定內容", "--refresh alone"),
        (
            "重做時內容不變；要產生新版請拿掉 --refresh。",
            "It changes no contents; leave it out to make a new edition.",
        ),
    ),
    "E157": Entry(
        E,
        (
            "「{label}」的「{found}」帶有「{scale}」，無法確定單位欄的單位是否已含「{scale}」。",
            "“{label}”: “{found}” carries “{scale}”, which the row's unit may have or not.",
        ),
        _NUMBER,
        (
            "單位欄是「{unit}」時請填「{number}」；沒有千、萬等倍數時請填「{whole}」；其他倍數請先換算。",
            "Enter {number} for the unit {unit}, {whole} for one without a multiple; else convert.",
        ),
    ),
    "E158": Entry(
        E,
        (
            "檔名「{found}」與 --format {asked} 不一致。",
            "the name “{found}” contradicts --format {asked}.",
        ),
        ("與格式相符的檔名", "a name that ends as the format asks"),
        (
            "請將檔名改為以 .{asked} 結尾，或拿掉 --format。",
            "Let the name end in .{asked}, or leave --format out.",
        ),
    ),
    "W150": Entry(
        W,
        (
            "新的修表日期 {found} 不晚於上一版的 {before}。",
            "the new revision date {found} is not later than {before}, that of the edition before.",
        ),
        ("晚於上一版的修表日期", "a date after that of the edition before"),
        ("請確認修表日期。", "Check the revision date."),
    ),
    "W151": Entry(
        W,
        ("{found}沒有帶入新的活頁簿。", "{found_en} was not carried over."),
        ("規定的工作表與欄", "the workbook's own sheets and columns"),
        ("仍在原來的檔案中；需要時請自行複製。", "It is still in the old file; copy it if needed."),
    ),
    "W152": Entry(
        W,
        (
            "有 {count} 格是 Excel 公式，帶入的是計算結果。",
            "{count} cells hold formulas of Excel; their results were carried over.",
        ),
        ("數字或文字", "numbers or texts"),
        ("需要公式時請在新的活頁簿重新輸入。", "Enter the formulas again if they are needed."),
    ),
}

_NOTICES: dict[str, Entry] = {
    "N149": Entry(
        N,
        (
            "{year}年尚有 {found} 格未填，這是第一格。",
            "{found} figures of {year} are still blank; this is the first.",
        ),
        ("定稿前全部填妥", "all of them, before the edition is final"),
        (
            "請陸續填入；未填的數字印為「（待填）」，改為定稿時不可空白。",
            "Fill them in; a blank one prints as （待填）, and a final edition may have none.",
        ),
    ),
    "N151": Entry(
        N,
        ("未讀取工作表「{found}」。", "the sheet “{found}” is not read."),
        ("規定的工作表名稱", "the names of the workbook's own sheets"),
        ("自行增加的工作表不受影響。{hint}", "Sheets of your own are left alone. {hint_en}"),
    ),
    "N152": Entry(
        N,
        ("未讀取「{found}」欄。", "the column “{found}” is not read."),
        ("規定的欄名", "the names of the sheet's own columns"),
        ("自行增加的欄不受影響。", "Columns of your own are left alone."),
    ),
    "N153": Entry(
        N,
        ("{found}是隱藏的，內容仍會使用。", "{found_en} hidden; its content is used all the same."),
        ("看得見的內容", "contents that can be seen"),
        ("不需要的內容請刪除，不要只隱藏。", "Delete what is not meant to be used."),
    ),
    "N154": Entry(
        N,
        (
            "「{label}」是文字「{found}」，視為數字 {taken}。",
            "“{label}”: the text “{found}” is read as {taken}.",
        ),
        _NUMBER,
        ("數字正確時不需處理。", "Nothing to do if the number is right."),
    ),
    "N155": Entry(
        N,
        (
            "已去除「{label}」裡看不見的字元（{found}）。",
            "characters that cannot be seen ({found}) were taken out of “{label}”.",
        ),
        ("可以列印的字元", "characters that can be printed"),
        ("列印內容不受影響，不需處理。", "Nothing to do."),
    ),
    "N156": Entry(
        N,
        ("活頁簿含有巨集，已略過，不會執行。", "the workbook holds macros; they are never run."),
        _WORKBOOK,
        ("不需處理。", "Nothing to do."),
    ),
    "N157": Entry(
        N,
        (
            "沒有工作表「{found}」，視為沒有內容。",
            "without the sheet “{found}”, it counts as empty.",
        ),
        ("名為「{found}」的工作表，可以空白", "a sheet “{found}”, which may be empty"),
        ("不需要這項內容時不必處理。{hint}", "Nothing to do if it is not needed. {hint_en}"),
    ),
    "N159": Entry(
        N,
        (
            "「{label}」的「{found}」視為「正好 {number}」；以前視為「至少（或至多）{number}」。",
            "“{label}”: “{found}” is just {number}; it used to be at least (or at most) {number}.",
        ),
        ("正好的目標值，例如 =30", "a target that is met by just this number, such as =30"),
        (
            "確為正好 {number} 時不需處理；否則請改填 ≥{number} 或 ≤{number}。",
            "Nothing to do if just {number} is meant; else enter ≥{number} or ≤{number}.",
        ),
    ),
}

_MARKING: dict[str, Entry] = {
    "E155": Entry(
        E,
        ("無法製作標示問題的複本。", "no copy with the problems marked can be made."),
        ("可以開啟的 .xlsx、.xlsm 或 .ods 活頁簿", "an .xlsx, .xlsm or .ods workbook that opens"),
        (
            "請先排除檔案本身的問題，再檢查一次。",
            "Mend the file itself first, then check it again.",
        ),
    ),
    "W156": Entry(
        W,
        (
            "副檔名是 {found}，內容卻是 {right}；Excel 可能無法開啟。",
            "it is called {found} but is {right}; Excel may not open it.",
        ),
        ("與內容相符的副檔名", "a name that ends as its contents demand"),
        ("請將副檔名改為 {right}。", "Rename it to end in {right}."),
    ),
    "W155": Entry(
        W,
        (
            "這張工作表無法全部標示，其問題請見「檢查結果」。",
            "this sheet could not be marked in full; its problems are listed in 檢查結果.",
        ),
        ("可以加上註解的工作表", "a sheet that takes comments"),
        (
            "請用 Excel 開啟原檔，存檔後再檢查一次。",
            "Open the original in Excel, save it, and check it again.",
        ),
    ),
}

ENTRIES: dict[str, Entry] = {
    **_BLANKS,
    **_LAYOUT,
    **_CONTENTS,
    **_FILES,
    **_WARNINGS,
    **_NEW,
    **_NOTICES,
    **_MARKING,
}
