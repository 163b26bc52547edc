"""The workbook as a zip package, validated from its first bytes and the zip directory.

Nothing is unpacked before its declared size has been judged: a file of 1 MB that unpacks
to 1 GB costs a straightforward reader 2 GB of memory.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import BadZipFile, ZipFile

from reportgen.problems import Location, make_problem
from reportgen.workbook.reading.file_type import (
    detect_non_zip,
    detect_zip,
    is_encrypted,
    is_open_document,
)

if TYPE_CHECKING:
    from zipfile import ZipInfo

    from reportgen.problems import Problem
    from reportgen.workbook.reading.file_type import FileType

MAX_UNPACKED_BYTES: Final = 100_000_000  # bytes, all parts together
MAX_COMPRESSION_RATIO: Final = 100  # unpacked to packed, of a part above MIN_SUSPICIOUS_BYTES
MIN_SUSPICIOUS_BYTES: Final = 1_000_000  # bytes; small parts of blank cells pack even better
MAX_PARTS: Final = 5_000

_ZIP_ERRORS: Final = (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)
_DOCTYPE: Final = tuple("<!DOCTYPE".encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be"))

# ODF 1.3 part 2, 4.4: of each part, or of all in one.
_ENCRYPTION_ELEMENT: Final = b"encryption-data"
_OPEN_DOCUMENT_MACRO: Final = re.compile(r"(basic|scripts)/.*[^/]$")

# Strict Open XML names its vocabularies otherwise, and is the same but for that (ISO/IEC
# 29500-4); parts whose names differ, such as extendedProperties, are not read.
_STRICT_NAMESPACE: Final = re.compile(
    rb"http://purl\.oclc\.org/ooxml/(spreadsheetml|drawingml|officeDocument)/"
)


class UnreadableError(Exception):
    """The file cannot be read as a workbook; ``problem`` says why. Stays in this package."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.line("en"))


