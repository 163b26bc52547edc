"""Texts of ``reportgen approve``, in Taiwan's Chinese and in English."""

from __future__ import annotations

APPROVAL_TRANSLATIONS: dict[str, tuple[str, str]] = {
    "approve": (
        "核可封存的版次：依階段寫核可單、撤回、查看進度",
        "approve an archived edition round by round, withdraw, see how far it is",
    ),
    "approved edition": ("封存的版次，例如 105-12-25", "an archived edition such as 105-12-25"),
    "approval round": (
        "核可的階段，例如 複核；階段與順序取自「核章欄」，沒有時為 自評、初核、複核",
        "the round, such as 複核; rounds are those of 核章欄, or else 自評, 初核, 複核",
    ),
    "approver": (
        "核可人（或撤回人）的姓名，可重複",
        "name of who approves, or withdraws; repeatable",
    ),
    "approval date": (
        "核可日期，例如 106-01-05（預設今天）",
        "date of approval, ROC, such as 106-01-05 (default: today)",
    ),
    "approval remark": ("意見；撤回時為原因", "a remark; for a withdrawal the reason"),
    "withdraw": (
        "撤回第 N 號核可（號碼見 --status）；要有 --name 與 --remark",
        "withdraw slip N (see --status); needs --name and --remark",
    ),
    "signing key": (
        "以這個私鑰（PEM，Ed25519 或 RSA）簽署；密碼取自 REPORTGEN_KEY_PASSPHRASE，否則詢問",
        (
            "sign with this private key (PEM, Ed25519 or RSA); its passphrase: "
            "REPORTGEN_KEY_PASSPHRASE, else asked for"
        ),
    ),
    "approvals": (
        "核章欄印出封存中有效核可的姓名與日期；內容須與核可時相同",
        "print names and dates of the archive's approvals in 核章欄; refused for other contents",
    ),
    "approval status": ("顯示核可進度，不寫入任何內容", "show the approval; write nothing"),
    "slip folder": (
        "另將所有核可單、簽章與公鑰存到這個資料夾，供 openssl 查驗",
        "write all slips, signatures and public keys to this folder, to be checked by openssl",
    ),
    "written slip": (
        "已寫入第 {number} 號核可單：{edition} {role} {names}",
        "slip {number} was written: {edition} {role} {names}",
    ),
    "written withdrawal": (
        "已寫入第 {number} 號：撤回第 {withdraws} 號核可（{role}）",
        "slip {number} was written: it withdraws slip {withdraws} ({role})",
    ),
    "approval open": (
        "{agency} {edition}：{approved}已核可，下一階段「{next}」",
        "{agency} {edition}: {approved} approved, next is {next}",
    ),
    "approval begins": (
        "{agency} {edition}：尚未核可，第一階段「{next}」",
        "{agency} {edition}: not approved yet, the first round is {next}",
    ),
    "approval complete": (
        "{agency} {edition}：{approved}都已核可",
        "{agency} {edition}: approved by all of {approved}",
    ),
    "slip": (
        "  第 {number} 號　{role}　{names}　{date}　{state}{signature}{remark}",
        "  {number}  {role}  {names}  {date}  {state}{signature}{remark}",
    ),
    "slip unreadable": ("  {folder}　{state}", "  {folder}  {state}"),
    "slip valid": ("有效", "counts"),
    "slip void": ("失效（{version} 已變更：{changes}）", "void ({version} has changed: {changes})"),
    "slip withdrawn": ("已撤回", "withdrawn"),
    "slip withdrawal": ("撤回第 {withdraws} 號", "withdraws slip {withdraws}"),
    "slip invalid": ("不符", "not sound"),
    "slip signed": ("　簽章相符（金鑰 {key}）", "  signature verified (key {key})"),
    "slip signature unchecked": ("　有簽章，未檢查", "  signed, not checked"),
    "slip remark": ("　意見：{remark}", "  remark: {remark}"),
}
