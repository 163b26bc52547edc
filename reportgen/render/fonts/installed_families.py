"""Installed font families, by the names that stylesheets use.

Only read where a template names a family beside the built-in ones: the name tables of all fonts of
the machine are opened for it, once per process.
"""

from __future__ import annotations

import os
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_SUFFIXES: Final = (".ttf", ".otf", ".ttc", ".otc")
_COLLECTION: Final = b"ttcf"
_FAMILY_NAMES: Final = (1, 16)  # in the name table: family, typographic family

# Fonts of the same widths: the PDF has what Word replaces by them, and the reverse.
METRIC_EQUIVALENTS: Final = {
    "arial": ("liberation sans", "arimo"),
    "helvetica": ("arial", "liberation sans", "arimo"),
    "courier new": ("liberation mono", "cousine"),
    "liberation sans": ("arial", "arimo"),
    "liberation mono": ("courier new", "cousine"),
}


class FontFile(NamedTuple):
    """A face of an installed family: its names, its file, and its number in a collection."""

    names: tuple[str, ...]
    path: Path
    face_index: int


def find_family(name: str, folders: tuple[Path, ...]) -> tuple[FontFile, ...]:
    """Return the faces of a family, else of the first installed one of the same widths.

    Case does not count. It is empty if none is installed. All fonts in ``folders`` are read at the
    first call, and not again in this process.
    """
    families = _families_by_name(folders)
    wanted = name.lower()
    candidates = (wanted, *METRIC_EQUIVALENTS.get(wanted, ()))
    return next((families[name] for name in candidates if name in families), ())


@cache
def _families_by_name(folders: tuple[Path, ...]) -> dict[str, tuple[FontFile, ...]]:
    """Return the faces of all installed families by name in lower case; cached by the folders."""
    families: defaultdict[str, list[FontFile]] = defaultdict(list)
    files: set[str] = set()  # of two files of one name, that of the first folder counts
    for folder in folders:
        for path in files_below(folder):
            if path.suffix.lower() in _SUFFIXES and path.name.lower() not in files:
                files.add(path.name.lower())
                for face in _read_faces(path):
                    for name in face.names:
                        families[name.lower()].append(face)
    return {name: tuple(faces) for name, faces in families.items()}


def files_below(folder: Path) -> Iterator[Path]:
    """Yield the paths of all files in a folder, at any depth, in a fixed order."""
    for root, subfolders, names in os.walk(folder):
        subfolders.sort()
        yield from (Path(root) / name for name in sorted(names))


def _read_faces(path: Path) -> Iterator[FontFile]:
    """Yield the faces of a font file; none of a file that cannot be read or is no font."""
    import uharfbuzz

    try:
        blob = uharfbuzz.Blob.from_file_path(str(path))
        header = blob.data[:12]
        count = int.from_bytes(header[8:12], "big") if header[:4] == _COLLECTION else 1
        for index in range(min(count, 64)):
            face = uharfbuzz.Face(blob, index)
            names = dict.fromkeys(
                face.get_name(entry.name_id, entry.language)
                for entry in face.list_names()
                if int(entry.name_id) in _FAMILY_NAMES
            )
            if known := tuple(name for name in names if name):
                yield FontFile(known, path, index)
    except (OSError, uharfbuzz.HarfBuzzError):
        return
