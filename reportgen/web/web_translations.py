"""Error messages of the server, in Taiwan's Chinese and in English.

The texts of problems are in :mod:`reportgen.problems`; the page has its own translations.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

ERROR_TRANSLATIONS: Final[dict[str, tuple[HTTPStatus, str, str]]] = {
    "closed": (
        HTTPStatus.FORBIDDEN,
        "這個頁面要從 reportgen serve 顯示的網址開啟。",
        "Open this page by the address that reportgen serve shows.",
    ),
    "foreign": (
        HTTPStatus.FORBIDDEN,
        "這個要求來自其他網站，已拒絕。",
        "This request came from another site and was refused.",
    ),
    "stale page": (
        HTTPStatus.FORBIDDEN,
        "頁面已過期，請重新整理後再試。",
        "The page is out of date: reload it and try again.",
    ),
    "gone": (
        HTTPStatus.NOT_FOUND,
        "找不到這個項目，可能已移除。",
        "There is no such item; it may have been removed.",
    ),
    "not found": (HTTPStatus.NOT_FOUND, "找不到這個網址。", "There is no such address."),
    "not allowed": (
        HTTPStatus.METHOD_NOT_ALLOWED,
        "這個網址不接受這種要求。",
        "This address takes no such request.",
    ),
    "too large": (
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "檔案太大：上限為 {limit} MB。",
        "The file is too large: at most {limit} MB.",
    ),
    "too many": (
        HTTPStatus.CONFLICT,
        "項目太多：最多 {limit} 個，請先移除不用的項目。",
        "Too many items: at most {limit}; remove some first.",
    ),
    "no name": (
        HTTPStatus.BAD_REQUEST,
        "沒有檔名，請重新選擇檔案。",
        "The file has no name: choose it again.",
    ),
    "empty": (
        HTTPStatus.BAD_REQUEST,
        "檔案是空的，請重新選擇。",
        "The file is empty: choose another.",
    ),
    "not understood": (
        HTTPStatus.BAD_REQUEST,
        "看不懂這個要求，請重新整理頁面後再試。",
        "This request is not understood: reload the page and try again.",
    ),
    "not ready": (
        HTTPStatus.CONFLICT,
        "還沒有準備好，請稍候再試。",
        "This is not ready yet: try again in a moment.",
    ),
    "unreadable": (
        HTTPStatus.CONFLICT,
        "這個活頁簿無法使用：{reason}",
        "This workbook cannot be used: {reason_en}",
    ),
    "not converted": (
        HTTPStatus.CONFLICT,
        "沒有做成 ODT 檔：{reason}",
        "No ODT file was made: {reason_en}",
    ),
    "busy": (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "目前工作太多，請稍候再試。",
        "There is too much to do at the moment: try again in a while.",
    ),
    "fault": (
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "程式發生錯誤，這個要求沒有完成。請再試一次。",
        "The program failed, and this was not done. Please try again.",
    ),
    "disk": (
        HTTPStatus.INSUFFICIENT_STORAGE,
        "無法寫入暫存資料夾：{reason}。",
        "The temporary folder cannot be written: {reason}.",
    ),
    "too many sessions": (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "同時使用的人太多（上限 {limit} 人）。請稍後再試，或請用完的人登出。",
        "Too many people are signed in (at most {limit}): try later, or ask somebody to sign out.",
    ),
    "not archivist": (
        HTTPStatus.FORBIDDEN,
        "您不在可以封存的名單上，請洽管理這個網頁的人。",
        "You are not among those who may archive: ask who runs this page.",
    ),
    "link ended": (
        HTTPStatus.NOT_FOUND,
        "這個連結已到期或已撤回，請洽給您連結的人。",
        "This link has expired or was withdrawn: ask who gave it to you.",
    ),
    "too many remarks": (
        HTTPStatus.CONFLICT,
        "意見太多：最多 {limit} 則。",
        "Too many remarks: at most {limit}.",
    ),
    "not approver": (
        HTTPStatus.FORBIDDEN,
        "您不在可以核可的名單上，請洽管理這個網頁的人。",
        "You are not among those who may approve: ask who runs this page.",
    ),
    "other name": (
        HTTPStatus.FORBIDDEN,
        "只能以登入的姓名「{user}」核可或撤回。",
        "You can approve and withdraw under your own name alone, {user}.",
    ),
    "damaged": (
        HTTPStatus.CONFLICT,
        "封存的檔案有損壞，沒有提供下載：{reason}",
        "Archived files are damaged, so nothing was given out: {reason_en}",
    ),
    "not made": (HTTPStatus.CONFLICT, "沒有產製：{reason}", "Nothing was made: {reason_en}"),
    "too many parts": (
        HTTPStatus.CONFLICT,
        "填報活頁簿太多：您的項目合計最多 {limit} 份，請先移除不用的。",
        "Too many parts: at most {limit} in all your items; remove some first.",
    ),
    "too many merges": (
        HTTPStatus.CONFLICT,
        "這個項目已併入 {limit} 次。請下載目前的活頁簿，再放進來成為新的項目。",
        "This item was merged {limit} times: download its workbook and add it as a new item.",
    ),
    "parts changed": (
        HTTPStatus.CONFLICT,
        "填報活頁簿或活頁簿有變動，沒有併入。請看過新的內容再按一次。",
        "The parts or the workbook have changed; nothing was merged. Look again, then press again.",
    ),
    "nothing to merge": (
        HTTPStatus.CONFLICT,
        "沒有可以併入的格子，活頁簿未變。",
        "There is nothing that can be merged; the workbook is as it was.",
    ),
    "wrong password": (
        HTTPStatus.FORBIDDEN,
        "密碼不正確，請再試一次。",
        "The password is not right: try again.",
    ),
    "too many tries": (
        HTTPStatus.TOO_MANY_REQUESTS,
        "密碼錯誤次數太多（{limit} 次），請 {seconds} 秒後再試。",
        "Too many wrong passwords ({limit}): try again in {seconds} seconds.",
    ),
}


class HttpError(Exception):
    """A request that is refused or failed; ``code`` is a key of ERROR_TRANSLATIONS."""

    def __init__(self, code: str, **fields: object) -> None:
        super().__init__(code)
        self.code, self.fields = code, fields

    @property
    def status(self) -> HTTPStatus:
        """The HTTP status of the response."""
        return ERROR_TRANSLATIONS[self.code][0]

    def as_json(self) -> dict[str, Any]:
        """Return the error as JSON: code, and the message in both languages.

        Raise KeyError if a field of the message was not given.
        """
        _, chinese, english = ERROR_TRANSLATIONS[self.code]
        return {
            "error": {
                "code": self.code,
                "zh-TW": chinese.format_map(self.fields),
                "en": english.format_map(self.fields),
            }
        }


__all__ = ["ERROR_TRANSLATIONS", "HttpError"]
