"""E5xx: fonts, libraries and programs of the machine."""

from __future__ import annotations

from reportgen.problems.entry import Entry, Severity

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTICE

ENTRIES: dict[str, Entry] = {
    "E501": Entry(
        E,
        ("找不到字型：{found}（任一即可）。", "no font of these is installed: {found}."),
        ("楷體與 Times 相容字型各一", "one Kai face and one that is compatible with Times"),
        (
            (
                "Windows 請重新解壓縮整個資料夾；"
                "Debian、Ubuntu 請執行 sudo apt install fonts-cns11643-kai fonts-liberation。"
            ),
            (
                "On Windows unpack the whole folder again; on Debian or Ubuntu run: "
                "sudo apt install fonts-cns11643-kai fonts-liberation."
            ),
        ),
    ),
    "E502": Entry(
        E,
        ("找不到排版程式庫 Pango：{found}。", "the layout library Pango is missing: {found}."),
        ("Pango 1.44 以上", "Pango 1.44 or later"),
        (
            (
                "Windows 請重新解壓縮整個資料夾；"
                "Debian、Ubuntu 請執行 sudo apt install libpango-1.0-0 libpangoft2-1.0-0。"
            ),
            (
                "On Windows unpack the whole folder again; on Debian or Ubuntu run: "
                "sudo apt install libpango-1.0-0 libpangoft2-1.0-0."
            ),
        ),
    ),
    "E503": Entry(
        E,
        (
            "找不到字型子集程式庫 HarfBuzz-subset，或版本太舊。",
            "the library HarfBuzz-subset is missing or too old.",
        ),
        ("HarfBuzz-subset 4.1 以上", "HarfBuzz-subset 4.1 or later"),
        (
            (
                "Windows 請重新解壓縮整個資料夾；"
                "Debian、Ubuntu 請執行 sudo apt install libharfbuzz-subset0。"
            ),
            (
                "On Windows unpack the whole folder again; on Debian or Ubuntu run: "
                "sudo apt install libharfbuzz-subset0."
            ),
        ),
    ),
    "N504": Entry(
        N,
        (
            "未安裝 LibreOffice；PDF 與 Word 不受影響。",
            "LibreOffice is not installed; PDF and Word do not need it.",
        ),
        ("LibreOffice 7 以上", "LibreOffice 7 or later"),
        (
            "需要 ODT 時，Debian、Ubuntu 請執行 sudo apt install libreoffice-writer-nogui。",
            "For ODT, on Debian or Ubuntu run: sudo apt install libreoffice-writer-nogui.",
        ),
    ),
    "E505": Entry(
        E,
        (
            "無法寫入暫存資料夾：{reason}。",
            "the folder for temporary files cannot be written: {reason}.",
        ),
        ("可以寫入且有空間的暫存資料夾", "a temporary folder that can be written and has room"),
        (
            "請清出磁碟空間，或將環境變數 TMPDIR（Windows 為 TEMP）設為可以寫入的資料夾。",
            "Free some space, or set TMPDIR (on Windows TEMP) to a folder that can be written.",
        ),
    ),
    "N506": Entry(
        N,
        (
            "修表日期 {revised} 比這台電腦的今天（{today}）還晚。",
            "the revision date, {revised}, is later than this machine's today, {today}.",
        ),
        ("修表日期不晚於今天", "a revision date that is not in the future"),
        (
            "若是預先製作，不需處理；否則請核對修表日期與電腦的時鐘。",
            "Nothing to do if it is made ahead; else check the date and the machine's clock.",
        ),
    ),
    "E507": Entry(
        E,
        (
            "找不到 LibreOffice，無法製作 ODF 檔案（ODT、ODS）。",
            "LibreOffice is not installed, and ODF files (ODT, ODS) cannot be made without it.",
        ),
        ("LibreOffice 7 以上", "LibreOffice 7 or later"),
        (
            (
                "Debian、Ubuntu 請執行 sudo apt install libreoffice-writer-nogui "
                "libreoffice-calc-nogui；Windows、macOS 請安裝 LibreOffice。"
                "不需要 ODF 時，請以 --format pdf,docx 執行，活頁簿請用 .xlsx。"
            ),
            (
                "On Debian or Ubuntu run: sudo apt install libreoffice-writer-nogui "
                "libreoffice-calc-nogui; on Windows or macOS install LibreOffice. "
                "Without ODF: --format pdf,docx, and workbooks as .xlsx."
            ),
        ),
    ),
    "E508": Entry(
        E,
        (
            "LibreOffice 未能製作 ODF 檔案（ODT 或 ODS）：{reason}。",
            "LibreOffice has made no ODF file (ODT or ODS): {reason_en}.",
        ),
        ("完整的 ODF 檔案", "a whole ODF file"),
        (
            "請再執行一次；仍不成時請重新安裝 LibreOffice，或先用 PDF、Word 與 .xlsx。",
            "Try again; if it stays so, reinstall LibreOffice, or go on with PDF, Word and .xlsx.",
        ),
    ),
    "E510": Entry(
        E,
        (
            "製作中斷，未產出文件：{found}。",
            "the work ended before the documents were made: {found}.",
        ),
        ("完整做完的一次製作", "work that comes to its end"),
        (
            "請再試一次；若再發生，請把活頁簿交給維護人員。",
            "Try it again; if it happens once more, hand the workbook to whoever maintains this.",
        ),
    ),
    "E511": Entry(
        E,
        ("等待製作的活頁簿太多，沒有排入。", "too many workbooks are waiting; it was not queued."),
        ("還有空位的佇列", "a queue with room"),
        ("請待前面的完成後再上傳一次。", "Upload it again when those before it are done."),
    ),
    "E512": Entry(
        E,
        ("沒有安裝 Dask，無法使用叢集。", "Dask is not installed, and a cluster cannot be used."),
        ("Dask 的 distributed 套件", "Dask's package distributed"),
        (
            "請執行 pip install 'reportgen[cluster]'；或不加 --scheduler，只用這台電腦。",
            "Run pip install 'reportgen[cluster]', or leave --scheduler out: this machine alone.",
        ),
    ),
    "E515": Entry(
        E,
        (
            "這台電腦可用的記憶體不足，未產出文件。",
            "this machine gives too little memory; no documents were made.",
        ),
        ("1.5 GB 以上可用的記憶體", "at least 1.5 GB of free memory"),
        (
            "請關閉其他程式，或放寬記憶體的限制（ulimit -v、容器的設定），再試一次。",
            "Close other programs, or raise the limit (ulimit -v, that of the container).",
        ),
    ),
    "E516": Entry(
        E,
        (
            "這台電腦的時鐘是 {found}，無法寫入檔案。",
            "the clock of this machine says {found}; no file can be written by it.",
        ),
        ("1980 至 2107 年之間的日期", "a date from 1980 to 2107"),
        ("請將電腦的日期與時間調正，再試一次。", "Set the machine's date and time right."),
    ),
    "E517": Entry(
        E,
        (
            "排版程式庫沒有採用本程式指定的字型（{found}），未產出文件。",
            (
                "the layout library does not use the fonts that it was given ({found}); "
                "no documents were made."
            ),
        ),
        ("只用指定的字型排版", "a layout in the given fonts alone"),
        (
            (
                "請把程式與暫存資料夾（TMPDIR，Windows 為 TEMP）移到沒有特殊字元的路徑，再試一次；"
                "仍不成時請交給維護人員。"
            ),
            (
                "Move the program and the temporary folder (TMPDIR, on Windows TEMP) to paths "
                "without special characters and try again; if it stays so, tell the maintainer."
            ),
        ),
    ),
    "E513": Entry(
        E,
        (
            "無法使用叢集 {found}：{reason}。",
            "the cluster at {found} cannot be used: {reason}.",
        ),
        ("有工作程序的 Dask 排程器", "a Dask scheduler that has workers"),
        (
            "請確認位址，以及 dask scheduler 與 dask worker 都已啟動。",
            "Check the address, and that dask scheduler and dask worker are running.",
        ),
    ),
}
