"""E3xx: files that are read and written."""

from __future__ import annotations

from reportgen.problems.entry import Entry, Severity

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTICE

ENTRIES: dict[str, Entry] = {
    "W301": Entry(
        W,
        (
            "「{found}」正由其他程式開啟，已另存為「{saved}」。",
            "“{found}” is open in another program; it was saved as “{saved}”.",
        ),
        ("可以寫入的檔案", "a file that can be written"),
        ("關閉該檔案後可重新產製。", "Close it and build again if you want the usual name."),
    ),
    "E302": Entry(
        E,
        ("找不到檔案「{found}」。", "there is no file “{found}”."),
        ("一個活頁簿（.xlsx 或 .ods）", "a workbook (.xlsx or .ods)"),
        ("請確認檔名與資料夾。{hint}", "Check the name and the folder. {hint_en}"),
    ),
    "E303": Entry(
        E,
        ("無法讀取「{found}」：{reason}。", "“{found}” cannot be read: {reason}."),
        ("可以讀取的檔案", "a file that can be read"),
        (
            "請確認檔案權限，並關閉正在使用它的程式。",
            "Check its permissions, and close the program that holds it.",
        ),
    ),
    "E304": Entry(
        E,
        (
            "無法寫入資料夾「{found}」：{reason}。",
            "the folder “{found}” cannot be written: {reason}.",
        ),
        ("可以寫入的資料夾", "a folder that can be written"),
        ("請用 --output 指定其他資料夾。", "Choose another folder with --output."),
    ),
    "E305": Entry(
        E,
        ("磁碟空間不足，「{found}」未寫入。", "the disk is full; “{found}” was not written."),
        ("足夠的磁碟空間", "enough free space"),
        (
            "請清出空間後再試；原有檔案未受影響。",
            "Free some space and try again; existing files are untouched.",
        ),
    ),
    "E306": Entry(
        E,
        ("「{found}」是資料夾，不是活頁簿。", "“{found}” is a folder, not a workbook."),
        ("一個活頁簿（.xlsx 或 .ods）", "a workbook (.xlsx or .ods)"),
        ("請指定其中一個活頁簿。{hint}", "Name one of its workbooks. {hint_en}"),
    ),
    "E307": Entry(
        E,
        ("沒有指定活頁簿。", "no workbook is named."),
        ("一個活頁簿的檔名或版次", "the name of a workbook, or its edition"),
        ("請寫檔名或版次。{hint}", "Give a file name or an edition. {hint_en}"),
    ),
    "W310": Entry(
        W,
        (
            "兩個活頁簿的機關不同：「{found}」與「{other}」。",
            "the workbooks are of different agencies: “{found}” and “{other}”.",
        ),
        ("同一機關的兩個版次", "two editions of one agency"),
        ("請確認檔案沒有選錯。", "Make sure that these are the files you mean."),
    ),
    "W311": Entry(
        W,
        (
            "現行版（{found}）的修表日期不早於修正版（{other}）。",
            "the older edition ({found}) is not dated before the newer one ({other}).",
        ),
        ("先寫現行版，再寫修正版", "the older edition first, then the newer one"),
        ("請確認兩個檔案的先後。", "Check the order of the two files."),
    ),
    "E309": Entry(
        E,
        (
            "這台電腦的文字編碼（{encoding}）寫不出檔名「{found}」。",
            "this machine's encoding, {encoding}, cannot write the file name “{found}”.",
        ),
        ("以 UTF-8 為文字編碼的系統", "a system that is set to UTF-8"),
        (
            "請先執行 export PYTHONUTF8=1，再重新產製。",
            "Run export PYTHONUTF8=1 first, then build again.",
        ),
    ),
    "E310": Entry(
        E,
        ("訊息無法完整輸出：{reason}。", "what was to be said cannot be printed: {reason}."),
        ("可以寫入的螢幕、檔案或管線", "a terminal, file or pipe that can be written"),
        (
            "請檢查輸出導向的檔案或磁碟空間；已經存檔的文件不受影響。",
            "Check where the output is sent, and the disk's room; files that were saved are safe.",
        ),
    ),
    "E311": Entry(
        E,
        ("無法在 {found} 提供頁面：{reason}。", "no page can be served at {found}: {reason}."),
        ("可以使用的位址與連接埠", "an address and a port that are free"),
        (
            "請換一個 --port，或不要指定；並確認 --host 是這台電腦的位址。",
            "Choose another --port, or none, and make sure that --host is this machine's.",
        ),
    ),
    "E312": Entry(
        E,
        (
            "同一機關的同一版次已由「{other}」交來。",
            "this agency's edition was handed in already, as “{other}”.",
        ),
        ("每個機關每個版次一個活頁簿", "one workbook for each edition of an agency"),
        (
            "請只留下正確的一份；若是不同版次，請更正修表日期。",
            "Keep the right one; if they are different editions, mend the date of revision.",
        ),
    ),
    "E313": Entry(
        E,
        ("找不到資料夾「{found}」。", "there is no folder “{found}”."),
        ("放活頁簿的資料夾", "a folder of workbooks"),
        ("請確認資料夾的名稱與位置。", "Check its name and where it is."),
    ),
    "E314": Entry(
        E,
        ("機關名單「{found}」不是文字檔。", "the roster “{found}” is no text."),
        ("UTF-8 的 .csv 或 .txt", "a .csv or .txt in UTF-8"),
        (
            "請一行寫一個機關，逗號後可寫上級機關；在 Excel 請另存成「CSV UTF-8」。",
            "Write an agency a line, its parent after a comma; from Excel save as “CSV UTF-8”.",
        ),
    ),
    "E315": Entry(
        E,
        (
            "收件資料夾「{found}」就在輸出資料夾之內，分不清哪些活頁簿是交來的。",
            "the folder “{found}” lies in the output: what was handed in cannot be told from it.",
        ),
        ("收件資料夾之外，或其下的另一個資料夾", "another folder, beside it or below it"),
        ("請用 --output 指定其他資料夾。", "Choose another folder with --output."),
    ),
    "W316": Entry(
        W,
        (
            "與「{other}」是同一機關的同一版次，已取代由它做出的檔案（原檔移到「備份」）。",
            "the same agency's edition as “{other}”, whose files are replaced (kept in 備份).",
        ),
        ("每個機關每個版次一個活頁簿", "one workbook for each edition of an agency"),
        (
            "請確認哪一份正確，再單獨產製一次；若是不同版次，請更正修表日期。",
            "Build the right one again; if they are different editions, mend the date of revision.",
        ),
    ),
    "E317": Entry(
        E,
        (
            "「{found}」已經存在，內容不同，可能已有單位填寫，未取代；這次一份也沒有寫出。",
            "“{found}” is there with other contents, perhaps filled in; nothing was written.",
        ),
        ("空的資料夾，或尚未填寫的檔案", "an empty folder, or files not filled in yet"),
        (
            "請以 -o 另外指定資料夾；確定要取代時請加 --replace，原檔會留在「備份」資料夾。",
            "Choose another folder with -o, or add --replace: old files are then kept in 備份.",
        ),
    ),
    "E318": Entry(
        E,
        (
            "「{found}」正由其他程式開啟，沒有併入。",
            "“{found}” is open in another program; nothing was merged.",
        ),
        ("已關閉的活頁簿", "a workbook that is closed"),
        ("請存檔並關閉活頁簿，再併入一次。", "Save and close the workbook, and merge again."),
    ),
    "E319": Entry(
        E,
        (
            "「{found}」在併入途中被更動，沒有寫入。",
            "“{found}” was changed while parts were merged; nothing was written.",
        ),
        ("併入途中不變的活頁簿", "a workbook that nobody changes meanwhile"),
        ("請再併入一次。", "Merge again."),
    ),
    "E320": Entry(
        E,
        (
            "無法使用存放狀態的資料夾「{found}」：{reason}。",
            "the folder of the state, {found}, cannot be used: {reason}.",
        ),
        (
            "一個可以寫入、且沒有其他 reportgen serve 正在使用的資料夾",
            "a folder that can be written and that no other reportgen serve uses",
        ),
        (
            "請先結束使用它的 reportgen serve，或以 --state 指定另一個資料夾。",
            "End the reportgen serve that uses it, or name another folder with --state.",
        ),
    ),
    "E321": Entry(
        E,
        (
            "另一個 reportgen merge 正在併入「{found}」，這一次沒有併入。",
            "another reportgen merge is at work on “{found}”; nothing was merged.",
        ),
        ("同一時間只有一個併入", "one merge at a time"),
        ("請等它結束，再併入一次。", "Wait until it has ended, and merge again."),
    ),
    "E350": Entry(
        E,
        (
            "這一格是公式，不能在頁面上輸入數值。",
            "this cell holds a formula, so no value can be typed for it on the page.",
        ),
        ("不是公式的儲存格", "a cell without a formula"),
        (
            "請在 Excel 修改公式，或它引用的儲存格。",
            "Mend the formula in Excel, or the cells that it refers to.",
        ),
    ),
    "E351": Entry(
        E,
        (
            "這一格在受保護的工作表中，已鎖定。",
            "this cell is locked, in a sheet that is protected.",
        ),
        ("沒有鎖定的儲存格", "a cell that is not locked"),
        (
            "請在 Excel 取消保護工作表（「校閱」）後再試。",
            "Unprotect the sheet in Excel (Review), and try again.",
        ),
    ),
    "E352": Entry(
        E,
        (
            "這一格在隱藏的工作表、列或欄中，看不到，不在這裡修改。",
            "this cell is in a hidden sheet, row or column, and is not changed unseen.",
        ),
        ("看得到的儲存格", "a cell that is seen"),
        ("請在 Excel 取消隱藏後再試。", "Unhide it in Excel, and try again."),
    ),
    "E353": Entry(
        E,
        (
            "這一格無法單獨修改（例如合併儲存格中的一格），或活頁簿無法就地修改。",
            "this cell (one of merged ones?) or this workbook cannot be edited in place.",
        ),
        ("可以單獨修改的儲存格", "a cell that can be set by itself"),
        ("請在 Excel 修改並存檔。", "Change it in Excel, and save it."),
    ),
    "E354": Entry(
        E,
        (
            "活頁簿在這段時間有了新版本，這一格沒有改。",
            "the workbook has a newer version by now; the cell was not set.",
        ),
        ("對目前版本的修改", "a change to the version of now"),
        ("請看新版本的檢查結果，需要時再改一次。", "See what was found in it, and set it again."),
    ),
}