class Package:
    """The parts of a workbook, each read as a whole and never larger than declared."""

    def __init__(self, content: bytes, file: str = "") -> None:
        """Raise :class:`UnreadableError` if it is no workbook, or a suspicious one.

        E130: another file type, E131: encrypted, E132: damaged, E133: too large or packed too well.
        Every part is unpacked once, whether it is read later or not: a damaged file may hide a
        part, or its name, from a reader that does not look at it.
        """
        self._where = Location(file=file)
        self._digest = hashlib.sha256(content).hexdigest()
        if not content.startswith(b"PK"):
            raise UnreadableError(_problem_without_zip(content, self._where))
        try:
            self.archive = ZipFile(BytesIO(content))
            parts = self.archive.infolist()
        except _ZIP_ERRORS as error:
            raise self.damaged_error(type(error).__name__) from error
        self._check_sizes(parts)
        self.misplaced_parts = tuple(part.filename for part in parts if _is_outside(part.filename))
        self._parts = {part_key(part.filename): part for part in parts}
        is_open_xml = "[content_types].xml" in self._parts
        self.is_opendocument = is_open_document(self._parts, self.read)
        if not self.is_opendocument and (not is_open_xml or "xl/workbook.bin" in self._parts):
            raise self.not_a_workbook_error()
        if self.is_opendocument and "xl/workbook.xml" in self._parts:
            raise self.damaged_error("a workbook of each kind")  # each program opens another one
        if len(self._parts) < len(parts):
            raise self.damaged_error("two parts of one name")
        for name in self._parts:
            self.read(name)
        if self.is_opendocument and _ENCRYPTION_ELEMENT in (
            self.read("META-INF/manifest.xml") or b""
        ):
            raise UnreadableError(make_problem("E131", self._where))

    def to_transitional(self) -> Package:
        """Return the package in transitional Open XML, the only dialect that openpyxl knows.

        A package that is not in strict Open XML is returned itself. Raises UnreadableError.
        """
        relations = self.read("_rels/.rels") or b""
        if not _STRICT_NAMESPACE.search(relations):
            return self
        target = BytesIO()
        with ZipFile(target, "w") as zipped:
            for name, part in self._parts.items():
                content = self.read(name) or b""
                if name.endswith((".xml", ".rels", ".vml")):
                    content = _STRICT_NAMESPACE.sub(
                        rb"http://schemas.openxmlformats.org/\1/2006/", content
                    )
                zipped.writestr(part.filename, content)
        return Package(target.getvalue(), self._where.file)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all parts, as :meth:`read` accepts them."""
        return tuple(self._parts)

    def has(self, name: str) -> bool:
        """Return whether there is such a part."""
        return part_key(name) in self._parts

    @property
    def has_macros(self) -> bool:
        """True if it holds VBA, Basic or a script; none is ever run."""
        return any(
            name.endswith("vbaproject.bin")
            or (self.is_opendocument and _OPEN_DOCUMENT_MACRO.match(name))
            for name in self._parts
        )

    def damaged_error(self, detail: str) -> UnreadableError:
        """Return the error for a broken file, E132.

        ``detail`` is for whoever repairs it, as is the file's digest.
        """
        detail_with_digest = f"{' '.join(detail.split())}; SHA-256 {self._digest}"
        return UnreadableError(make_problem("E132", self._where, detail=detail_with_digest))

    def not_a_workbook_error(self) -> UnreadableError:
        """Return the error for a sound zip that holds something else, E130, which names it."""
        kind = detect_zip(self._parts, self.read)
        return UnreadableError(_wrong_type_problem(self._where, kind))

    def too_large_error(self, found: str) -> UnreadableError:
        """Return the error for more than any scorecard needs, E133; ``found`` says how much."""
        return UnreadableError(make_problem("E133", self._where, found=found))

    def read(self, name: str) -> bytes | None:
        """Return the content of a part, or None if there is none.

        Raises UnreadableError: E131 if the part is encrypted, E132 if it is damaged.
        """
        part = self._parts.get(part_key(name))
        if part is None:
            return None
        if part.flag_bits & 1:
            raise UnreadableError(make_problem("E131", self._where))
        try:
            return self.archive.read(part)
        except (*_ZIP_ERRORS, RuntimeError) as error:
            raise self.damaged_error(f"{name}: {type(error).__name__}") from error

    def read_xml(self, name: str) -> bytes | None:
        """Return a part that is XML, or None; raises UnreadableError as :meth:`read`.

        It is E133 for one with a DTD. Whether it is well-formed is not checked.
        """
        content = self.read(name)
        if content is not None and any(mark in content for mark in _DOCTYPE):
            raise UnreadableError(make_problem("E133", self._where, found=f"DTD, {name}"))
        return content

    def _check_sizes(self, parts: list[ZipInfo]) -> None:
        """Raise UnreadableError (E133) for too many parts, too much to unpack, or a high ratio.

        Nothing is unpacked: sizes are those that the zip declares.
        """
        total = sum(part.file_size for part in parts)
        if total > MAX_UNPACKED_BYTES:
            raise self.too_large_error(f"{total / 1e6:,.0f} MB")
        if len(parts) > MAX_PARTS:
            raise self.too_large_error(f"{len(parts):,} parts")
        for part in parts:
            ratio = part.file_size / max(part.compress_size, 1)
            if part.file_size > MIN_SUSPICIOUS_BYTES and ratio > MAX_COMPRESSION_RATIO:
                raise self.too_large_error(f"{part.filename}, {ratio:,.0f} : 1")


def part_key(name: str) -> str:
    """Return the key of a part: OPC ignores letter case, and some programs write backslashes."""
    return name.replace("\\", "/").lstrip("/").casefold()


# Top folders of a workbook's parts; OPC begins their names with a slash.
_KNOWN_FOLDERS: Final = frozenset({"[content_types].xml", "_rels", "customxml", "docprops", "xl"})


def _is_outside(name: str) -> bool:
    """Return whether a part would lie outside a folder that the package is unpacked to."""
    segments = part_key(name).split("/")
    is_absolute = name.startswith(("/", "\\")) and segments[0] not in _KNOWN_FOLDERS
    return is_absolute or ".." in segments or ":" in name


def _problem_without_zip(content: bytes, location: Location) -> Problem:
    """Return the problem of a file that is no zip: E131 if it is encrypted, else E130."""
    if is_encrypted(content):
        return make_problem("E131", location)
    return _wrong_type_problem(location, detect_non_zip(content))


def _wrong_type_problem(location: Location, kind: FileType) -> Problem:
    """Return E130 for a file of another type, with the remedy for that type."""
    fields = {"found": kind.chinese, "found_en": kind.english}
    fields |= {"remedy": kind.remedy.chinese, "remedy_en": kind.remedy.english}
    return make_problem("E130", location, **fields)
