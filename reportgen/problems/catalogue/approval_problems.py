"""E65x, E66x, W66x: approval slips of archived editions."""

from __future__ import annotations

from reportgen.problems.entry import Entry, Severity

E, W = Severity.ERROR, Severity.WARNING

_SOUND = ("核可當時的內容", "what was written when it was approved")
_RESTORE = (
    "請勿更改封存資料夾；請由備份還原整個資料夾，再驗證一次。",
    "Change nothing here; bring the whole folder back from a backup and verify again.",
)

ENTRIES: dict[str, Entry] = {
    "E650": Entry(
        E,
        ("「{found}」不是這個版次的核可階段。", "“{found}” is no round of this approval."),
        ("{rounds}其中之一", "one of {rounds}"),
        (
            "請用 --role 指定其中一個階段；階段與順序取自「基本資料」的「核章欄」。",
            "Give one of them with --role; rounds are those of 核章欄 on 基本資料, in its order.",
        ),
    ),
    "E651": Entry(
        E,
        (
            "「{found}」之前還沒有{missing}的核可。",
            "“{found}” cannot come before {missing}, which is not approved yet.",
        ),
        ("依順序核可", "the rounds in their order"),
        (
            "請先執行 reportgen approve {edition} --role {first} --name 姓名。",
            "First run: reportgen approve {edition} --role {first} --name NAME.",
        ),
    ),
    "E652": Entry(
        E,
        (
            "「{found}」之後的{later}已經核可（第 {numbers} 號），不能再更動「{found}」。",
            "{later} is approved already (slips {numbers}); nothing can be changed in “{found}”.",
        ),
        ("依順序核可", "the rounds in their order"),
        (
            (
                "請先撤回後面的核可：reportgen approve {edition} --withdraw {first} "
                "--name 姓名 --remark 原因；有多號時依所列順序逐一撤回。"
            ),
            (
                "First withdraw what comes after it: reportgen approve {edition} --withdraw "
                "{first} --name NAME --remark REASON, and all that are listed in this order."
            ),
        ),
    ),
    "E653": Entry(
        E,
        (
            "封存的 {edition} 沒有計算結果（results.json），無從核可數字。",
            "{edition} was archived without computed figures (results.json).",
        ),
        (
            "連同執行成果，或附有 results.json 的 PDF 一起封存的版次",
            "an edition archived with its results, or with a PDF that carries results.json",
        ),
        (
            (
                "請改正公式的錯誤，再執行 reportgen archive add {edition} --reprint "
                "--document scorecard,results。"
            ),
            (
                "Mend the formulas, and run: reportgen archive add {edition} --reprint "
                "--document scorecard,results."
            ),
        ),
    ),
    "E654": Entry(
        E,
        ("核可日期不能是 {found}。", "{found} cannot be the date of this approval."),
        (
            "前一次核可的日期（{first}）到今天（{last}）之間的日期",
            "a date from that of the last approval ({first}) to today ({last})",
        ),
        (
            "請用 --date 給實際核可的日期；不加 --date 就是今天。",
            "Give the day of approval with --date, or leave it out for today.",
        ),
    ),
    "E655": Entry(
        E,
        (
            "簽署所需的 cryptography 套件未安裝。",
            "the package cryptography, which signs, is not installed.",
        ),
        ("cryptography", "cryptography"),
        ("請執行 pip install 'reportgen[anchor]'。", "Run: pip install 'reportgen[anchor]'."),
    ),
    "E656": Entry(
        E,
        ("無法使用這個金鑰：{reason}。", "this key cannot be used: {reason}."),
        (
            "openssl genpkey 產生的 Ed25519 或 RSA（2048 位元以上）金鑰，PEM 格式",
            "an Ed25519 key, or RSA of 2048 bits or more, in PEM as by openssl genpkey",
        ),
        ("請確認檔案與密碼。", "Check the file and the passphrase."),
    ),
    "E657": Entry(
        E,
        (
            "第 {found} 號不是有效的核可，無從撤回。",
            "slip {found} is no approval that counts; there is nothing to withdraw.",
        ),
        ("有效的核可：第 {numbers} 號", "an approval that counts: {numbers}"),
        (
            "請用 reportgen approve --status 查看號碼。",
            "See the numbers with: reportgen approve --status.",
        ),
    ),
    "E658": Entry(
        E,
        ("「{found}」不能寫在核可單上。", "“{found}” cannot be written on a slip."),
        (
            "姓名 1 至 {names} 位、各 {name_chars} 字以內；意見 {remark_chars} 字以內，一行",
            (
                "1 to {names} names of at most {name_chars} letters; a remark of one line and "
                "{remark_chars} letters"
            ),
        ),
        (
            "請用 --name 給姓名（可重複，不要重複同一人）；撤回時用 --remark 給原因。",
            "Give each name once with --name; for a withdrawal, give the reason with --remark.",
        ),
    ),
    "E659": Entry(
        E,
        (
            "{found} 不是最新的版本，最新的是 {newest}。",
            "{found} is not the newest version; that is {newest}.",
        ),
        ("最新封存的版本", "the version that was archived last"),
        (
            "請核可 {newest}，或只寫版次、不加 #。",
            "Approve {newest}, or give the edition without #.",
        ),
    ),
    "E660": Entry(
        E,
        (
            "核可單損壞，或不是本程式寫的（{reason}）。",
            "the slip is damaged, or not of this program ({reason}).",
        ),
        _SOUND,
        _RESTORE,
    ),
    "E661": Entry(
        E,
        (
            "{found} 的核可單與封存的內容不符（{reason}）。",
            "the slip of {found} contradicts what is archived ({reason}).",
        ),
        _SOUND,
        _RESTORE,
    ),
    "E662": Entry(
        E,
        (
            "{found} 的核可單簽章不符：{reason}。",
            "the signature of the slip of {found} does not hold: {reason}.",
        ),
        _SOUND,
        _RESTORE,
    ),
    "E663": Entry(
        E,
        (
            "{edition} 現在的內容不是核可的內容，核章欄不能印出姓名：{found}。",
            "{edition} is not what was approved, so its 核章欄 cannot have names: {found}.",
        ),
        ("與核可時相同的活頁簿、範本與數字", "the workbook, templates and figures of the approval"),
        (
            (
                "請用 reportgen archive restore 取回核可的活頁簿與範本（--templates）；"
                "內容確要修正時，請封存後重新核可。"
            ),
            (
                "Take workbook and templates (--templates) from “reportgen archive restore”; a "
                "revision must be archived and approved again."
            ),
        ),
    ),
    "E664": Entry(
        E,
        (
            "{edition} 沒有有效的核可，核章欄無從印出姓名。",
            "{edition} has no approval that counts, so there are no names for its 核章欄.",
        ),
        ("至少一個有效的核可", "an approval that counts"),
        (
            "請先核可（reportgen approve {edition} --status 顯示進度），或不加 --approvals。",
            "Approve it first (reportgen approve {edition} --status), or leave out --approvals.",
        ),
    ),
    "E665": Entry(
        E,
        (
            "範本沒有可以印姓名的核章欄。",
            "the template has no 核章欄 that names could be printed in.",
        ),
        (
            "class 為 signatures 的表格：列出 document.signatories，其下各有一個空格",
            "a table of class signatures: document.signatories, and an empty cell below each",
        ),
        (
            "請由隨附的範本複製核章欄的表格，再封存、核可一次。",
            "Copy the table from a template of the program; archive and approve it again.",
        ),
    ),
    "W660": Entry(
        W,
        (
            "{version} 的內容與核可時不同，第 {slips} 號核可失效：{found}。",
            "{version} is not what was approved; slips {slips} are void: {found}.",
        ),
        ("核可後沒有再變更的內容", "content that was not changed after its approval"),
        (
            "請確認變更是否正確，再由第一個階段起重新核可。",
            "See whether the change is right, and approve it again from the first round.",
        ),
    ),
    "W661": Entry(
        W,
        (
            "未檢查核可單的簽章：cryptography 套件未安裝。",
            "the slip's signature was not checked: the package cryptography is not installed.",
        ),
        ("cryptography", "cryptography"),
        (
            "請執行 pip install 'reportgen[anchor]' 再查驗，或照 docs/approval.md 使用 openssl。",
            "To have it checked: pip install 'reportgen[anchor]', or openssl (docs/approval.md).",
        ),
    ),
}
