"""Translations of operating-system errors of files into Taiwan's Chinese."""

from __future__ import annotations

OS_ERROR_TRANSLATIONS: dict[str, str] = {
    "Bad file descriptor": "檔案已經關閉",
    "Device or resource busy": "其他程式正在使用",
    "Disk quota exceeded": "超過可用的磁碟配額",
    "File exists": "已有同名的檔案或失效的連結",
    "File name too long": "名稱太長",
    "File too large": "檔案超過系統允許的大小",
    "Input/output error": "磁碟讀寫錯誤",
    "Invalid argument": "這個名稱不能使用",
    "Is a directory": "這是資料夾，不是檔案",
    "No such device or address": "找不到這個裝置",
    "No such file or directory": "找不到這個檔案或資料夾",
    "No space left on device": "磁碟空間不足",
    "Not a directory": "路徑中有一段是檔案，不是資料夾",
    "Operation not permitted": "系統不允許",
    "Permission denied": "沒有權限",
    "Read-only file system": "磁碟是唯讀的",
    "Stale file handle": "網路磁碟已經斷線",
    "Text file busy": "其他程式正在使用",
    "Too many levels of symbolic links": "連結互相指向，沒有盡頭",
    "Too many open files": "同時開啟的檔案過多",
}
