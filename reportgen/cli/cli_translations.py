"""Texts of the command line, in Taiwan's Chinese and in English.

The texts of problems are in :mod:`reportgen.problems`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportgen.cli.approval_translations import APPROVAL_TRANSLATIONS
from reportgen.cli.archive_translations import ARCHIVE_TRANSLATIONS
from reportgen.cli.sharing_translations import SHARING_TRANSLATIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reportgen.problems.problem import Language

TRANSLATIONS: dict[str, tuple[str, str]] = {
    "about": (
        "由一個 Excel 活頁簿產製策略地圖與平衡計分卡的 PDF 與 Word。",
        "Makes strategy maps and balanced scorecards, PDF and Word, from one Excel workbook.",
    ),
    "usage": ("用法：", "usage: "),
    "error": ("錯誤：", "error: "),
    "commands": ("指令", "commands"),
    "arguments": ("引數", "arguments"),
    "options": ("選項", "options"),
    "help": ("顯示本說明", "show this help"),
    "version": ("顯示版本", "show the version"),
    "language": ("訊息語言：zh-TW 或 en", "language of messages: zh-TW or en"),
    "json": ("以 JSON 輸出結果與問題", "print the result and the problems as JSON"),
    "verbose": ("顯示更多細節", "say more"),
    "quiet": ("只顯示問題", "say nothing but problems"),
    "workbook": (
        "活頁簿檔案；可只寫版次，例如 105-12-25（即 inputs/105-12-25.xlsx）",
        "workbook file, or just an edition such as 105-12-25 (inputs/105-12-25.xlsx)",
    ),
    "build": (
        "產製該版次的 PDF 與 Word，存到 output/〈版次〉/",
        "make the edition's PDF and Word in output/<edition>/",
    ),
    "check": (
        "檢查活頁簿，列出所有問題所在的工作表與儲存格",
        "list every problem of a workbook by sheet and cell",
    ),
    "annotate": (
        "另存一份複本，有問題的儲存格上色並加註解，附「檢查結果」工作表；原檔不變",
        "write a copy with the problems coloured, commented and listed; the original is untouched",
    ),
    "copy folder": (
        "複本的資料夾（預設與原檔同資料夾）",
        "folder of the copy (default: the workbook's own)",
    ),
    "marked copy": ("已標示問題的複本", "copy with the problems marked"),
    "only with": ("{option} 要與 {other} 一起使用", "{option} needs {other}"),
    "only without": ("{option} 不能與 {other} 一起使用", "{option} does not go with {other}"),
    "explain": (
        "說明一個 KPI 的數值如何算出，直到每個儲存格",
        "show how a KPI's figure is calculated, down to the cells",
    ),
    "new": (
        "產生空白活頁簿，或由上一版（--from）帶出新版的活頁簿",
        "make a blank workbook, or the next edition's from an older one (--from)",
    ),
    "new workbook": (
        "要產生的活頁簿；可只寫修表日期，例如 106-03-29（即 inputs/106-03-29.xlsx）",
        "the workbook to make, or just its date such as 106-03-29 (inputs/106-03-29.xlsx)",
    ),
    "new format": (
        "活頁簿的格式：xlsx（預設）或 ods（需要 LibreOffice）；檔名有副檔名時從檔名",
        "the workbook's format: xlsx (default) or ods (by LibreOffice); a full name says it itself",
    ),
    "source": (
        "上一版：保留定義、歷年數字、目標與圖片，加上新年度，修表紀錄清空，狀態改為草稿",
        "the edition before: all stays but the dates, the state (草稿) and the revision log",
    ),
    "revised": (
        "修表日期，例如 106-03-29（預設為檔名的日期，檔名不是日期時為今天）",
        "revision date, such as 106-03-29 (default: the date in the name, else today)",
    ),
    "new year": (
        "資料年度（預設隨修表日期的年度前進；空白活頁簿為修表日期的年度）",
        "data year (default: moves on with the revision date's year)",
    ),
    "replace": (
        "檔案已存在時取代它，原檔留在「備份」資料夾",
        "replace a file that is there; it is kept in the folder 備份",
    ),
    "refresh": (
        "內容不變，重做這個活頁簿的「試算」、下拉清單與提示，原檔留在「備份」資料夾",
        "keep the contents, renew this workbook's preview sheet, drop-downs and notes",
    ),
    "edition made": (
        "修表日期與封面日期 {revised}、資料年度 {year}（年度欄 {years}）、資料狀態 {status}",
        "revised {revised}, data year {year} (columns {years}), state {status}",
    ),
    "check dates": (
        "請先核對「基本資料」的封面日期與資料年度，再依「填寫說明」填寫。",
        "Check the cover date and the data year on 基本資料 first.",
    ),
    "kpi": ("KPI 代碼，例如 F1.1", "the KPI's code, such as F1.1"),
    "year": ("民國年（預設資料年度）", "ROC year (default: the data year)"),
    "compare": (
        "比較兩個版次，產製修正對照表（PDF、Word）與追蹤修訂的 Word",
        "compare two editions: the table of changes (PDF, Word) and a Word file with them tracked",
    ),
    "older workbook": (
        "現行版的活頁簿；可只寫版次，例如 105-06-30",
        "the older workbook, or just its edition such as 105-06-30",
    ),
    "newer workbook": ("修正版的活頁簿，或其版次", "the newer workbook, or its edition"),
    "doctor": (
        "檢查本機的字型、程式庫與資料夾，並說明如何補齊",
        "check fonts, libraries and folders of this machine, and say how to mend them",
    ),
    "completion": (
        "印出 Shell 自動補齊指令與選項的程式檔（bash、zsh、fish）",
        "print the script by which a shell (bash, zsh, fish) completes commands and options",
    ),
    "shell": ("bash、zsh 或 fish", "bash, zsh or fish"),
    "output": ("輸出資料夾（預設 output）", "output folder (default: output)"),
    "format": (
        "以逗號分隔：pdf、docx、html、odt（需要 LibreOffice）、ods（成果的數字）；預設 pdf,docx",
        "separated by commas: pdf, docx, html, odt (by LibreOffice), ods (figures); or pdf,docx",
    ),
    "odf": (
        "未指定 --format 時改為 pdf,odt,ods；環境變數 REPORTGEN_ODF=1 亦同",
        "pdf,odt,ods where --format does not say otherwise, as does REPORTGEN_ODF=1",
    ),
    "verify": (
        "以 LibreOffice 將 Word 檔排版，核對頁數與文字，並計數過小與獨占一行的字",
        "compare pages with those of Word by LibreOffice; count small and lone characters",
    ),
    "open data": (
        "另把指標、數字、目標、成果與說明存成 CSV（開放資料），附 Frictionless 與 CSVW 的說明檔",
        "also write KPIs, figures, results and words as CSV, described for Frictionless and CSVW",
    ),
    "new odf": (
        "檔名沒有副檔名時產生 .ods；環境變數 REPORTGEN_ODF=1 亦同",
        "make an .ods where the name does not say otherwise, as does REPORTGEN_ODF=1",
    ),
    "document": (
        (
            "要產製的文件，以逗號分隔：scorecard（預設）、results（年度執行成果）、"
            "review（年度績效檢討報告）或自訂範本的資料夾名稱"
        ),
        "documents by commas: scorecard (default), results, review, or a template's folder",
    ),
    "collect": (
        "一次製作整個資料夾的活頁簿：只重做有變動的，中斷後可接續",
        "make every workbook of a folder: only what has changed, and go on after a break",
    ),
    "collected folder": (
        "放活頁簿的資料夾（含子資料夾）",
        "folder of workbooks, with all below it",
    ),
    "jobs": ("同時製作幾個（預設為處理器核心數）", "how many at once (default: one per core)"),
    "roster": (
        "應交機關名單（.csv 或 .txt，一行一個機關；預設為資料夾裡的「機關名單.csv」）",
        "who is to hand in: .csv or .txt, an agency a line (default: 機關名單.csv in the folder)",
    ),
    "rolled up": ("彙整", "rolled up"),
    "scheduler": (
        "交給 Dask 叢集製作，例如 tcp://10.0.0.1:8786",
        "hand the work to a Dask cluster, such as tcp://10.0.0.1:8786",
    ),
    "force": ("全部重做", "make all of them anew"),
    "collecting": (
        "{done}/{total}　每分鐘 {rate} 份　{left}",
        "{done}/{total}  {rate} a minute  {left}",
    ),
    "time left": ("約剩 {minutes} 分 {seconds} 秒", "about {minutes} min {seconds} s left"),
    "collected": (
        (
            "共 {total} 份：製作 {made}、未變 {unchanged}、有錯誤 {refused}、失敗 {failed}"
            "（{seconds} 秒）"
        ),
        (
            "{total} in all: {made} made, {unchanged} unchanged, {refused} with errors, "
            "{failed} failed ({seconds} s)"
        ),
    ),
    "no workbooks": ("「{folder}」裡沒有活頁簿。", "there is no workbook in {folder}."),
    "collecting interrupted": (
        "已中斷。做好的都已存檔；再執行一次同樣的指令就會接續。",
        "Interrupted. What was made is saved; run the same command again to go on.",
    ),
    "serve": (
        "在瀏覽器中檢查、預覽、下載與封存；指定活頁簿時隨存檔即時預覽",
        "check, preview, download and archive in the browser; a workbook that is named is followed",
    ),
    "followed workbook": (
        "要即時預覽的活頁簿：每次存檔就重新呈現",
        "a workbook to be shown anew at each save",
    ),
    "port": ("連接埠（預設由系統選用）", "port (default: any that is free)"),
    "host": (
        "位址（預設 127.0.0.1，只有這台電腦能連線；其他位址需要密碼）",
        "address (default 127.0.0.1: this machine alone; any other asks for a password)",
    ),
    "public URL": (
        "反向代理的網址，例如 https://host/path/：由它決定主機、協定與路徑",
        "the URL at a reverse proxy, such as https://host/path/: sets host, scheme and path",
    ),
    "trusted proxy": (
        "代理的位址或網段（預設為這台電腦），只採信它送來的標頭",
        "address or network of the proxy whose headers are believed (default: this machine)",
    ),
    "user header": (
        "代理用來告知使用者姓名的標頭，例如 X-Forwarded-User（需要 --public-url）",
        "header in which the proxy names the user, such as X-Forwarded-User (with --public-url)",
    ),
    "archivist": (
        "可以封存的人，可重複指定（預設每個人都可以）",
        "who may archive; may be repeated (default: everybody)",
    ),
    "page approver": (
        "可以在網頁核可與撤回的人，可重複指定（預設為可以封存的人）",
        "who may approve and withdraw on the page; may be repeated (default: who may archive)",
    ),
    "audit log": (
        "記錄誰在何時做了什麼的檔案，每行一個 JSON",
        "file that records who did what and when, a JSON object a line",
    ),
    "no header": (
        "「{found}」不是標頭名稱，例如 X-Forwarded-User",
        "“{found}” is no name of a header, such as X-Forwarded-User",
    ),
    "no public URL": (
        "「{found}」不是 https://host/path/ 形式的網址",
        "“{found}” is no URL such as https://host/path/",
    ),
    "no network": (
        "「{found}」不是 IP 位址或網段，例如 10.0.0.7 或 172.18.0.0/16",
        "“{found}” is no IP address or network, such as 10.0.0.7 or 172.18.0.0/16",
    ),
    "no browser": ("不要自動開啟瀏覽器", "do not open the browser"),
    "serving": (
        "請在瀏覽器開啟下面的網址（只供本人使用）。結束請按 Ctrl-C。",
        "Open this address in your browser; it is for you alone. Ctrl-C ends it.",
    ),
    "served": ("已結束，暫存檔案已清除。", "Ended; the temporary files are gone."),
    "state kept": (
        "已結束。登入狀態、上傳與做好的檔案保留於 {folder}，下次啟動時接續。",
        "Ended. Sessions, uploads and documents stay in {folder} for the next start.",
    ),
    "state folder": (
        "保存登入狀態、上傳與做好文件的資料夾，重新啟動後接續（預設結束時清除）",
        "folder that keeps sessions, uploads and documents over restarts (default: none is kept)",
    ),
    "open to all": (
        ("注意：{host} 讓網路上的其他電腦也能連線，而且傳輸沒有加密。請只在可信任的內部網路使用。"),
        (
            "Beware: at {host} other machines can connect, too, and nothing is encrypted. "
            "Use it within a network that you trust."
        ),
    ),
    "or": (" 或 ", " or "),
    "password": (
        "其他人請開啟 {address}，密碼：{password}",
        "Others open {address}, with the password: {password}",
    ),
    "templates": (
        "範本資料夾（預設先找 ./templates，再用內建範本）",
        "templates folder (default: ./templates, else the packaged ones)",
    ),
    "fonts": ("另外尋找字型的資料夾", "a further folder to look for fonts in"),
    "exit codes": (
        (
            "結束代碼：0 完成、1 活頁簿有誤、2 用法有誤、3 檔案問題、4 範本有誤、"
            "5 本機缺少字型或程式庫、6 封存驗證不符"
        ),
        (
            "exit codes: 0 done, 1 the workbook has errors, 2 usage, 3 a file is missing, locked "
            "or unreadable, 4 the template is faulty, 5 a font or library is missing, 6 an archive "
            "does not verify"
        ),
    ),
    "unknown choice": (
        "「{found}」不在可用的選擇之中：{choices}",
        "“{found}” is not one of: {choices}",
    ),
    "empty": ("不可空白", "it must not be empty"),
    "no such folder": ("沒有「{found}」這個資料夾", "there is no folder “{found}”"),
    "elsewhere": (
        "「{found}」由多個活頁簿做成，請用 {command}",
        "“{found}” is made of several workbooks, by {command}",
    ),
    "no choice": ("請至少選擇一項：{choices}", "choose one at least: {choices}"),
    "read": ("讀取活頁簿", "reading the workbook"),
    "render": ("排版", "laying out"),
    "odt": ("轉成 ODT", "making ODT"),
    "pages": ("核對頁面", "verifying pages"),
    "write": ("寫入檔案", "writing"),
    "written": ("已產製", "made"),
    "unchanged": ("（內容相同，未重寫）", " (already the same)"),
    "backup": ("原檔保留於", "the file it replaced is kept as"),
    "template used": ("使用範本", "template"),
    "nothing written": ("未產製任何檔案。", "Nothing was written."),
    "clean": ("沒有發現問題。", "No problems found."),
    "counts": (
        "{errors} 個錯誤、{warnings} 個提醒、{notices} 個說明。",
        "{errors} errors, {warnings} warnings, {notices} notices.",
    ),
    "ready": ("本機已可產製。", "This machine is ready."),
    "not ready": ("本機尚缺必要項目，請依上列說明補齊。", "Something is missing; see above."),
    "present": ("有", "found"),
    "absent": ("缺", "missing"),
    "writable": ("可寫入", "can be written"),
    "interrupted": ("已中斷，未寫入任何檔案。", "Interrupted; nothing was written."),
    **ARCHIVE_TRANSLATIONS,
    **APPROVAL_TRANSLATIONS,
    **SHARING_TRANSLATIONS,
}


def translate(key: str, language: Language, /, **fields: object) -> str:
    """Return the text of a key in a language, its ``{fields}`` filled in.

    Raise KeyError for an unknown key or a missing field.
    """
    text = TRANSLATIONS[key][0 if language == "zh-TW" else 1]
    return text.format(**fields) if fields else text


def choose_language(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """Return the language by ``--lang``, REPORTGEN_LANG or the locale, in this order.

    English for a name that begins with "en", else Chinese, also if nothing is set. The arguments
    are not validated.
    """
    language_name = ""
    for index, argument in enumerate(arguments):
        if argument == "--lang" and index + 1 < len(arguments):
            language_name = arguments[index + 1]
        elif argument.startswith("--lang="):
            language_name = argument.partition("=")[2]
    for name in ("REPORTGEN_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        language_name = language_name or environment.get(name, "")
    return "en" if language_name.lower().startswith("en") else "zh-TW"
