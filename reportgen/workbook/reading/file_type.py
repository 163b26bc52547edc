"""Detection of a file's type by its content, whatever its name says.

Excel's own .xlsx and .xlsm are read, and OpenDocument's .ods (:mod:`.opendocument`). The others
are named, so that they can be saved as one of these; none of the readers that exist would keep
the rules of :mod:`reportgen.workbook.reading.cell_reader`:

* .xls: python-calamine 0.9 and xlrd 2.0 report neither which cells are formulas, nor pictures;
  calamine leaves out number formats, hidden rows and hidden columns too.
* by way of LibreOffice, if it is installed: some seconds of a program that cannot be limited
  like our own reader, and results that depend on its version.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Container


class Remedy(NamedTuple):
    """The advice for a file of some type, in Chinese and in English."""

    chinese: str
    english: str


SAVE_AS_XLSX: Final = Remedy(
    "請用 Excel 或 LibreOffice 開啟後，以「Excel 活頁簿（.xlsx）」另存新檔。",
    "Open it in Excel or LibreOffice and save it as an Excel workbook (.xlsx).",
)
_TAKE_ANOTHER: Final = Remedy(
    "請改用填好的活頁簿；內容若只在這個檔案裡，請抄錄到活頁簿。",
    "Take the filled-in workbook; if the contents are in this file alone, copy them into one.",
)
_UNPACK: Final = Remedy(
    "請先解壓縮，再使用其中的活頁簿。", "Unpack it first, and take the workbook in it."
)
_COPY_AGAIN: Final = Remedy(
    "請向提供者重新索取原始檔案。", "Ask whoever sent it for the original again."
)
_DOWNLOAD: Final = Remedy(
    "請開啟雲端試算表，以「Microsoft Excel（.xlsx）」下載後再使用。",
    "Open the online spreadsheet and download it as Microsoft Excel (.xlsx).",
)


class FileType(NamedTuple):
    """A file type: its name in Chinese and in English, and the advice for such a file."""

    chinese: str
    english: str
    remedy: Remedy = SAVE_AS_XLSX


OLE_SIGNATURE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM: Final = "EncryptedPackage"
_LEGACY: Final = FileType("舊版 Excel 活頁簿（.xls）", "an old Excel workbook (.xls)")
_OLD_OFFICE: Final = FileType("舊版 Office 檔案（例如 .xls）", "an old Office file (such as .xls)")
# Streams that identify a compound file; their names are UTF-16. A file may be embedded in
# another one: two of them prove nothing.
_OLE_STREAMS: Final = (
    ("Workbook", _LEGACY),
    (
        "WordDocument",
        FileType("舊版 Word 文書檔（.doc）", "an old Word document (.doc)", _TAKE_ANOTHER),
    ),
    (
        "PowerPoint Document",
        FileType(
            "舊版 PowerPoint 簡報檔（.ppt）", "an old PowerPoint presentation (.ppt)", _TAKE_ANOTHER
        ),
    ),
    ("__substg1.0_", FileType("Outlook 郵件（.msg）", "an Outlook message (.msg)", _TAKE_ANOTHER)),
)

_EMPTY: Final = FileType("空白檔案", "an empty file", _COPY_AGAIN)
_PICTURE: Final = FileType("圖片", "a picture", _TAKE_ANOTHER)
_ARCHIVE: Final = FileType("壓縮檔（.7z、.rar 或 .gz）", "an archive (.7z, .rar or .gz)", _UNPACK)
# Files that are no zip, by their first characters in lower case.
_SIGNATURES: Final = (
    (re.compile(rb"\Z"), _EMPTY),
    (re.compile(rb"\x89png|\xff\xd8\xff|gif8|bm.{4}\0{4}", re.DOTALL), _PICTURE),
    (re.compile(rb"rar!|7z\xbc\xaf\x27\x1c|\x1f\x8b"), _ARCHIVE),
    (re.compile(rb"%pdf"), FileType("文件檔（PDF）", "a PDF file", _TAKE_ANOTHER)),
    (re.compile(rb"{\\rtf"), FileType("文書檔（RTF）", "a text document (RTF)", _TAKE_ANOTHER)),
    (
        re.compile(rb'{\s*"(url|doc_id)"'),
        FileType("雲端試算表的捷徑", "a shortcut to an online spreadsheet", _DOWNLOAD),
    ),
    (
        re.compile(rb"<(!doctype\s+)?html|<table|<meta|<head|mime-version:"),
        FileType("網頁（HTML）", "a web page (HTML)"),
    ),
    (
        re.compile(
            rb"<(\?xml.*?<)?office:document\s[^>]*office:mimetype=.[^>\"']*opendocument\.spreadsheet",
            re.DOTALL,
        ),
        FileType(
            "單一 XML 檔的開放文件格式試算表（.fods）",
            "a flat OpenDocument spreadsheet (.fods)",
            Remedy(
                "請用 LibreOffice 開啟後，以「ODF 試算表（.ods）」或「Excel（.xlsx）」另存新檔。",
                "Open it in LibreOffice and save it as .ods or .xlsx.",
            ),
        ),
    ),
    (
        re.compile(rb"<\?xml.*?(excel\.sheet|office:spreadsheet)", re.DOTALL),
        FileType("試算表（XML）", "a spreadsheet in XML"),
    ),
    (
        re.compile(rb"<\?xml|<office:document"),
        FileType("資料檔（XML）", "an XML file", _TAKE_ANOTHER),
    ),
    (re.compile(rb"[^\0]*?[,;\t][^\0]*\Z"), FileType("文字檔（CSV）", "a text file (CSV)")),
)
_UNKNOWN: Final = FileType("無法辨識的檔案", "a file of an unknown kind", _COPY_AGAIN)

_OPEN_DOCUMENT_KINDS: Final = {
    b"text": FileType(
        "開放文件格式的文書檔（OpenDocument，.odt）", "an OpenDocument text (.odt)", _TAKE_ANOTHER
    ),
    b"presentation": FileType(
        "開放文件格式的簡報檔（OpenDocument，.odp）",
        "an OpenDocument presentation (.odp)",
        _TAKE_ANOTHER,
    ),
}
_OTHER_OPEN_DOCUMENT: Final = FileType(
    "開放文件格式的檔案（OpenDocument）", "an OpenDocument file", _TAKE_ANOTHER
)
# Parts that identify a zip without a spreadsheet.
_MARKER_PARTS: Final = (
    (
        "word/document.xml",
        FileType("文書檔（Word，.docx）", "a Word document (.docx)", _TAKE_ANOTHER),
    ),
    (
        "ppt/presentation.xml",
        FileType("簡報檔（PowerPoint，.pptx）", "a PowerPoint presentation (.pptx)", _TAKE_ANOTHER),
    ),
    ("xl/workbook.bin", FileType("二進位活頁簿（.xlsb）", "a binary Excel workbook (.xlsb)")),
    ("index/document.iwa", FileType("Numbers 試算表（.numbers）", "a Numbers spreadsheet")),
)
_ZIP: Final = FileType("壓縮檔（.zip）", "a zip archive", _UNPACK)

# The name that Excel demands for each type of a workbook's main part.
_SUFFIXES: Final = (
    (b"ms-excel.sheet.macroenabled.main", ".xlsm"),
    (b"ms-excel.template.macroenabled.main", ".xltm"),
    (b"ms-excel.addin.macroenabled.main", ".xlam"),
    (b"spreadsheetml.template.main", ".xltx"),
    (b"spreadsheetml.sheet.main", ".xlsx"),
)
_OPEN_SPREADSHEET: Final = b"application/vnd.oasis.opendocument.spreadsheet"
_OPEN_TEMPLATE: Final = _OPEN_SPREADSHEET + b"-template"


def is_encrypted(content: bytes) -> bool:
    """Return whether a file is an Office document that needs a password to be opened.

    It is told by the name of its encrypted stream; the password is not asked for.
    """
    return content.startswith(OLE_SIGNATURE) and _ENCRYPTED_STREAM.encode("utf-16-le") in content


def detect_non_zip(content: bytes) -> FileType:
    """Return the type of a file that is no zip, by its first bytes, with the remedy for it.

    An unknown one has a type as well.
    """
    if content.startswith(OLE_SIGNATURE):
        kinds = [kind for name, kind in _OLE_STREAMS if name.encode("utf-16-le") in content]
        return kinds[0] if len(kinds) == 1 else _OLD_OFFICE
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        content = content[:8192].decode("utf-16", "replace").encode()
    start = content[:4096].lstrip(b"\xef\xbb\xbf\0 \t\r\n").lower()
    return next((kind for pattern, kind in _SIGNATURES if pattern.match(start)), _UNKNOWN)


def detect_zip(parts: Container[str], read: Callable[[str], bytes | None]) -> FileType:
    """Return the type of a zip without a spreadsheet; that it has none is not checked.

    ``parts`` are its names in lower case; ``read`` returns a part, or None if it is missing.
    """
    if "mimetype" in parts:
        mimetype = read("mimetype") or b""
        return next(
            (
                kind
                for name, kind in _OPEN_DOCUMENT_KINDS.items()
                if b"opendocument." + name in mimetype
            ),
            _OTHER_OPEN_DOCUMENT,
        )
    return next((kind for name, kind in _MARKER_PARTS if name in parts), _ZIP)


def is_open_document(parts: Container[str], read: Callable[[str], bytes | None]) -> bool:
    """Return whether a zip is an OpenDocument spreadsheet, or a template of one.

    ``parts`` are its names in lower case. Without a ``mimetype`` the manifest says what the
    package is (ODF 1.3 part 2, 3.3).
    """
    if "mimetype" in parts:
        mimetype = (read("mimetype") or b"").strip()
        return mimetype in {_OPEN_SPREADSHEET, _OPEN_TEMPLATE}
    is_open_xml = "[content_types].xml" in parts
    return not is_open_xml and _OPEN_SPREADSHEET in (read("META-INF/manifest.xml") or b"")


def expected_open_document_suffix(mimetype: bytes) -> str:
    """Return ``.ods``, or ``.ots`` for a template."""
    return ".ots" if mimetype.strip() == _OPEN_TEMPLATE else ".ods"


def expected_suffix(types: bytes) -> str:
    """Return the suffix that Excel demands for these content types, or an empty string."""
    content_types = types.lower()
    return next((suffix for name, suffix in _SUFFIXES if name in content_types), "")
