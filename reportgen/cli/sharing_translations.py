"""Texts of ``reportgen share`` and ``reportgen merge``, in Taiwan's Chinese and in English."""

from __future__ import annotations

SHARING_TRANSLATIONS: dict[str, tuple[str, str]] = {
    "share": (
        "依承辦單位把活頁簿分成多份填報活頁簿，分送各單位填寫本年度數字",
        "make a workbook for each unit, in which it fills in this year's figures of its KPIs",
    ),
    "due date of parts": (
        "交回期限，印在填報說明，例如 106-01-20",
        "the date by which parts are wanted, such as 106-01-20; it is shown on their cover",
    ),
    "part folder": (
        "放填報活頁簿的資料夾（預設 output/〈版次〉/填報）",
        "folder of the parts (default: output/<edition>/填報)",
    ),
    "part format": (
        "填報活頁簿的格式：xlsx 或 ods（需要 LibreOffice）；預設與活頁簿相同",
        "format of the parts: xlsx, or ods (by LibreOffice); default: the workbook's own",
    ),
    "replace parts": (
        "取代已經存在、內容不同的填報活頁簿，原檔留在「備份」資料夾",
        "replace parts that are there with other contents; they are kept in the folder 備份",
    ),
    "merge": (
        "把各單位交回的填報活頁簿併入活頁簿；牴觸的格子一一列出，不會覆蓋",
        "bring the parts that units return into the workbook; conflicts are listed, never decided",
    ),
    "part": (
        "交回的填報活頁簿，或放這些檔案的資料夾",
        "a part that came back, or a folder of them",
    ),
    "merge status": (
        "只列出誰還沒交、哪些格子還空白、會併入什麼；不寫入活頁簿",
        "only say who has not delivered, what is blank and what would change; write nothing",
    ),
    "merge partially": (
        "有錯誤時，仍併入沒有問題的格子（預設：有錯誤就什麼都不寫入）",
        "merge what is in no conflict even if there are errors (default: write nothing then)",
    ),
    "merge report": (
        "另把填報狀況、尚未填寫、併入明細與問題存成 .xlsx 或 .ods",
        "also write status, blank cells, changes and problems as an .xlsx or .ods",
    ),
    "not a workbook name": (
        "「{found}」的副檔名應為 .xlsx 或 .ods",
        "the name “{found}” should end with .xlsx or .ods",
    ),
    "shared part": ("{owner}：{rows} 列　{path}{note}", "{owner}: {rows} rows  {path}{note}"),
    "shared": (
        "共 {count} 份，{rows} 列。單位填好後執行 reportgen merge {workbook} 〈資料夾〉。",
        "{count} parts, {rows} rows. When they come back: reportgen merge {workbook} FOLDER.",
    ),
    "change": (
        "「{sheet}」{cell} {item} {heading}：{was} → {now}（{by}）",
        "“{sheet}” {cell} {item} {heading}: {was} → {now} ({by})",
    ),
    "blank content": ("空白", "blank"),
    "unit status": (
        "{owner}：{state}（{rows} 列，空白 {blank}）{cells}",
        "{owner}: {state} ({rows} rows, {blank} blank) {cells}",
    ),
    "merged": ("已併入 {count} 格：{path}", "merged {count} cells into {path}"),
    "nothing to merge": (
        "沒有要併入的格子；活頁簿未變。",
        "There is nothing to merge; the workbook is as it was.",
    ),
    "would merge": (
        "會併入 {count} 格；沒有寫入。",
        "{count} cells would be merged; nothing was written.",
    ),
    "not merged": (
        "有錯誤，沒有寫入。請依上列訊息處理後再併入；要先併入其餘 {count} 格，請加 --partial。",
        (
            "There are errors, and nothing was written. Mend them and merge again; to merge the "
            "{count} cells without a problem first, add --partial."
        ),
    ),
}
