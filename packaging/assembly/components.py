"""What a folder is made of: its components, their licences, and the notices about them."""

from __future__ import annotations

import json
import re
import tomllib
from contextlib import contextmanager
from dataclasses import dataclass
from email.parser import Parser
from typing import TYPE_CHECKING, Final

from packaging.utils import canonicalize_name

from assembly.archives import files_below

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from email.message import Message
    from pathlib import Path

LICENCES: Final = "授權"
COMMON: Final = f"{LICENCES}/common-licenses"
# Which licence of alternatives is taken for a crate of Rust, the first, and where its text is.
_CRATE_TEXTS: Final = {
    "Apache-2.0": f"{COMMON}/Apache-2.0",
    "CC0-1.0": f"{COMMON}/CC0-1.0",
    "MIT": f"{LICENCES}/rust-crates.txt",
    "ISC": f"{LICENCES}/rust-crates.txt",
    "Unicode-DFS-2016": f"{LICENCES}/rust-crates.txt",
}
# What names a licence in the metadata of packages that give no SPDX expression.
_CLASSIFIERS: Final = {
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "Zope Public License": "ZPL-2.1",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "Mozilla Public License 1.1 (MPL 1.1)": "MPL-1.1",
}
_LICENCE_FILE: Final = re.compile(r"(?i)licen[cs]e|copying|notice")


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a folder, with what is compiled into it."""

    name: str
    version: str  # "" if unknown
    licence: str  # SPDX
    purl: str  # "" for what is only known as a part of another
    texts: tuple[str, ...]  # paths of its licence texts, in the folder
    files: tuple[str, ...] = ()  # that it brought; all paths are relative, with slashes
    sha256: str = ""  # of the package that it was unpacked from
    parts: tuple[Component, ...] = ()


@contextmanager
def files_added(folder: Path) -> Iterator[list[str]]:
    """Yield a list that is filled, at the end of the context, with the files added to a folder."""
    before = set(files_below(folder))
    added: list[str] = []
    yield added
    new = (path for path in files_below(folder) if path not in before)
    added += [path.relative_to(folder).as_posix() for path in new]


def wheel_component(
    folder: Path, files: Iterable[str], sha256: str, embedded: list[dict[str, str]]
) -> Component:
    """Return the component of a wheel that was unpacked as ``files``."""
    files = tuple(files)
    (path,) = [name for name in files if re.fullmatch(r"[^/]*/[^/]*\.dist-info/METADATA", name)]
    metadata = Parser().parsestr((folder / path).read_text("utf-8"))
    info = path.removesuffix("METADATA")
    name = canonicalize_name(metadata["Name"])
    texts = [f for f in files if f.startswith(info) and _LICENCE_FILE.search(f.removeprefix(info))]
    crates = [f for f in files if f.startswith(f"{info}sboms/")]
    parts = [*embedded_parts(name, embedded)]
    for bill in crates:
        parts += _crates(json.loads((folder / bill).read_text("utf-8")))
    purl = f"pkg:pypi/{name}@{metadata['Version']}"
    return Component(
        name,
        metadata["Version"],
        _wheel_licence(metadata),
        purl,
        tuple(texts),
        files,
        sha256,
        tuple(parts),
    )


def _wheel_licence(metadata: Message) -> str:
    """Return the licence of a package as an SPDX expression, "" if its metadata name none."""
    if expression := metadata["License-Expression"]:
        return str(expression)
    classifiers = [
        text.rpartition(" :: ")[2]
        for text in metadata.get_all("Classifier") or ()
        if text.startswith("License ::")
    ]
    known = [_CLASSIFIERS[name] for name in classifiers if name in _CLASSIFIERS]
    if known:
        return " OR ".join(known)
    written = str(metadata["License"] or "").splitlines()
    short = {"Apache License 2.0": "Apache-2.0", "ZPL 2.1": "ZPL-2.1"}
    return short.get(written[0], written[0]) if written else ""


def read_embedded(path: Path) -> list[dict[str, str]]:
    """Return the list of what is compiled into parts, ``embedded.toml``."""
    parts: list[dict[str, str]] = tomllib.loads(path.read_text("utf-8"))["part"]
    return parts


def embedded_parts(within: str, embedded: list[dict[str, str]]) -> tuple[Component, ...]:
    """Return what is compiled into a part; without texts where the part's own have them."""
    return tuple(
        Component(
            part["name"],
            part.get("version", ""),
            part["licence"],
            "",
            (f"{LICENCES}/{part['text']}",) if part["text"] else (),
        )
        for part in embedded
        if part["within"] == within
    )


