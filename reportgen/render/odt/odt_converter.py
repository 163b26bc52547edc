"""Word to OpenDocument text (ODT) by LibreOffice; the same Word file gives the same bytes.

What LibreOffice writes of the moment and the machine is removed: times, the printer, a thumbnail,
numbers that are random or addresses in memory. The text is then compared with the Word file's.
"""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final
from zipfile import BadZipFile, ZipFile

from lxml import etree

from reportgen.problems import Location, Problem, make_problem
from reportgen.render.docx.write.docx_package import zip_files
from reportgen.render.odt import libreoffice
from reportgen.render.verify import output_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MIMETYPE: Final = "mimetype"
MANIFEST: Final = "META-INF/manifest.xml"
_FILTER: Final = "writer8"
_DROPPED_PARTS: Final = ("Thumbnails/", "Configurations2/", "layout-cache")
_NAMESPACE: Final = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
_OFFICE, _META, _TEXT, _CONFIG, _MANIFEST, _SVG = (
    f"{{{_NAMESPACE.format(name)}}}"
    for name in ("office", "meta", "text", "config", "manifest", "svg-compatible")
)
_XML_ID: Final = "{http://www.w3.org/XML/1998/namespace}id"
_OOO: Final = "{http://openoffice.org/2009/office}"
_TIMESTAMPS: Final = (f"{_META}editing-duration", f"{_META}print-date", f"{_META}printed-by")
_STATISTICS: Final = (f"{_META}document-statistic",)  # pages and lines depend on the fonts
_MACHINE_SETTINGS: Final = frozenset(
    ("Rsid", "RsidRoot", "PrinterName", "PrinterSetup", "PrinterPaperFromSetup")
)
_RANDOM_ID: Final = re.compile(r"([A-Za-z]+)\d{5,}")  # random digits, or an address in memory
_NON_TEXT_ELEMENTS: Final = (
    *(f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_OFFICE}forms"),
    *(f"{_SVG}title", f"{_SVG}desc"),
)
Xml = Any  # an element of lxml


def missing_libreoffice() -> tuple[Problem, ...]:
    """Return E507 if LibreOffice is not installed."""
    return () if libreoffice.find_program() else (make_problem("E507"),)


def convert_to_odt(files: Mapping[str, bytes]) -> tuple[dict[str, bytes], tuple[Problem, ...]]:
    """Return (Word files as ODT by the same names, problems); no files if there is a problem.

    All are converted by one run of LibreOffice.

    Problems: E507 LibreOffice is not installed, E508 it fails or does not end, E505 no temporary
    files, E413 the ODT has another text than the Word file.
    """
    program = libreoffice.find_program()
    if not program or not files:
        return {}, (make_problem("E507"),) if files else ()
    try:
        converted = libreoffice.convert(program, list(files.values()), "docx", "odt", _FILTER)
        normalized_files = dict(zip(files, map(normalize, converted), strict=True))
    except libreoffice.ConversionError as error:
        return {}, (make_problem("E508", reason=error.chinese, reason_en=error.english),)
    except (BadZipFile, KeyError, etree.XMLSyntaxError):
        return {}, (make_problem("E508", reason="檔案不完整", reason_en="the file is broken"),)
    except OSError as error:
        where = Location(file=error.filename if isinstance(error.filename, str) else "")
        return {}, (make_problem("E505", where, reason=error.strerror or type(error).__name__),)
    problems = tuple(
        problem
        for name in files
        for problem in output_text.compare_texts(
            odt_text(normalized_files[name]),
            output_text.word_text(files[name], navigation=True),
            ("ODT", "the ODT"),
            Location(file=name),
        )
    )
    return ({} if problems else normalized_files), problems


def normalize(content: bytes) -> bytes:
    """Return an ODT of LibreOffice without data of the moment and the machine.

    These are times, statistics, printer settings, thumbnails and random ids; parts are sorted.

    Raises BadZipFile, KeyError or XMLSyntaxError for a file that is no complete ODT.
    """
    with ZipFile(BytesIO(content)) as package:
        parts = {
            info.filename: package.read(info)
            for info in package.infolist()
            if not info.is_dir() and not info.filename.startswith(_DROPPED_PARTS)
        }
    mimetype, manifest = parts.pop(MIMETYPE), parts.pop(MANIFEST)
    odt_parts = {MIMETYPE: mimetype, MANIFEST: _filter_manifest(manifest, parts)}
    for name in sorted(parts):
        odt_parts[name] = (
            _normalize_part(name, parts[name]) if name.endswith(".xml") else parts[name]
        )
    return zip_files(odt_parts, stored=(MIMETYPE,))


def _filter_manifest(content: bytes, parts: Iterable[str]) -> bytes:
    """Return a manifest with the entries of ``parts`` only, sorted by path."""
    root = etree.fromstring(content)
    remaining = {"/", *parts}
    for entry in list(root):
        if entry.get(f"{_MANIFEST}full-path") not in remaining:
            root.remove(entry)
    root[:] = sorted(root, key=lambda entry: str(entry.get(f"{_MANIFEST}full-path")))
    return _serialize(root)


def _normalize_part(name: str, content: bytes) -> bytes:
    """Return an XML part without data of the moment and the machine, by its name.

    Of ``meta.xml`` these are times and statistics, of ``settings.xml`` printer and session, of all
    others random ids.
    """
    root: Xml = etree.fromstring(content)
    if name == "meta.xml":
        etree.strip_elements(root, *_TIMESTAMPS, *_STATISTICS)
    elif name == "settings.xml":
        for item in list(root.iter(f"{_CONFIG}config-item")):
            if item.get(f"{_CONFIG}name") in _MACHINE_SETTINGS:
                item.getparent().remove(item)
    else:
        _renumber_ids(root)
    return _serialize(root)


def _renumber_ids(root: Xml) -> None:
    """Renumber, in place, random ids in document order, and remove the session's revision ids."""
    ids: dict[str, str] = {}
    for element in root.iter(etree.Element):
        match = _RANDOM_ID.fullmatch(element.get(_XML_ID, ""))
        if match:
            ids[match[0]] = f"{match[1]}{len(ids) + 1}"
    for element in root.iter(etree.Element):
        for name, value in element.attrib.items():
            if name.startswith(_OOO) and name.endswith("rsid"):
                del element.attrib[name]
            elif value in ids:
                element.set(name, ids[value])


def _serialize(root: Xml) -> bytes:
    """Return an element as an XML file in UTF-8."""
    content: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return content


def odt_text(content: bytes) -> str:
    """Return the text of an ODT's body, in order and without separators.

    Tracked changes, comments, forms, and titles and descriptions of pictures are left out. Raises
    BadZipFile, KeyError or XMLSyntaxError for a file that is no complete ODT.
    """
    with ZipFile(BytesIO(content)) as package:
        root: Xml = etree.fromstring(package.read("content.xml"))
    dropped = (etree.Comment, etree.ProcessingInstruction, *_NON_TEXT_ELEMENTS)
    etree.strip_elements(root, *dropped, with_tail=False)
    return "".join(root.find(f"{_OFFICE}body").itertext())
