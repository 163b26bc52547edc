"""Cache of builds: for each workbook's name, the key of its inputs and the files made of it.

An entry is written after the files that it names, so it is never ahead of them; a run that was
interrupted at any moment is resumed. Entries are read as data alone: a pickle may name nothing
but this program's own frozen types.

The results are stored apart from the rest of an entry, because a build that has not changed need
not load them: of 400 agencies they are a million values. Each record is made by the function that
:func:`_fast_constructor` generates, which takes half the time of setting its fields in a loop.
"""

from __future__ import annotations

import hashlib
import io
import pickle
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reportgen.atomic_files import write_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from reportgen.batch.tasks import Status
    from reportgen.compute.result_types import Results
    from reportgen.problems import Problem

CACHE_FOLDER: Final = ".collect"  # below the output folder
CACHE_FORMAT: Final = 5
_OWN_MODULES: Final = (
    "reportgen.model.missing_symbols",
    "reportgen.model.scorecard",
    "reportgen.compute.result_types",
    "reportgen.formula",
    "reportgen.model.target_value",
    "reportgen.problems",
    "reportgen.batch",
)
_OTHER_CLASSES: Final = {
    ("fractions", "Fraction"),
    ("builtins", "frozenset"),
    ("datetime", "date"),
    ("decimal", "Decimal"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheEntry:
    """The result of a workbook's build."""

    key: str  # digest of all inputs
    status: Status
    problems: tuple[Problem, ...]
    files: Mapping[str, str]  # path below the output → SHA-256
    annotated_copy: str = ""  # path of the annotated copy, one of ``files``


def entry_path(output: Path, name: str) -> Path:
    """Return the path of a workbook's entry, which need not exist; its name is a digest."""
    return output / CACHE_FOLDER / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.record"


def read_entry(output: Path, name: str, key: str) -> CacheEntry | None:
    """Return the entry of a workbook if it has this key and its files are unchanged, else None.

    All files that it names are read and compared with their digests. The results are not loaded.
    """
    try:
        content = entry_path(output, name).read_bytes()
    except OSError:
        return None
    if not content.startswith(_header(key)):
        return None
    record = _load_part(content, 0)
    if not isinstance(record, CacheEntry):
        return None
    is_complete = all(_is_unchanged(output / path, digest) for path, digest in record.files.items())
    return record if is_complete else None


def read_results(record: Path) -> Results | None:
    """Return the results of an entry; None if it has none, or cannot be read."""
    from reportgen.compute.result_types import Results

    with suppress(OSError):
        loaded = _load_part(record.read_bytes(), 1)
        return loaded if isinstance(loaded, Results) else None
    return None


def read_key(record: Path) -> str:
    """Return the key of an entry; "" if it cannot be read. Nothing else of it is checked."""
    with suppress(OSError), record.open("rb") as file:
        return file.readline(200).decode("ascii", "replace").rpartition(" ")[2].strip()
    return ""


def write_entry(
    output: Path, name: str, record: CacheEntry, results: Results | None = None
) -> tuple[Problem, ...]:
    """Write the cache entry of a workbook in one step, replacing an older one.

    Return the problems if that fails (E304, E305), else none. The files that it names must be
    written already.
    """
    content = _header(record.key) + _join_parts(_serialize(record), _serialize(results))
    path = entry_path(output, name)
    temporary = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content)
        temporary.replace(path)
    except OSError:
        _, problems = write_files({path: content})  # again, for the reason of the failure
        return problems
    return ()


def digest(parts: Iterable[bytes]) -> str:
    """Return one SHA-256 of several parts, which depends on their order and on where each ends."""
    sha = hashlib.sha256()
    for part in parts:
        sha.update(hashlib.sha256(part).digest())
    return sha.hexdigest()


def sha256(content: bytes) -> str:
    """Return the SHA-256 of a file's content."""
    return hashlib.sha256(content).hexdigest()


def program_digest() -> str:
    """Return the digest of this program's files and of the libraries for text layout.

    Names and contents of the files count, but not those of the page served to browsers.
    """
    import reportgen
    from reportgen.provenance.manifest import library_versions_used

    root = Path(reportgen.__file__).parent
    files = sorted(path for path in root.rglob("*") if path.is_file() and _affects_output(path))
    versions = (
        f"{name} {version}".encode() for name, version in sorted(library_versions_used().items())
    )
    return digest(
        (*(f"{path.relative_to(root)}".encode() + path.read_bytes() for path in files), *versions)
    )


def _affects_output(path: Path) -> bool:
    """Return whether a file of this program can change the documents."""
    return path.suffix != ".pyc" and "static" not in path.parts


def _header(key: str) -> bytes:
    """Return the first line of a cache entry: format and key."""
    return f"reportgen.collect {CACHE_FORMAT} {key}\n".encode()


def _is_unchanged(path: Path, digest: str) -> bool:
    """Return whether a file has this SHA-256; False if it cannot be read."""
    with suppress(OSError):
        return sha256(path.read_bytes()) == digest
    return False


def _join_parts(*parts: bytes) -> bytes:
    """Return the parts joined, after a line with the digest of all and each one's length."""
    body = b"".join(parts)
    checksum_line = " ".join((sha256(body), *(str(len(part)) for part in parts)))
    return f"{checksum_line}\n".encode() + body


def _load_part(content: bytes, number: int) -> Any:
    """Return the object in part ``number`` (from 0) of an entry, unpickled by :class:`_Reader`.

    None if the file is truncated or altered, or was written by another version.
    """
    _, _, packed = content.partition(b"\n")
    line, _, body = packed.partition(b"\n")
    checksum, *lengths = line.decode("ascii", "replace").split(" ")
    if checksum != sha256(body):
        return None
    start = sum(map(int, lengths[:number]))
    try:
        return _Reader(io.BytesIO(body[start : start + int(lengths[number])])).load()
    except Exception:  # written by another version
        return None


class _Writer(pickle.Pickler):
    """A pickler that writes slotted dataclasses as their class and the values of their fields."""

    def reducer_override(self, value: Any) -> Any:
        """Return class and field values of a slotted dataclass, NotImplemented for others."""
        kind: Any = type(value)
        if _is_slotted(kind):
            return kind, tuple(getattr(value, field.name) for field in fields(kind))
        return NotImplemented


def _serialize(value: object) -> bytes:
    """Return a pickle in which slotted dataclasses are stored by their fields' values."""
    target = io.BytesIO()
    _Writer(target, pickle.HIGHEST_PROTOCOL).dump(value)
    return target.getvalue()


@cache
def _is_slotted(kind: Any) -> bool:
    """Return whether a type is a dataclass with slots."""
    return is_dataclass(kind) and isinstance(kind, type) and kind.__dictoffset__ == 0


@cache
def _fast_constructor(kind: Any) -> Callable[..., object]:
    """Return a generated function that makes a frozen, slotted dataclass from its field values.

    It skips ``__post_init__``, which has checked them before. It is written out field by field, as
    ``dataclasses`` does for ``__init__``.
    """
    setters = {f"put{n}": getattr(kind, field.name).__set__ for n, field in enumerate(fields(kind))}
    namespace = {"new": object.__new__, "kind": kind, **setters}
    values = (f"value{n}" for n in range(len(setters)))
    parameters = ", ".join((*values, *(f"{name}={name}" for name in namespace)))
    assignments = (f"put{n}(made, value{n})" for n in range(len(setters)))
    lines = (f"def make({parameters}):", "made = new(kind)", *assignments, "return made")
    exec("\n    ".join(lines), namespace)
    constructor: Callable[..., object] = namespace["make"]
    return constructor


class _Reader(pickle.Unpickler):
    """An unpickler that makes nothing but this program's frozen values."""

    def find_class(self, module: str, name: str) -> Any:
        """Return a class of this program or an allowed one, by which the unpickler makes objects.

        A slotted dataclass is replaced by its fast constructor. Raise UnpicklingError for any other
        name.
        """
        is_own = any(
            module == name_of_module or module.startswith(f"{name_of_module}.")
            for name_of_module in _OWN_MODULES
        )
        if (module, name) in _OTHER_CLASSES:
            return super().find_class(module, name)
        class_found = super().find_class(module, name) if is_own and "." not in name else None
        if isinstance(class_found, type):
            return _fast_constructor(class_found) if _is_slotted(class_found) else class_found
        raise pickle.UnpicklingError(f"{module}.{name}")


__all__ = [
    "CACHE_FOLDER",
    "CacheEntry",
    "digest",
    "entry_path",
    "program_digest",
    "read_entry",
    "read_key",
    "read_results",
    "sha256",
    "write_entry",
]
