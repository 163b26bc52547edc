"""Texts of ``reportgen archive``, in Taiwan's Chinese and in English."""

from __future__ import annotations

ARCHIVE_TRANSLATIONS: dict[str, tuple[str, str]] = {
    "archive": (
        "封存版次、查驗、取回與移交",
        "keep editions for decades: add, verify, restore, hand over",
    ),
    "actions": ("動作", "actions"),
    "archive add": (
        "產製並封存版次：活頁簿、範本、PDF、Word 與環境紀錄",
        "make an edition's documents and archive them with all they are made of",
    ),
    "archive list": ("列出封存的版次", "list what is archived"),
    "archive show": ("顯示一個版次的檔案與環境紀錄", "show an edition's files and what made them"),
    "archive verify": (
        "讀取封存的每個位元組並核對；或說明檔案是否為封存的檔案",
        "read and check every byte; or say of a file whether it was archived",
    ),
    "archive restore": ("取回封存的檔案", "give back the archived files"),
    "archive rebuild": (
        "由 PDF（或封存的版次）重新產製，說明結果相同，或哪裡變了",
        "make a PDF, or an archived edition, again: identical, or what has changed",
    ),
    "rebuilt file": (
        "PDF 檔案，或封存的版次，例如 105-12-25",
        "a PDF, or an archived edition such as 105-12-25",
    ),
    "rebuilt to": (
        "另存重做的檔案（預設只比對，不寫入）",
        "write what was remade (default: compare only, write nothing)",
    ),
    "rebuilt identical": ("「{file}」重做的結果完全相同", "“{file}”: identical"),
    "archive export": (
        "輸出移交用的 BagIt 資料夾",
        "write a BagIt bag of an edition, to be handed over",
    ),
    "archive head": (
        "印出封存碼：抄存於他處，日後可證明封存未被更改",
        "print the head: noted elsewhere, it shows later that nothing was altered",
    ),
    "archive stamp": (
        "請時戳服務（RFC 3161）為封存碼蓋時間戳記，並存入封存",
        "have the head timestamped (RFC 3161), and keep the timestamp in the archive",
    ),
    "archive sign": (
        "以 PKCS #12 金鑰簽署封存碼，並將簽章存入封存",
        "sign the head with a PKCS #12 key, and keep the signature in the archive",
    ),
    "authority": ("時戳服務的網址", "address of the timestamping authority"),
    "key": (
        "PKCS #12 金鑰；密碼取自 REPORTGEN_KEY_PASSPHRASE，否則於終端機詢問",
        "PKCS #12 key; its passphrase: REPORTGEN_KEY_PASSPHRASE, else asked for",
    ),
    "trust": (
        "信任的根憑證（PEM 或 DER，可重複），用以查驗時間戳記與簽章",
        "root certificate (PEM or DER) to trust for timestamps and signatures; repeatable",
    ),
    "passphrase": ("金鑰密碼：", "Passphrase of the key: "),
    "anchored timestamp": ("已蓋時間戳記", "timestamped"),
    "anchored signature": ("已簽署", "signed"),
    "vouched timestamp": (
        "第 {number} 筆於 {time} 由「{signer}」蓋時間戳記（{trust}）。",
        "Entry {number} was timestamped at {time} by “{signer}” ({trust}).",
    ),
    "vouched signature": (
        "第 {number} 筆於 {time} 由「{signer}」簽署（{trust}）。",
        "Entry {number} was signed at {time} by “{signer}” ({trust}).",
    ),
    "trusted": ("憑證可信", "trusted"),
    "not trusted": ("憑證未證實", "signer not vouched for"),
    "archive folder": ("封存資料夾（預設 archive）", "folder of the archive (default: archive)"),
    "reprint": (
        "同一版次再版印刷（內容可因字型或程式更新而異），另存一筆",
        "the same edition is printed again: archive it as a reprint",
    ),
    "printed": (
        "列印日期，例如 115-11-23（預設今天）",
        "date of printing, ROC, such as 115-11-23 (default: today)",
    ),
    "archived by": ("封存人（預設登入帳號）", "who archives (default: the login name)"),
    "archived documents": (
        "要封存的文件，以逗號分隔（預設 scorecard,results；有執行說明時加 review）",
        (
            "documents to archive, separated by commas (default: scorecard,results, and review "
            "where there are words)"
        ),
    ),
    "archived edition": (
        "版次，例如 105-12-25；再版加 #次數，例如 105-12-25#1（預設最新一次）",
        "an edition such as 105-12-25, a reprint as 105-12-25#1 (default: the newest)",
    ),
    "agency": ("機關名稱（多個機關共用封存時）", "the agency, where several share an archive"),
    "written to": (
        "目的資料夾（預設在 output 之下）",
        "folder to write to (default: below output)",
    ),
    "with fonts": ("連同字型檔", "with the font files"),
    "verified file": (
        "要查驗的檔案（預設查驗整個封存）",
        "files to be looked up by their bytes (default: the whole archive is read)",
    ),
    "known head": (
        "先前抄存的封存碼，一併核對",
        "a head that was noted before, to be checked as well",
    ),
    "archiving": ("封存", "archiving"),
    "verifying": ("查驗", "verifying"),
    "archiving interrupted": (
        "已中斷；若版次已寫入，下一個封存指令會接續完成。",
        "Interrupted; if the edition was written, the next archive command finishes it.",
    ),
    "archived": ("已封存", "archived"),
    "archived already": ("先前已封存", "archived already"),
    "nothing archived": ("沒有封存任何內容。", "Nothing was archived."),
    "head": ("封存碼", "head"),
    "head of": ("第 {number} 筆，{time}", "entry {number}, {time}"),
    "intact": (
        "封存完好：{editions} 個版次、{files} 個檔案、{size} 位元組全部讀過並核對。",
        "All is intact, read and checked: editions {editions}, files {files}, bytes {size}.",
    ),
    "not intact": (
        "封存有 {errors} 處不符，請見上列說明。",
        "{errors} places are not what was archived; see above.",
    ),
    "head holds": (
        "與封存碼 {code} 相符，其後又有 {later} 筆。",
        "It agrees with the head {code}; {later} entries came after.",
    ),
    "identified": (
        "「{name}」與封存的檔案完全相同：",
        "“{name}” is, byte for byte, what was archived as:",
    ),
    "match": (
        "  {edition} 的 {path}（{status}，列印日期 {printed}，{time} 封存）",
        "  {path} of {edition} ({status}, printed {printed}, archived {time})",
    ),
    "none archived": ("還沒有封存任何版次。", "Nothing is archived yet."),
    "listed": (
        "列印日期 {printed}，{time} 封存，{files} 個檔案，{status}",
        "printed {printed}, archived {time}, {files} files, {status}",
    ),
    "restored": ("已取回", "restored"),
    "exported": ("已輸出", "exported"),
    "made with": ("產製環境", "made with"),
    "fonts used": ("字型", "fonts"),
}
