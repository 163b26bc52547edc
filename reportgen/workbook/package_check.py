"""Is it a workbook at all? Answered from the first bytes and the zip directory.

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

from reportgen.problems import Location, make
from reportgen.workbook.file_kinds import (
    is_encrypted,
    is_open_document,
    kind_of_zip,
    kind_without_zip,
)

if TYPE_CHECKING:
    from zipfile import ZipInfo

    from reportgen.problems import Problem
    from reportgen.workbook.file_kinds import FileKind

MAX_UNPACKED: Final = 100_000_000  # bytes, all parts together
MAX_RATIO: Final = 100  # unpacked to packed, of a part above MIN_SUSPICIOUS
MIN_SUSPICIOUS: Final = 1_000_000  # bytes; small parts of blank cells pack even better
MAX_PARTS: Final = 5_000

_BROKEN: Final = (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError)
_DOCTYPE: Final = tuple("<!DOCTYPE".encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be"))

_ENCRYPTION: Final = b"encryption-data"  # ODF 1.3 part 2, 4.4; of each part, or of all in one
_OPEN_DOCUMENTS_MACRO: Final = re.compile(r"(basic|scripts)/.*[^/]$")

# Strict Open XML names its vocabularies otherwise, and is the same but for that (ISO/IEC
# 29500-4); what one calls extendedProperties and the other extended-properties is not read.
_STRICT: Final = re.compile(
    rb"http://purl\.oclc\.org/ooxml/(spreadsheetml|drawingml|officeDocument)/"
)


class UnreadableError(Exception):
    """The file cannot be read as a workbook; ``problem`` says why. Stays in this package."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.line("en"))


class Package:
    """The parts of a workbook, each read whole and never larger than it was declared."""

    def __init__(self, content: bytes, file: str = "") -> None:
        """Raises :class:`UnreadableError` for what is no workbook, or a suspicious one.

        Every part is unpacked once, whether it is read later or not: a damaged file may
        hide a part, or its name, from whoever does not look at it.
        """
        self._where = Location(file=file)
        self._digest = hashlib.sha256(content).hexdigest()
        if not content.startswith(b"PK"):
            raise UnreadableError(_no_zip(content, self._where))
        try:
            self.archive = ZipFile(BytesIO(content))
            parts = self.archive.infolist()
        except _BROKEN as error:
            raise self.damaged(type(error).__name__) from error
        self._judge_sizes(parts)
        self.astray = tuple(part.filename for part in parts if _leads_out(part.filename))
        self._parts = {part_key(part.filename): part for part in parts}
        is_open_xml = "[content_types].xml" in self._parts
        self.is_opendocument = is_open_document(self._parts, self.read)
        if not self.is_opendocument and (not is_open_xml or "xl/workbook.bin" in self._parts):
            raise self.not_a_workbook()
        if self.is_opendocument and "xl/workbook.xml" in self._parts:
            raise self.damaged("a workbook of each kind")  # each program opens another one
        if len(self._parts) < len(parts):
            raise self.damaged("two parts of one name")
        for name in self._parts:
            self.read(name)
        if self.is_opendocument and _ENCRYPTION in (self.read("META-INF/manifest.xml") or b""):
            raise UnreadableError(make("E131", self._where))

    def transitional(self) -> Package:
        """The same in the usual dialect of Open XML, the only one that openpyxl knows."""
        relations = self.read("_rels/.rels") or b""
        if not _STRICT.search(relations):
            return self
        target = BytesIO()
        with ZipFile(target, "w") as zipped:
            for name, part in self._parts.items():
                content = self.read(name) or b""
                if name.endswith((".xml", ".rels", ".vml")):
                    content = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", content)
                zipped.writestr(part.filename, content)
        return Package(target.getvalue(), self._where.file)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all parts, by which :meth:`read` finds them."""
        return tuple(self._parts)

    def has(self, name: str) -> bool:
        """Return whether there is such a part."""
        return part_key(name) in self._parts

    @property
    def has_macros(self) -> bool:
        """Whether VBA, Basic or a script is in it; none is ever run."""
        return any(
            name.endswith("vbaproject.bin")
            or (self.is_opendocument and _OPEN_DOCUMENTS_MACRO.match(name))
            for name in self._parts
        )

    def damaged(self, detail: str) -> UnreadableError:
        """The file is broken; ``detail`` is for whoever mends it, as is the file's digest."""
        told = f"{' '.join(detail.split())}; SHA-256 {self._digest}"
        return UnreadableError(make("E132", self._where, detail=told))

    def not_a_workbook(self) -> UnreadableError:
        """A sound zip that holds something else."""
        kind = kind_of_zip(self._parts, self.read)
        return UnreadableError(_not_xlsx(self._where, kind))

    def too_large(self, found: str) -> UnreadableError:
        """More than any scorecard needs; ``found`` in words."""
        return UnreadableError(make("E133", self._where, found=found))

    def read(self, name: str) -> bytes | None:
        """One part, or None where there is none. Raises :class:`UnreadableError`."""
        part = self._parts.get(part_key(name))
        if part is None:
            return None
        if part.flag_bits & 1:
            raise UnreadableError(make("E131", self._where))
        try:
            return self.archive.read(part)
        except (*_BROKEN, RuntimeError) as error:
            raise self.damaged(f"{name}: {type(error).__name__}") from error

    def read_xml(self, name: str) -> bytes | None:
        """One part that is XML; a document type declaration is refused."""
        content = self.read(name)
        if content is not None and any(mark in content for mark in _DOCTYPE):
            raise UnreadableError(make("E133", self._where, found=f"DTD, {name}"))
        return content

    def _judge_sizes(self, parts: list[ZipInfo]) -> None:
        total = sum(part.file_size for part in parts)
        if total > MAX_UNPACKED:
            raise self.too_large(f"{total / 1e6:,.0f} MB")
        if len(parts) > MAX_PARTS:
            raise self.too_large(f"{len(parts):,} parts")
        for part in parts:
            ratio = part.file_size / max(part.compress_size, 1)
            if part.file_size > MIN_SUSPICIOUS and ratio > MAX_RATIO:
                raise self.too_large(f"{part.filename}, {ratio:,.0f} : 1")


def part_key(name: str) -> str:
    """Return what a part is known by: OPC knows no letter case, and some programs write ``\\``."""
    return name.replace("\\", "/").lstrip("/").casefold()


# Where the parts of a workbook lie; a name may begin with the slash that OPC begins it with.
_FOLDERS: Final = frozenset({"[content_types].xml", "_rels", "customxml", "docprops", "xl"})


def _leads_out(name: str) -> bool:
    """Return whether a part would lie outside a folder that the package is unpacked to."""
    steps = part_key(name).split("/")
    is_absolute = name.startswith(("/", "\\")) and steps[0] not in _FOLDERS
    return is_absolute or ".." in steps or ":" in name


def _no_zip(content: bytes, where: Location) -> Problem:
    if is_encrypted(content):
        return make("E131", where)
    return _not_xlsx(where, kind_without_zip(content))


def _not_xlsx(where: Location, kind: FileKind) -> Problem:
    words = {"found": kind.chinese, "found_en": kind.english}
    words |= {"remedy": kind.remedy.chinese, "remedy_en": kind.remedy.english}
    return make("E130", where, **words)