def _crates(bill: dict[str, list[dict[str, object]]]) -> Iterator[Component]:
    """Yield the crates of Rust that a wheel's own bill of materials lists."""
    for entry in bill.get("components", []):
        purl = str(entry.get("purl", ""))
        licences = entry.get("licenses")
        is_compiled_in = purl.startswith("pkg:cargo/") and entry.get("scope") != "excluded"
        if not is_compiled_in or not isinstance(licences, list):
            continue
        expression = str(licences[0].get("expression", ""))
        name, version = str(entry["name"]), str(entry["version"])
        yield Component(name, version, expression, purl, _crate_texts(expression))


def _crate_texts(expression: str) -> tuple[str, ...]:
    """Return where the texts of a crate's licence are, of an alternative one; () if one lacks."""
    chosen = [
        next((text for name, text in _CRATE_TEXTS.items() if name in alternatives), "")
        for alternatives in expression.split(" AND ")
    ]
    return tuple(chosen) if all(chosen) else ()


def licence_problems(folder: Path, components: Iterable[Component]) -> list[str]:
    """Return what is wrong with the licences of a folder's components, one line for each fault.

    Each needs a licence and the text of it, not empty; a text that refers to Debian's common
    licences needs these; and each file needs a component.
    """
    components = list(components)
    problems = [fault for component in components for fault in _faults(folder, component)]
    for path in sorted((folder / LICENCES).glob("*.txt")):
        missing = common_licences(path.read_text("utf-8", "replace"))
        missing -= {name for name in missing if (folder / COMMON / name).is_file()}
        problems += [f"{path.name}: no common-licenses/{name}" for name in sorted(missing)]
    owned = {name for component in components for name in component.files}
    paths = [path.relative_to(folder).as_posix() for path in files_below(folder)]
    strays = [name for name in paths if name not in owned and not name.startswith(f"{LICENCES}/")]
    return [*problems, *(f"{name}: of no component" for name in strays)]


def _faults(folder: Path, component: Component, *, is_part: bool = False) -> Iterator[str]:
    """Yield what is wrong with the licences of a component and of its parts.

    A part that is no package, without a text, is covered by the texts of its component.
    """
    if not component.licence:
        yield f"{component.name}: no licence"
    if not component.texts and (component.purl or not is_part):
        yield f"{component.name}: no licence text"
    for text in component.texts:
        path = folder / text
        if not path.is_file() or not path.read_bytes().strip():
            yield f"{component.name}: no {text}"
    for part in component.parts:
        yield from _faults(folder, part, is_part=True)


def common_licences(text: str) -> set[str]:
    """Return the names of Debian's common licences that a copyright file refers to."""
    names = re.findall(r"common-licenses/([A-Za-z0-9.-]*[A-Za-z0-9])", text)
    return {name.removesuffix(".0") if name.startswith(("GPL", "LGPL")) else name for name in names}


def notices(title: str, remarks: str, components: Iterable[Component]) -> str:
    """Return the text of THIRD_PARTY_NOTICES: each component with its licence and where it is."""
    blocks = [f"{title}\n\n{remarks.strip()}"]
    for component in components:
        files = [name for name in component.files if name not in component.texts]
        places = sorted({"/".join(name.split("/")[:2]) for name in files})
        shown = places if len(places) <= 6 else [*places[:5], f"… ({len(files)} files)"]
        lines = [
            f"{component.name} {component.version}".rstrip(),
            f"  licence: {component.licence}",
            *([f"  package: {component.purl}"] if component.purl else []),
            f"  files:   {', '.join(shown) or 'compiled into others'}",
            *(f"  text:    {text}" for text in component.texts),
        ]
        for part in component.parts:
            texts = f" ({', '.join(part.texts)})" if part.texts else ""
            name = f"{part.name} {part.version}".rstrip()
            lines.append(f"  in it:   {name}: {part.licence}{texts}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"
