"""Word → OpenDocument text (ODT), by LibreOffice; the same Word file gives the same bytes.

What LibreOffice writes of the moment and the machine is taken out: times, the printer, a picture
of the first page, numbers that it draws or takes from its memory. The text is then held against
the Word file's.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile, ZipFile

from lxml import etree

from reportgen.problems import Location, Problem, make
from reportgen.render import libreoffice, proof
from reportgen.render.docx.package import zipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MIMETYPE: Final = "mimetype"
MANIFEST: Final = "META-INF/manifest.xml"
_FILTER: Final = "writer8"
_LEFT_OUT: Final = ("Thumbnails/", "Configurations2/", "layout-cache")
_SPACE: Final = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
_OFFICE, _META, _TEXT, _CONFIG, _MANIFEST, _SVG = (
    f"{{{_SPACE.format(each)}}}"
    for each in ("office", "meta", "text", "config", "manifest", "svg-compatible")
)
_XML_ID: Final = "{http://www.w3.org/XML/1998/namespace}id"
_OOO: Final = "{http://openoffice.org/2009/office}"
_OF_THE_MOMENT: Final = (f"{_META}editing-duration", f"{_META}print-date", f"{_META}printed-by")
_OF_THE_LAYOUT: Final = (f"{_META}document-statistic",)  # pages and lines: the fonts' affair
_OF_THE_MACHINE: Final = frozenset(
    ("Rsid", "RsidRoot", "PrinterName", "PrinterSetup", "PrinterPaperFromSetup")
)
_DRAWN: Final = re.compile(r"([A-Za-z]+)\d{5,}")  # an id of random digits, or of an address
_NOT_TEXT: Final = (
    *(f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_OFFICE}forms"),
    *(f"{_SVG}title", f"{_SVG}desc"),
)
Xml = Any  # an element of lxml


def missing() -> tuple[Problem, ...]:
    """E507 where LibreOffice is not installed."""
    return () if libreoffice.find() else (make("E507"),)


def convert(files: Mapping[str, bytes]) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """Word files by name as ODT, in one run; empty where a problem forbids it.

    Problems: E507 LibreOffice is not installed, E508 it fails or does not end, E505 no temporary
    files, E413 the ODT does not say what the Word file says.
    """
    program = libreoffice.find()
    if not program or not files:
        return {}, (make("E507"),) if files else ()
    try:
        made = libreoffice.convert(program, list(files.values()), "docx", "odt", _FILTER)
        normal = dict(zip(files, map(normalized, made), strict=True))
    except libreoffice.ConversionError as error:
        return {}, (make("E508", reason=error.chinese, reason_en=error.english),)
    except (BadZipFile, KeyError, etree.XMLSyntaxError):
        return {}, (make("E508", reason="檔案不完整", reason_en="the file is broken"),)
    except OSError as error:
        where = Location(file=error.filename if isinstance(error.filename, str) else "")
        return {}, (make("E505", where, reason=error.strerror or type(error).__name__),)
    found = tuple(problem for name in files for problem in _differences(name, files, normal))
    return ({} if found else normal), found


def _differences(
    name: str, word: Mapping[str, bytes], made: Mapping[str, bytes]
) -> Iterable[Problem]:
    return proof.story_differences(
        text(made[name]), proof.word_text(word[name]), ("ODT", "the ODT"), Location(file=name)
    )


def normalized(content: bytes) -> bytes:
    """An ODT of LibreOffice without what it says of the moment and the machine.

    Raises BadZipFile, KeyError or XMLSyntaxError for a file that is no whole ODT.
    """
    with ZipFile(BytesIO(content)) as opened:
        parts = {
            info.filename: opened.read(info)
            for info in opened.infolist()
            if not info.is_dir() and not info.filename.startswith(_LEFT_OUT)
        }
    mimetype, manifest = parts.pop(MIMETYPE), parts.pop(MANIFEST)
    made = {MIMETYPE: mimetype, MANIFEST: _manifest(manifest, parts)}
    for name in sorted(parts):
        made[name] = _normal(name, parts[name]) if name.endswith(".xml") else parts[name]
    return zipped(made, stored=(MIMETYPE,))


def _manifest(content: bytes, parts: Iterable[str]) -> bytes:
    """The list of the parts that are kept."""
    root = etree.fromstring(content)
    kept = {"/", *parts}
    for entry in list(root):
        if entry.get(f"{_MANIFEST}full-path") not in kept:
            root.remove(entry)
    root[:] = sorted(root, key=lambda entry: str(entry.get(f"{_MANIFEST}full-path")))
    return _serialized(root)


def _normal(name: str, content: bytes) -> bytes:
    root = etree.fromstring(content)
    if name == "meta.xml":
        for element in list(root.iter(*_OF_THE_MOMENT, *_OF_THE_LAYOUT)):
            _drop(element)
    elif name == "settings.xml":
        for item in list(root.iter(f"{_CONFIG}config-item")):
            if item.get(f"{_CONFIG}name") in _OF_THE_MACHINE:
                _drop(item)
    else:
        _count_ids(root)
    return _serialized(root)


def _count_ids(root: Xml) -> None:
    """Number the ids in the order of the document, and leave no session's number."""
    ids: dict[str, str] = {}
    for element in root.iter(etree.Element):
        found = _DRAWN.fullmatch(element.get(_XML_ID, ""))
        if found:
            ids[found[0]] = f"{found[1]}{len(ids) + 1}"
    for element in root.iter(etree.Element):
        for name, value in element.attrib.items():
            if name.startswith(_OOO) and name.endswith("rsid"):
                del element.attrib[name]
            elif value in ids:
                element.set(name, ids[value])


def _drop(element: Xml) -> None:
    element.getparent().remove(element)


def _serialized(root: Xml) -> bytes:
    made: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return made


def text(content: bytes) -> str:
    """The text of an ODT's body, in order, without what is struck by a tracked change."""
    with ZipFile(BytesIO(content)) as opened:
        root = etree.fromstring(opened.read("content.xml"))
    return "".join(_words(root.find(f"{_OFFICE}body")))


def _words(element: Xml) -> Iterator[str]:
    if element.tag in _NOT_TEXT:
        return
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            yield from _words(child)
        yield child.tail or ""


__all__ = ["convert", "missing", "normalized", "text"]
