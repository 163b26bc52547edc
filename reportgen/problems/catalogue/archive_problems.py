"""E6xx, W6xx: archiving, and the integrity of what was archived."""

from __future__ import annotations

from reportgen.problems.entry import Entry, Severity

E, W = Severity.ERROR, Severity.WARNING

_INTACT = ("封存時的內容", "what was archived")
_RESTORE = (
    "請勿更改封存資料夾；請由備份還原整個資料夾，再驗證一次。",
    "Change nothing here; bring the whole folder back from a backup and verify again.",
)
_REACHABLE = ("可以使用的封存資料夾", "an archive that can be used")

ENTRIES: dict[str, Entry] = {
    "E601": Entry(
        E,
        (
            "{edition} 的資料狀態是「草稿」，不能封存。",
            "{edition} is marked 草稿 (draft) and cannot be archived.",
        ),
        ("資料狀態為「定稿」", "資料狀態 set to 定稿 (final)"),
        (
            "請將「基本資料」的資料狀態改為「定稿」後再封存。",
            "Set 資料狀態 on 基本資料 to 定稿, and archive then.",
        ),
    ),
    "E602": Entry(
        E,
        (
            "{edition} 已封存，但內容不同：{found}。",
            "{edition} is archived already, with other contents: {found}.",
        ),
        ("新的修表日期，或與已封存者相同的內容", "a new revision date, or the same contents"),
        (
            "內容有修正時，請改用新的修表日期；只是再版印刷時，請加上 --reprint。",
            "Give a revised edition a new revision date (修表日期); for a reprint add --reprint.",
        ),
    ),
    "E603": Entry(
        E,
        (
            "{edition} 尚未封存，無從登錄再版。",
            "{edition} is not archived yet, so there is nothing to reprint.",
        ),
        ("已封存的版次", "an edition that is archived"),
        ("請先封存該版次（不加 --reprint）。", "Archive it first, without --reprint."),
    ),
    "E604": Entry(
        E,
        ("「{found}」沒有封存。", "there is no archive in “{found}”."),
        ("封存資料夾", "the folder of an archive"),
        (
            "請用 --archive 指定封存資料夾；第一次封存時會自動建立。",
            "Name it with --archive; the first “archive add” makes one.",
        ),
    ),
    "E605": Entry(
        E,
        (
            "「{found}」不是封存資料夾，其中有：{contents}。",
            "“{found}” is no archive; it holds: {contents}.",
        ),
        ("封存資料夾，或新的空資料夾", "an archive, or a new folder"),
        ("請用 --archive 指定其他資料夾。", "Choose another folder with --archive."),
    ),
    "E606": Entry(
        E,
        (
            "這個封存的格式（{found}）不是本程式所用的格式。",
            "the archive has another format ({found}) than this program's.",
        ),
        ("OCFL 1.1 與紀錄檔第 1 版", "OCFL 1.1 and a log of form 1"),
        (
            "請以建立它的版本（或更新版）的 reportgen 開啟；未更改任何檔案。",
            "Open it with the reportgen that made it, or a newer one; nothing was changed.",
        ),
    ),
    "E607": Entry(
        E,
        ("無法寫入封存資料夾：{reason}。", "the archive cannot be written: {reason}."),
        ("可以寫入的封存資料夾", "an archive that can be written"),
        (
            "這次沒有封存任何內容，原有封存未受影響；請確認權限與磁碟後再試。",
            "Nothing was archived and the archive is as before; check rights and disk, try again.",
        ),
    ),
    "E608": Entry(
        E,
        ("磁碟空間不足，無法封存。", "the disk is full; nothing could be archived."),
        ("足夠的磁碟空間", "enough free space"),
        (
            "這次沒有封存任何內容，原有封存未受影響；請清出空間後再試。",
            "Nothing was archived and the archive is as before; free some space and try again.",
        ),
    ),
    "E609": Entry(
        E,
        (
            "{edition} 已寫入封存，但最後一步未能完成：{reason}。",
            "{edition} was written, but the last step could not be done: {reason}.",
        ),
        _REACHABLE,
        (
            "排除原因後再執行一次同樣的指令，就會完成並確認。",
            "Remove the cause and run the same command again; it will be finished and confirmed.",
        ),
    ),
    "E610": Entry(
        E,
        (
            "封存正由其他程式使用，等候 {seconds} 秒後仍未結束。",
            "another program has used the archive for {seconds} seconds.",
        ),
        _REACHABLE,
        ("請稍後再試。", "Try again later."),
    ),
    "E611": Entry(
        E,
        (
            "這個檔案系統不支援鎖定（{reason}），無法安全封存。",
            "this file system has no locks ({reason}); archiving here would not be safe.",
        ),
        ("支援檔案鎖定的磁碟", "a disk that can lock files"),
        (
            "請將封存資料夾放在本機磁碟或支援鎖定的網路磁碟。",
            "Keep the archive on a local disk, or on a network disk that has locks.",
        ),
    ),
    "E612": Entry(
        E,
        ("「{found}」不是版次。", "“{found}” is no edition."),
        ("修表日期，例如 105-12-25", "a revision date, such as 105-12-25"),
        (
            "請寫民國年-月-日；再版加上 #次數，例如 105-12-25#1。",
            "Write ROC year-month-day, for a reprint with its number: 105-12-25#1.",
        ),
    ),
    "E613": Entry(
        E,
        ("封存中沒有 {found}。", "{found} is not in the archive."),
        ("已封存的版次", "an edition that is archived"),
        ("請確認版次。{hint}", "Check the edition. {hint_en}"),
    ),
    "E614": Entry(
        E,
        (
            "有多個機關的 {found}：{agencies}。",
            "several agencies have archived {found}: {agencies}.",
        ),
        ("一個機關的版次", "the edition of one agency"),
        ("請用 --agency 指定機關。", "Name one with --agency."),
    ),
    "E615": Entry(
        E,
        (
            "封存紀錄的這一行損壞，或與前一行不相連。",
            "this line of the log is damaged, or does not follow the one before.",
        ),
        _INTACT,
        _RESTORE,
    ),
    "E616": Entry(
        E,
        (
            "封存紀錄只到第 {found} 筆，但指定的封存碼屬於第 {wanted} 筆：後面的紀錄不見了。",
            "the log ends at entry {found}, but the head is of entry {wanted}: the rest is gone.",
        ),
        ("包含該封存碼的紀錄", "a log that contains the head"),
        _RESTORE,
    ),
    "E617": Entry(
        E,
        (
            "封存紀錄第 {wanted} 筆與指定的封存碼不符：紀錄被改寫過，或不是同一個封存。",
            "entry {wanted} is not what the head says: rewritten, or of another archive.",
        ),
        ("包含該封存碼的紀錄", "a log that contains the head"),
        _RESTORE,
    ),
    "E618": Entry(
        E,
        (
            "檔案內容與封存時不同（屬於：{found}）。",
            "the file is not what was archived (it belongs to: {found}).",
        ),
        _INTACT,
        _RESTORE,
    ),
    "E619": Entry(
        E,
        ("檔案不見了（屬於：{found}）。", "the file is gone (it belongs to: {found})."),
        _INTACT,
        _RESTORE,
    ),
    "E620": Entry(
        E,
        (
            "這不在封存紀錄中：可能是外來的檔案，或紀錄被退回到較早的狀態。",
            "the log does not know this: something foreign, or the log was set back.",
        ),
        ("只有紀錄中的檔案", "only what the log knows"),
        (
            "請查明來源；若是誤放的檔案，請移出封存資料夾，否則由備份還原。",
            "Find out where it comes from: move it out if it strayed here, else restore a backup.",
        ),
    ),
    "E621": Entry(
        E,
        (
            "這裡應是檔案或資料夾，卻是連結或其他東西。",
            "a plain file or folder should be here, not a link or anything else.",
        ),
        _INTACT,
        _RESTORE,
    ),
    "E622": Entry(
        E,
        ("「{found}」不是封存碼。", "“{found}” is no head of an archive."),
        (
            "封存碼，例如 12-7K3M9-QX2WB-5DH0P-A4T6E",
            "a head such as 12-7K3M9-QX2WB-5DH0P-A4T6E",
        ),
        (
            "請照「reportgen archive head」所印的抄寫。",
            "Copy it as “reportgen archive head” prints it.",
        ),
    ),
    "E623": Entry(
        E,
        ("無法讀取：{reason}。", "this cannot be read: {reason}."),
        ("可以讀取的檔案", "a file that can be read"),
        ("請確認權限與磁碟狀況。", "Check the rights and the disk."),
    ),
    "E624": Entry(
        E,
        (
            "封存中沒有與「{found}」相同的檔案。",
            "nothing with the bytes of “{found}” was ever archived here.",
        ),
        ("封存過的檔案", "a file that was archived"),
        (
            "它未經封存，或封存之後被更改過；「archive restore」可取回封存的檔案。",
            "It was not archived, or altered since; “archive restore” gives what was archived.",
        ),
    ),
    "E625": Entry(
        E,
        (
            "「{found}」與封存的同名檔案內容不同（{editions}）。",
            "“{found}” is not what was archived under this name ({editions}).",
        ),
        ("與封存時相同的內容", "the bytes that were archived"),
        (
            "它不是封存的檔案，或封存之後被更改過；「archive restore」可取回封存的檔案。",
            "It is another file, or altered since; “archive restore” gives what was archived.",
        ),
    ),
    "E626": Entry(
        E,
        ("「{found}」已經存在，而且內容不同。", "“{found}” is there already, and differs."),
        ("新的資料夾", "a new folder"),
        ("請用 --output 指定其他資料夾。", "Choose another folder with --output."),
    ),
    "E627": Entry(
        E,
        (
            "上次中斷的封存無法接續：{reason}。",
            "what was interrupted cannot be finished: {reason}.",
        ),
        _INTACT,
        _RESTORE,
    ),
    "E628": Entry(
        E,
        ("「{found}」不能作為封存的名稱。", "“{found}” cannot be a name in the archive."),
        (
            "各系統都能用的名稱，長度 255 位元組以內",
            "a name that every system takes, of 255 bytes at most",
        ),
        ("請改名後再封存。", "Rename it and archive then."),
    ),
    "E629": Entry(
        E,
        (
            "簽章與時間戳記所需的 pyHanko 未安裝。",
            "pyHanko, which signs and checks timestamps, is not installed.",
        ),
        ("pyHanko 0.38", "pyHanko 0.38"),
        (
            "請執行 pip install 'reportgen[anchor]'。",
            "Run: pip install 'reportgen[anchor]'.",
        ),
    ),
    "E630": Entry(
        E,
        (
            "無法由「{found}」取得時間戳記：{reason}。",
            "no timestamp could be had from “{found}”: {reason}.",
        ),
        ("RFC 3161 時戳服務的網址", "the address of an RFC 3161 authority"),
        (
            "請確認網址與網路；封存未受影響。",
            "Check the address and the network; the archive is as before.",
        ),
    ),
    "E631": Entry(
        E,
        (
            "這個時間戳記或簽章與封存紀錄不符：{reason}。",
            "this timestamp or signature does not hold for the log: {reason}.",
        ),
        _INTACT,
        _RESTORE,
    ),
    "E632": Entry(
        E,
        ("無法使用這個金鑰或憑證：{reason}。", "this key or certificate cannot be used: {reason}."),
        (
            "PKCS #12 金鑰（.p12、.pfx），或 PEM、DER 憑證",
            "a PKCS #12 key (.p12, .pfx), or a PEM or DER certificate",
        ),
        ("請確認檔案與密碼。", "Check the file and the passphrase."),
    ),
    "E633": Entry(
        E,
        (
            "查驗碼「{found}」打錯了字：檢查碼不符。",
            "a character of the code “{found}” is wrong: it does not fit its check character.",
        ),
        (
            "頁尾的 25 個字元，例如 05DBT-ZTWRN-X2VPA-BEP8F-0JPRJ",
            "the 25 characters at the foot of the page, such as 05DBT-ZTWRN-X2VPA-BEP8F-0JPRJ",
        ),
        (
            "請照頁尾再打一次（沒有 I、L、O、U），或掃描最後一頁的 QR 碼。",
            "Type it again as on the page (it has no I, L, O, U), or scan the last page’s QR code.",
        ),
    ),
    "W601": Entry(
        W,
        (
            "封存資料夾裡有不屬於封存的檔案，未予理會。",
            "this is in the archive's folder, but not of the archive; it was left alone.",
        ),
        ("只有封存的檔案", "only what was archived"),
        ("請移到其他地方。", "Move it elsewhere."),
    ),
    "W602": Entry(
        W,
        (
            "上次的封存中斷了，最後一步尚未完成：{reason}。",
            "the last archiving was interrupted and is not finished yet: {reason}.",
        ),
        _REACHABLE,
        (
            "可以寫入時，下一個封存指令會自動接續完成。",
            "The next archive command that can write will finish it.",
        ),
    ),
    "W603": Entry(
        W,
        (
            "時間戳記或簽章完整，但其憑證（{found}）未經信任的根憑證證實。",
            "it is intact, but no trusted certificate vouches for its signer ({found}).",
        ),
        ("信任的根憑證", "a root certificate that is trusted"),
        (
            "請用 --trust 指定發證機關的根憑證再查驗一次。",
            "Name the authority's root certificate with --trust and verify again.",
        ),
    ),
    "W604": Entry(
        W,
        (
            "未檢查時間戳記與簽章：pyHanko 未安裝。",
            "timestamps and signatures were not checked: pyHanko is not installed.",
        ),
        ("pyHanko 0.38", "pyHanko 0.38"),
        (
            "需要檢查時，請執行 pip install 'reportgen[anchor]'。",
            "To have them checked, run: pip install 'reportgen[anchor]'.",
        ),
    ),
    "E640": Entry(
        E,
        (
            "這個檔案沒有附上重做所需的活頁簿、範本與紀錄。",
            "this file does not carry the workbook, template and record that it was made of.",
        ),
        ("附有活頁簿與範本的 PDF", "a PDF that carries its workbook and template"),
        (
            "請用封存的檔案（reportgen archive restore）。",
            "Use the file that was archived (reportgen archive restore).",
        ),
    ),
    "E641": Entry(
        E,
        (
            "檔案所附的範本或紀錄不合規定，未予使用。",
            "the template or the record in the file is not as it must be; it was not used.",
        ),
        ("未經更動的附件", "attachments that nobody has changed"),
        (
            "檔案可能被更動過；請用封存的檔案。",
            "The file may have been altered; use the one that was archived.",
        ),
    ),
    "E642": Entry(
        E,
        (
            "重做的結果與這個檔案不同：{found}。",
            "what was remade differs from this file: {found_en}.",
        ),
        ("相同的位元組", "the same bytes"),
        (
            "當時印出的檔案才是正本；重做只能說明哪裡變了。",
            "What was printed is the original; remaking it only tells what has changed.",
        ),
    ),
    "E643": Entry(
        E,
        (
            "封存的「{found}」沒有 PDF，無法重做。",
            "“{found}” was archived without a PDF: there is nothing to rebuild it from.",
        ),
        ("封存時有 PDF 的版次", "an edition that was archived with its PDF"),
        (
            "所封存的檔案可用 reportgen archive restore 取回。",
            "What was archived can be had with “reportgen archive restore”.",
        ),
    ),
}
